import { afterEach, describe, expect, it } from 'vitest';

import { createWooCommerceChannel } from '../../woocommerce-bridge/index';
import type { FaultName } from '../sandbox/core';
import type { WooStoreOptions } from '../sandbox/woocommerce';
import {
  leaksSecret,
  openShop,
  placeOrderOf,
  stockNumber,
} from '../unit/woocommerce-bridge/open-shop';
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

describe('cancelling', () => {
  it('cancels, knows what is cancelled already, and does not recall what was sent', async () => {
    const shop = await shopWith();
    const order = placeOrderOf(shop, 2);
    const ref = String(order.id);
    expect(await shop.channel.cancelOrder(ref, 'out of stock', 'k')).toEqual({
      status: 'done',
      value: ref,
    });
    expect(shop.store.stockOf(order.lines[0]?.productId ?? 0)).toBe(99);
    expect((await shop.channel.cancelOrder(ref, 'x', 'k')).status).toBe('duplicate');
    const sent = placeOrderOf(shop, 1);
    shop.store.setStatus(sent.id, 'completed');
    expect(await shop.channel.cancelOrder(String(sent.id), 'x', 'k')).toMatchObject({
      reason: { code: 'conflict' },
    });
    expect(await shop.channel.cancelOrder('9999', 'x', 'k')).toMatchObject({
      reason: { code: 'not_found' },
    });
  });

  it.each<[FaultName, string]>([
    ['hangAfter', 'done'],
    ['errorAfter', 'done'],
    ['hangBefore', 'unknown'],
    ['htmlAnswer', 'unknown'],
    ['throttle', 'retry_later'],
    ['unauthorized', 'refused'],
  ])('%s: %s', async (fault, status) => {
    const shop = await shopWith();
    const order = placeOrderOf(shop, 2);
    shop.store.faults.set(shop.store.id, fault, { only: 'PUT' });
    const outcome = await shop.channel.cancelOrder(String(order.id), 'x', 'k');
    expect(outcome.status).toBe(status);
    expect(leaksSecret(shop, outcome)).toBe(false);
    shop.store.faults.clear(shop.store.id);
    expect(['done', 'duplicate']).toContain(
      (await shop.channel.cancelOrder(String(order.id), 'x', 'k')).status,
    );
    expect(order.status).toBe('cancelled');
  });
});

describe('subscribing', () => {
  const URL_OF_OURS = 'http://127.0.0.1:9/webhooks/woocommerce/c1';

  it('makes each topic once, and changes nothing when repeated', async () => {
    const shop = await shopWith();
    const first = await shop.channel.subscribe(URL_OF_OURS, 'secret one');
    expect(first.status).toBe('done');
    const topics = first.status === 'done' ? first.value.topics : [];
    expect(topics).toEqual(
      expect.arrayContaining(['order.created', 'order.updated', 'product.updated']),
    );
    const writes = shop.writes().length;
    expect(await shop.channel.subscribe(URL_OF_OURS, 'secret one')).toEqual(first);
    expect(shop.writes()).toHaveLength(writes);
    expect(shop.store.state.webhooks.size).toBe(topics.length);
  });

  it('switches on what was disabled, renews a changed secret, and removes doubles', async () => {
    const shop = await shopWith();
    await shop.channel.subscribe(URL_OF_OURS, 'secret one');
    const hooks = [...shop.store.state.webhooks.values()];
    const [first, second] = hooks;
    if (!first || !second) throw new Error('no webhooks');
    first.status = 'disabled';
    shop.store.state.webhooks.set(900, { ...second, id: 900 });
    await shop.channel.subscribe(URL_OF_OURS, 'secret two');
    const after = [...shop.store.state.webhooks.values()];
    expect(after.every((hook) => hook.status === 'active' && hook.secret === 'secret two')).toBe(
      true,
    );
    expect(shop.store.invariants()).toEqual([]);
  });

  it('leaves the webhooks of others alone, also when it leaves', async () => {
    const shop = await shopWith();
    await shop.channel.subscribe('http://127.0.0.1:9/other', 's');
    const others = shop.store.state.webhooks.size;
    await shop.channel.subscribe(URL_OF_OURS, 's');
    expect(await shop.channel.unsubscribe(URL_OF_OURS)).toEqual({ status: 'done', value: null });
    expect(shop.store.state.webhooks.size).toBe(others);
  });

  it('makes none twice when the store acts and does not answer', async () => {
    const shop = await shopWith();
    shop.store.faults.set(shop.store.id, 'errorAfter', { only: 'POST', remaining: 3 });
    for (let n = 0; n < 4; n += 1) await shop.channel.subscribe(URL_OF_OURS, 's');
    expect((await shop.channel.subscribe(URL_OF_OURS, 's')).status).toBe('done');
    expect(shop.store.invariants()).toEqual([]);
  });
});

