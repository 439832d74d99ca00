import { afterEach, beforeEach, describe, expect, it } from 'vitest';

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

const errorsOf = (answer: GraphqlAnswer, field: string): unknown[] =>
  (answer.data[field] as { userErrors: unknown[] }).userErrors;

const topics = async (): Promise<string[]> => {
  await world.sandbox.webhooksSettled();
  return world.receiver.received.map((one) => one.topic).sort();
};

describe('webhooks under faults', () => {
  const orderOnce = () => world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });

  it('repeats, drops and delays them as told', async () => {
    const { faults } = world.sandbox;
    faults.set(DOMAIN, 'duplicateWebhooks', { only: 'orders/create' });
    orderOnce();
    expect((await topics()).filter((topic) => topic === 'orders/create')).toHaveLength(2);
    faults.clear(DOMAIN);
    faults.set(DOMAIN, 'dropWebhooks', { remaining: 3 });
    orderOnce();
    expect(await topics()).toHaveLength(4);
    faults.set(DOMAIN, 'delayWebhooks', { milliseconds: 60_000 });
    orderOnce();
    expect(await topics()).toHaveLength(4);
    await world.clock.advance(60_001);
    expect(await topics()).toHaveLength(7);
  });

  it('retries with the same body and id until accepted', async () => {
    world.receiver.answer = () => (world.receiver.received.length < 5 ? 500 : 200);
    orderOnce();
    await world.sandbox.webhooksSettled();
    for (let round = 0; round < 4; round += 1) {
      await world.clock.advance(600_000);
      await world.sandbox.webhooksSettled();
    }
    const created = world.receiver.received.filter((one) => one.topic === 'orders/create');
    expect(created.length).toBeGreaterThan(1);
    expect(new Set(created.map((one) => one.body)).size).toBe(1);
    expect(new Set(created.map((one) => one.headers['x-shopify-webhook-id'])).size).toBe(1);
    expect(world.sandbox.deliveries().every((one) => one.state === 'delivered')).toBe(true);
  });

  it('are given up after eight retries, and the API-made subscription with them', async () => {
    const create = `mutation($sub: WebhookSubscriptionInput!) {
      webhookSubscriptionCreate(topic: ORDERS_CREATE, webhookSubscription: $sub) {
        webhookSubscription { id uri } userErrors { field message } } }`;
    const sub = { uri: `${world.receiver.url}/made-by-api` };
    expect(errorsOf(await graphql(world, create, { sub }), 'webhookSubscriptionCreate')).toEqual(
      [],
    );
    const again = await graphql(world, create, { sub });
    expect(errorsOf(again, 'webhookSubscriptionCreate')).toHaveLength(1);
    const before = world.shop.subscriptions().length;
    world.receiver.answer = () => 410;
    orderOnce();
    await world.sandbox.webhooksSettled();
    for (let hour = 0; hour < 10; hour += 1) {
      await world.clock.advance(3_600_000);
      await world.sandbox.webhooksSettled();
    }
    const given = world.sandbox.deliveries({ topic: 'orders/create' });
    expect(given.map((one) => [one.state, one.attempts.length])).toEqual([
      ['failed', 9],
      ['failed', 9],
    ]);
    expect(world.shop.subscriptions()).toHaveLength(before - 1);
  });

  it('puts them out of order', async () => {
    world.sandbox.faults.set(DOMAIN, 'reorderWebhooks');
    orderOnce();
    orderOnce();
    await world.clock.advance(1_000);
    expect(await topics()).toHaveLength(6);
    const order = world.receiver.received.map((one) => one.headers['x-shopify-topic']);
    expect(order.slice(0, 3)).not.toEqual([
      'orders/create',
      'inventory_levels/update',
      'fulfillment_orders/order_routing_complete',
    ]);
  });
});

describe('API faults', () => {
  const tag = `mutation Tags($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) {
    node { id } userErrors { field message } } }`;

  it('fails after succeeding: the write is there although the answer says 500', async () => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
    world.sandbox.faults.set(DOMAIN, 'errorAfter', { remaining: 1 });
    const answer = await graphql(world, tag, { id: order.id, tags: ['seen'] });
    expect(answer.status).toBe(500);
    expect(order.tags).toEqual(['seen']);
    const [entry] = world.sandbox.journal.entries({ operation: 'tagsAdd' });
    expect(entry).toMatchObject({ status: 500, fault: 'errorAfter', account: DOMAIN });
  });

  it.each([
    ['hangBefore', []],
    ['hangAfter', ['seen']],
  ] as const)('%s never answers', async (fault, tags) => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
    world.sandbox.faults.set(DOMAIN, fault, { only: 'tagsAdd' });
    const impatient = fetch(`${world.sandbox.url}/admin/api/2026-07/graphql.json`, {
      method: 'POST',
      headers: { 'x-sim-shop': DOMAIN, 'x-shopify-access-token': world.token },
      body: JSON.stringify({ query: tag, variables: { id: order.id, tags: ['seen'] } }),
      signal: AbortSignal.timeout(500),
    });
    await expect(impatient).rejects.toThrow();
    expect(order.tags).toEqual(tags);
    expect(world.sandbox.journal.entries({ operation: 'tagsAdd' })).toMatchObject([
      { status: null, fault },
    ]);
  });

  it.each([
    ['serverError', 500],
    ['unauthorized', 401],
    ['htmlAnswer', 200],
    ['throttle', 200],
  ] as const)('%s does nothing', async (fault, status) => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'MUG', quantity: 1 }] });
    world.sandbox.faults.set(DOMAIN, fault, { only: 'tagsAdd', remaining: 1 });
    expect((await graphql(world, tag, { id: order.id, tags: ['x'] })).status).toBe(status);
    expect(order.tags).toEqual([]);
  });

  it('keeps secrets out of the journal', () => {
    const [entry] = world.sandbox.journal.entries({ operation: 'access_token' });
    expect(entry?.body).not.toContain(API_SECRET);
    expect(JSON.stringify(world.sandbox.journal.entries())).not.toContain(world.token);
  });
});
