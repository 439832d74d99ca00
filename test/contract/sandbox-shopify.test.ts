import { createHmac } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  API_SECRET,
  SET_QUANTITIES,
  exchangeBody,
  graphql,
  obtainToken,
  postTo,
  startWorld,
  type GraphqlAnswer,
  type World,
} from './sandbox-shopify-support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(async () => {
  expect(world.sandbox.invariants()).toEqual([]);
  await world.close();
});

const SHOP = '{ shop { id name myshopifyDomain currencyCode ianaTimezone weightUnit } }';
const tokenPath = '/admin/oauth/access_token';
const minutes = (count: number): number => count * 60_000;

const idsOf = (sku: string, location: string): { inventoryItemId: string; locationId: string } => {
  const { state } = world.shop;
  const variant = [...state.variants.values()].find((one) => one.sku === sku);
  const place = [...state.locations.values()].find((one) => one.name === location);
  return { inventoryItemId: variant?.itemId ?? '', locationId: place?.id ?? '' };
};

type UserErrors = { code?: string; message: string; field: string[] }[];
const userErrors = (answer: GraphqlAnswer, field: string): UserErrors =>
  (answer.data[field] as { userErrors: UserErrors } | undefined)?.userErrors ?? [];

describe('tokens', () => {
  it('exchanges a good id token for an expiring offline token', async () => {
    const answer = await postTo(world.sandbox, tokenPath, exchangeBody(world.shop.idToken()));
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ expires_in: 3600, refresh_token_expires_in: 7776000 });
    expect((await graphql(world, SHOP)).data['shop']).toMatchObject({
      name: 'Acme',
      myshopifyDomain: 'acme.myshopify.com',
    });
  });

  it('refuses a forged, an expired and a non-expiring request', async () => {
    const good = world.shop.idToken();
    const [header, payload] = good.split('.');
    const forged = `${header}.${payload}.${createHmac('sha256', 'x').update('y').digest('base64url')}`;
    expect((await postTo(world.sandbox, tokenPath, exchangeBody(forged))).status).toBe(400);
    await world.clock.advance(minutes(2));
    const late = await postTo(world.sandbox, tokenPath, exchangeBody(good));
    expect(late.json).toMatchObject({ error: 'invalid_subject_token' });
    const fresh = { ...exchangeBody(world.shop.idToken()), expiring: '0' };
    expect((await postTo(world.sandbox, tokenPath, fresh)).status).toBe(400);
    const wrongSecret = { ...exchangeBody(world.shop.idToken()), client_secret: 'no' };
    expect((await postTo(world.sandbox, tokenPath, wrongSecret)).status).toBe(401);
  });

  it('lets a token run out after an hour, and rotates refresh tokens', async () => {
    const first = await postTo(world.sandbox, tokenPath, exchangeBody(world.shop.idToken()));
    await world.clock.advance(minutes(61));
    const old = String(first.json['access_token']);
    expect((await graphql(world, SHOP, {}, old)).status).toBe(401);
    const refresh = (token: unknown) =>
      postTo(world.sandbox, tokenPath, {
        client_id: 'test-key',
        client_secret: API_SECRET,
        grant_type: 'refresh_token',
        refresh_token: token,
      });
    const second = await refresh(first.json['refresh_token']);
    expect(second.status).toBe(200);
    expect((await refresh(first.json['refresh_token'])).status).toBe(200);
    expect((await refresh(second.json['refresh_token'])).status).toBe(200);
    expect((await refresh(first.json['refresh_token'])).status).toBe(401);
  });

  it('refuses a token without the scope, and every token after uninstalling', async () => {
    world.shop.changeScopes(['read_products']);
    const narrow = await obtainToken(world.sandbox, world.shop);
    const orders = await graphql(world, '{ orders(first: 1) { nodes { id } } }', {}, narrow);
    expect(orders.errors[0]?.extensions?.code).toBe('ACCESS_DENIED');
    world.shop.uninstall();
    expect((await graphql(world, SHOP)).status).toBe(401);
  });
});

describe('the schema', () => {
  it('refuses unknown fields and fields removed in 2026-04', async () => {
    const unknown = await graphql(world, '{ shop { nonsense } }');
    expect(unknown.errors[0]?.message).toContain('Cannot query field "nonsense"');
    const removed = await graphql(world, SET_QUANTITIES, {
      key: 'k',
      input: {
        name: 'available',
        reason: 'correction',
        ignoreCompareQuantity: true,
        quantities: [],
      },
    });
    expect(removed.errors[0]?.message).toContain('ignoreCompareQuantity');
  });

  it('says what it does not implement instead of answering null', async () => {
    const answer = await graphql(world, '{ shop { fulfillmentServices { id } } }');
    expect(answer.errors[0]?.message).toBe('simulator: Shop.fulfillmentServices not implemented');
  });
});

