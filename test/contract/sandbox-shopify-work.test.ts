/**
 * Goal: the simulated Shopify splits, merges, holds, schedules and refuses as its published schema
 * tells, and a person can let it happen on the control page. Method: the mutations as an app
 * sends them, over the real schema, with the error codes the schema documents.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createRandom, createTraffic, serveControlPage } from '../sandbox/core';
import { graphql, startWorld, type World } from './sandbox-shopify-support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  world.shop.addProduct({
    title: 'Stone',
    variants: [{ sku: 'STONE', stock: { East: 50, West: 50 } }],
  });
});
afterEach(async () => {
  expect(world.shop.invariants()).toEqual([]);
  await world.close();
});

type UserError = { code?: string | null; message: string };

async function ask<Payload>(text: string, variables: Record<string, unknown>): Promise<Payload> {
  const { data, errors } = await graphql(world, text, variables);
  expect(errors).toEqual([]);
  return Object.values(data)[0] as Payload;
}

const work = (orderId: string) => world.shop.fulfillmentOrders(orderId);
const place = (...lines: { sku: string; quantity: number }[]) => world.shop.placeOrder({ lines });

const SPLIT = `mutation ($splits: [FulfillmentOrderSplitInput!]!) {
  fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {
    fulfillmentOrderSplits { fulfillmentOrder { id status } remainingFulfillmentOrder { id status } }
    userErrors { code field message } } }`;
const MERGE = `mutation ($merges: [FulfillmentOrderMergeInput!]!) {
  fulfillmentOrderMerge(fulfillmentOrderMergeInputs: $merges) {
    fulfillmentOrderMerges { fulfillmentOrder { id lineItems(first: 5) { nodes { remainingQuantity } } } }
    userErrors { code message } } }`;
const HOLD = `mutation ($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {
    fulfillmentHold { id handle heldByRequestingApp } fulfillmentOrder { id status }
    remainingFulfillmentOrder { id status } userErrors { code message } } }`;
const RESCHEDULE = `mutation ($id: ID!, $at: DateTime!) {
  fulfillmentOrderReschedule(id: $id, fulfillAt: $at) {
    fulfillmentOrder { status fulfillAt } userErrors { message } } }`;
const OPEN = `mutation ($id: ID!) {
  fulfillmentOrderOpen(id: $id) { fulfillmentOrder { status } userErrors { message } } }`;
const MOVE = `mutation ($id: ID!, $to: ID!) {
  fulfillmentOrderMove(id: $id, newLocationId: $to) {
    movedFulfillmentOrder { id } userErrors { code message } } }`;

type SplitAnswer = {
  fulfillmentOrderSplits: {
    fulfillmentOrder: { id: string };
    remainingFulfillmentOrder: { id: string };
  }[];
  userErrors: UserError[];
};

describe('splitting and merging', () => {
  it('split units off, and merge them into new work', async () => {
    const order = place({ sku: 'STONE', quantity: 5 });
    const [first] = work(order.id);
    const line = first?.lines[0]?.id;
    const split = (quantity: number, id = first?.id) => ({
      splits: [{ fulfillmentOrderId: id, fulfillmentOrderLineItems: [{ id: line, quantity }] }],
    });
    const answer = await ask<SplitAnswer>(SPLIT, split(2));
    const [made] = answer.fulfillmentOrderSplits;
    expect(work(order.id).map(({ lines }) => lines.map((one) => one.remainingQuantity))).toEqual([
      [3],
      [2],
    ]);
    const ids = [made?.fulfillmentOrder.id, made?.remainingFulfillmentOrder.id];
    const mergeIntents = ids.map((fulfillmentOrderId) => ({ fulfillmentOrderId }));
    const merged = await ask<{
      fulfillmentOrderMerges: { fulfillmentOrder: { lineItems: { nodes: unknown[] } } }[];
    }>(MERGE, { merges: [{ mergeIntents }] });
    expect(merged.fulfillmentOrderMerges[0]?.fulfillmentOrder.lineItems.nodes).toEqual([
      { remainingQuantity: 5 },
    ]);
    expect(work(order.id).map(({ status }) => status)).toEqual(['CLOSED', 'CLOSED', 'OPEN']);
    const again = await ask<SplitAnswer>(SPLIT, split(1));
    expect(again.userErrors[0]?.message).toContain('not in a splittable state');
  });

  it.each([
    [0, 'GREATER_THAN'],
    [6, 'INVALID_LINE_ITEM_QUANTITY'],
  ])('refuse %i of 5 units with %s', async (quantity, code) => {
    const [first] = work(place({ sku: 'STONE', quantity: 5 }).id);
    const fulfillmentOrderLineItems = [{ id: first?.lines[0]?.id, quantity }];
    const { userErrors } = await ask<SplitAnswer>(SPLIT, {
      splits: [{ fulfillmentOrderId: first?.id, fulfillmentOrderLineItems }],
    });
    expect(userErrors).toMatchObject([{ code }]);
  });

  it('refuse to split nothing, what is not there, and to merge two orders', async () => {
    const [one] = work(place({ sku: 'STONE', quantity: 2 }).id);
    const [other] = work(place({ sku: 'STONE', quantity: 2 }).id);
    const none = { splits: [{ fulfillmentOrderId: one?.id, fulfillmentOrderLineItems: [] }] };
    expect((await ask<SplitAnswer>(SPLIT, none)).userErrors).toMatchObject([
      { code: 'NO_LINE_ITEMS_PROVIDED_TO_SPLIT' },
    ]);
    const missing = 'gid://shopify/FulfillmentOrder/404';
    const gone = { splits: [{ fulfillmentOrderId: missing, fulfillmentOrderLineItems: [] }] };
    expect((await ask<SplitAnswer>(SPLIT, gone)).userErrors).toMatchObject([
      { code: 'FULFILLMENT_ORDER_NOT_FOUND' },
    ]);
    const mergeIntents = [one, other].map((each) => ({ fulfillmentOrderId: each?.id }));
    const { userErrors } = await ask<{ userErrors: UserError[] }>(MERGE, {
      merges: [{ mergeIntents }],
    });
    expect(userErrors).toHaveLength(1);
  });
});

describe('holding, scheduling, moving', () => {
  type HoldAnswer = {
    fulfillmentHold: { handle: string } | null;
    fulfillmentOrder: { id: string; status: string } | null;
    remainingFulfillmentOrder: { status: string } | null;
    userErrors: UserError[];
  };

  it('hold some units by splitting the others off, and refuse a handle twice', async () => {
    const order = place({ sku: 'STONE', quantity: 3 });
    const [first] = work(order.id);
    const fulfillmentOrderLineItems = [{ id: first?.lines[0]?.id, quantity: 1 }];
    const hold = { reason: 'OTHER', handle: 'mine', fulfillmentOrderLineItems };
    const held = await ask<HoldAnswer>(HOLD, { id: first?.id, hold });
    expect(held.fulfillmentOrder).toEqual({ id: first?.id, status: 'ON_HOLD' });
    expect(held.remainingFulfillmentOrder?.status).toBe('OPEN');
    expect(work(order.id).map(({ lines }) => lines[0]?.remainingQuantity)).toEqual([1, 2]);
    const twice = await ask<HoldAnswer>(HOLD, {
      id: first?.id,
      hold: { reason: 'OTHER', handle: 'mine' },
    });
    expect(twice.userErrors).toMatchObject([{ code: 'DUPLICATE_FULFILLMENT_HOLD_HANDLE' }]);
    const inPart = await ask<HoldAnswer>(HOLD, {
      id: first?.id,
      hold: { ...hold, handle: 'other' },
    });
    expect(inPart.userErrors).toMatchObject([{ code: 'FULFILLMENT_ORDER_NOT_SPLITTABLE' }]);
  });

  it('give scheduled work another date, open it, and refuse the rest', async () => {
    const [first] = work(place({ sku: 'STONE', quantity: 1 }).id);
    type Answer = { fulfillmentOrder: { status: string } | null; userErrors: UserError[] };
    const at = (days: number) => new Date(world.clock.now().getTime() + days * 86_400_000);
    const later = { id: first?.id, at: at(9).toISOString() };
    expect((await ask<Answer>(RESCHEDULE, later)).userErrors).toHaveLength(1);
    world.shop.scheduleInAdmin(first?.id ?? '', at(2));
    expect((await ask<Answer>(RESCHEDULE, later)).fulfillmentOrder?.status).toBe('SCHEDULED');
    const past = { id: first?.id, at: at(-1).toISOString() };
    expect((await ask<Answer>(RESCHEDULE, past)).userErrors).toHaveLength(1);
    expect((await ask<Answer>(OPEN, { id: first?.id })).fulfillmentOrder?.status).toBe('OPEN');
    expect((await ask<Answer>(OPEN, { id: first?.id })).userErrors).toHaveLength(1);
  });

  it('refuse to move work that was reported as begun', async () => {
    const [first] = work(place({ sku: 'STONE', quantity: 1 }).id);
    world.shop.reportProgressInAdmin(first?.id ?? '');
    const west = [...world.shop.state.locations.values()].find(({ name }) => name === 'West');
    const answer = await ask<{ userErrors: UserError[] }>(MOVE, { id: first?.id, to: west?.id });
    expect(answer.userErrors).toMatchObject([
      { code: 'CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS' },
    ]);
  });
});

describe('the control page', () => {
  it('lets all of it happen to an order, and offers only what can', async () => {
    const stores = () => world.sandbox.controlledStores();
    const traffic = createTraffic({ stores, random: createRandom(1), clock: world.clock });
    const control = await serveControlPage({ stores, traffic });
    const store = stores()[0]?.id ?? '';
    const order = place({ sku: 'STONE', quantity: 4 });
    const offered = async (): Promise<string[]> => {
      const answer = await fetch(`${control.url}/api/stores/${store}/orders`);
      const orders = (await answer.json()) as { id: string; actions: { id: string }[] }[];
      return (orders.find(({ id }) => id === order.id)?.actions ?? []).map(({ id }) => id);
    };
    const act = async (action: string): Promise<number> => {
      expect(await offered()).toContain(action);
      const answer = await fetch(`${control.url}/api/stores/${store}/act`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ orderId: order.id, action }),
      });
      return answer.status;
    };
    expect(await offered()).not.toContain('release');
    const story = [
      'hold',
      'release',
      'split',
      'merge',
      'move',
      'schedule',
      'open',
      'risk',
      'refund',
    ];
    for (const action of story) expect([action, await act(action)]).toEqual([action, 200]);
    for (const { id, status } of work(order.id)) {
      if (status === 'OPEN') world.shop.fulfillInAdmin(id, 'T-1');
    }
    for (const action of ['return', 'lost']) expect(await act(action)).toBe(200);
    expect(await offered()).not.toContain('hold');
    expect(world.shop.state.orders.get(order.id)).toMatchObject({
      risk: 'HIGH',
      refunds: [
        { lines: [{ restockType: 'CANCEL' }] },
        { lines: [{ restockType: 'RETURN' }] },
        { lines: [{ restockType: 'NO_RESTOCK' }] },
      ],
    });
    await control.close();
  });
});
