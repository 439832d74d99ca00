/**
 * Goal: Shopify ends up with exactly the numbers that were sent, never overwrites a sale we have
 * not seen, and acts once however often we ask. Method: judge by the sandbox's own stock.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ChannelConnector, StockPublication } from '#app/contracts/channel';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { connectShopify, SHOP, startShopifySandbox } from './shopify-setup';

let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;
let keys = 0;

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({
    domain: SHOP,
    locations: [{ name: 'North' }, { name: 'South' }],
  });
  for (let index = 0; index < 260; index += 1) {
    shop.addProduct({
      title: `Knot ${index}`,
      variants: [{ sku: `KNOT-${index}`, stock: { North: 10 } }],
    });
  }
  channel = await connectShopify(shop);
});

beforeEach(() => {
  sandbox.faults.clear(SHOP);
  sandbox.journal.clear();
  for (let index = 0; index < 10; index += 1) shop.setAvailable(`KNOT-${index}`, 'North', 10);
  sandbox.journal.clear();
});

function entry(sku: string, quantity: number, expected: number | null, at = 'North') {
  const variant = [...shop.state.variants.values()].find((one) => one.sku === sku);
  const location = [...shop.state.locations.values()].find(({ name }) => name === at);
  return {
    listingRef: variant?.id ?? '',
    stockRef: variant?.itemId ?? '',
    locationRef: location?.id ?? '',
    quantity,
    expected,
  } satisfies StockPublication;
}

const newKey = (): string => `publication-${(keys += 1)}`;
const sets = () => sandbox.journal.entries({ operation: 'inventorySetQuantities' });

describe('publishing stock', () => {
  it('sends 250 numbers in one call', async () => {
    const entries = Array.from({ length: 250 }, (_, index) => entry(`KNOT-${index}`, 7, 10));
    const outcomes = await channel.publishStock(entries, newKey());
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['done']));
    expect(sets()).toHaveLength(1);
    expect(shop.available('KNOT-0', 'North')).toBe(7);
    expect(shop.available('KNOT-249', 'North')).toBe(7);
    for (let index = 10; index < 250; index += 1) shop.setAvailable(`KNOT-${index}`, 'North', 10);
  });

  it('leaves a number alone that changed unseen, and sends the others', async () => {
    shop.setAvailable('KNOT-1', 'North', 9);
    shop.setAvailable('KNOT-3', 'North', 4);
    const outcomes = await channel.publishStock(
      [
        entry('KNOT-0', 8, 10),
        entry('KNOT-1', 8, 10),
        entry('KNOT-2', 8, null),
        entry('KNOT-3', 4, 10),
      ],
      newKey(),
    );
    expect(outcomes).toEqual([
      { status: 'done', value: { kind: 'set', quantity: 8 } },
      { status: 'done', value: { kind: 'stale', actual: 9 } },
      { status: 'done', value: { kind: 'set', quantity: 8 } },
      { status: 'done', value: { kind: 'already', quantity: 4 } },
    ]);
    const held = [0, 1, 2, 3].map((index) => shop.available(`KNOT-${index}`, 'North'));
    expect(held).toEqual([8, 9, 8, 4]);
  });

  it('settles many changed numbers in few calls', async () => {
    for (let index = 0; index < 10; index += 2) shop.setAvailable(`KNOT-${index}`, 'North', 3);
    const entries = Array.from({ length: 10 }, (_, index) => entry(`KNOT-${index}`, 8, 10));
    const outcomes = await channel.publishStock(entries, newKey());
    const kinds = outcomes.map((one) => ('value' in one ? one.value.kind : one.status));
    expect(kinds).toEqual(Array.from({ length: 5 }, () => ['stale', 'set']).flat());
    expect(sets()).toHaveLength(2);
  });

  it('acts once under one key, however often it is asked', async () => {
    const key = newKey();
    const entries = [entry('KNOT-0', 6, 10)];
    await channel.publishStock(entries, key);
    // Meanwhile a buyer takes one: a second act would give it back to the shelf.
    shop.setAvailable('KNOT-0', 'North', 5);
    const [again] = await channel.publishStock(entries, key);
    expect(again).toEqual({ status: 'done', value: { kind: 'set', quantity: 6 } });
    expect(shop.available('KNOT-0', 'North')).toBe(5);
  });

  it('may be asked again under one key after part of it went through', async () => {
    const key = newKey();
    const entries = [entry('KNOT-0', 8, 10), entry('KNOT-1', 8, 10)];
    shop.setAvailable('KNOT-0', 'North', 9);
    const first = await channel.publishStock(entries, key);
    expect(first.map((one) => ('value' in one ? one.value.kind : one))).toEqual(['stale', 'set']);
    shop.setAvailable('KNOT-0', 'North', 10);
    const second = await channel.publishStock(entries, key);
    expect(second.map((one) => ('value' in one ? one.value.kind : one))).toEqual([
      'set',
      'already',
    ]);
    expect(shop.available('KNOT-0', 'North')).toBe(8);
  });

  it('starts stocking an item at a location that did not have it', async () => {
    const [outcome] = await channel.publishStock([entry('KNOT-5', 4, null, 'South')], newKey());
    expect(outcome).toEqual({ status: 'done', value: { kind: 'set', quantity: 4 } });
    expect(shop.available('KNOT-5', 'South')).toBe(4);
  });

  it.each(['hangAfter', 'errorAfter'] as const)(
    'finds out by the same key what became of a set when Shopify acts and says nothing (%s)',
    async (fault) => {
      sandbox.faults.set(SHOP, fault, { only: 'inventorySetQuantities', remaining: 1 });
      const [outcome] = await channel.publishStock([entry('KNOT-0', 2, 10)], newKey());
      expect(outcome).toEqual({ status: 'done', value: { kind: 'set', quantity: 2 } });
      const [first, second] = sets().map(({ body }) => body);
      expect(second).toBe(first);
      expect(shop.available('KNOT-0', 'North')).toBe(2);
    },
  );

  it('does not claim to know when nothing comes back and the number is not there', async () => {
    sandbox.faults.set(SHOP, 'serverError', { only: 'inventorySetQuantities' });
    const key = newKey();
    const [outcome] = await channel.publishStock([entry('KNOT-0', 2, 10)], key);
    expect(outcome).toMatchObject({ status: 'unknown', lookUpBy: key });
  });

  it('passes on a long throttling', async () => {
    sandbox.faults.set(SHOP, 'throttle');
    const outcomes = await channel.publishStock(
      [entry('KNOT-0', 2, 10), entry('KNOT-1', 2, 10)],
      newKey(),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['retry_later', 'retry_later']);
  });

  it('answers impossible entries one by one and sends the possible ones', async () => {
    const outcomes = await channel.publishStock(
      [
        entry('KNOT-0', -1, 10),
        entry('KNOT-1', 1.5, 10),
        entry('KNOT-2', 5, 10),
        entry('KNOT-2', 6, 10),
        { ...entry('KNOT-3', 5, 10), stockRef: 'gid://shopify/InventoryItem/404' },
      ],
      newKey(),
    );
    const told = outcomes.map((one) => (one.status === 'refused' ? one.reason.code : one.status));
    expect(told).toEqual(['validation', 'validation', 'done', 'validation', 'not_found']);
    expect(shop.available('KNOT-2', 'North')).toBe(5);
  });

  it('sends nothing when there is nothing to send', async () => {
    expect(await channel.publishStock([], newKey())).toEqual([]);
    expect(sets()).toHaveLength(0);
  });
});
