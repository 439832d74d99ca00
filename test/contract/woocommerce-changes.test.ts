import { afterEach, describe, expect, it } from 'vitest';

import type { ChannelListing, Page } from '#app/contracts/channel';
import type { ChannelOrder } from '#app/contracts/channel-order';
import type { Outcome } from '#app/contracts/outcome';
import { virtualClock } from '../sandbox/core';
import type { WooStoreOptions } from '../sandbox/woocommerce';
import { leaksSecret, openShop, placeOrderOf } from '../unit/woocommerce-bridge/open-shop';
import type { Shop } from '../unit/woocommerce-bridge/open-shop';

const open: Shop[] = [];
afterEach(async () => {
  for (const { store } of open.splice(0)) await store.close();
});

async function shopWith(options: Partial<WooStoreOptions> = {}): Promise<Shop> {
  const shop = await openShop(options);
  open.push(shop);
  return shop;
}

function done<Value>(outcome: Outcome<Value>): Value {
  if (outcome.status === 'done' || outcome.status === 'duplicate') return outcome.value;
  throw new Error(JSON.stringify(outcome));
}

async function changedSince(shop: Shop, since: Date): Promise<ChannelListing[]> {
  const entries: ChannelListing[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<ChannelListing> = done(
      await shop.channel.listListingsChangedSince(since, cursor),
    );
    entries.push(...page.entries);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return entries;
}

const readOrder = async (shop: Shop, id: number): Promise<ChannelOrder> => {
  const order = done(await shop.channel.getOrder(String(id)));
  if (order === null) throw new Error('the order is gone');
  return order;
};

describe('listings that changed', () => {
  it.each([true, false])('are found, variations too (one list of all: %s)', async (list) => {
    const clock = virtualClock();
    const shop = await shopWith({ clock, variationsList: list });
    const { store } = shop;
    const mug = store.addProduct({ name: 'Mug', sku: 'MUG', stock: 4 });
    store.addProduct({ name: 'Quiet', sku: 'QUIET', stock: 4 });
    const tee = store.addProduct({
      name: 'Tee',
      variations: [
        { option: 'S', sku: 'TEE-S', stock: 5 },
        { option: 'M', sku: 'TEE-M', stock: 6 },
      ],
    });
    const cap = store.addProduct({
      name: 'Cap',
      stock: 33,
      variations: [{ option: 'A' }, { option: 'B' }],
    });
    await clock.advance(3_600_000);
    const since = clock.now();
    expect(await changedSince(shop, since)).toEqual([]);
    await clock.advance(10_000);
    store.setStock(mug.id, 3);
    // Of the variation alone: the parent's date stays.
    store.setStock(tee.variations[1]?.id ?? 0, 1);
    store.setStock(cap.id, 30);
    const changed = await changedSince(shop, since);
    const child = (n: number) => `variation:${cap.id}:${cap.variations[n]?.id}`;
    const numbers = new Map(changed.map(({ ref, stock }) => [ref, stock[0]]));
    expect([...numbers].map(([ref, level]) => [ref, level?.stockRef, level?.available])).toEqual([
      [`product:${mug.id}`, `product:${mug.id}`, 3],
      // One number, whoever shows it.
      [child(0), `product:${cap.id}`, 30],
      [child(1), `product:${cap.id}`, 30],
      [
        `variation:${tee.id}:${tee.variations[1]?.id}`,
        `variation:${tee.id}:${tee.variations[1]?.id}`,
        1,
      ],
    ]);
    expect(changed.find(({ sku }) => sku === 'TEE-M')?.title).toBe('Tee');
  });

  it('are found page after page, and a cursor of somebody else is refused', async () => {
    const shop = await shopWith();
    const tee = shop.store.addProduct({
      name: 'Tee',
      variations: Array.from({ length: 130 }, (_, n) => ({ option: `S${n}`, stock: n })),
    });
    for (let n = 0; n < 120; n += 1) shop.store.addProduct({ name: `P${n}`, stock: n });
    const changed = await changedSince(shop, new Date(Date.now() - 60_000));
    expect(new Set(changed.map(({ ref }) => ref)).size).toBe(250);
    expect(done(await shop.channel.getProductListings(`product:${tee.id}`))).toHaveLength(130);
    expect(await shop.channel.listListingsChangedSince(new Date(), '{"phase":"x"}')).toMatchObject({
      status: 'refused',
    });
  });

  it('by product: all of it, one of a bare variation, none when gone', async () => {
    const shop = await shopWith();
    const mug = shop.store.addProduct({ name: 'Mug', stock: 1 });
    const tee = shop.store.addProduct({ name: 'Tee', variations: [{ option: 'S', stock: 1 }] });
    const refs = async (id: number | undefined) =>
      done(await shop.channel.getProductListings(`product:${id}`)).map(({ ref }) => ref);
    const child = tee.variations[0]?.id;
    expect(await refs(mug.id)).toEqual([`product:${mug.id}`]);
    expect(await refs(tee.id)).toEqual([`variation:${tee.id}:${child}`]);
    expect(await refs(child)).toEqual([`variation:${tee.id}:${child}`]);
    expect(await refs(99_999)).toEqual([]);
  });
});

describe('numbers of many parents', () => {
  it.each([true, false])('are read together where the store can (%s)', async (list) => {
    const shop = await shopWith({ variationsList: list });
    const parents = Array.from({ length: 5 }, (_, n) =>
      shop.store.addProduct({ name: `Tee ${n}`, variations: [{ option: 'S', stock: n }] }),
    );
    const entries = parents.map(({ id, variations }) => {
      const ref = `variation:${id}:${variations[0]?.id}`;
      return { listingRef: ref, stockRef: ref, locationRef: '', quantity: 9, expected: null };
    });
    const outcomes = await shop.channel.publishStock(entries, 'k');
    expect(outcomes.every(({ status }) => status === 'done')).toBe(true);
    expect(parents.map(({ variations }) => variations[0]?.stockQuantity)).toEqual([9, 9, 9, 9, 9]);
    const reads = shop.calls().filter((call) => call.startsWith('GET '));
    // An older store is asked for the list once, and then never again.
    expect(reads).toHaveLength(list ? 2 : 11);
  });
});

describe('refunds', () => {
  it('say per line what became of the units', async () => {
    const shop = await shopWith({ fulfillments: true });
    const { store } = shop;
    const order = placeOrderOf(shop, 3, 4);
    const [one, two] = order.lines.map(({ id }) => id);
    store.refund(order.id, { lines: [{ lineId: one ?? 0, quantity: 1 }] });
    store.refund(order.id, { lines: [{ lineId: two ?? 0, quantity: 3 }], restock: false });
    const read = await readOrder(shop, order.id);
    expect(read.lines.map(({ quantity }) => quantity)).toEqual([2, 1]);
    const facts = read.refunds.map(({ amount, lines }) => ({ amount, lines }));
    const currency = 'USD';
    expect(facts).toEqual([
      {
        amount: { minor: 500, currency },
        lines: [{ lineRef: String(one), quantity: 1, restock: 'cancel', locationRef: null }],
      },
      {
        amount: { minor: 1500, currency },
        lines: [{ lineRef: String(two), quantity: 3, restock: 'none', locationRef: null }],
      },
    ]);
  });

  it('after completion are returns, put back or not', async () => {
    const shop = await shopWith({ clock: virtualClock() });
    const { store } = shop;
    const order = placeOrderOf(shop, 5);
    const lineId = order.lines[0]?.id ?? 0;
    store.setStatus(order.id, 'completed');
    await (store.state.clock as ReturnType<typeof virtualClock>).advance(5_000);
    store.refund(order.id, { lines: [{ lineId, quantity: 2 }] });
    store.refund(order.id, { lines: [{ lineId, quantity: 1 }], restock: false });
    const { refunds, lines, stage } = await readOrder(shop, order.id);
    expect(stage).toBe('fulfilled');
    expect(lines[0]?.quantity).toBe(5);
    expect(refunds.map((refund) => refund.lines[0]?.restock)).toEqual(['return', 'none']);
  });

  it('never exceed what was bought, and are unknown where the store keeps no count', async () => {
    const shop = await shopWith();
    const { store } = shop;
    const order = placeOrderOf(shop, 2);
    const lineId = order.lines[0]?.id ?? 0;
    store.refund(order.id, { lines: [{ lineId, quantity: 9, totalMinor: 100 }] });
    const over = await readOrder(shop, order.id);
    expect(over.refunds[0]?.lines.map(({ quantity }) => quantity)).toEqual([2]);
    expect(over.lines[0]?.quantity).toBe(0);
    const loose = store.addProduct({ name: 'Loose', price: '5.00' });
    const second = store.placeOrder({ lines: [{ productId: loose.id, quantity: 2 }] });
    store.refund(second.id, { lines: [{ lineId: second.lines[0]?.id ?? 0, quantity: 1 }] });
    expect((await readOrder(shop, second.id)).refunds[0]?.lines[0]?.restock).toBe('unknown');
    // Two alike, one put back: which of them, nobody can tell.
    const third = placeOrderOf(shop, 4);
    const third1 = third.lines[0]?.id ?? 0;
    store.refund(third.id, { lines: [{ lineId: third1, quantity: 1 }] });
    store.refund(third.id, { lines: [{ lineId: third1, quantity: 1 }], restock: false });
    const words = (await readOrder(shop, third.id)).refunds.map(({ lines }) => lines[0]?.restock);
    expect(words).toEqual(['unknown', 'unknown']);
  });

  it('are all read, however many', async () => {
    const shop = await shopWith();
    const { id } = shop.store.addProduct({ name: 'P', price: '5.00', stock: 200 });
    const order = shop.store.placeOrder({ lines: [{ productId: id, quantity: 150 }] });
    const lineId = order.lines[0]?.id ?? 0;
    for (let n = 0; n < 120; n += 1) {
      shop.store.refund(order.id, { lines: [{ lineId, quantity: 1 }] });
    }
    const read = await readOrder(shop, order.id);
    expect(read.refunds).toHaveLength(120);
    expect(read.lines[0]?.quantity).toBe(30);
  });
});

describe('carts in checkout', () => {
  it('are no orders yet', async () => {
    const shop = await shopWith();
    const { id } = shop.store.addProduct({ name: 'P', stock: 9 });
    const place = (status: string) =>
      shop.store.placeOrder({ lines: [{ productId: id, quantity: 1 }], status });
    place('checkout-draft');
    const placed = place('processing');
    const page = done(await shop.channel.listOrdersChangedSince(new Date(0), null));
    expect(page.entries.map(({ ref }) => ref)).toEqual([String(placed.id)]);
  });
});

describe('holds', () => {
  it('an order on hold waits for payment, or for whoever put it there', async () => {
    const shop = await shopWith();
    const { id } = shop.store.addProduct({ name: 'P', stock: 9 });
    const place = (status: string) =>
      shop.store.placeOrder({ lines: [{ productId: id, quantity: 1 }], status });
    const holdsOf = async (order: { id: number }) => (await readOrder(shop, order.id)).holds;
    const waiting = place('on-hold');
    expect(await holdsOf(waiting)).toEqual([
      { ref: 'status:on-hold', reason: 'payment', note: 'Bank', ours: false },
    ]);
    expect((await readOrder(shop, waiting.id)).stage).toBe('open');
    const paid = place('processing');
    expect(await holdsOf(paid)).toEqual([]);
    shop.store.setStatus(paid.id, 'on-hold');
    expect(await holdsOf(paid)).toMatchObject([{ reason: 'merchant' }]);
    expect(await holdsOf(place('pending'))).toEqual([]);
    expect(shop.channel.capabilities.holds).toBe(false);
    expect(
      await shop.channel.holdOrder('1', { reason: 'merchant', note: null }, 'k'),
    ).toMatchObject({ status: 'refused' });
  });
});

describe('notes and tags', () => {
  it('are written once, read back, and written no second time', async () => {
    const shop = await shopWith();
    const order = placeOrderOf(shop, 1);
    const change = { note: 'Gift', addTags: ['vip', 'gift'], removeTags: [] };
    const annotate = (what: typeof change) => shop.channel.annotateOrder(`${order.id}`, what, 'k');
    expect((await annotate(change)).status).toBe('done');
    expect(await readOrder(shop, order.id)).toMatchObject({ note: 'Gift', tags: ['vip', 'gift'] });
    expect((await annotate(change)).status).toBe('duplicate');
    expect(shop.writes()).toHaveLength(1);
    const next = { note: null, addTags: [], removeTags: ['vip'] } as never;
    expect((await annotate(next)).status).toBe('done');
    expect(await readOrder(shop, order.id)).toMatchObject({ note: 'Gift', tags: ['gift'] });
    shop.store.faults.set(shop.store.id, 'hangAfter', { remaining: 1, only: 'PUT' });
    expect((await annotate({ ...change, note: 'Late' })).status).toBe('done');
    expect(await shop.channel.annotateOrder('99999', change, 'k')).toMatchObject({
      reason: { code: 'not_found' },
    });
    expect(shop.store.deliveries().length).toBe(0);
    expect(leaksSecret(shop)).toBe(false);
  });
});

describe('selling beyond the number', () => {
  it('is allowed and forbidden where the number is kept, and only if it is not so', async () => {
    const shop = await shopWith();
    const { store } = shop;
    const mug = store.addProduct({ name: 'Mug', stock: 1 });
    const notify = store.addProduct({ name: 'Notify', stock: 1, backorders: 'notify' });
    const loose = store.addProduct({ name: 'Loose' });
    const cap = store.addProduct({
      name: 'Cap',
      stock: 3,
      variations: [{ option: 'A' }, { option: 'B' }],
    });
    const entry = (productId: number, child?: number) => ({
      listingRef: child === undefined ? `product:${productId}` : `variation:${productId}:${child}`,
      productRef: `product:${productId}`,
      allowed: true,
    });
    const entries = [
      entry(mug.id),
      entry(notify.id),
      entry(loose.id),
      ...cap.variations.map((child) => entry(cap.id, child.id)),
      entry(99_999),
    ];
    const outcomes = await shop.channel.setBackorders(entries, 'k');
    expect(outcomes.map(({ status }) => status)).toEqual([
      'done',
      'duplicate',
      'refused',
      'done',
      'done',
      'refused',
    ]);
    expect([mug.backorders, notify.backorders, cap.backorders]).toEqual(['yes', 'notify', 'yes']);
    expect(shop.writes()).toEqual(['POST products/batch']);
    const listings = done(await shop.channel.getProductListings(`product:${cap.id}`));
    expect(listings.map(({ backorders }) => backorders)).toEqual([true, true]);
    const back = await shop.channel.setBackorders([{ ...entry(mug.id), allowed: false }], 'k');
    expect([back[0]?.status, mug.backorders]).toEqual(['done', 'no']);
  });
});

describe('webhooks', () => {
  it('that are off or missing are made anew, others left alone', async () => {
    const shop = await shopWith();
    const url = 'http://127.0.0.1:9/hooks';
    expect(done(await shop.channel.checkSubscription(url, 's')).revived).toBe(8);
    const all = [...shop.store.state.webhooks.values()];
    const [first, second] = all;
    if (first) Object.assign(first, { status: 'disabled', failureCount: 6 });
    if (second) shop.store.state.webhooks.delete(second.id);
    const kept = all.slice(2).map(({ id }) => id);
    const check = async () => done(await shop.channel.checkSubscription(url, 's')).revived;
    expect(await check()).toBe(2);
    const now = [...shop.store.state.webhooks.values()];
    expect(now).toHaveLength(8);
    expect(now.map(({ id }) => id)).toEqual(expect.arrayContaining(kept));
    expect(now.every(({ failureCount }) => failureCount === 0)).toBe(true);
    const writes = shop.writes().length;
    expect(await check()).toBe(0);
    expect(shop.writes()).toHaveLength(writes);
    expect(shop.store.invariants()).toEqual([]);
  });
});

describe('a store that is not where it was', () => {
  it('is not followed, and says where it went', async () => {
    const shop = await shopWith();
    shop.store.moveTo('https://new-home.example');
    const outcome = await shop.channel.identify();
    expect(outcome).toMatchObject({
      status: 'refused',
      reason: {
        code: 'permanent',
        message: 'the store redirects to https://new-home.example (301)',
      },
    });
    expect(leaksSecret(shop, outcome)).toBe(false);
  });
});
