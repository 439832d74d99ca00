/**
 * Goal: Shopify's fulfillment orders and our routing end up the same, whoever decided, and nothing
 * chases its own tail. Method: the whole product with a worker; judged by where the sandbox shop
 * has its work, how often it was asked to move it, and what the ledger and the order say.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { shipFulfillmentOrder } from '#app/operations/fulfillment/ship-fulfillment-order';
import { previewReroute } from '#app/operations/orders/preview-reroute';
import { rerouteOrder } from '#app/operations/orders/reroute-order';
import { newId } from '#app/platform/ids';
import { saveSettings } from '#app/store/settings';
import {
  createMerchantWorld,
  ledgerProblems,
  type MerchantWorld,
  STAFF,
} from '../../support/merchant-world';

let world: MerchantWorld;

/** Nearest to East; Shopify, which knows no distances here, takes the first place: West. */
const PHILADELPHIA = {
  firstName: 'Ada',
  lastName: 'Lund',
  address1: '1 Market Street',
  city: 'Philadelphia',
  provinceCode: 'PA',
  province: 'Pennsylvania',
  zip: '19103',
  countryCode: 'US',
};
const PORTLAND = {
  ...PHILADELPHIA,
  city: 'Portland',
  provinceCode: 'OR',
  province: 'Oregon',
  zip: '97201',
};

beforeAll(async () => {
  world = await createMerchantWorld({
    'CUP-1': { West: 40, East: 40 },
    'JAR-1': { West: 40, East: 40 },
    'RARE-1': { West: 5, East: 0 },
  });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.shopify.invariants()).toEqual([]);
  await world.close();
});

beforeEach(() => {
  world.shopify.journal.clear();
});

type Placed = ReturnType<MerchantWorld['shop']['placeOrder']>;

async function sell(
  lines: { sku: string; quantity: number }[],
  shippingAddress = PHILADELPHIA,
): Promise<Placed> {
  const placed = world.shop.placeOrder({ lines, shippingAddress });
  await world.settle();
  return placed;
}

const place = (name: string): string =>
  [...world.shop.state.locations.values()].find((one) => one.name === name)?.id ?? '';

/** Units per SKU and place that Shopify still has to ship. */
function inShopify(placed: Placed): Record<string, number> {
  const units: Record<string, number> = {};
  for (const { status, locationId, lines } of world.shop.fulfillmentOrders(placed.id)) {
    if (status === 'CLOSED' || status === 'CANCELLED') continue;
    for (const { orderLineId, remainingQuantity } of lines) {
      if (remainingQuantity === 0) continue;
      const sku = placed.lines.find(({ id }) => id === orderLineId)?.sku ?? '?';
      const key = `${sku} ${world.shop.state.locations.get(locationId)?.name ?? '?'}`;
      units[key] = (units[key] ?? 0) + remainingQuantity;
    }
  }
  return units;
}

/** The same of our own promises. */
async function here(placed: Placed): Promise<Record<string, number>> {
  const { rows } = await world.db.query<{ key: string; units: number }>(
    `SELECT l.sku || ' ' || lo.name AS key, sum(a.quantity)::int AS units
       FROM allocation a JOIN order_line l ON l.id = a.order_line_id
       JOIN location lo ON lo.id = a.location_id JOIN customer_order o ON o.id = l.order_id
      WHERE o.external_ref = $1 AND a.quantity > 0 GROUP BY 1`,
    [placed.id],
  );
  return Object.fromEntries(rows.map(({ key, units }) => [key, units]));
}

async function orderId(placed: Placed): Promise<string> {
  const row = await world.db.one<{ id: string }>(
    `SELECT id FROM customer_order WHERE external_ref = $1`,
    [placed.id],
  );
  return row.id;
}

async function notes(placed: Placed): Promise<string[]> {
  const { rows } = await world.db.query<{ action: string }>(
    `SELECT action FROM audit_record WHERE subject_id = $1
        AND action IN ('order.work_told', 'order.work_refused', 'order.work_differs',
          'order.rerouted')
      ORDER BY at, id`,
    [await orderId(placed)],
  );
  return rows.map(({ action }) => action);
}

const asked = (): number => world.shopify.journal.count({ operation: 'fulfillmentOrderMove' });