describe('inventorySetQuantities', () => {
  const set = (
    quantities: Record<string, unknown>[],
    key: string = crypto.randomUUID(),
    name = 'available',
  ): Promise<GraphqlAnswer> =>
    graphql(world, SET_QUANTITIES, { key, input: { name, reason: 'correction', quantities } });

  it('sets available, moves on hand with it, and echoes the change as a webhook', async () => {
    const ids = idsOf('MUG', 'East');
    const answer = await set([{ ...ids, quantity: 7, changeFromQuantity: 10 }]);
    expect(userErrors(answer, 'inventorySetQuantities')).toEqual([]);
    expect(world.shop.available('MUG', 'East')).toBe(7);
    await world.sandbox.webhooksSettled();
    const echo = world.receiver.received.filter((one) => one.topic === 'inventory_levels/update');
    expect(echo).toHaveLength(1);
    expect(echo[0]?.body).toContain('"available":7');
    expect(echo[0]?.body).toContain(`"inventory_item_id":${ids.inventoryItemId.split('/').pop()}`);
  });

  it('refuses a stale comparison, all or nothing', async () => {
    const answer = await set([
      { ...idsOf('PLATE', 'East'), quantity: 1, changeFromQuantity: 3 },
      { ...idsOf('MUG', 'East'), quantity: 7, changeFromQuantity: 9 },
    ]);
    expect(userErrors(answer, 'inventorySetQuantities')).toMatchObject([
      {
        code: 'CHANGE_FROM_QUANTITY_STALE',
        field: ['input', 'quantities', '1', 'changeFromQuantity'],
      },
    ]);
    expect(world.shop.available('PLATE', 'East')).toBe(3);
  });

  it('needs the key and changeFromQuantity, and takes null for no comparison', async () => {
    const ids = idsOf('MUG', 'West');
    const omitted = await set([{ ...ids, quantity: 1 }]);
    expect(omitted.errors[0]?.message).toContain('changeFromQuantity');
    const keyless = await graphql(
      world,
      SET_QUANTITIES.replace('@idempotent(key: $key)', '').replace(', $key: String!', ''),
      { input: { name: 'available', reason: 'correction', quantities: [] } },
    );
    expect(keyless.errors[0]?.message).toContain('@idempotent');
    const overwritten = await set([{ ...ids, quantity: 1, changeFromQuantity: null }]);
    expect(userErrors(overwritten, 'inventorySetQuantities')).toEqual([]);
    expect(world.shop.available('MUG', 'West')).toBe(1);
  });

  it('replays the first result for a key, and refuses the key with other arguments', async () => {
    const ids = idsOf('MUG', 'East');
    const first = await set([{ ...ids, quantity: 8, changeFromQuantity: 10 }], 'same-key');
    world.shop.setAvailable('MUG', 'East', 4);
    const again = await set([{ ...ids, quantity: 8, changeFromQuantity: 10 }], 'same-key');
    expect(again.data).toEqual(first.data);
    expect(world.shop.available('MUG', 'East')).toBe(4);
    const other = await set([{ ...ids, quantity: 9, changeFromQuantity: 4 }], 'same-key');
    expect(userErrors(other, 'inventorySetQuantities')[0]?.code).toBe(
      'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
    );
  });

  it.each([
    ['ITEM_NOT_STOCKED_AT_LOCATION', 'PLATE', 'West', 5, 'available'],
    ['INVALID_QUANTITY_NEGATIVE', 'MUG', 'East', -1, 'available'],
    ['INVALID_QUANTITY_TOO_HIGH', 'MUG', 'East', 1_000_000_001, 'available'],
    ['INVALID_NAME', 'MUG', 'East', 5, 'damaged'],
    ['INVALID_LOCATION', 'MUG', 'Nowhere', 5, 'available'],
  ])('answers %s', async (code, sku, location, quantity, name) => {
    const ids = { ...idsOf(sku, location) };
    if (ids.locationId === '') ids.locationId = 'gid://shopify/Location/1';
    const answer = await set([{ ...ids, quantity, changeFromQuantity: null }], 'k', name);
    expect(userErrors(answer, 'inventorySetQuantities')[0]?.code).toBe(code);
  });

  it('refuses the same pair twice and more than 250 entries', async () => {
    const entry = { ...idsOf('MUG', 'East'), quantity: 1, changeFromQuantity: null };
    const twice = await set([entry, entry]);
    expect(userErrors(twice, 'inventorySetQuantities')[0]?.code).toBe(
      'NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR',
    );
    const many = await set(Array.from({ length: 251 }, () => entry));
    expect(many.errors[0]?.extensions?.code).toBe('MAX_INPUT_SIZE_EXCEEDED');
  });
});

describe('the rate limit', () => {
  it('answers THROTTLED with HTTP 200 when the points are used up, and restores them', async () => {
    world.shop.setRateLimit({ max: 30, restorePerSecond: 10 });
    const variants = `{ productVariants(first: 100) { nodes { id sku } } }`;
    const first = await graphql(world, variants);
    expect(first.errors).toEqual([]);
    world.shop.state.bucket.level = 0;
    const refused = await graphql(world, variants);
    expect(refused.status).toBe(200);
    expect(refused.errors[0]?.extensions?.code).toBe('THROTTLED');
    expect(refused.extensions.cost?.throttleStatus).toMatchObject({ maximumAvailable: 30 });
    await world.clock.advance(3_000);
    expect((await graphql(world, variants)).errors).toEqual([]);
  });
});
