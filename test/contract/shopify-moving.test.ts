/**
 * Goal: Shopify's fulfillment orders end up where we ship from, each unit moved once, and a parcel
 * is still told when they change under our hands. Method: judge by where the sandbox shop has its
 * work, and by how often it was asked to move it.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ChannelConnector, ChannelWork } from '#app/contracts/channel';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { connectShopify, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

type PlacedOrder = ReturnType<SandboxShop['placeOrder']>;

let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  const locations = [{ name: 'North' }, { name: 'South' }, { name: 'East' }];
  shop = sandbox.createShop({ domain: SHOP, locations });
  const everywhere = { North: 900, South: 900, East: 900 };
  shop.addProduct({
    title: 'Lamp',
    variants: [
      { sku: 'LAMP', stock: everywhere },
      { sku: 'SHADE', title: 'Shade', stock: everywhere },
      { sku: 'BULB', title: 'Bulb', stock: { North: 900 } },
    ],
  });
  // Large orders are among these; silence is still noticed soon enough.
  channel = await connectShopify(shop, [], 2_000);
});

beforeEach(() => {
  sandbox.faults.clear(SHOP);
  sandbox.journal.clear();
});

const ref = (name: string): string =>
  [...shop.state.locations.values()].find((one) => one.name === name)?.id ?? '';
const order = (...lines: { sku: string; quantity: number }[]): PlacedOrder =>
  shop.placeOrder({ lines });
const moves = (): number => sandbox.journal.count({ operation: 'fulfillmentOrderMove' });
/** What Shopify was asked, by the names of our documents, in order. */
const calls = (): string[] =>
  sandbox.journal
    .entries({ account: SHOP })
    .flatMap(({ body }) => /(?:query|mutation) (\w+)/.exec(body)?.[1] ?? []);
const workOf = (placed: PlacedOrder): string =>
  shop.fulfillmentOrders(placed.id).find(({ status }) => status !== 'CLOSED')?.id ?? '';

function at(placed: PlacedOrder, line: number, quantity: number, name: string): ChannelWork {
  return { lineRef: placed.lines[line]?.id ?? '', quantity, locationRef: ref(name) };
}

/** Units per SKU and location that the shop still has to ship. */
function standing(placed: PlacedOrder): Record<string, number> {
  const units: Record<string, number> = {};
  for (const { status, locationId, lines } of shop.fulfillmentOrders(placed.id)) {
    if (status === 'CLOSED' || status === 'CANCELLED') continue;
    for (const { orderLineId, remainingQuantity } of lines) {
      if (remainingQuantity === 0) continue;
      const sku = placed.lines.find(({ id }) => id === orderLineId)?.sku ?? '?';
      const key = `${sku} ${shop.state.locations.get(locationId)?.name ?? '?'}`;
      units[key] = (units[key] ?? 0) + remainingQuantity;
    }
  }
  return units;
}

