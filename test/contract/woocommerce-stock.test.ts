import { afterEach, describe, expect, it } from 'vitest';

import type { FaultName } from '../sandbox/core';
import type { WooStoreOptions } from '../sandbox/woocommerce';
import { leaksSecret, openShop, stockNumber } from '../unit/woocommerce-bridge/open-shop';
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

describe('publishing stock', () => {
  it('sets, leaves, or calls stale, and writes nothing that is there already', async () => {
    const shop = await shopWith();
    const add = (stock: number) => shop.store.addProduct({ name: 'P', stock }).id;
    const [a, b, c, d] = [add(5), add(7), add(9), add(1)];
    const outcomes = await shop.channel.publishStock(
      [
        stockNumber(`product:${a}`, 4, 5),
        stockNumber(`product:${b}`, 7, 3),
        stockNumber(`product:${c}`, 2, 8),
        stockNumber(`product:${d}`, 0, null),
      ],
      'k',
    );
    expect(outcomes.map((outcome) => outcome.status === 'done' && outcome.value)).toEqual([
      { kind: 'set', quantity: 4 },
      { kind: 'already', quantity: 7 },
      { kind: 'stale', actual: 9 },
      { kind: 'set', quantity: 0 },
    ]);
    expect([a, b, c, d].map((id) => shop.store.stockOf(id))).toEqual([4, 7, 9, 0]);
    expect(shop.writes()).toEqual(['POST products/batch']);
    await shop.channel.publishStock([stockNumber(`product:${a}`, 4, null)], 'k');
    expect(shop.writes()).toHaveLength(1);
  });

  it('writes variations by parent, and a number that variations share only once', async () => {
    const shop = await shopWith();
    const tee = shop.store.addProduct({
      name: 'Tee',
      variations: [
        { option: 'S', stock: 1 },
        { option: 'M', stock: 2 },
      ],
    });
    const cap = shop.store.addProduct({
      name: 'Cap',
      stock: 33,
      variations: [{ option: 'A' }, { option: 'B' }],
    });
    const children = tee.variations.map((child) => `variation:${tee.id}:${child.id}`);
    const shared = cap.variations.map((child) => ({
      ...stockNumber(`product:${cap.id}`, 30, 33),
      listingRef: `variation:${cap.id}:${child.id}`,
    }));
    const outcomes = await shop.channel.publishStock(
      [...children.map((ref) => stockNumber(ref, 9, null)), ...shared],
      'k',
    );
    expect(
      outcomes.every((outcome) => outcome.status === 'done' && outcome.value.kind === 'set'),
    ).toBe(true);
    expect(tee.variations.map((child) => shop.store.stockOf(child.id))).toEqual([9, 9]);
    expect(shop.store.stockOf(cap.id)).toBe(30);
    expect(shop.writes().sort()).toEqual([
      `POST products/${tee.id}/variations/batch`,
      'POST products/batch',
    ]);
  });

  it('refuses what a batch would have stored as zero, without a call', async () => {
    const shop = await shopWith();
    const { id } = shop.store.addProduct({ name: 'P', stock: 5 });
    for (const quantity of [
      -1,
      3.7,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      2 ** 60,
      'x' as unknown as number,
    ]) {
      const [outcome] = await shop.channel.publishStock(
        [stockNumber(`product:${id}`, quantity, null)],
        'k',
      );
      expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'validation' } });
    }
    for (const ref of ['', 'product:0', 'product:1;2', 'variation:1', 'gid://shopify/x/1']) {
      const [outcome] = await shop.channel.publishStock([stockNumber(ref, 1, null)], 'k');
      expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'validation' } });
    }
    expect(shop.calls()).toEqual([]);
    expect(shop.store.stockOf(id)).toBe(5);
  });

  it('takes a hundred at once, refuses more, and tells each entry its own end', async () => {
    const shop = await shopWith();
    const ids = Array.from(
      { length: 98 },
      (_, n) => shop.store.addProduct({ name: `P${n}`, stock: 1 }).id,
    );
    const loose = shop.store.addProduct({ name: 'Loose' }).id;
    const entries = [
      ...ids.map((id) => stockNumber(`product:${id}`, 3, 1)),
      stockNumber('product:99999', 3, 1),
      stockNumber(`product:${loose}`, 3, 1),
    ];
    const outcomes = await shop.channel.publishStock(entries, 'k');
    expect(outcomes.filter((outcome) => outcome.status === 'done')).toHaveLength(98);
    expect(outcomes[98]).toMatchObject({ status: 'refused', reason: { code: 'not_found' } });
    expect(outcomes[99]).toMatchObject({ status: 'refused', reason: { code: 'conflict' } });
    const tooMany = await shop.channel.publishStock(
      [...entries, stockNumber('product:1', 1, 1)],
      'k',
    );
    expect(tooMany).toHaveLength(101);
    expect(tooMany.every((outcome) => outcome.status === 'refused')).toBe(true);
    expect(await shop.channel.publishStock([], 'k')).toEqual([]);
  });

  // What the far side holds afterwards, and what the caller is told.
  it.each<[FaultName, string, number, string]>([
    ['throttle', 'batch', 5, 'retry_later'],
    ['serverError', 'batch', 5, 'retry_later'],
    ['htmlAnswer', 'batch', 5, 'retry_later'],
    ['emptyAnswer', 'batch', 5, 'retry_later'],
    ['hangBefore', 'batch', 5, 'retry_later'],
    ['unauthorized', 'batch', 5, 'refused'],
    ['hangAfter', 'batch', 4, 'done'],
    ['errorAfter', 'batch', 4, 'done'],
    ['throttle', 'GET', 5, 'retry_later'],
    ['serverError', 'GET', 5, 'retry_later'],
    ['htmlAnswer', 'GET', 5, 'retry_later'],
    ['emptyAnswer', 'GET', 5, 'retry_later'],
    ['hangBefore', 'GET', 5, 'retry_later'],
    ['unauthorized', 'GET', 5, 'refused'],
  ])('%s on %s leaves %i and answers %s', async (fault, only, held, status) => {
    const shop = await shopWith();
    const { id } = shop.store.addProduct({ name: 'P', stock: 5 });
    shop.store.faults.set(shop.store.id, fault, { only });
    const [outcome] = await shop.channel.publishStock([stockNumber(`product:${id}`, 4, 5)], 'k');
    expect(outcome?.status).toBe(status);
    expect(shop.store.stockOf(id)).toBe(held);
    expect(shop.writes().length).toBeLessThanOrEqual(1);
    expect(leaksSecret(shop, outcome)).toBe(false);
    shop.store.faults.clear(shop.store.id);
    const [again] = await shop.channel.publishStock([stockNumber(`product:${id}`, 4, 5)], 'k');
    expect(again?.status).toBe('done');
    expect(shop.store.stockOf(id)).toBe(4);
    expect(shop.store.invariants()).toEqual([]);
  });

  it('says unknown when it cannot even look', async () => {
    const shop = await shopWith();
    const { id } = shop.store.addProduct({ name: 'P', stock: 5 });
    shop.store.faults.set(shop.store.id, 'hangAfter', { only: 'batch' });
    // The first look passes, the write lands unheard, and every look after it fails.
    const entry = stockNumber(`product:${id}`, 4, 5);
    const publishing = shop.channel.publishStock([entry], 'k');
    while (shop.store.stockOf(id) === 5) await new Promise((resolve) => setTimeout(resolve, 5));
    shop.store.faults.set(shop.store.id, 'serverError', { only: 'GET' });
    expect((await publishing)[0]).toMatchObject({ status: 'unknown', lookUpBy: `product:${id}` });
  });

  it('waits a short Retry-After out when it reads, and passes a long one on', async () => {
    const shop = await shopWith();
    shop.store.faults.set(shop.store.id, 'throttle', { remaining: 1 });
    expect((await shop.channel.identify()).status).toBe('done');
    shop.store.faults.set(shop.store.id, 'throttle');
    const outcome = await shop.channel.identify();
    expect(outcome.status).toBe('retry_later');
  });
});
