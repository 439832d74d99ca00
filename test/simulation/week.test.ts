/**
 * A week of mixed events happens once. Then every message of both stores is delivered again, twice,
 * each time in another order and under new delivery ids. Nothing may be different in the end.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Delivery, createRandom } from '../sandbox/core';
import { type MerchantWorld, createMerchantWorld, ledgerProblems } from '../support/merchant-world';
import { PLENTY, SKUS, liveThrough } from './mixed-week';

const SEED = 20_261_124;
const EVENTS = 160;
const AT_ONCE = 8;

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld(Object.fromEntries(SKUS.map((sku) => [sku, PLENTY])));
  await liveThrough(world, SEED, EVENTS);
});

afterAll(async () => {
  await world.close();
});

/** Everything a merchant would notice: stock, orders, parcels, and what the stores show. */
async function endState(): Promise<unknown> {
  const of = async (text: string): Promise<readonly unknown[]> =>
    (await world.db.query<Record<string, unknown>>(text)).rows;
  return {
    levels: await of(
      `SELECT i.sku, o.name, l.available, l.committed FROM stock_level l
         JOIN item i ON i.id = l.item_id JOIN location o ON o.id = l.location_id ORDER BY 1, 2`,
    ),
    movements: await of(`SELECT count(*)::int AS count, max(seq)::int AS last FROM movement`),
    orders: await of(
      `SELECT c.kind, o.name, o.status, o.stage, o.held, o.note, o.tags, o.units_ordered,
          o.units_shipped, o.units_short, o.cancelled_at FROM customer_order o
         JOIN connection c ON c.id = o.connection_id ORDER BY 1, 2`,
    ),
    lines: await of(
      `SELECT external_ref, quantity, allocated_quantity, shipped_quantity, short_quantity
         FROM order_line ORDER BY order_id, position, external_ref`,
    ),
    parcels: await of(`SELECT id, report_state, external_ref FROM fulfillment ORDER BY id`),
    holds: await of(
      `SELECT order_id, reason, released_at IS NULL AS active FROM order_hold ORDER BY id`,
    ),
    stores: SKUS.map((sku) => [sku, world.shopStock(sku), world.wooStock(sku)]),
    inShopify: [...world.shop.state.orders.values()].map((order) => [
      order.name,
      order.cancelledAt !== null,
      world.shop.fulfillments(order.id).length,
    ]),
  };
}

/** Sends messages once more as their stores do when they repeat themselves. */
async function deliverAgain(messages: readonly Delivery[], round: number): Promise<void> {
  const waiting = [...messages];
  const sender = async (): Promise<void> => {
    for (let message = waiting.pop(); message !== undefined; message = waiting.pop()) {
      const headers: Record<string, string> = { ...message.headers };
      for (const name of ['x-shopify-webhook-id', 'x-wc-webhook-delivery-id']) {
        if (name in headers) headers[name] = `again-${String(round)}-${String(message.sequence)}`;
      }
      const answer = await fetch(message.url, { method: 'POST', headers, body: message.body });
      expect(answer.status).toBe(200);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
  await world.settle();
}

it('ends the same, however often and in whatever order its messages come again', async () => {
  const messages = [...world.shopify.deliveries(), ...world.woo.deliveries()].filter(
    (delivery) => delivery.state === 'delivered',
  );
  expect(messages.length).toBeGreaterThan(EVENTS);
  const before = await endState();
  const random = createRandom(SEED + 1);

  await deliverAgain(random.shuffle(messages), 1);
  expect(await endState()).toEqual(before);

  await deliverAgain(random.shuffle(messages), 2);
  expect(await endState()).toEqual(before);
}, 240_000);

it('leaves every number where the ledger wants it, and the ledger without drift', async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  for (const sku of SKUS) {
    const { available } = await world.level(sku);
    expect([sku, world.shopStock(sku), world.wooStock(sku)]).toEqual([sku, available, available]);
  }
  expect(world.shop.invariants()).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
});
