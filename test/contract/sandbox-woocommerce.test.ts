import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { virtualClock } from '../sandbox/core';
import type { Clock } from '../sandbox/core';
import { SoldOutError } from '../sandbox/woocommerce';
import type { WooStore, WooStoreOptions } from '../sandbox/woocommerce';
import { callStore, openStore } from '../unit/woocommerce-bridge/call-store';
import type { Json, StoreAnswer } from '../unit/woocommerce-bridge/call-store';
import {
  WITHOUT_CAPTURES,
  bodyOf,
  capturesPresent,
  readCapture,
} from '../unit/woocommerce-bridge/captures';

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

const codeOf = (answer: StoreAnswer) => (answer.body as { code?: string }).code;
const mug = (stock = 12) => store.addProduct({ name: 'Mug', sku: 'MUG', price: '9.00', stock });

describe.skipIf(!capturesPresent)(
  `bodies have the fields of the recorded ones${WITHOUT_CAPTURES}`,
  () => {
    const keysOf = (value: unknown) => Object.keys(value as Json).sort();

    it('products, variations, batches', async () => {
      const made = await call('post', 'products', { body: { name: 'Tote', sku: 'T-1' } });
      expect(keysOf(made.body)).toEqual(keysOf(bodyOf('product-simple')));
      const tee = store.addProduct({
        name: 'Tee',
        price: '18.00',
        variations: [{ option: 'S', sku: 'TEE-S', stock: 5 }],
      });
      const variation = await call('get', `products/${tee.id}/variations/${tee.variations[0]?.id}`);
      expect(keysOf(variation.body)).toEqual(keysOf(bodyOf('variation')));
      const batch = await call('post', 'products/batch', {
        body: { update: [{ id: (made.body as { id: number }).id }, { id: 99999 }] },
      });
      const [updated, failed] = (batch.body as { update: Json[] }).update;
      const recorded = bodyOf('batch-partial-failure')['update'] as Json[];
      expect(keysOf(updated)).toEqual(keysOf(recorded[0]));
      expect(failed).toEqual(recorded[1]);
    });

    it('orders, refunds, notes, fulfillments, webhooks', async () => {
      await store.close();
      await open({ fulfillments: true });
      const { id } = mug();
      const body = (readCapture('order-created') as unknown as { request: { body: Json } }).request
        .body;
      const order = await call('post', 'orders', {
        body: { ...body, line_items: [{ product_id: id, quantity: 2 }] },
      });
      const recorded = bodyOf('order-created');
      const made = order.body as { id: number; line_items: Json[]; billing: Json; shipping: Json };
      expect(keysOf(made)).toEqual(keysOf(recorded));
      for (const part of ['billing', 'shipping'] as const) {
        expect(keysOf(made[part])).toEqual(keysOf(recorded[part]));
      }
      const recordedLine = (recorded['line_items'] as Json[])[0];
      expect(keysOf(made.line_items[0])).toEqual(keysOf(recordedLine));
      const line = made.line_items[0]?.['id'];
      const fulfillment = await call('post', `orders/${made.id}/fulfillments`, {
        body: {
          is_fulfilled: true,
          status: 'fulfilled',
          meta_data: [{ key: '_items', value: [{ item_id: line, qty: 9 }] }],
        },
      });
      expect(fulfillment.status).toBe(201);
      expect(keysOf(fulfillment.body)).toEqual(keysOf(bodyOf('fulfillment-overfulfil-accepted')));
      const refund = await call('post', `orders/${made.id}/refunds`, {
        body: { amount: '9.00', line_items: [{ id: line, quantity: 1, refund_total: 9 }] },
      });
      expect(keysOf(refund.body)).toEqual(keysOf(bodyOf('refund-created')));
      const refunds = await call('get', `orders/${made.id}/refunds`);
      const recordedRefunds = readCapture('refunds-collection').body as Json[];
      expect(keysOf((refunds.body as Json[])[0])).toEqual(keysOf(recordedRefunds[0]));
      const note = await call('post', `orders/${made.id}/notes`, { body: { note: 'x' } });
      expect(keysOf(note.body)).toEqual(keysOf(bodyOf('order-note')));
      const webhook = await call('post', 'webhooks', {
        body: { topic: 'order.created', delivery_url: 'http://127.0.0.1:9/x', secret: 's' },
      });
      expect(keysOf(webhook.body)).toEqual(keysOf(bodyOf('webhook-create-response')));
    });

    it('errors, to the letter', async () => {
      const { id } = store.addProduct({ name: 'Tote', sku: 'TOTE-1', stock: 1 });
      const same = (answer: StoreAnswer, name: string) => {
        const { status, body } = readCapture(name);
        expect({ status: answer.status, body: answer.body }).toEqual({ status, body });
      };
      same(await call('get', 'products/99999'), 'error-not-found');
      same(
        await call('put', `products/${id}`, { body: { stock_quantity: 'x' } }),
        'error-invalid-param',
      );
      const update = Array.from({ length: 101 }, () => ({ id, stock_quantity: 1 }));
      same(await call('post', 'products/batch', { body: { update } }), 'error-batch-limit');
      const clash = await call('post', 'products', { body: { name: 'x', sku: 'TOTE-1' } });
      const recorded = bodyOf('error-duplicate-sku') as { data: Json };
      expect(clash.body).toEqual({ ...recorded, data: { ...recorded.data, resource_id: id } });
      const statuses = await call('get', 'orders/statuses');
      expect(statuses.body).toEqual(readCapture('order-statuses'));
    });
  },
);