describe('our routing', () => {
  it('leaves alone what is right', async () => {
    const placed = order({ sku: 'LAMP', quantity: 2 });
    const wanted = [at(placed, 0, 2, 'North')];
    expect(await channel.moveWork(placed.id, wanted, 'k')).toEqual({
      status: 'duplicate',
      value: null,
    });
    expect(moves()).toBe(0);
    expect(valueOf(await channel.readWork(placed.id))).toEqual(wanted);
  });

  it('moves a whole order at once, and a repeat moves nothing', async () => {
    const placed = order({ sku: 'LAMP', quantity: 2 }, { sku: 'SHADE', quantity: 1 });
    const wanted = [at(placed, 0, 2, 'South'), at(placed, 1, 1, 'South')];
    expect((await channel.moveWork(placed.id, wanted, 'k')).status).toBe('done');
    expect(standing(placed)).toEqual({ 'LAMP South': 2, 'SHADE South': 1 });
    expect(moves()).toBe(1);
    expect((await channel.moveWork(placed.id, wanted, 'k')).status).toBe('duplicate');
    expect(moves()).toBe(1);
  });

  it('takes one look and one move where that is all there is to do', async () => {
    const placed = order({ sku: 'LAMP', quantity: 2 }, { sku: 'SHADE', quantity: 1 });
    sandbox.journal.clear();
    const wanted = [at(placed, 0, 2, 'South'), at(placed, 1, 1, 'South')];
    expect((await channel.moveWork(placed.id, wanted, 'k')).status).toBe('done');
    expect(calls()).toEqual(['FulfillmentOrdersOfOrder', 'MoveFulfillmentOrder']);
  });

  it('splits a line over places, and moves it on from there', async () => {
    const placed = order({ sku: 'LAMP', quantity: 5 }, { sku: 'SHADE', quantity: 2 });
    const first = [
      at(placed, 0, 2, 'North'),
      at(placed, 0, 2, 'South'),
      at(placed, 0, 1, 'East'),
      at(placed, 1, 2, 'South'),
    ];
    expect((await channel.moveWork(placed.id, first, 'a')).status).toBe('done');
    expect(standing(placed)).toEqual({
      'LAMP North': 2,
      'LAMP South': 2,
      'LAMP East': 1,
      'SHADE South': 2,
    });
    const second = [at(placed, 0, 5, 'East'), at(placed, 1, 2, 'South')];
    expect((await channel.moveWork(placed.id, second, 'b')).status).toBe('done');
    expect(standing(placed)).toEqual({ 'LAMP East': 5, 'SHADE South': 2 });
    const available = ['North', 'South', 'East'].map((name) => shop.available('LAMP', name));
    expect(available.reduce((sum, units) => sum + units, 0)).toBe(2_700 - openUnits('LAMP'));
  });

  it('leaves units we do not ship (yet) where they are, and those already sent', async () => {
    const placed = order({ sku: 'LAMP', quantity: 4 });
    const report = {
      orderRef: placed.id,
      lines: [{ lineRef: placed.lines[0]?.id ?? '', quantity: 1 }],
      locationRef: null,
      trackingCompany: null,
      trackingNumber: 'SENT-1',
      trackingUrl: null,
      notifyCustomer: false,
      shippedAt: new Date(),
      otherRefs: [],
    };
    expect((await channel.reportFulfillment(report, 'r')).status).toBe('done');
    expect((await channel.moveWork(placed.id, [at(placed, 0, 2, 'South')], 'k')).status).toBe(
      'done',
    );
    expect(standing(placed)).toEqual({ 'LAMP North': 1, 'LAMP South': 2 });
  });

  it('moves held work and keeps it held', async () => {
    const placed = order({ sku: 'LAMP', quantity: 1 });
    shop.holdInAdmin(workOf(placed));
    expect((await channel.moveWork(placed.id, [at(placed, 0, 1, 'East')], 'k')).status).toBe(
      'done',
    );
    expect(standing(placed)).toEqual({ 'LAMP East': 1 });
    expect(shop.fulfillmentOrders(placed.id)[0]?.status).toBe('ON_HOLD');
  });

  it.each(['hangAfter', 'errorAfter'] as const)(
    'moves once when Shopify acts and says nothing (%s)',
    async (fault) => {
      const placed = order({ sku: 'LAMP', quantity: 3 });
      const wanted = [at(placed, 0, 1, 'South'), at(placed, 0, 2, 'North')];
      sandbox.faults.set(SHOP, fault, { only: 'fulfillmentOrderMove', remaining: 1 });
      expect(await channel.moveWork(placed.id, wanted, 'k')).toMatchObject({
        status: 'unknown',
        lookUpBy: 'k',
      });
      expect((await channel.moveWork(placed.id, wanted, 'k')).status).toBe('duplicate');
      expect(standing(placed)).toEqual({ 'LAMP North': 2, 'LAMP South': 1 });
    },
  );

  it('is asked for again while Shopify has not routed the order', async () => {
    const placed = order({ sku: 'LAMP', quantity: 1 });
    const ids = shop.state.orders.get(placed.id)?.fulfillmentOrderIds ?? [];
    const hidden = ids.splice(0);
    const wanted = [at(placed, 0, 1, 'South')];
    expect((await channel.moveWork(placed.id, wanted, 'k')).status).toBe('retry_later');
    ids.push(...hidden);
    expect((await channel.moveWork(placed.id, wanted, 'k')).status).toBe('done');
  });
});

describe('a move Shopify refuses', () => {
  const refusal = { status: 'refused', reason: { code: 'conflict' } };

  it('is told in its words, and asked for once; what can move does', async () => {
    const placed = order({ sku: 'BULB', quantity: 1 }, { sku: 'LAMP', quantity: 1 });
    const wanted = [at(placed, 0, 1, 'South'), at(placed, 1, 1, 'East')];
    const outcome = await channel.moveWork(placed.id, wanted, 'k');
    expect(outcome).toMatchObject(refusal);
    expect(JSON.stringify(outcome)).toContain("doesn't stock the requested item");
    expect(standing(placed)).toEqual({ 'BULB North': 1, 'LAMP East': 1 });
    // One that was refused, and the other.
    expect(moves()).toBe(2);
  });

  it('as a whole is tried line by line', async () => {
    const placed = order(
      { sku: 'SHADE', quantity: 2 },
      { sku: 'BULB', quantity: 1 },
      { sku: 'LAMP', quantity: 1 },
    );
    const wanted = [0, 1, 2].map((line) => at(placed, line, line === 0 ? 2 : 1, 'South'));
    expect(await channel.moveWork(placed.id, wanted, 'k')).toMatchObject(refusal);
    expect(standing(placed)).toEqual({ 'BULB North': 1, 'LAMP South': 1, 'SHADE South': 2 });
  });

  it('is one of work that has begun, that waits for its date, or to a place that is gone', async () => {
    const begun = order({ sku: 'LAMP', quantity: 1 });
    shop.reportProgressInAdmin(workOf(begun));
    const scheduled = order({ sku: 'LAMP', quantity: 1 });
    shop.scheduleInAdmin(workOf(scheduled), new Date(Date.now() + 86_400_000));
    for (const placed of [begun, scheduled]) {
      expect(await channel.moveWork(placed.id, [at(placed, 0, 1, 'South')], 'k')).toMatchObject(
        refusal,
      );
      expect(standing(placed)).toEqual({ 'LAMP North': 1 });
    }
    const placed = order({ sku: 'LAMP', quantity: 1 });
    const nowhere = { ...at(placed, 0, 1, 'South'), locationRef: 'gid://shopify/Location/404' };
    expect(await channel.moveWork(placed.id, [nowhere], 'k')).toMatchObject(refusal);
    expect(await channel.moveWork('gid://shopify/Order/404', [nowhere], 'k')).toMatchObject({
      reason: { code: 'not_found' },
    });
  });
});

