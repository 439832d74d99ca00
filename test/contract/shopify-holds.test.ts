/**
 * Goal: what keeps an order from leaving in Shopify is read, set once, and lifted alone; scheduled
 * lines and fraud are told. Method: merchants and other apps act in the sandbox, and it is judged
 * by what the connector reads and what the shop has afterwards.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ChannelConnector } from '#app/contracts/channel';
import type { ChannelOrder } from '#app/contracts/channel-order';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { connectShopify, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({ domain: SHOP, locations: [{ name: 'North' }, { name: 'South' }] });
  shop.addProduct({
    title: 'Lamp',
    variants: [
      { sku: 'LAMP', stock: { North: 5_000, South: 500 } },
      { sku: 'SHADE', title: 'Shade', stock: { North: 5_000 } },
      { sku: 'BULB', title: 'Bulb', stock: { South: 5_000 } },
    ],
  });
  // Large orders are among these; silence is still noticed soon enough.
  channel = await connectShopify(shop, [], 2_000);
});

beforeEach(() => {
  sandbox.faults.clear(SHOP);
  sandbox.journal.clear();
});

const MERCHANT = { reason: 'merchant', note: 'Call first' } as const;
const NONE = { reason: 'payment', note: null } as const;

function place(...lines: { sku: string; quantity: number }[]): string {
  return shop.placeOrder({ lines }).id;
}

/** The ids of the order's work, oldest first. */
const works = (order: string): string[] => shop.fulfillmentOrders(order).map(({ id }) => id);
const first = (order: string): string => works(order)[0] ?? '';

async function read(order: string): Promise<ChannelOrder> {
  const known = valueOf(await channel.getOrder(order));
  if (known === null) throw new Error('The order is gone.');
  return known;
}

const holdCalls = (): number => sandbox.journal.count({ operation: 'fulfillmentOrderHold' });
const holdsThere = (order: string): string[] =>
  shop.fulfillmentOrders(order).flatMap(({ holds }) => holds.map(({ id }) => id));

describe('reading', () => {
  it('tells the holds of others, with their reason and note, also in a page of orders', async () => {
    const order = place({ sku: 'LAMP', quantity: 1 });
    shop.holdInAdmin(first(order), 'INCORRECT_ADDRESS');
    const [hold] = (await read(order)).holds;
    expect(hold).toEqual({
      ref: holdsThere(order)[0],
      reason: 'address',
      note: null,
      ours: false,
    });
    const since = shop.state.orders.get(order)?.updatedAt ?? new Date();
    const page = valueOf(await channel.listOrdersChangedSince(since, null));
    expect(page.entries.find(({ ref }) => ref === order)?.holds).toEqual([hold]);
    shop.releaseInAdmin(first(order));
    expect((await read(order)).holds).toEqual([]);
  });

  it('costs one query while nothing is special about an order', async () => {
    const order = place({ sku: 'LAMP', quantity: 1 });
    await read(order);
    expect(sandbox.journal.count()).toBe(1);
  });

  it('tells when scheduled lines may leave, and that an undated one may not', async () => {
    const order = place({ sku: 'SHADE', quantity: 2 }, { sku: 'BULB', quantity: 1 });
    const [shades, bulbs] = works(order);
    const at = new Date(Date.now() + 86_400_000);
    at.setMilliseconds(0);
    shop.scheduleInAdmin(shades ?? '', at);
    const dated = await read(order);
    expect(dated.lines.map(({ sku, shipAfter }) => [sku, shipAfter])).toEqual([
      ['SHADE', at],
      ['BULB', null],
    ]);
    expect(dated.holds).toEqual([]);
    shop.scheduleInAdmin(bulbs ?? '', null);
    expect((await read(order)).holds).toMatchObject([{ ref: bulbs, reason: 'other', ours: false }]);
    shop.openScheduled(shades ?? '');
    shop.openScheduled(bulbs ?? '');
    const open = await read(order);
    expect([open.holds, open.lines.map(({ shipAfter }) => shipAfter)]).toEqual([[], [null, null]]);
  });

  it('tells the risk once Shopify has judged', async () => {
    const order = place({ sku: 'LAMP', quantity: 1 });
    expect((await read(order)).risk).toBeNull();
    shop.assessRisk(order, 'HIGH');
    expect((await read(order)).risk).toBe('high');
  });
});

