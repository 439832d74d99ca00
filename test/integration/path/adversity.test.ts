import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { adjustStock, setStock } from '../../../app/operations/stock/adjust-stock';
import { pollOrdersJob } from '../../../app/operations/sync/poll-orders';
import { reconcileJob } from '../../../app/operations/sync/reconcile-stock';
import { newId } from '../../../app/platform/ids';
import { enqueueJobs } from '../../../app/store/jobs';
import { stockItemAt } from '../../sandbox/shopify/stock';
import { ADDRESS } from '../../support/buyer';
import {
  type MerchantWorld,
  STAFF,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({
    'DUP-1': { West: 20 },
    'EDIT-1': { West: 10 },
    'RACE-1': { West: 10 },
    'DOWN-1': { West: 10 },
    'AUTH-1': { West: 10 },
    'ADMIN-1': { West: 10 },
    'PART-1': { West: 10 },
    'GONE-1': { West: 10 },
    'DRIFT-1': { West: 10 },
    'BAD-1': { West: 10 },
  });
});

afterEach(() => {
  world.shopify.faults.clear(world.shop.domain);
  world.woo.faults.clear(world.woo.id);
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.shopify.invariants()).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

async function expectEverywhere(sku: string, available: number): Promise<void> {
  await world.settle();
  expect((await world.level(sku)).available).toBe(available);
  expect(world.shopStock(sku)).toBe(available);
  expect(world.wooStock(sku)).toBe(available);
}

async function adjust(sku: string, change: number) {
  return adjustStock(world.wiring.ctx, {
    merchantId: world.merchantId,
    itemId: await world.itemId(sku),
    locationId: await world.locationId('West'),
    change,
    reason: 'received',
    note: null,
    actor: STAFF,
    idempotencyKey: newId(),
  });
}

async function run(...jobs: Parameters<typeof enqueueJobs>[1][number][]): Promise<void> {
  await enqueueJobs(world.db, jobs);
  world.wiring.jobs.queue.announce();
  await world.settle();
}

const shopAccess = () => ({ id: world.shopifyId, merchantId: world.merchantId });
const wooAccess = () => ({ id: world.wooId, merchantId: world.merchantId });

describe('messages that repeat, come late and out of order', () => {
  it('change nothing the second time', async () => {
    for (const fault of ['duplicateWebhooks', 'reorderWebhooks'] as const) {
      world.shopify.faults.set(world.shop.domain, fault, { probability: 1 });
      world.woo.faults.set(world.woo.id, fault, { probability: 1 });
    }
    const shopOrders = [1, 2, 3].map((quantity) =>
      world.shop.placeOrder({ lines: [{ sku: 'DUP-1', quantity }] }),
    );
    world.woo.placeOrder({ lines: [{ sku: 'DUP-1', quantity: 4 }] });
    world.shop.cancelOrder(shopOrders[0]?.id ?? '');
    await expectEverywhere('DUP-1', 11);
    expect(await world.level('DUP-1')).toEqual({ available: 11, committed: 9 });
    const { orders } = await world.db.one<{ orders: number }>(
      `SELECT count(DISTINCT order_id) AS orders FROM order_line WHERE sku = 'DUP-1'`,
    );
    expect(orders).toBe(4);
  });

  it('that never come are found by polling', async () => {
    world.woo.faults.set(world.woo.id, 'dropWebhooks', { probability: 1 });
    world.woo.placeOrder({ lines: [{ sku: 'DUP-1', quantity: 1 }] });
    await world.settle();
    expect((await world.level('DUP-1')).available).toBe(11);
    await run(pollOrdersJob(wooAccess(), null));
    await expectEverywhere('DUP-1', 10);
  });
});

describe('a number that changes in the channel', () => {
  it('by a merchant typing it, up or down, returns to what the ledger says', async () => {
    world.shop.setAvailable('EDIT-1', 'West', 99);
    await expectEverywhere('EDIT-1', 10);
    world.shop.setAvailable('EDIT-1', 'West', 3);
    await expectEverywhere('EDIT-1', 10);
    const { edits } = await world.db.one<{ edits: number }>(
      `SELECT count(*) AS edits FROM audit_record WHERE action = 'stock.differs_in_channel'`,
    );
    expect(edits).toBeGreaterThanOrEqual(1);
  });

  it('by a sale we have not heard of is not overwritten by a higher one', async () => {
    world.shopify.faults.set(world.shop.domain, 'dropWebhooks', { probability: 1 });
    world.shop.placeOrder({ lines: [{ sku: 'RACE-1', quantity: 4 }] });
    expect(await adjust('RACE-1', 5)).toEqual({ status: 'done', available: 15 });
    await expectEverywhere('RACE-1', 11);
    // 15 would have offered four units twice; the shop must never have been told so.
    const told = world.shopify.journal
      .entries({ operation: 'inventorySetQuantities' })
      .filter((entry) => JSON.stringify(entry).includes('"quantity":15') && entry.status === 200);
    const accepted = told.filter((entry) => !JSON.stringify(entry.answer).includes('STALE'));
    expect(accepted).toEqual([]);
  });

  it('without any message is found by reconciling', async () => {
    world.woo.faults.set(world.woo.id, 'dropWebhooks', { probability: 1 });
    const product = [...world.woo.state.products.values()].find((one) => one.sku === 'DRIFT-1');
    world.woo.setStock(product?.id ?? 0, 77);
    await world.settle();
    expect(world.wooStock('DRIFT-1')).toBe(77);
    await run(reconcileJob(wooAccess()));
    await expectEverywhere('DRIFT-1', 10);
  });
});

describe('a channel in trouble', () => {
  it.each(['throttle', 'serverError', 'htmlAnswer', 'emptyAnswer', 'errorAfter'] as const)(
    'gets the newest number once it answers again after %s',
    async (fault) => {
      const before = (await world.level('DOWN-1')).available;
      world.woo.faults.set(world.woo.id, fault, { remaining: 1 });
      world.shopify.faults.set(world.shop.domain, fault, { remaining: 1 });
      await adjust('DOWN-1', 1);
      await adjust('DOWN-1', 1);
      await expectEverywhere('DOWN-1', before + 2);
    },
  );

  it('that refuses our keys needs attention, says so, and recovers by itself', async () => {
    world.woo.faults.set(world.woo.id, 'unauthorized', { probability: 1 });
    await adjust('AUTH-1', 2);
    await world.settle();
    const standing = () =>
      world.db.one<{ status: string; reason: string | null }>(
        `SELECT status, status_reason AS reason FROM connection WHERE id = $1`,
        [world.wooId],
      );
    expect(await standing()).toMatchObject({ status: 'needs_attention' });
    expect((await standing()).reason).not.toContain('cs_');
    expect(world.shopStock('AUTH-1')).toBe(12);
    world.woo.faults.clear(world.woo.id);
    await run(pollOrdersJob(wooAccess(), null));
    expect(await standing()).toEqual({ status: 'connected', reason: null });
    await expectEverywhere('AUTH-1', 12);
  });
});

describe('what people do in the channel itself', () => {
  it('shipping an order there deducts its stock here, once', async () => {
    const sold = world.shop.placeOrder({ lines: [{ sku: 'ADMIN-1', quantity: 3 }] });
    await world.settle();
    const [work] = world.shop.fulfillmentOrders(sold.id);
    world.shop.fulfillInAdmin(work?.id ?? '', '9400000');
    await expectEverywhere('ADMIN-1', 7);
    expect(await world.level('ADMIN-1')).toEqual({ available: 7, committed: 0 });
    const row = await world.db.one<{ status: string; origin: string; shipped: number }>(
      `SELECT o.status, f.origin, o.units_shipped AS shipped FROM customer_order o
         JOIN fulfillment f ON f.order_id = o.id WHERE o.name = $1`,
      [sold.name],
    );
    expect(row).toEqual({ status: 'shipped', origin: 'channel', shipped: 3 });
    expect(world.shop.fulfillments(sold.id)).toHaveLength(1);
    await run(pollOrdersJob(shopAccess(), null));
    expect(await world.level('ADMIN-1')).toEqual({ available: 7, committed: 0 });
  });

  it('taking part of an order away releases that part', async () => {
    const sold = world.woo.placeOrder({ lines: [{ sku: 'PART-1', quantity: 5 }] });
    await world.settle();
    const line = world.woo.state.orders.get(sold.id)?.lines[0];
    world.woo.refund(sold.id, { lines: [{ lineId: line?.id ?? 0, quantity: 2 }], restock: true });
    await expectEverywhere('PART-1', 7);
    expect(await world.level('PART-1')).toEqual({ available: 7, committed: 3 });
  });

  it('trashing an order gives its units back', async () => {
    const sold = world.woo.placeOrder({ lines: [{ sku: 'GONE-1', quantity: 4 }] });
    await world.settle();
    expect((await world.level('GONE-1')).available).toBe(6);
    world.woo.trash(sold.id);
    await expectEverywhere('GONE-1', 10);
  });

  it('asking for erasure empties what names the buyer', async () => {
    const sold = world.shop.placeOrder({
      lines: [{ sku: 'GONE-1', quantity: 1 }],
      email: 'buyer@example.test',
      shippingAddress: ADDRESS,
    });
    await world.settle();
    world.shop.redact('customer', sold.id);
    await world.settle();
    const order = await world.db.one<{ email: string | null; shipTo: { city: string | null } }>(
      `SELECT email, ship_to AS "shipTo" FROM customer_order WHERE name = $1`,
      [sold.name],
    );
    expect(order.email).toBeNull();
    expect(order.shipTo.city).toBeNull();
    const { kept } = await world.db.one<{ kept: number }>(
      `SELECT count(*) AS kept FROM inbox_event WHERE body LIKE '%buyer@example.test%'`,
    );
    expect(kept).toBe(0);
  });
});

describe('an app that was away', () => {
  it('takes the shop’s count when it comes back, instead of sending its own old one', async () => {
    await world.reinstall(() => {
      world.shop.setAvailable('EDIT-1', 'West', 42);
      world.shop.placeOrder({ lines: [{ sku: 'DOWN-1', quantity: 2 }] });
    });
    await expectEverywhere('EDIT-1', 42);
    const left = (await world.level('DOWN-1')).available;
    expect(world.shopStock('DOWN-1')).toBe(left);
    const { movements } = await world.db.one<{ movements: number }>(
      `SELECT count(*) AS movements FROM movement m JOIN item i ON i.id = m.item_id
        WHERE i.sku = 'EDIT-1' AND m.reason = 'opening'`,
    );
    expect(movements).toBe(2);
  });

  it('counts a new location of the shop as the shop does', async () => {
    const annex = world.shop.addLocation({ name: 'Annex' });
    const variant = [...world.shop.state.variants.values()].find((one) => one.sku === 'EDIT-1');
    stockItemAt(world.shop.state, variant?.itemId ?? '', annex.id, 7);
    await world.reinstall(() => undefined);
    await world.settle();
    expect((await world.level('EDIT-1')).available).toBe(49);
    expect(world.shop.available('EDIT-1', 'Annex')).toBe(7);
  });
});

describe('an adjustment that cannot be', () => {
  const bad = [
    ['fractional', 1.5],
    ['absurd', 5_000_000],
    ['nothing', 0],
    ['not a number', Number.NaN],
    ['more than there is', -11],
  ] as const;

  it.each(bad)('is refused and changes nothing: %s', async (_name, change) => {
    expect(await adjust('BAD-1', change)).toMatchObject({ status: 'refused' });
    expect((await world.level('BAD-1')).available).toBe(10);
  });

  it('is refused for another merchant, an unknown reason, a missing note', async () => {
    const form = {
      merchantId: world.merchantId,
      itemId: await world.itemId('BAD-1'),
      locationId: await world.locationId('West'),
      quantity: 3,
      reason: 'count',
      note: null,
      actor: STAFF,
      idempotencyKey: newId(),
    };
    for (const wrong of [
      { merchantId: newId() },
      { itemId: newId() },
      { locationId: newId() },
      { reason: 'because' },
      { reason: 'other' },
      { state: 'committed' },
      { quantity: -1 },
    ]) {
      const answer = await setStock(world.wiring.ctx, { ...form, ...wrong });
      expect(answer).toMatchObject({ status: 'refused' });
    }
    expect((await world.level('BAD-1')).available).toBe(10);
  });
});
