import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { virtualClock } from '../sandbox/core';
import type { Clock } from '../sandbox/core';
import type { WooStore, WooStoreOptions } from '../sandbox/woocommerce';
import { callStore, openStore } from '../unit/woocommerce-bridge/call-store';
import type { Json } from '../unit/woocommerce-bridge/call-store';

let store: WooStore;
const call = (
  method: 'get' | 'post' | 'put' | 'delete',
  path: string,
  more: Parameters<typeof callStore>[3] = {},
) => callStore(store, method, path, more);

async function open(options: Partial<WooStoreOptions> = {}, clock?: Clock) {
  store = await openStore(options, clock);
}

beforeEach(() => open());
afterEach(() => store.close());

const mug = (stock = 12) => store.addProduct({ name: 'Mug', sku: 'MUG', price: '9.00', stock });

describe('webhooks', () => {
  type Received = { headers: Record<string, string | string[] | undefined>; body: string };
  let received: Received[];
  let answerWith: number;
  let receiver: { url: string; close: () => Promise<void> };

  beforeEach(async () => {
    received = [];
    answerWith = 200;
    const server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() });
        outgoing.writeHead(answerWith, { location: '/elsewhere' }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wc`;
    const close = () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    receiver = { url, close };
  });
  afterEach(() => receiver.close());

  async function openWithHook(topics: string[], delay = 1_000) {
    const clock = virtualClock();
    await store.close();
    await open({ webhookDelayMilliseconds: delay }, clock);
    for (const topic of topics) {
      await call('post', 'webhooks', { body: { topic, delivery_url: receiver.url, secret: 's' } });
    }
    await store.settled();
    return clock;
  }
  const pass = async (clock: Awaited<ReturnType<typeof openWithHook>>) => {
    await clock.advance(1_500);
    await store.settled();
  };
  const bodies = () => received.slice(1).map(({ body }) => JSON.parse(body) as Json);

  it('begin with a bare, unsigned ping and are signed over their raw bytes', async () => {
    const clock = await openWithHook(['product.updated']);
    expect(received[0]?.body).toBe('webhook_id=1');
    expect(Object.keys(received[0]?.headers ?? {}).some((name) => name.startsWith('x-wc'))).toBe(
      false,
    );
    store.addProduct({ name: 'Tea/Té', stock: 3 });
    await pass(clock);
    const [, delivery] = received;
    expect(delivery?.body).toContain('Tea\\/T\\u00e9');
    expect(delivery?.headers['x-wc-webhook-signature']).toBe(
      createHmac('sha256', 's')
        .update(delivery?.body ?? '')
        .digest('base64'),
    );
  });

  it('carry the thing as it is when they leave, merged while they wait', async () => {
    const clock = await openWithHook(['order.created', 'order.updated']);
    const { id } = mug();
    const order = store.placeOrder({ lines: [{ productId: id, quantity: 1 }] });
    store.setStatus(order.id, 'completed');
    store.trash(order.id);
    received.splice(1);
    await pass(clock);
    expect(bodies().map((body) => body['status'])).toEqual(['trash', 'trash']);
  });

  it('name only the id of what went to the trash, and send an error for what is gone', async () => {
    const clock = await openWithHook(['order.deleted', 'order.updated']);
    const { id } = mug();
    const trashed = store.placeOrder({ lines: [{ productId: id, quantity: 1 }] });
    await pass(clock);
    received.splice(1);
    store.trash(trashed.id);
    await pass(clock);
    expect(bodies()).toEqual([{ id: trashed.id }]);
    const deleted = store.placeOrder({ lines: [{ productId: id, quantity: 1 }] });
    store.forceDelete(deleted.id);
    received.splice(1);
    await pass(clock);
    expect(bodies()).toMatchObject([{ code: 'woocommerce_rest_shop_order_invalid_id' }]);
  });

  it('share a delivery id within a second', async () => {
    const clock = await openWithHook(['product.updated']);
    for (let n = 0; n < 7; n += 1) store.addProduct({ name: `P${n}`, stock: n });
    await pass(clock);
    const ids = received.slice(1).map(({ headers }) => headers['x-wc-webhook-delivery-id']);
    expect([ids.length, new Set(ids).size]).toEqual([7, 1]);
  });

  it('are never sent again, and are switched off at the seventh failure in a row', async () => {
    const clock = await openWithHook(['product.updated']);
    const { id } = mug();
    await pass(clock);
    answerWith = 500;
    const statusAfter = async (failures: number) => {
      for (let n = 0; n < failures; n += 1) {
        store.setStock(id, n);
        await pass(clock);
      }
      return (await call('get', 'webhooks/1')).body;
    };
    expect(await statusAfter(6)).toMatchObject({ status: 'active' });
    expect(await statusAfter(1)).toMatchObject({ status: 'disabled' });
    const sent = received.length;
    await statusAfter(1);
    expect(received).toHaveLength(sent);
    // Switched on again it keeps its count: one more failure is enough.
    await call('put', 'webhooks/1', { body: { status: 'active' } });
    expect(await statusAfter(1)).toMatchObject({ status: 'disabled' });
  });

  it('count a redirect as delivered', async () => {
    const clock = await openWithHook(['product.updated']);
    const { id } = mug();
    answerWith = 302;
    for (let n = 0; n < 9; n += 1) {
      store.setStock(id, n);
      await pass(clock);
    }
    expect((await call('get', 'webhooks/1')).body).toMatchObject({ status: 'active' });
  });
});