describe('holding', () => {
  it('holds all open work once, and a repeat is a duplicate', async () => {
    const order = place({ sku: 'SHADE', quantity: 2 }, { sku: 'BULB', quantity: 1 });
    shop.splitInAdmin(first(order), 'SHADE', 1);
    const held = await channel.holdOrder(order, MERCHANT, 'hold-1');
    expect(held).toEqual({ status: 'done', value: holdsThere(order) });
    expect(valueOf(held)).toHaveLength(3);
    expect((await read(order)).holds.map(({ reason, note, ours }) => [reason, note, ours])).toEqual(
      valueOf(held).map(() => ['merchant', 'Call first', true]),
    );
    const calls = holdCalls();
    expect(await channel.holdOrder(order, MERCHANT, 'hold-1')).toEqual({
      status: 'duplicate',
      value: valueOf(held),
    });
    expect(holdCalls()).toBe(calls);
  });

  it.each(['hangAfter', 'errorAfter'] as const)(
    'makes one hold when Shopify acts and says nothing (%s)',
    async (fault) => {
      const order = place({ sku: 'LAMP', quantity: 1 });
      sandbox.faults.set(SHOP, fault, { only: 'fulfillmentOrderHold', remaining: 1 });
      expect((await channel.holdOrder(order, NONE, 'k')).status).toBe('unknown');
      expect((await channel.holdOrder(order, NONE, 'k')).status).toBe('duplicate');
      expect(holdsThere(order)).toHaveLength(1);
    },
  );

  it('keeps two holds of ours apart, and those of others', async () => {
    const order = place({ sku: 'LAMP', quantity: 1 });
    shop.holdInAdmin(first(order), 'OTHER');
    const [theirs] = holdsThere(order);
    const a = valueOf(await channel.holdOrder(order, NONE, 'a'));
    const b = valueOf(await channel.holdOrder(order, MERCHANT, 'b'));
    expect(holdsThere(order)).toEqual([theirs, ...a, ...b]);
    expect((await channel.releaseHolds(order, a, 'r')).status).toBe('done');
    expect(holdsThere(order)).toEqual([theirs, ...b]);
    expect((await channel.releaseHolds(order, a, 'r')).status).toBe('duplicate');
    expect((await channel.releaseHolds(order, b, 'r')).status).toBe('done');
    expect(holdsThere(order)).toEqual([theirs]);
    expect(shop.fulfillmentOrders(order)[0]?.status).toBe('ON_HOLD');
  });

  it('is refused in words where nothing can be held: closed, begun, not there', async () => {
    const shipped = place({ sku: 'LAMP', quantity: 1 });
    shop.fulfillInAdmin(first(shipped), 'T-1');
    const begun = place({ sku: 'LAMP', quantity: 1 });
    shop.reportProgressInAdmin(first(begun));
    const cancelled = place({ sku: 'LAMP', quantity: 1 });
    shop.cancelOrder(cancelled);
    for (const order of [shipped, begun, cancelled]) {
      expect(await channel.holdOrder(order, MERCHANT, 'k')).toMatchObject({
        status: 'refused',
        reason: { code: 'conflict' },
      });
      expect(holdsThere(order)).toEqual([]);
    }
    expect(holdCalls()).toBe(0);
    expect(await channel.holdOrder('gid://shopify/Order/404', MERCHANT, 'k')).toMatchObject({
      status: 'refused',
      reason: { code: 'not_found' },
    });
  });

  it('says so when ten holds of ours are there already', async () => {
    const order = place({ sku: 'LAMP', quantity: 1 });
    for (let index = 0; index < 10; index += 1) {
      valueOf(await channel.holdOrder(order, NONE, `k${String(index)}`));
    }
    const eleventh = await channel.holdOrder(order, NONE, 'k10');
    expect(eleventh).toMatchObject({ status: 'refused', reason: { code: 'conflict' } });
    expect(holdsThere(order)).toHaveLength(10);
  });

  it('will not open what waits for a date nobody knows', async () => {
    const order = place({ sku: 'LAMP', quantity: 1 });
    shop.scheduleInAdmin(first(order), null);
    const [hold] = (await read(order)).holds;
    expect(await channel.releaseHolds(order, [hold?.ref ?? ''], 'k')).toMatchObject({
      status: 'refused',
      reason: { code: 'conflict' },
    });
  });
});

describe('an order of 500 lines', () => {
  it('is read whole, held and scheduled in every part', async () => {
    for (let product = 0; product < 5; product += 1) {
      shop.addProduct({
        title: `Set ${String(product)}`,
        variants: Array.from({ length: 100 }, (_, index) => ({
          sku: `SET-${String(product)}-${String(index)}`,
          stock: { North: 10 },
        })),
      });
    }
    const order = place(
      ...Array.from({ length: 500 }, (_, index) => ({
        sku: `SET-${String(index % 5)}-${String(Math.floor(index / 5))}`,
        quantity: 1,
      })),
    );
    shop.holdInAdmin(first(order));
    const held = await read(order);
    expect(held.lines).toHaveLength(500);
    expect(held.holds).toHaveLength(1);
    shop.releaseInAdmin(first(order));
    const at = new Date(Date.now() + 86_400_000);
    at.setMilliseconds(0);
    shop.scheduleInAdmin(first(order), at);
    const dated = await read(order);
    expect(
      dated.lines.filter(({ shipAfter }) => shipAfter?.getTime() === at.getTime()),
    ).toHaveLength(500);
  });
});

it('leaves the shop consistent', () => {
  expect(sandbox.invariants()).toEqual([]);
});