describe('who may call', () => {
  it('a signed request once, and not with another secret', async () => {
    expect((await call('get', 'products', { params: { search: 'a b+c&d' } })).status).toBe(200);
    const wrong = await call('get', 'products', { secret: 'cs_wrong' });
    expect([wrong.status, codeOf(wrong)]).toEqual([401, 'woocommerce_rest_authentication_error']);
    const unknown = await call('get', 'products', { key: 'ck_unknown' });
    expect([unknown.status, codeOf(unknown)]).toEqual([401, 'woocommerce_rest_cannot_view']);
  });

  it('not the same signed address twice, and not with a stale clock', async () => {
    await call('get', 'products');
    const path = store.journal.entries()[0]?.path ?? '';
    const replayed = await fetch(`${store.url}${path}`);
    expect([replayed.status, await replayed.json()]).toMatchObject([
      401,
      { message: expect.stringContaining('Invalid nonce') as string },
    ]);
    const stale = signedUrl('products', Math.floor(Date.now() / 1000) - 901);
    expect(await (await fetch(stale)).json()).toMatchObject({
      message: expect.stringContaining('Invalid timestamp') as string,
    });
  });

  it('not with Basic over plain http, nor to write with a key that reads', async () => {
    const basic = Buffer.from(`${store.consumerKey}:${store.consumerSecret}`).toString('base64');
    const answer = await fetch(`${store.url}/wp-json/wc/v3/products`, {
      headers: { authorization: `Basic ${basic}` },
    });
    expect(answer.status).toBe(401);
    const { consumerKey: key, consumerSecret: secret } = store.addKey('read');
    expect((await call('get', 'products', { key, secret })).status).toBe(200);
    const written = await call('post', 'products', { key, secret, body: { name: 'x' } });
    expect([written.status, codeOf(written)]).toEqual([
      401,
      'woocommerce_rest_authentication_error',
    ]);
  });

  function signedUrl(path: string, timestamp: number): string {
    const parameters = new URLSearchParams({
      oauth_consumer_key: store.consumerKey,
      oauth_nonce: 'n1',
      oauth_signature_method: 'HMAC-SHA256',
      oauth_timestamp: String(timestamp),
    });
    const address = `${store.url}/wp-json/wc/v3/${path}`;
    const base = ['GET', address, parameters.toString()].map(encodeURIComponent).join('&');
    const signature = createHmac('sha256', `${store.consumerSecret}&`)
      .update(base)
      .digest('base64');
    parameters.set('oauth_signature', signature);
    return `${address}?${parameters.toString()}`;
  }
});

describe('listing', () => {
  it('pages as recorded, and answers an empty page past the end', async () => {
    for (let n = 0; n < 7; n += 1) store.addProduct({ name: `P${n}`, stock: n });
    const params = { per_page: 2, page: 2, orderby: 'id', order: 'asc' };
    const second = await call('get', 'products', { params });
    expect(second.headers).toMatchObject({ 'x-wp-total': '7', 'x-wp-totalpages': '4' });
    expect(second.headers['link']).toMatch(/page=1.*rel="prev", .*page=3.*rel="next"/);
    expect((await call('get', 'products', { params: { ...params, page: 9 } })).body).toEqual([]);
    expect((await call('get', 'products', { params: { per_page: 101 } })).status).toBe(400);
  });

  it('finds variations by SKU only, and picks fields', async () => {
    store.addProduct({ name: 'Tee', variations: [{ option: 'S', sku: 'TEE-S', stock: 1 }] });
    mug();
    const all = await call('get', 'products', { params: { _fields: 'id,type' } });
    expect((all.body as { type: string }[]).map(({ type }) => type).sort()).toEqual([
      'simple',
      'variable',
    ]);
    const bySku = await call('get', 'products', { params: { sku: 'TEE-S,MUG', _fields: 'sku' } });
    expect(bySku.body).toEqual(expect.arrayContaining([{ sku: 'TEE-S' }, { sku: 'MUG' }]));
  });

  it('lists what changed strictly after a second', async () => {
    const clock = virtualClock(new Date('2026-07-01T12:00:00Z'));
    await store.close();
    await open({}, clock);
    const first = mug();
    await clock.advance(2_000);
    const second = store.addProduct({ name: 'Cup', stock: 1 });
    const params = { modified_after: '2026-07-01T12:00:00', dates_are_gmt: true, _fields: 'id' };
    expect((await call('get', 'products', { params })).body).toEqual([{ id: second.id }]);
    store.placeOrder({ lines: [{ productId: first.id, quantity: 1 }] });
    expect((await call('get', 'products', { params })).body).toHaveLength(2);
  });
});

