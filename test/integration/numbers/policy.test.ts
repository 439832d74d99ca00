/** What the stores show under a policy, for kits and for numbers that listings share. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goLive, pauseLive } from '../../../app/operations/connections/go-live';
import { setPolicy } from '../../../app/operations/connections/set-policy';
import { adjustStock } from '../../../app/operations/stock/adjust-stock';
import { OPEN_POLICY, type StockPolicy } from '../../../app/domain/stock/stock-policy';
import { newId } from '../../../app/platform/ids';
import { ADDRESS } from '../../support/buyer';
import { type MerchantWorld, STAFF, createMerchantWorld } from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({
    'MUG-1': { West: 20, East: 17 },
    'PART-A': { West: 9, East: 4 },
    'PART-B': { West: 3, East: 5 },
    'KIT-1': { West: 0, East: 0 },
    'RED-1': { West: 30 },
    'BLUE-1': { East: 8 },
  });
});

afterAll(async () => {
  await world.close();
});

const apply = (connectionId: string, policy: Partial<StockPolicy>, previewed = true) =>
  setPolicy(world.wiring.ctx, {
    merchantId: world.merchantId,
    connectionId,
    actor: STAFF,
    policy: { ...OPEN_POLICY, brakePercent: 30, ...policy },
    locationIds: null,
    previewed,
  });

async function adjust(sku: string, location: string, change: number): Promise<void> {
  const answer = await adjustStock(world.wiring.ctx, {
    merchantId: world.merchantId,
    itemId: await world.itemId(sku),
    locationId: await world.locationId(location),
    change,
    reason: 'correction',
    note: null,
    actor: STAFF,
    idempotencyKey: newId(),
  });
  expect(answer.status).toBe('done');
  await world.settle();
}

describe('a policy', () => {
  it('shows the share, less the buffer, up to the cap, on its channel alone', async () => {
    expect(await apply(world.wooId, { sharePercent: 50, bufferUnits: 3 })).toEqual({
      status: 'done',
    });
    await world.settle();
    expect(world.wooStock('MUG-1')).toBe(15);
    expect(world.shopStock('MUG-1')).toBe(37);
    await apply(world.wooId, { sharePercent: 50, bufferUnits: 3, capUnits: 10 });
    await world.settle();
    expect(world.wooStock('MUG-1')).toBe(10);
    await apply(world.wooId, {});
    await world.settle();
    expect(world.wooStock('MUG-1')).toBe(37);
  });

  it('withholds per number where a channel has one for each location', async () => {
    await apply(world.shopifyId, { bufferUnits: 18 });
    await world.settle();
    expect(world.shop.available('MUG-1', 'West')).toBe(2);
    expect(world.shop.available('MUG-1', 'East')).toBe(0);
    await apply(world.shopifyId, {});
    await world.settle();
    expect(world.shopStock('MUG-1')).toBe(37);
  });

  it('is refused with a sentence when it makes no sense', async () => {
    expect(await apply(world.wooId, { sharePercent: 120 })).toMatchObject({
      status: 'refused',
      code: 'validation',
    });
    expect(
      await setPolicy(world.wiring.ctx, {
        merchantId: newId(),
        connectionId: world.wooId,
        actor: STAFF,
        policy: { ...OPEN_POLICY, brakePercent: 30 },
        locationIds: null,
        previewed: true,
      }),
    ).toMatchObject({ status: 'refused', code: 'not_found' });
  });
});

describe('a kit', () => {
  it('shows what its components make at each location, and falls when one is sold', async () => {
    const kit = await world.itemId('KIT-1');
    await world.db.query(`UPDATE item SET kind = 'kit' WHERE id = $1`, [kit]);
    await world.db.query(`INSERT INTO kit_component VALUES ($1, $2, $4, 2), ($1, $3, $4, 1)`, [
      kit,
      await world.itemId('PART-A'),
      await world.itemId('PART-B'),
      world.merchantId,
    ]);
    // What making a kit does: every number of it is out of date.
    await world.db.query(
      `UPDATE publication p SET dirty_seq = dirty_seq + 1, dirty_since = now() FROM listing li
        WHERE li.id = p.listing_id AND li.item_id = $1`,
      [kit],
    );
    await adjust('PART-A', 'West', -1);
    // West: 8 of A make 4, B allows 3. East: 4 of A make 2.
    expect(world.shop.available('KIT-1', 'West')).toBe(3);
    expect(world.shop.available('KIT-1', 'East')).toBe(2);
    expect(world.wooStock('KIT-1')).toBe(5);
    world.woo.placeOrder({ lines: [{ sku: 'PART-B', quantity: 6 }], address: ADDRESS });
    await world.settle();
    const { rows } = await world.db.query<{ units: number }>(
      `SELECT sum(available)::int AS units FROM sellable_level WHERE item_id = $1`,
      [kit],
    );
    expect(world.wooStock('KIT-1')).toBe(rows[0]?.units);
    expect(world.shopStock('KIT-1')).toBe(rows[0]?.units);
    expect(rows[0]?.units).toBeLessThanOrEqual(2);
  });
});

describe('a number that listings share', () => {
  it('is the smallest that any of them could show, sent once, and settles all of them', async () => {
    const parent = world.woo.addProduct({
      name: 'Scarf',
      stock: 99,
      variations: [
        { sku: 'RED-1', option: 'Red', price: '10.00' },
        { sku: 'BLUE-1', option: 'Blue', price: '10.00' },
      ],
    });
    await world.settle();
    await world.wiring.ctx.db.query(
      `UPDATE listing SET item_id = i.id FROM item i
        WHERE listing.sku = i.sku AND listing.connection_id = $1 AND listing.item_id IS NULL`,
      [world.wooId],
    );
    await adjust('RED-1', 'West', -5);
    expect(world.woo.stockOf(parent.id)).toBe(8);
    const sent = () =>
      world.woo.journal
        .entries()
        .filter(
          ({ method, path }) =>
            /^(PUT|POST)$/.test(method) && path.includes(`/products/${String(parent.id)}`),
        ).length;
    const before = sent();
    await adjust('BLUE-1', 'East', -2);
    expect(world.woo.stockOf(parent.id)).toBe(6);
    expect(sent() - before).toBeLessThanOrEqual(1);
    await adjust('RED-1', 'West', -22);
    expect(world.woo.stockOf(parent.id)).toBe(3);
    const { rows } = await world.db.query<{ known: number; dirty: boolean }>(
      `SELECT p.known_quantity AS known, p.dirty_seq > p.sent_seq AS dirty
         FROM publication p JOIN listing li ON li.id = p.listing_id
        WHERE li.connection_id = $1 AND li.stock_ref = $2`,
      [world.wooId, `product:${String(parent.id)}`],
    );
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.every(({ known, dirty }) => known === 3 && !dirty)).toBe(true);
  });
});

describe('going live', () => {
  it('stops and starts what is sent; orders are taken all the while', async () => {
    const asked = { merchantId: world.merchantId, connectionId: world.wooId, actor: STAFF };
    expect(await pauseLive(world.wiring.ctx, asked)).toEqual({ status: 'done' });
    const before = world.wooStock('MUG-1');
    await adjust('MUG-1', 'West', -4);
    expect(world.wooStock('MUG-1')).toBe(before);
    expect(world.shopStock('MUG-1')).toBe(33);
    expect(await goLive(world.wiring.ctx, asked)).toEqual({ status: 'done' });
    await world.settle();
    expect(world.wooStock('MUG-1')).toBe(33);
  });

  it('is refused while the orders are not known, and to another merchant', async () => {
    const asked = { merchantId: world.merchantId, connectionId: world.wooId, actor: STAFF };
    await world.db.query(
      `UPDATE connection SET imported_at = NULL, publishing = false WHERE id = $1`,
      [world.wooId],
    );
    expect(await goLive(world.wiring.ctx, asked)).toMatchObject({ code: 'conflict' });
    expect(await goLive(world.wiring.ctx, { ...asked, merchantId: newId() })).toMatchObject({
      code: 'not_found',
    });
    await world.db.query(
      `UPDATE connection SET imported_at = now(), publishing = true WHERE id = $1`,
      [world.wooId],
    );
  });

  it('is remembered through an uninstallation', async () => {
    await world.reinstall(() => {
      world.shop.setAvailable('MUG-1', 'West', 50);
    });
    const { rows } = await world.db.query(
      `SELECT 1 FROM connection WHERE id = $1 AND publishing AND imported_at IS NOT NULL`,
      [world.shopifyId],
    );
    expect(rows).toHaveLength(1);
    const { available } = await world.level('MUG-1');
    expect(world.wooStock('MUG-1')).toBe(available);
    expect(world.shopStock('MUG-1')).toBe(available);
  });
});

describe('selling beyond the stock', () => {
  it('is told to the channel listing by listing, and taken back', async () => {
    const policies = (): unknown[] =>
      [...world.shop.state.variants.values()].map((variant) => variant.inventoryPolicy);
    await apply(world.shopifyId, { oversell: 'backorder' });
    await world.settle();
    expect(new Set(policies())).toEqual(new Set(['CONTINUE']));
    await apply(world.shopifyId, {});
    await world.settle();
    expect(new Set(policies())).toEqual(new Set(['DENY']));
    const { rows } = await world.db.query(
      `SELECT 1 FROM listing WHERE connection_id = $1 AND backorders IS DISTINCT FROM false`,
      [world.shopifyId],
    );
    expect(rows).toHaveLength(0);
  });
});
