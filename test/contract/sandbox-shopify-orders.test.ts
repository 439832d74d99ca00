import { createHmac } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { SoldOutError } from '../sandbox/shopify';
import {
  API_SECRET,
  DOMAIN,
  graphql,
  startWorld,
  type GraphqlAnswer,
  type World,
} from './sandbox-shopify-support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const FULFILL = `mutation Fulfil($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) {
  fulfillment { id status createdAt trackingInfo { company number url }
    fulfillmentOrders(first: 5) { nodes { id status } } }
  userErrors { field message } } }`;

const READ_ORDER = `query Order($id: ID!) { order(id: $id) {
  id legacyResourceId name displayFulfillmentStatus displayFinancialStatus cancelledAt tags
  currentTotalPriceSet { shopMoney { amount currencyCode } }
  shippingAddress { name city provinceCode zip countryCodeV2 }
  lineItems(first: 10) { nodes { sku quantity currentQuantity unfulfilledQuantity } }
  fulfillmentOrders(first: 10) { nodes { id status supportedActions { action }
    assignedLocation { name location { id } }
    lineItems(first: 10) { nodes { id totalQuantity remainingQuantity lineItem { id } } } } }
  fulfillments(first: 10) { id trackingInfo { number } } } }`;

type Work = {
  id: string;
  status: string;
  supportedActions: { action: string }[];
  assignedLocation: { name: string; location: { id: string } };
  lineItems: { nodes: { id: string; remainingQuantity: number }[] };
};
type OrderView = {
  displayFulfillmentStatus: string;
  cancelledAt: string | null;
  lineItems: { nodes: unknown[] };
  fulfillmentOrders: { nodes: Work[] };
  fulfillments: { id: string }[];
};

const readOrder = async (id: string): Promise<OrderView> =>
  (await graphql(world, READ_ORDER, { id })).data['order'] as OrderView;

const errorsOf = (answer: GraphqlAnswer, field: string): unknown[] =>
  (answer.data[field] as { userErrors: unknown[] }).userErrors;

const level = (sku: string, location: string) => {
  const { state } = world.shop;
  const variant = [...state.variants.values()].find((one) => one.sku === sku);
  const place = [...state.locations.values()].find((one) => one.name === location);
  return state.levels.get(`${variant?.itemId}|${place?.id}`)?.quantities;
};

const locationId = (name: string): string =>
  [...world.shop.state.locations.values()].find((one) => one.name === name)?.id ?? '';

const topics = async (): Promise<string[]> => {
  await world.sandbox.webhooksSettled();
  return world.receiver.received.map((one) => one.topic).sort();
};

describe('an order', () => {
  it('commits stock and announces itself with valid signatures and one event id', async () => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
    expect(await topics()).toEqual([
      'fulfillment_orders/order_routing_complete',
      'inventory_levels/update',
      'orders/create',
    ]);
    expect(level('MUG', 'East')).toMatchObject({ available: 8, committed: 2, on_hand: 10 });
    for (const webhook of world.receiver.received) {
      const expected = createHmac('sha256', API_SECRET).update(webhook.body).digest('base64');
      expect(webhook.headers['x-shopify-hmac-sha256']).toBe(expected);
      expect(webhook.headers['x-shopify-shop-domain']).toBe(DOMAIN);
      expect(webhook.headers['x-shopify-api-version']).toBe('2026-07');
    }
    const headers = world.receiver.received.map((one) => one.headers);
    expect(new Set(headers.map((one) => one['x-shopify-event-id'])).size).toBe(1);
    expect(new Set(headers.map((one) => one['x-shopify-webhook-id'])).size).toBe(3);
    const body = world.receiver.received.find((one) => one.topic === 'orders/create')?.body ?? '';
    expect(body).toContain(`"id":${order.id.split('/').pop()},`);
    expect(BigInt(order.id.split('/').pop() ?? '0') > 2n ** 53n).toBe(true);
    expect(world.sandbox.invariants()).toEqual([]);
  });

  it('is spread over locations when no single one has it all', async () => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 13 }] });
    const works = (await readOrder(order.id)).fulfillmentOrders.nodes;
    expect(works.map((work) => work.assignedLocation.name)).toEqual(['East', 'West']);
    expect(level('MUG', 'West')).toMatchObject({ available: 2, committed: 3 });
  });

  it('is refused by the checkout when sold out, and oversells only when two buyers race', () => {
    const lines = [{ sku: 'PLATE', quantity: 4 }];
    expect(() => world.shop.placeOrder({ lines })).toThrow(SoldOutError);
    world.shop.placeOrder({ lines, evenIfSoldOut: true });
    expect(level('PLATE', 'East')).toMatchObject({ available: -1, committed: 4, on_hand: 3 });
    expect(world.shop.oversoldUnits()).toBe(1);
    expect(world.sandbox.invariants()).toEqual([]);
  });

  it('gives its stock back when cancelled, and cannot be cancelled twice', async () => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
    const cancel = `mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true,
      refund: false) { job { id done } orderCancelUserErrors { code field message } } }`;
    expect((await graphql(world, cancel, { id: order.id })).errors).toEqual([]);
    expect(level('MUG', 'East')).toMatchObject({ available: 10, committed: 0, on_hand: 10 });
    const view = await readOrder(order.id);
    expect(view.cancelledAt).not.toBeNull();
    expect(view.fulfillmentOrders.nodes[0]?.status).toBe('CANCELLED');
    const again = await graphql(world, cancel, { id: order.id });
    expect(again.data['orderCancel']).toMatchObject({
      orderCancelUserErrors: [{ code: 'INVALID' }],
    });
    expect(await topics()).toContain('orders/cancelled');
  });

  it('is found by updated_at, page by page, in order', async () => {
    for (let count = 0; count < 5; count += 1) {
      world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
      await world.clock.advance(60_000);
    }
    const since = new Date(world.clock.now().getTime() - 200_000).toISOString();
    const query = `query($after: String, $q: String) { orders(first: 2, after: $after, query: $q,
      sortKey: UPDATED_AT) { pageInfo { hasNextPage endCursor } nodes { name } } }`;
    const names: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 5; page += 1) {
      const answer: GraphqlAnswer = await graphql(world, query, {
        after,
        q: `updated_at:>'${since}'`,
      });
      const orders = answer.data['orders'] as {
        nodes: { name: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      names.push(...orders.nodes.map((one) => one.name));
      if (!orders.pageInfo.hasNextPage) break;
      after = orders.pageInfo.endCursor;
    }
    expect(names).toEqual(['#1003', '#1004', '#1005']);
  });

  it('of the past is there without webhooks and without touching stock', async () => {
    const placedAt = new Date(world.clock.now().getTime() - 20 * 86_400_000);
    const [order] = world.shop.importPastOrders([
      { lines: [{ sku: 'MUG', quantity: 3 }], past: { placedAt, fulfilled: true } },
    ]);
    expect((await readOrder(order?.id ?? '')).displayFulfillmentStatus).toBe('FULFILLED');
    expect(level('MUG', 'East')).toMatchObject({ available: 10, on_hand: 10 });
    expect(await topics()).toEqual([]);
    expect(world.sandbox.invariants()).toEqual([]);
  });
});

describe('an order changed in the admin', () => {
  it('gives back units taken out and commits units added', async () => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 3 }] });
    world.shop.editOrder(order.id, {
      remove: [{ sku: 'MUG', quantity: 1 }],
      add: [{ sku: 'PLATE', quantity: 2 }],
    });
    expect(level('MUG', 'East')).toMatchObject({ available: 8, committed: 2, on_hand: 10 });
    expect(level('PLATE', 'East')).toMatchObject({ available: 1, committed: 2 });
    const view = await readOrder(order.id);
    expect(view.lineItems.nodes).toMatchObject([
      { sku: 'MUG', quantity: 3, currentQuantity: 2, unfulfilledQuantity: 2 },
      { sku: 'PLATE', quantity: 2, currentQuantity: 2, unfulfilledQuantity: 2 },
    ]);
    expect(world.sandbox.invariants()).toEqual([]);
  });

  it('is refunded: unshipped units leave the work, shipped ones may come back', async () => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 2 }] });
    const [work] = world.shop.fulfillmentOrders(order.id);
    world.shop.fulfillInAdmin(work?.id ?? '', '9400');
    world.shop.refundInAdmin(order.id, { lines: [{ sku: 'MUG', quantity: 1 }], restock: true });
    expect(level('MUG', 'East')).toMatchObject({ available: 9, committed: 0, on_hand: 9 });
    expect(order.financialStatus).toBe('PARTIALLY_REFUNDED');
    expect(await topics()).toContain('refunds/create');
    expect(world.sandbox.invariants()).toEqual([]);
  });
});

describe('fulfillment', () => {
  const place = async (quantity = 2): Promise<{ orderId: string; work: Work }> => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity }] });
    const [work] = (await readOrder(order.id)).fulfillmentOrders.nodes;
    if (work === undefined) throw new Error('no fulfillment order');
    return { orderId: order.id, work };
  };
  const fulfill = (work: Work, quantity: number, number = '1Z1'): Promise<GraphqlAnswer> =>
    graphql(world, FULFILL, {
      f: {
        lineItemsByFulfillmentOrder: [
          {
            fulfillmentOrderId: work.id,
            fulfillmentOrderLineItems: [{ id: work.lineItems.nodes[0]?.id, quantity }],
          },
        ],
        trackingInfo: { company: 'UPS', number },
      },
    });

  it('takes units off hand, in parts, and is not idempotent while units remain', async () => {
    const { orderId, work } = await place();
    expect(errorsOf(await fulfill(work, 1), 'fulfillmentCreate')).toEqual([]);
    expect((await readOrder(orderId)).displayFulfillmentStatus).toBe('PARTIALLY_FULFILLED');
    await fulfill(work, 1);
    const view = await readOrder(orderId);
    expect(view.fulfillments).toHaveLength(2);
    expect(view.fulfillmentOrders.nodes[0]?.status).toBe('CLOSED');
    expect(level('MUG', 'East')).toMatchObject({ available: 8, committed: 0, on_hand: 8 });
    expect(world.sandbox.invariants()).toEqual([
      `${DOMAIN}: #1001: fulfilled twice with the same tracking number`,
    ]);
  });

  it('refuses to fulfill more than remains, and anything on hold', async () => {
    const { orderId, work } = await place();
    expect(errorsOf(await fulfill(work, 3), 'fulfillmentCreate')).toHaveLength(1);
    world.shop.holdInAdmin(work.id);
    expect(errorsOf(await fulfill(work, 1), 'fulfillmentCreate')).toHaveLength(1);
    const [held] = (await readOrder(orderId)).fulfillmentOrders.nodes;
    expect(held?.supportedActions).toContainEqual({ action: 'RELEASE_HOLD' });
    world.shop.releaseInAdmin(work.id);
    expect(errorsOf(await fulfill(work, 2), 'fulfillmentCreate')).toEqual([]);
  });

  it('tells the app of new tracking', async () => {
    const { work } = await place();
    const made = await fulfill(work, 2);
    const { id } = (made.data['fulfillmentCreate'] as { fulfillment: { id: string } }).fulfillment;
    const track = `mutation($id: ID!, $t: FulfillmentTrackingInput!) {
      fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $t) {
        fulfillment { trackingInfo { number company } } userErrors { field message } } }`;
    const answer = await graphql(world, track, { id, t: { number: '9400', company: 'USPS' } });
    expect(answer.data['fulfillmentTrackingInfoUpdate']).toMatchObject({
      fulfillment: { trackingInfo: [{ number: '9400', company: 'USPS' }] },
    });
    expect(await topics()).toContain('fulfillments/update');
  });

  it('moves: a whole untouched order keeps its id, what is left of a started one does not', async () => {
    const move = `mutation FOMove($id: ID!, $loc: ID!) { fulfillmentOrderMove(id: $id,
      newLocationId: $loc) { movedFulfillmentOrder { id assignedLocation { location { id } } }
      originalFulfillmentOrder { id status } userErrors { code field message } } }`;
    const first = await place();
    const whole = await graphql(world, move, { id: first.work.id, loc: locationId('West') });
    expect(whole.data['fulfillmentOrderMove']).toMatchObject({
      movedFulfillmentOrder: { id: first.work.id },
    });
    expect(level('MUG', 'East')).toMatchObject({ available: 10, committed: 0 });
    expect(level('MUG', 'West')).toMatchObject({ available: 3, committed: 2 });
    const second = await place();
    await fulfill(second.work, 1, '1Z2');
    const rest = await graphql(world, move, { id: second.work.id, loc: locationId('West') });
    const payload = rest.data['fulfillmentOrderMove'] as {
      movedFulfillmentOrder: { id: string };
      originalFulfillmentOrder: { status: string };
    };
    expect(payload.movedFulfillmentOrder.id).not.toBe(second.work.id);
    expect(payload.originalFulfillmentOrder.status).toBe('CLOSED');
    expect(world.sandbox.invariants()).toEqual([]);
  });

  it('refuses to move to a location that does not stock the item', async () => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'PLATE', quantity: 1 }] });
    const [work] = world.shop.fulfillmentOrders(order.id);
    expect(() => world.shop.moveInAdmin(work?.id ?? '', locationId('West'))).toThrow(/stock/);
  });
});