async function reroute(placed: Placed, locationName: string): Promise<void> {
  const wish = {
    merchantId: world.merchantId,
    orderId: await orderId(placed),
    fulfillmentOrderId: null,
    target: { kind: 'location', locationId: await world.locationId(locationName) },
  } as const;
  const preview = await previewReroute(world.wiring.ctx, wish);
  if (preview.status !== 'done') throw new Error(preview.message);
  const key = { actor: STAFF, idempotencyKey: newId(), token: preview.token };
  expect(await rerouteOrder(world.wiring.ctx, { ...wish, ...key })).toEqual({ status: 'done' });
  await world.settle();
}

/** Both sides sell what both have: every number agrees once all is quiet. */
async function expectEqualNumbers(sku: string): Promise<void> {
  expect(world.shopStock(sku)).toBe((await world.level(sku)).available);
}

describe('our routing', () => {
  it('is told to Shopify where Shopify chose otherwise, once', async () => {
    const placed = await sell([{ sku: 'CUP-1', quantity: 2 }]);
    expect(await here(placed)).toEqual({ 'CUP-1 East': 2 });
    expect(inShopify(placed)).toEqual({ 'CUP-1 East': 2 });
    expect(asked()).toBe(1);
    expect(await notes(placed)).toEqual(['order.work_told']);
    await expectEqualNumbers('CUP-1');
  });

  it('costs nothing where Shopify chose the same', async () => {
    const placed = await sell([{ sku: 'CUP-1', quantity: 1 }], PORTLAND);
    expect(inShopify(placed)).toEqual({ 'CUP-1 West': 1 });
    expect(await here(placed)).toEqual(inShopify(placed));
    expect(asked()).toBe(0);
    expect(await notes(placed)).toEqual([]);
  });

  it('changed by hand is told too', async () => {
    const placed = await sell([
      { sku: 'CUP-1', quantity: 1 },
      { sku: 'JAR-1', quantity: 3 },
    ]);
    await reroute(placed, 'West');
    expect(inShopify(placed)).toEqual({ 'CUP-1 West': 1, 'JAR-1 West': 3 });
    expect(await here(placed)).toEqual(inShopify(placed));
    expect(await notes(placed)).toEqual(['order.work_told', 'order.rerouted', 'order.work_told']);
    await expectEqualNumbers('JAR-1');
  });

  it('that Shopify refuses is kept with the order, and ours stands', async () => {
    const placed = world.shop.placeOrder({
      lines: [{ sku: 'CUP-1', quantity: 1 }],
      shippingAddress: PHILADELPHIA,
    });
    for (const { id } of world.shop.fulfillmentOrders(placed.id)) {
      world.shop.reportProgressInAdmin(id);
    }
    await world.settle();
    expect(await here(placed)).toEqual({ 'CUP-1 East': 1 });
    expect(inShopify(placed)).toEqual({ 'CUP-1 West': 1 });
    expect(await notes(placed)).toEqual(['order.work_refused']);
  });

  it('is not told when the merchant does not want it', async () => {
    await saveSettings(world.db, world.merchantId, { writeRoutingBack: false });
    const placed = await sell([{ sku: 'CUP-1', quantity: 1 }]);
    expect(inShopify(placed)).toEqual({ 'CUP-1 West': 1 });
    expect(asked()).toBe(0);
    await saveSettings(world.db, world.merchantId, { writeRoutingBack: true });
  });
});

describe('work that staff move in Shopify', () => {
  it('is followed when its new place has the units, and nothing is moved back', async () => {
    const placed = await sell([{ sku: 'JAR-1', quantity: 2 }]);
    const before = asked();
    const [work] = world.shop.fulfillmentOrders(placed.id);
    world.shop.moveInAdmin(work?.id ?? '', place('West'));
    await world.settle();
    expect(await here(placed)).toEqual({ 'JAR-1 West': 2 });
    expect(inShopify(placed)).toEqual({ 'JAR-1 West': 2 });
    expect(asked()).toBe(before);
    expect(await notes(placed)).toEqual(['order.work_told', 'order.rerouted']);
    await expectEqualNumbers('JAR-1');
  });

  it('is left, and shown, when its new place does not have them', async () => {
    const placed = await sell([{ sku: 'RARE-1', quantity: 2 }]);
    const [work] = world.shop.fulfillmentOrders(placed.id);
    world.shop.moveInAdmin(work?.id ?? '', place('East'));
    await world.settle();
    expect(await here(placed)).toEqual({ 'RARE-1 West': 2 });
    expect(inShopify(placed)).toEqual({ 'RARE-1 East': 2 });
    expect(asked()).toBe(0);
    expect(await notes(placed)).toEqual(['order.work_differs']);
  });

  it('split, merged and split again changes nothing of ours', async () => {
    const placed = await sell([{ sku: 'CUP-1', quantity: 3 }]);
    const before = asked();
    const [work] = world.shop.fulfillmentOrders(placed.id);
    const split = world.shop.splitInAdmin(work?.id ?? '', 'CUP-1', 1);
    const merged = world.shop.mergeInAdmin([work?.id ?? '', split.id]);
    world.shop.splitInAdmin(merged.id, 'CUP-1', 2);
    await world.settle();
    expect(await here(placed)).toEqual({ 'CUP-1 East': 3 });
    expect(inShopify(placed)).toEqual({ 'CUP-1 East': 3 });
    expect(asked()).toBe(before);
  });
});

