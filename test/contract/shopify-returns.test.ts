/**
 * Goal: a shipped unit that comes back leaves what is still owed as it was, in the whole product.
 * Method: ship one of two, return it in the store, poll, and ship the other; look at the store.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';

import { shipFulfillmentOrder } from '#app/operations/fulfillment/ship-fulfillment-order';
import { pollOrdersJob } from '#app/operations/sync/poll-orders';
import { newId } from '#app/platform/ids';
import { enqueueJobs } from '#app/store/jobs';
import {
  createMerchantWorld,
  ledgerProblems,
  type MerchantWorld,
  STAFF,
} from '../support/merchant-world';

let world: MerchantWorld;

const ADDRESS = {
  firstName: 'Ada',
  lastName: 'Lund',
  address1: '1 Market Street',
  city: 'Portland',
  provinceCode: 'OR',
  province: 'Oregon',
  zip: '97201',
  countryCode: 'US',
};

beforeAll(async () => {
  world = await createMerchantWorld({ 'CUP-1': { West: 10 }, 'JAR-1': { West: 10 } });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.shopify.invariants()).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

type Standing = { status: string; quantity: number; shipped: number };

async function standing(orderName: string): Promise<Standing> {
  return world.db.one<Standing>(
    `SELECT o.status, sum(l.quantity)::int AS quantity, o.units_shipped AS shipped
       FROM customer_order o JOIN order_line l ON l.order_id = o.id
      WHERE o.name = $1 GROUP BY o.id`,
    [orderName],
  );
}

/** Ships one unit of what the order still has to ship. */
async function shipOne(orderName: string, number: string | null): Promise<string> {
  const { rows } = await world.db.query<{ id: string; allocationId: string }>(
    `SELECT f.id, a.id AS "allocationId" FROM fulfillment_order f
       JOIN customer_order o ON o.id = f.order_id
       JOIN allocation a ON a.fulfillment_order_id = f.id
      WHERE o.name = $1 AND f.status = 'open'`,
    [orderName],
  );
  const [work] = rows;
  if (work === undefined) return 'nothing to ship';
  const answer = await shipFulfillmentOrder(world.wiring.ctx, {
    merchantId: world.merchantId,
    fulfillmentOrderId: work.id,
    lines: [{ allocationId: work.allocationId, quantity: 1 }],
    tracking: { company: null, number, url: null },
    notifyCustomer: false,
    actor: STAFF,
    idempotencyKey: newId(),
  });
  await world.settle();
  return answer.status;
}

async function poll(connectionId: string): Promise<void> {
  const access = { id: connectionId, merchantId: world.merchantId };
  await enqueueJobs(world.db, [pollOrdersJob(access, null)]);
  world.wiring.jobs.queue.announce();
  await world.settle();
}

it('on Shopify: the last unit is still shipped, though both parcels look alike', async () => {
  const sold = world.shop.placeOrder({
    lines: [{ sku: 'CUP-1', quantity: 2 }],
    shippingAddress: ADDRESS,
  });
  await world.settle();
  expect(await shipOne(sold.name, null)).toBe('done');
  world.shop.refundInAdmin(sold.id, {
    lines: [{ sku: 'CUP-1', quantity: 1 }],
    restock: false,
    shippedFirst: true,
  });
  await poll(world.shopifyId);
  expect(await standing(sold.name)).toMatchObject({ quantity: 2, shipped: 1 });
  expect(await world.level('CUP-1')).toEqual({ available: 8, committed: 1 });
  expect(await shipOne(sold.name, null)).toBe('done');
  await poll(world.shopifyId);
  expect(await standing(sold.name)).toEqual({ status: 'shipped', quantity: 2, shipped: 2 });
  const parcels = world.shop.fulfillments(sold.id);
  expect(parcels.map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[1], [1]]);
  expect(await world.level('CUP-1')).toEqual({ available: 8, committed: 0 });
});

it('on WooCommerce with its own fulfillments: the last unit is still shipped', async () => {
  const sold = world.woo.placeOrder({ lines: [{ sku: 'JAR-1', quantity: 2 }], address: ADDRESS });
  const name = `#${String(sold.id)}`;
  await world.settle();
  expect(await shipOne(name, 'T-1')).toBe('done');
  // The store keeps whole seconds; what came back within the second of its leaving was not sent.
  await expect
    .poll(() => Math.floor(Date.now() / 1000) - Math.floor(sentAt(sold.id) / 1000))
    .toBeGreaterThan(0);
  const lineId = world.woo.state.orders.get(sold.id)?.lines[0]?.id ?? 0;
  world.woo.refund(sold.id, { lines: [{ lineId, quantity: 1 }], restock: false });
  await poll(world.wooId);
  expect(await standing(name)).toMatchObject({ quantity: 2, shipped: 1 });
  expect(await shipOne(name, 'T-2')).toBe('done');
  expect(await standing(name)).toEqual({ status: 'shipped', quantity: 2, shipped: 2 });
  const order = world.woo.state.orders.get(sold.id);
  expect([order?.status, order?.fulfillments.length]).toEqual(['completed', 2]);
});

function sentAt(orderId: number): number {
  return world.woo.state.orders.get(orderId)?.fulfillments[0]?.updatedAt.getTime() ?? Infinity;
}