describe('a connection that no longer works', () => {
  it('says so: key revoked, key that only reads, store not there', async () => {
    const shop = await shopWith();
    const { id } = shop.store.addProduct({ name: 'P', stock: 5 });
    for (const key of shop.store.state.keys) key.permissions = 'read';
    const [readOnly] = await shop.channel.publishStock(
      [stockNumber(`product:${id}`, 4, null)],
      'k',
    );
    expect(readOnly).toMatchObject({ status: 'refused', reason: { code: 'unauthorized' } });
    shop.store.revokeKey(shop.store.consumerKey);
    const revoked = await shop.channel.identify();
    expect(revoked).toMatchObject({ status: 'refused', reason: { code: 'unauthorized' } });
    await shop.store.close();
    const gone = await shop.channel.identify();
    expect(gone.status).toBe('retry_later');
    const cancelled = await shop.channel.cancelOrder('20', 'x', 'k');
    expect(cancelled.status).toBe('retry_later');
    expect(leaksSecret(shop, readOnly, revoked, gone, cancelled)).toBe(false);
  });

  it('never reaches a private address unless that is allowed', async () => {
    const shop = await openShop({}, { allowPrivateAddresses: false });
    open.push(shop);
    const byNumber = await shop.channel.identify();
    const { port } = new URL(shop.store.url);
    const byName = await createWooCommerceChannel({
      accountUrl: `http://localhost:${port}`,
      credentials: shop.store,
      now: () => new Date(),
      log: { info: () => undefined, warn: () => undefined },
    }).identify();
    for (const outcome of [byNumber, byName]) {
      expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'permanent' } });
    }
    expect(shop.calls()).toEqual([]);
  });
});

describe('from the store to a signal', () => {
  it('each delivery is verified and says what to look at again', async () => {
    const shop = await shopWith();
    const secret = 'made at random';
    // Nobody listens there: what was sent is read from the store's own record.
    await shop.channel.subscribe('http://127.0.0.1:9/hook', secret);
    const order = placeOrderOf(shop, 1);
    shop.store.trash(order.id);
    const sent = () => shop.store.deliveries().filter(({ topic }) => topic !== 'ping');
    while (!sent().some(({ topic }) => topic === 'order.deleted')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (const delivery of shop.store.deliveries()) {
      const request = {
        method: 'POST',
        headers: delivery.headers,
        body: Buffer.from(delivery.body),
      };
      const outcome = shop.channel.readSignal(request, secret);
      const kind = delivery.topic === 'ping' ? 'nothing' : delivery.topic.split('.')[0];
      const concerns = kind === 'product' ? 'listing' : kind;
      expect(outcome).toMatchObject({ status: 'done', value: { concerns: { kind: concerns } } });
    }
    expect(new Set(sent().map(({ topic }) => topic))).toEqual(
      new Set([
        'product.created',
        'product.updated',
        'order.created',
        'order.updated',
        'order.deleted',
      ]),
    );
  });
});