describe('finding the order of a piece of work', () => {
  it('works for open, split, merged-away and unknown work', async () => {
    const placed = order({ sku: 'LAMP', quantity: 3 });
    const original = workOf(placed);
    const split = shop.splitInAdmin(original, 'LAMP', 1).id;
    const merged = shop.mergeInAdmin([original, split]).id;
    for (const work of [original, split, merged]) {
      expect(await channel.orderOfWork(work)).toEqual({ status: 'done', value: placed.id });
    }
    expect(await channel.orderOfWork('gid://shopify/FulfillmentOrder/404')).toEqual({
      status: 'done',
      value: null,
    });
  });

  it('asks nothing about work of an order that was read, and of work that we moved', async () => {
    const placed = order({ sku: 'LAMP', quantity: 3 });
    const original = workOf(placed);
    await channel.getOrder(placed.id);
    sandbox.journal.clear();
    expect(await channel.orderOfWork(original)).toEqual({ status: 'done', value: placed.id });
    expect(calls()).toEqual([]);
    const apart = [at(placed, 0, 1, 'South'), at(placed, 0, 2, 'North')];
    expect((await channel.moveWork(placed.id, apart, 'k')).status).toBe('done');
    sandbox.journal.clear();
    for (const { id } of shop.fulfillmentOrders(placed.id)) {
      expect(await channel.orderOfWork(id)).toEqual({ status: 'done', value: placed.id });
    }
    expect(calls()).toEqual([]);
  });
});

describe('an order of 500 lines', () => {
  it('is moved, split over places and told as shipped, in lists Shopify takes', async () => {
    shop.setRateLimit({ max: 50_000, restorePerSecond: 50_000 });
    for (let product = 0; product < 5; product += 1) {
      shop.addProduct({
        title: `Set ${String(product)}`,
        variants: Array.from({ length: 100 }, (_, index) => ({
          sku: `SET-${String(product)}-${String(index)}`,
          stock: { North: 10, South: 10 },
        })),
      });
    }
    const placed = order(
      ...Array.from({ length: 500 }, (_, index) => ({
        sku: `SET-${String(index % 5)}-${String(Math.floor(index / 5))}`,
        quantity: 2,
      })),
    );
    const wanted = placed.lines.flatMap((_, line) => [
      at(placed, line, 1, 'North'),
      at(placed, line, 1, 'South'),
    ]);
    expect((await channel.moveWork(placed.id, wanted, 'k')).status).toBe('done');
    expect((await channel.moveWork(placed.id, wanted, 'k')).status).toBe('duplicate');
    expect(moves()).toBe(2);
    expect(valueOf(await channel.readWork(placed.id))).toHaveLength(1_000);
    const report = {
      orderRef: placed.id,
      lines: placed.lines.map(({ id }) => ({ lineRef: id, quantity: 2 })),
      locationRef: null,
      trackingCompany: 'UPS',
      trackingNumber: '1Z-500',
      trackingUrl: null,
      notifyCustomer: false,
      shippedAt: new Date(),
      otherRefs: [],
    };
    expect((await channel.reportFulfillment(report, 'r')).status).toBe('done');
    expect((await channel.reportFulfillment(report, 'r')).status).toBe('duplicate');
    expect(valueOf(await channel.getOrder(placed.id))?.stage).toBe('fulfilled');
    const units = shop.fulfillments(placed.id).flatMap(({ lines }) => lines.map((l) => l.quantity));
    expect(units.reduce((sum, one) => sum + one, 0)).toBe(1_000);
  });
});

function openUnits(sku: string): number {
  return [...shop.state.orders.values()]
    .flatMap((placed) => Object.entries(standing(placed)))
    .filter(([key]) => key.startsWith(`${sku} `))
    .reduce((sum, [, units]) => sum + units, 0);
}

it('leaves the shop consistent', () => {
  // One parcel of 500 lines is several fulfillments under one number.
  const large = 'fulfilled twice with the same tracking number';
  expect(sandbox.invariants().filter((sentence) => !sentence.endsWith(large))).toEqual([]);
});
