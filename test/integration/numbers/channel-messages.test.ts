/**
 * What channels say of their numbers: nothing that arrives late makes a number stay wrong, and a
 * channel is not told what it knows. Judged by what the sandbox stores show and were asked.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../../app/platform/ids';
import { storeInboxEvent } from '../../../app/store/inbox';
import { type MerchantWorld, createMerchantWorld } from '../../support/merchant-world';

const WEST_COAST = {
  firstName: 'Ada',
  lastName: 'Lund',
  address1: '1 Market Street',
  city: 'Portland',
  provinceCode: 'OR',
  province: 'Oregon',
  zip: '97201',
  countryCode: 'US',
};

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({
    'LATE-1': { West: 60 },
    'SOLD-1': { West: 60 },
    'SOLD-2': { West: 60, East: 60 },
  });
});

afterAll(async () => {
  await world.close();
});

type SetQuantities = {
  readonly variables: {
    readonly input: { readonly quantities: readonly { readonly inventoryItemId: string }[] };
  };
};

/** Numbers of the item that Shopify took from us; those it objected to changed nothing. */
function numbersSet(stockRef: string): number {
  return world.shopify.journal
    .entries({ operation: 'inventorySetQuantities' })
    .filter(({ answer }) => answer.includes('"userErrors":[]'))
    .flatMap(({ body }) => (JSON.parse(body) as SetQuantities).variables.input.quantities)
    .filter(({ inventoryItemId }) => inventoryItemId === stockRef).length;
}

async function numberOf(sku: string): Promise<{ stockRef: string; locationRef: string }> {
  return world.db.one(
    `SELECT li.stock_ref AS "stockRef", p.location_ref AS "locationRef"
       FROM listing li JOIN publication p ON p.listing_id = li.id
       JOIN connection_location cl ON cl.connection_id = p.connection_id
         AND cl.external_ref = p.location_ref
      WHERE li.connection_id = $1 AND li.sku = $2 AND cl.location_id = $3`,
    [world.shopifyId, sku, await world.locationId('West')],
  );
}

it('a message that was overtaken by a newer one is not taken for the newest', async () => {
  await world.settle();
  const number = await numberOf('LATE-1');
  // Well before: within one millisecond nobody could tell which came first.
  const before = new Date(Date.now() - 1_000);
  // Somebody changes the number in Shopify, whose message arrives…
  world.shop.setAvailable('LATE-1', 'West', 71);
  await expect
    .poll(
      () =>
        world.db.one(
          `SELECT count(*)::int AS count FROM inbox_event
            WHERE concerns->>'stockRef' = $1 AND concerns->>'claimed' = '71'`,
          [number.stockRef],
        ),
      { timeout: 60_000 },
    )
    .toEqual({ count: 1 });
  // …and after it one that Shopify sent before, of the number that is right.
  const saidAt = before.toISOString().replace('Z', '000000Z');
  await storeInboxEvent(world.db, {
    merchantId: world.merchantId,
    connectionId: world.shopifyId,
    signal: {
      topic: 'inventory_levels/update',
      dedupeKey: newId(),
      eventRef: null,
      concerns: { kind: 'stock', ...number, claimed: 60, saidAt },
    },
    body: '{}',
  });
  await world.settle();
  expect(world.shopStock('LATE-1')).toBe(60);
});

it('a store that sold something is not told the number it made itself', async () => {
  const { stockRef } = await numberOf('SOLD-1');
  world.shopify.journal.clear();
  world.shop.placeOrder({
    lines: [{ sku: 'SOLD-1', quantity: 2 }],
    shippingAddress: WEST_COAST,
  });
  await world.settle();
  expect(world.shopStock('SOLD-1')).toBe(58);
  expect(world.wooStock('SOLD-1')).toBe(58);
  expect(numbersSet(stockRef)).toBe(0);
});

it('sales of both stores at once leave both with what the ledger has', async () => {
  for (let round = 0; round < 6; round += 1) {
    world.shop.placeOrder({
      lines: [{ sku: 'SOLD-2', quantity: 1 }],
      shippingAddress: WEST_COAST,
    });
    world.woo.placeOrder({ lines: [{ sku: 'SOLD-2', quantity: 2 }] });
  }
  await world.settle();
  expect((await world.level('SOLD-2')).available).toBe(102);
  expect(world.shopStock('SOLD-2')).toBe(102);
  expect(world.wooStock('SOLD-2')).toBe(102);
  expect([...world.shopify.invariants(), ...world.woo.invariants()]).toEqual([]);
});
