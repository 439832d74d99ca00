/** Goal: a held order does not leave, its store knows, and lifting tells the store, too. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { annotateOrder } from '../../../app/operations/orders/annotate-order';
import { holdOrder } from '../../../app/operations/orders/hold-order';
import { releaseHold } from '../../../app/operations/orders/release-hold';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';
import { form, holdsOf, isHeld, shopOrder, wooOrder } from './order-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'TEE-S': { West: 40, East: 5 } });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.shopify.invariants()).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

const hold = (orderId: string, key = form(world)) =>
  holdOrder(world.wiring.ctx, { ...key, orderId, reason: 'address', note: 'Flat number?' });
const liftAll = (orderId: string) =>
  releaseHold(world.wiring.ctx, { ...form(world), orderId, holdId: null });

/** Work of an order that its Shopify store holds, and why. */
function heldInShopify(orderId: string): { reason: string; note: string | null; ours: boolean }[] {
  const work = [...world.shop.state.fulfillmentOrders.values()].filter(
    (one) => one.orderId === orderId,
  );
  return work.flatMap(({ holds }) =>
    holds.map((one) => ({ reason: one.reason, note: one.reasonNotes, ours: one.byApp })),
  );
}

async function ship(orderId: string) {
  const { id } = await world.db.one<{ id: string }>(
    `SELECT id FROM fulfillment_order WHERE order_id = $1 AND status = 'open'`,
    [orderId],
  );
  return shipFulfillmentOrder(world.wiring.ctx, {
    ...form(world),
    fulfillmentOrderId: id,
    lines: null,
    tracking: { company: null, number: null, url: null },
    notifyCustomer: false,
  });
}

describe('a hold', () => {
  it('keeps an order of a store without holds from leaving until it is lifted', async () => {
    const { id } = await wooOrder(world, 'TEE-S', 1);
    const key = form(world);
    expect(await hold(id, key)).toEqual({ status: 'done' });
    expect(await hold(id, key)).toEqual({ status: 'done' });
    expect(await hold(id)).toMatchObject({ status: 'refused' });
    await world.settle();
    expect(await holdsOf(world, id)).toEqual([
      { reason: 'address', origin: 'crossdock', state: 'not_needed', active: true, detail: null },
    ]);
    expect(await isHeld(world, id)).toBe(true);
    expect(await ship(id)).toMatchObject({ status: 'refused' });
    expect(await liftAll(id)).toEqual({ status: 'done' });
    expect(await liftAll(id)).toMatchObject({ status: 'refused' });
    expect(await ship(id)).toMatchObject({ status: 'done' });
    await world.settle();
  });

  it('is told to Shopify once, and lifted there when it is lifted here', async () => {
    const { id, placed } = await shopOrder(world, 'TEE-S', 2);
    await hold(id);
    await world.settle();
    expect(heldInShopify(placed.id)).toMatchObject([
      { reason: 'INCORRECT_ADDRESS', note: 'Flat number?' },
    ]);
    expect(await holdsOf(world, id)).toMatchObject([{ state: 'acknowledged', active: true }]);
    expect(await liftAll(id)).toEqual({ status: 'done' });
    await world.settle();
    expect(heldInShopify(placed.id)).toEqual([]);
    expect(await holdsOf(world, id)).toMatchObject([{ state: 'acknowledged', active: false }]);
    expect(await isHeld(world, id)).toBe(false);
  });

  it('set and lifted at once leaves nothing behind in Shopify', async () => {
    const { id, placed } = await shopOrder(world, 'TEE-S', 1);
    await hold(id);
    await liftAll(id);
    await world.settle();
    expect(heldInShopify(placed.id)).toEqual([]);
    expect(await isHeld(world, id)).toBe(false);
  });

  it('on what has left or was never ours is refused', async () => {
    const { id } = await wooOrder(world, 'TEE-S', 1);
    await ship(id);
    await world.settle();
    expect(await hold(id)).toMatchObject({ status: 'refused', code: 'conflict' });
    const other = { ...form(world), merchantId: '01980000-0000-7000-8000-000000000000' };
    expect(await hold(id, other)).toMatchObject({ status: 'refused', code: 'not_found' });
  });
});

describe('notes and tags', () => {
  it('reach Shopify, and what is written there later wins', async () => {
    const { id, placed } = await shopOrder(world, 'TEE-S', 1);
    await annotateOrder(world.wiring.ctx, {
      ...form(world),
      orderId: id,
      note: 'Ring twice',
      addTags: ['Gift', 'gift', ' vip '],
      removeTags: [],
    });
    expect(await written(id)).toEqual({ note: 'Ring twice', tags: ['Gift', 'vip'] });
    await world.settle();
    const there = world.shop.state.orders.get(placed.id);
    expect(there?.note).toBe('Ring twice');
    expect([...(there?.tags ?? [])].sort()).toEqual(['Gift', 'vip']);
    expect(await written(id)).toMatchObject({ note: 'Ring twice' });
  });

  it('are refused before anything is written when a store could not take them', async () => {
    const { id } = await shopOrder(world, 'TEE-S', 1);
    const answer = await annotateOrder(world.wiring.ctx, {
      ...form(world),
      orderId: id,
      note: null,
      addTags: ['x'.repeat(41)],
      removeTags: [],
    });
    expect(answer).toMatchObject({ status: 'refused', code: 'validation' });
    expect(await written(id)).toEqual({ note: null, tags: [] });
  });
});

function written(orderId: string): Promise<{ note: string | null; tags: string[] }> {
  return world.db.one(`SELECT note, tags FROM customer_order WHERE id = $1`, [orderId]);
}
