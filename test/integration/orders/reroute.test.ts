/** Goal: what a preview says is what happens, or nothing does; the books stay right. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { holdOrder } from '../../../app/operations/orders/hold-order';
import { previewReroute } from '../../../app/operations/orders/preview-reroute';
import { releaseHold } from '../../../app/operations/orders/release-hold';
import { rerouteOrder } from '../../../app/operations/orders/reroute-order';
import { adjustStock } from '../../../app/operations/stock/adjust-stock';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';
import { form, openUnits, wooOrder } from './order-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({
    'TEE-S': { West: 10, East: 5 },
    'MUG-1': { West: 1, East: 6 },
    'CAP-1': { West: 4, East: 4 },
    'BAG-1': { West: 9, East: 9 },
  });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

async function preview(orderId: string, to: string, fulfillmentOrderId: string | null = null) {
  const seen = await previewReroute(world.wiring.ctx, {
    merchantId: world.merchantId,
    orderId,
    fulfillmentOrderId,
    target: { kind: 'location', locationId: await world.locationId(to) },
  });
  if (seen.status !== 'done') throw new Error(seen.message);
  return seen;
}

async function reroute(orderId: string, to: string, token: string) {
  return rerouteOrder(world.wiring.ctx, {
    ...form(world),
    orderId,
    fulfillmentOrderId: null,
    target: { kind: 'location', locationId: await world.locationId(to) },
    token,
  });
}

describe('another location', () => {
  it('ships what the preview said, and the numbers of both places follow', async () => {
    const { id } = await wooOrder(world, 'TEE-S', 3);
    expect(await openUnits(world, id)).toEqual([{ location: 'East', units: 3 }]);
    const seen = await preview(id, 'West');
    expect(seen.moves).toEqual([
      { title: 'Item TEE-S', sku: 'TEE-S', units: 3, from: 'East', to: 'West', available: 10 },
    ]);
    expect(seen.parcels).toEqual({ before: 1, after: 1 });
    expect(seen.distanceKm.after ?? 0).toBeGreaterThan(seen.distanceKm.before ?? 0);
    expect(await openUnits(world, id)).toEqual([{ location: 'East', units: 3 }]);

    expect((await reroute(id, 'West', seen.token)).status).toBe('done');
    await world.settle();
    expect(await openUnits(world, id)).toEqual([{ location: 'West', units: 3 }]);
    expect(world.shop.available('TEE-S', 'East')).toBe(5);
    expect(world.shop.available('TEE-S', 'West')).toBe(7);
    const { rows } = await world.db.query<{ status: string }>(
      `SELECT f.status FROM fulfillment_order f JOIN location lo ON lo.id = f.location_id
        WHERE f.order_id = $1 AND lo.name = 'East'`,
      [id],
    );
    expect(rows).toEqual([{ status: 'cancelled' }]);
    const decision = await world.db.one<{ sentence: string; cause: string }>(
      `SELECT sentence, cause_kind AS cause FROM routing_decision WHERE order_id = $1
        ORDER BY decided_at DESC LIMIT 1`,
      [id],
    );
    expect(decision).toEqual({
      sentence: 'West ships 3 units instead of East: chosen by hand.',
      cause: 'form',
    });
    // The same button pressed twice.
    expect((await reroute(id, 'West', seen.token)).status).toBe('done');
    expect(await openUnits(world, id)).toEqual([{ location: 'West', units: 3 }]);
  });

  it('says what is missing, and moves nothing then', async () => {
    const { id } = await wooOrder(world, 'MUG-1', 2);
    const seen = await preview(id, 'West');
    expect(seen.missing).toEqual([{ title: 'Item MUG-1', sku: 'MUG-1', units: 2, has: 1 }]);
    expect(await reroute(id, 'West', seen.token)).toMatchObject({
      status: 'refused',
      message: 'This location does not have all of it.',
    });
    expect(await openUnits(world, id)).toEqual([{ location: 'East', units: 2 }]);
  });

  it('refuses when the stock went meanwhile', async () => {
    const { id } = await wooOrder(world, 'CAP-1', 2);
    const seen = await preview(id, 'West');
    await adjustStock(world.wiring.ctx, {
      ...form(world),
      itemId: await world.itemId('CAP-1'),
      locationId: await world.locationId('West'),
      change: -3,
      reason: 'lost',
      note: null,
    });
    expect(await reroute(id, 'West', seen.token)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('changed since you looked') as string,
    });
    expect(await openUnits(world, id)).toEqual([{ location: 'East', units: 2 }]);
  });

  it('leaves what is held or has left alone', async () => {
    const { id } = await wooOrder(world, 'BAG-1', 4);
    const { rows } = await world.db.query<{ work: string; allocation: string }>(
      `SELECT f.id AS work, a.id AS allocation FROM fulfillment_order f
         JOIN allocation a ON a.fulfillment_order_id = f.id WHERE f.order_id = $1`,
      [id],
    );
    await shipFulfillmentOrder(world.wiring.ctx, {
      ...form(world),
      fulfillmentOrderId: rows[0]?.work ?? '',
      lines: [{ allocationId: rows[0]?.allocation ?? '', quantity: 1 }],
      tracking: { company: null, number: null, url: null },
      notifyCustomer: false,
    });
    await holdOrder(world.wiring.ctx, {
      ...form(world),
      orderId: id,
      reason: 'merchant',
      note: null,
    });
    await expect(preview(id, 'West')).rejects.toThrow('on hold');
    await releaseHold(world.wiring.ctx, { ...form(world), orderId: id, holdId: null });
    const seen = await preview(id, 'West');
    expect(seen.moves.map(({ units }) => units)).toEqual([3]);
    expect((await reroute(id, 'West', seen.token)).status).toBe('done');
    expect(await openUnits(world, id)).toEqual([{ location: 'West', units: 3 }]);
    await world.settle();
  });
});

it('the rules bring an order back to the place they would choose', async () => {
  const { id } = await wooOrder(world, 'BAG-1', 1);
  const away = await preview(id, 'West');
  await reroute(id, 'West', away.token);
  const wish = { orderId: id, fulfillmentOrderId: null, target: { kind: 'rules' } as const };
  const seen = await previewReroute(world.wiring.ctx, { merchantId: world.merchantId, ...wish });
  if (seen.status !== 'done') throw new Error(seen.message);
  expect(seen.moves).toMatchObject([{ from: 'West', to: 'East', units: 1 }]);
  await rerouteOrder(world.wiring.ctx, { ...form(world), ...wish, token: seen.token });
  expect(await openUnits(world, id)).toEqual([{ location: 'East', units: 1 }]);
  await world.settle();
});

it('another merchant’s order does not exist', async () => {
  const { id } = await wooOrder(world, 'BAG-1', 1);
  const seen = await previewReroute(world.wiring.ctx, {
    merchantId: '01980000-0000-7000-8000-000000000000',
    orderId: id,
    fulfillmentOrderId: null,
    target: { kind: 'rules' },
  });
  expect(seen).toMatchObject({ status: 'refused', code: 'not_found' });
});
