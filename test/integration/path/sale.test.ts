import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cancelOrder } from '../../../app/operations/orders/cancel-order';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { adjustStock } from '../../../app/operations/stock/adjust-stock';
import { newId } from '../../../app/platform/ids';
import { ADDRESS } from '../../support/buyer';
import {
  type MerchantWorld,
  STAFF,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

type OrderRow = {
  id: string;
  status: string;
  unitsShort: number;
  unitsShipped: number;
  sentence: string | null;
};

async function orderNamed(name: string): Promise<OrderRow> {
  return world.db.one<OrderRow>(
    `SELECT o.id, o.status, o.units_short AS "unitsShort", o.units_shipped AS "unitsShipped",
        (SELECT sentence FROM routing_decision d WHERE d.order_id = o.id
          ORDER BY decided_at DESC LIMIT 1) AS sentence
       FROM customer_order o WHERE o.name = $1`,
    [name],
  );
}

async function workOf(orderId: string): Promise<{ id: string; location: string; units: number }[]> {
  const { rows } = await world.db.query<{ id: string; location: string; units: number }>(
    `SELECT f.id, lo.name AS location, sum(a.quantity)::int AS units FROM fulfillment_order f
       JOIN location lo ON lo.id = f.location_id JOIN allocation a ON a.fulfillment_order_id = f.id
      WHERE f.order_id = $1 AND f.status = 'open' GROUP BY f.id, lo.name ORDER BY lo.name`,
    [orderId],
  );
  return rows;
}

function ship(fulfillmentOrderId: string, number: string, key = newId()) {
  return shipFulfillmentOrder(world.wiring.ctx, {
    merchantId: world.merchantId,
    fulfillmentOrderId,
    lines: null,
    tracking: { company: 'UPS', number, url: null },
    notifyCustomer: false,
    actor: STAFF,
    idempotencyKey: key,
  });
}

beforeAll(async () => {
  world = await createMerchantWorld({
    'TEE-S': { West: 10, East: 5 },
    'MUG-1': { West: 4, Outside: 4 },
    'CAP-1': { East: 3 },
    'BAG-1': { West: 2 },
    'HAT-1': { West: 6 },
    'PEN-1': { West: 7 },
  });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.shopify.invariants()).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

describe('a sale, end to end', () => {
  it('on WooCommerce: caught, routed to the closest location, shown on Shopify', async () => {
    const sold = world.woo.placeOrder({ lines: [{ sku: 'TEE-S', quantity: 2 }], address: ADDRESS });
    await world.settle();
    const order = await orderNamed(`#${String(sold.id)}`);
    expect(order).toMatchObject({ status: 'open', unitsShort: 0 });
    expect(order.sentence).toContain('East ships this order');
    expect(order.sentence).toContain('closest');
    expect(await world.level('TEE-S')).toEqual({ available: 13, committed: 2 });
    expect(world.shop.available('TEE-S', 'East')).toBe(3);
    expect(world.wooStock('TEE-S')).toBe(13);
  });

  it('on Shopify: shown on WooCommerce, with one write per change and no echo loop', async () => {
    const before = world.woo.journal.entries({}).length;
    world.shop.placeOrder({ lines: [{ sku: 'MUG-1', quantity: 3 }], shippingAddress: ADDRESS });
    await world.settle();
    expect(await world.level('MUG-1')).toEqual({ available: 5, committed: 3 });
    expect(world.wooStock('MUG-1')).toBe(5);
    expect(world.shopStock('MUG-1')).toBe(5);
    const writes = world.woo.journal
      .entries({})
      .slice(before)
      .filter((entry) => entry.method !== 'GET');
    expect(writes).toHaveLength(1);
  });

  it('shipped: stock leaves, and the store learns the tracking number once', async () => {
    const sold = world.woo.placeOrder({ lines: [{ sku: 'HAT-1', quantity: 2 }], address: ADDRESS });
    await world.settle();
    const order = await orderNamed(`#${String(sold.id)}`);
    const [work] = await workOf(order.id);
    const key = newId();
    const answers = await Promise.all([1, 2, 3].map(() => ship(work?.id ?? '', '1Z999', key)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([
      'done',
      'duplicate',
      'duplicate',
    ]);
    await world.settle();
    expect(await orderNamed(order.id === '' ? '' : `#${String(sold.id)}`)).toMatchObject({
      status: 'shipped',
      unitsShipped: 2,
    });
    expect(await world.level('HAT-1')).toEqual({ available: 4, committed: 0 });
    const stored = world.woo.state.orders.get(sold.id);
    expect(stored?.fulfillments).toHaveLength(1);
    expect(stored?.status).toBe('completed');
    const row = await world.db.one<{ state: string }>(
      `SELECT report_state AS state FROM fulfillment WHERE order_id = $1`,
      [order.id],
    );
    expect(row.state).toBe('acknowledged');
  });

  it('shipped from Shopify: one fulfillment there, from the location that shipped', async () => {
    const sold = world.shop.placeOrder({
      lines: [{ sku: 'CAP-1', quantity: 1 }],
      shippingAddress: ADDRESS,
    });
    await world.settle();
    const order = await orderNamed(sold.name);
    const [work] = await workOf(order.id);
    world.shopify.faults.set(world.shop.domain, 'errorAfter', {
      remaining: 1,
      only: 'fulfillmentCreate',
    });
    expect(await ship(work?.id ?? '', '9400111')).toMatchObject({ status: 'done' });
    await world.settle();
    const fulfillments = world.shop.fulfillments(sold.id);
    expect(fulfillments.map((one) => one.trackingNumbers)).toEqual([['9400111']]);
    expect(await world.level('CAP-1')).toEqual({ available: 2, committed: 0 });
    expect(await ship(work?.id ?? '', '9400222')).toMatchObject({ status: 'refused' });
  });

  it('cancelled in the store: its units are available again, everywhere', async () => {
    const sold = world.woo.placeOrder({ lines: [{ sku: 'PEN-1', quantity: 3 }], address: ADDRESS });
    await world.settle();
    expect(await world.level('PEN-1')).toEqual({ available: 4, committed: 3 });
    world.woo.setStatus(sold.id, 'cancelled');
    await world.settle();
    expect(await orderNamed(`#${String(sold.id)}`)).toMatchObject({ status: 'cancelled' });
    expect(await world.level('PEN-1')).toEqual({ available: 7, committed: 0 });
    expect(world.shopStock('PEN-1')).toBe(7);
    expect(world.wooStock('PEN-1')).toBe(7);
  });

  it('cancelled here: cancelled in the store, too', async () => {
    const sold = world.shop.placeOrder({
      lines: [{ sku: 'PEN-1', quantity: 2 }],
      shippingAddress: ADDRESS,
    });
    await world.settle();
    const order = await orderNamed(sold.name);
    const answer = await cancelOrder(world.wiring.ctx, {
      merchantId: world.merchantId,
      orderId: order.id,
      reason: 'Customer asked',
      actor: STAFF,
      idempotencyKey: newId(),
    });
    expect(answer).toEqual({ status: 'done' });
    expect(await world.level('PEN-1')).toEqual({ available: 7, committed: 0 });
    await world.settle();
    expect(world.shop.state.orders.get(sold.id)?.cancelledAt).not.toBeNull();
    expect(world.shopStock('PEN-1')).toBe(7);
    expect(world.wooStock('PEN-1')).toBe(7);
  });

  it('oversold between two stores: short and visible, allocated when stock arrives', async () => {
    world.woo.placeOrder({ lines: [{ sku: 'BAG-1', quantity: 2 }], address: ADDRESS });
    const late = world.shop.placeOrder({
      lines: [{ sku: 'BAG-1', quantity: 2 }],
      shippingAddress: ADDRESS,
      evenIfSoldOut: true,
    });
    await world.settle();
    const { rows } = await world.db.query<{ name: string; unitsShort: number }>(
      `SELECT name, units_short AS "unitsShort" FROM customer_order WHERE units_short > 0`,
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.unitsShort).toBe(2);
    expect(await world.level('BAG-1')).toEqual({ available: 0, committed: 2 });
    const answer = await adjustStock(world.wiring.ctx, {
      merchantId: world.merchantId,
      itemId: await world.itemId('BAG-1'),
      locationId: await world.locationId('West'),
      change: 5,
      reason: 'received',
      note: null,
      actor: STAFF,
      idempotencyKey: newId(),
    });
    expect(answer).toEqual({ status: 'done', available: 5 });
    await world.settle();
    expect(await orderNamed(late.name)).toMatchObject({ unitsShort: 0, status: 'open' });
    expect(await world.level('BAG-1')).toEqual({ available: 3, committed: 4 });
    expect(world.wooStock('BAG-1')).toBe(3);
    expect(world.shopStock('BAG-1')).toBe(3);
  });

  it('leaves an audit record with its cause for everything', async () => {
    const { rows } = await world.db.query<{ action: string; causes: number; total: number }>(
      `SELECT action, count(*)::int AS total, count(*) FILTER (WHERE cause_id <> '')::int AS causes
         FROM audit_record GROUP BY action`,
    );
    const actions = rows.map((row) => row.action);
    for (const action of [
      'order.recorded',
      'order.routed',
      'order.released',
      'order.short',
      'order.cancelled',
      'order.cancel_confirmed',
      'fulfillment.shipped',
      'fulfillment.report_acknowledged',
      'stock.adjusted',
      'stock.published',
      'connection.connected',
      'catalog.imported',
    ]) {
      expect(actions).toContain(action);
    }
    expect(rows.every((row) => row.causes === row.total)).toBe(true);
  });
});