describe('what Shopify alone announces by a fulfillment order', () => {
  const held = (placed: Placed): Promise<{ held: boolean; risk: string | null }> =>
    world.db.one(`SELECT held, risk FROM customer_order WHERE external_ref = $1`, [placed.id]);

  it('a hold, its lifting, and the risk reach the order', async () => {
    const placed = await sell([{ sku: 'CUP-1', quantity: 1 }]);
    const [work] = world.shop.fulfillmentOrders(placed.id);
    world.shop.holdInAdmin(work?.id ?? '', 'OTHER');
    await world.settle();
    expect(await held(placed)).toEqual({ held: true, risk: null });
    world.shop.releaseInAdmin(work?.id ?? '');
    await world.settle();
    expect((await held(placed)).held).toBe(false);
    world.shop.assessRisk(placed.id, 'MEDIUM');
    await world.settle();
    expect((await held(placed)).risk).toBe('medium');
  });

  it('that a parcel they held back can be told now', async () => {
    const placed = await sell([{ sku: 'CUP-1', quantity: 1 }]);
    const [work] = world.shop.fulfillmentOrders(placed.id);
    const { id } = await world.db.one<{ id: string }>(
      `SELECT f.id FROM fulfillment_order f JOIN customer_order o ON o.id = f.order_id
        WHERE o.external_ref = $1 AND f.status = 'open'`,
      [placed.id],
    );
    // Held at the very moment of shipping: the hold's own message comes too late to stop it.
    world.shopify.faults.set(world.shop.domain, 'dropWebhooks');
    world.shop.holdInAdmin(work?.id ?? '', 'OTHER');
    world.shopify.faults.clear(world.shop.domain);
    const shipped = await shipFulfillmentOrder(world.wiring.ctx, {
      merchantId: world.merchantId,
      fulfillmentOrderId: id,
      lines: null,
      tracking: { company: 'UPS', number: '1Z-HELD', url: null },
      notifyCustomer: false,
      actor: STAFF,
      idempotencyKey: newId(),
    });
    expect(shipped.status).toBe('done');
    await world.settle();
    const report = (): Promise<{ state: string; detail: string | null }> =>
      world.db.one(
        `SELECT f.report_state AS state, f.report_detail AS detail
           FROM fulfillment f WHERE f.fulfillment_order_id = $1`,
        [id],
      );
    expect(await report()).toMatchObject({ state: 'refused' });
    expect((await report()).detail).toContain('on hold');
    world.shop.releaseInAdmin(work?.id ?? '');
    await world.settle();
    expect((await report()).state).toBe('acknowledged');
    expect(world.shop.fulfillments(placed.id)).toHaveLength(1);
  });

  it('a date, until it comes', async () => {
    const placed = await sell([{ sku: 'CUP-1', quantity: 1 }]);
    const at = new Date(Date.now() + 86_400_000);
    at.setMilliseconds(0);
    const [work] = world.shop.fulfillmentOrders(placed.id);
    world.shop.scheduleInAdmin(work?.id ?? '', at);
    await world.settle();
    const date = (): Promise<{ at: Date | null }> =>
      world.db.one(
        `SELECT l.ship_after AS at FROM order_line l JOIN customer_order o ON o.id = l.order_id
          WHERE o.external_ref = $1`,
        [placed.id],
      );
    expect((await date()).at).toEqual(at);
    world.shop.openScheduled(work?.id ?? '');
    await world.settle();
    expect((await date()).at).toBeNull();
  });
});