describe('stock', () => {
  it('counts only where it is managed, and follows a parent that manages it', async () => {
    const loose = store.addProduct({ name: 'Gift card' });
    await call('put', `products/${loose.id}`, { body: { stock_quantity: 5 } });
    const tee = store.addProduct({
      name: 'Tee',
      stock: 33,
      variations: [{ option: 'S' }, { option: 'M' }],
    });
    const child = `products/${tee.id}/variations/${tee.variations[0]?.id}`;
    await call('put', child, { body: { stock_quantity: 1 } });
    const shown = await call('get', child);
    expect((await call('get', `products/${loose.id}`)).body).toMatchObject({
      stock_quantity: null,
    });
    expect(shown.body).toMatchObject({ manage_stock: 'parent', stock_quantity: 33 });
  });

  it('takes anything in a batch, and says so among the broken promises', async () => {
    const { id } = mug();
    const update = [{ id, stock_quantity: 'x' }];
    expect((await call('post', 'products/batch', { body: { update } })).status).toBe(200);
    expect(store.stockOf(id)).toBe(0);
    expect(store.invariants()).toHaveLength(1);
  });

  // Observed, in the order of the table "Woo's own movements".
  it.each<[string, string, (id: number, line: number) => void, number]>([
    ['pending takes nothing', 'pending', () => undefined, 12],
    ['processing takes once', 'processing', (id) => store.setStatus(id, 'completed'), 10],
    ['on hold takes', 'on-hold', () => undefined, 10],
    ['cancelled gives back', 'processing', (id) => store.setStatus(id, 'cancelled'), 12],
    ['so it does from completed', 'completed', (id) => store.setStatus(id, 'cancelled'), 12],
    ['pending gives back', 'processing', (id) => store.setStatus(id, 'pending'), 12],
    ['failed does not', 'processing', (id) => store.setStatus(id, 'failed'), 10],
    ['the trash does not', 'processing', (id) => store.trash(id), 10],
    ['a forced deletion does not', 'processing', (id) => store.forceDelete(id), 10],
    [
      'a refund gives back what it names',
      'processing',
      (id, lineId) => store.refund(id, { lines: [{ lineId, quantity: 1 }] }),
      11,
    ],
    [
      'a refund without restocking does not',
      'processing',
      (id, lineId) => store.refund(id, { lines: [{ lineId, quantity: 1 }], restock: false }),
      10,
    ],
  ])('%s', (_, status, act, left) => {
    const { id } = mug(12);
    const order = store.placeOrder({ lines: [{ productId: id, quantity: 2 }], status });
    act(order.id, order.lines[0]?.id ?? 0);
    expect(store.stockOf(id)).toBe(left);
    expect(store.invariants()).toEqual([]);
  });

  it('moves with edited lines, and an order refunded in full is refunded', async () => {
    const { id } = mug(12);
    const order = store.placeOrder({ lines: [{ productId: id, quantity: 2 }] });
    const line = order.lines[0]?.id ?? 0;
    const edit = { line_items: [{ id: line, quantity: 5 }] };
    await call('put', `orders/${order.id}`, { body: edit });
    expect(store.stockOf(id)).toBe(7);
    store.refund(order.id, { lines: [{ lineId: line, quantity: 5 }] });
    expect([order.status, store.stockOf(id)]).toEqual(['refunded', 12]);
  });

  it('is refused at the checkout when sold out, but not to an order typed in', async () => {
    const { id } = mug(1);
    const lines = [{ productId: id, quantity: 5 }];
    expect(() => store.placeOrder({ lines })).toThrow(SoldOutError);
    const body = { set_paid: true, line_items: [{ product_id: id, quantity: 5 }] };
    expect((await call('post', 'orders', { body })).status).toBe(201);
    expect(store.stockOf(id)).toBe(-4);
  });

  it('keeps its books over thousands of orders', () => {
    const items = Array.from({ length: 300 }, (_, n) =>
      store.addProduct({ name: `P${n}`, sku: `P${n}`, price: '5.00', stock: 100 }),
    );
    const placedAt = new Date('2026-01-01T00:00:00Z');
    store.importPastOrders(
      Array.from({ length: 3_000 }, (_, n) => ({
        placedAt,
        status: 'completed',
        lines: [{ productId: items[n % 300]?.id ?? 0, quantity: 1 }],
      })),
    );
    for (let n = 0; n < 1_000; n += 1) {
      store.placeOrder({ lines: [{ sku: `P${n % 300}`, quantity: 2 }] });
    }
    expect(store.control.items()).toHaveLength(300);
    expect(store.invariants()).toEqual([]);
  });
});
