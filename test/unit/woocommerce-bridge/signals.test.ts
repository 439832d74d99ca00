import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';

import { readSignal } from '../../../woocommerce-bridge/webhooks';

const SECRET = 'a secret made at random';

function delivery(topic: string, body: string | Uint8Array, more: Record<string, string> = {}) {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-wc-webhook-topic': topic,
      'x-wc-webhook-id': '7',
      'x-wc-webhook-delivery-id': 'd1',
      'x-wc-webhook-signature': createHmac('sha256', SECRET).update(bytes).digest('base64'),
      ...more,
    },
    body: bytes,
  };
}

const signalOf = (topic: string, body: unknown, more: Record<string, string> = {}) => {
  const outcome = readSignal(delivery(topic, JSON.stringify(body), more), SECRET);
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.value;
};

describe('what a delivery concerns', () => {
  it.each([
    ['order.created', { id: 56, status: 'trash' }, { kind: 'order', orderRef: '56' }],
    ['order.deleted', { id: 56 }, { kind: 'order', orderRef: '56' }],
    ['order.restored', { id: '56' }, { kind: 'order', orderRef: '56' }],
    [
      'product.updated',
      { id: 12, type: 'variation', parent_id: 11, manage_stock: true, stock_quantity: 9 },
      { kind: 'listing', listingRef: 'variation:11:12', claimed: 9 },
    ],
    [
      'product.updated',
      { id: 12, type: 'variation', parent_id: 11, manage_stock: 'parent', stock_quantity: 33 },
      { kind: 'listing', listingRef: 'variation:11:12', claimed: null },
    ],
    [
      'product.updated',
      { id: 11, type: 'variable', manage_stock: true, stock_quantity: 33, variations: [12] },
      { kind: 'stock', stockRef: 'product:11', locationRef: '', claimed: 33 },
    ],
    ['product.deleted', { id: 10 }, { kind: 'product', productRef: 'product:10' }],
    [
      'product.updated',
      { id: 11, type: 'variable', manage_stock: false, variations: [12] },
      { kind: 'product', productRef: 'product:11' },
    ],
    [
      'product.updated',
      { id: 10, type: 'simple', manage_stock: false, stock_quantity: null },
      { kind: 'listing', listingRef: 'product:10', claimed: null },
    ],
  ])('%s %j', (topic, body, concerns) => {
    expect(signalOf(topic, body).concerns).toEqual(concerns);
  });

  it('knows that a signed error object stands for something deleted', () => {
    const code = 'woocommerce_rest_shop_order_invalid_id';
    const bare = signalOf('order.updated', { code, message: 'Invalid ID.', data: { status: 404 } });
    expect(bare.concerns.kind).toBe('nothing');
    const named = signalOf('order.updated', { code, data: { status: 404, resource_id: 56 } });
    expect(named.concerns).toEqual({ kind: 'order', orderRef: '56' });
  });

  it('passes over topics that tell nothing', () => {
    expect(signalOf('coupon.created', { id: 1 }).concerns.kind).toBe('nothing');
    expect(signalOf('order.updated', { id: 0 }).concerns.kind).toBe('nothing');
  });
});

describe('which deliveries are the same', () => {
  const body = { id: 10, manage_stock: true, stock_quantity: 4 };
  const key = (topic: string, content: unknown, more = {}) =>
    signalOf(topic, content, more).dedupeKey;

  it('does not go by the delivery id, which many deliveries share', () => {
    const first = key('product.updated', body);
    expect(key('product.updated', body, { 'x-wc-webhook-delivery-id': 'd2' })).toBe(first);
    expect(key('product.updated', { ...body, id: 11 })).not.toBe(first);
    expect(key('product.updated', { ...body, stock_quantity: 5 })).not.toBe(first);
    expect(key('product.restored', body)).not.toBe(first);
    expect(key('product.updated', body, { 'x-wc-webhook-id': '8' })).not.toBe(first);
  });

  it('tells a second deletion from the first', () => {
    const first = key('order.deleted', { id: 56 });
    expect(key('order.deleted', { id: 56 })).toBe(first);
    expect(key('order.deleted', { id: 56 }, { 'x-wc-webhook-delivery-id': 'd2' })).not.toBe(first);
  });
});

describe('what is refused', () => {
  const good = JSON.stringify({ id: 21, status: 'on-hold' });
  const codeOf = (request: ReturnType<typeof delivery>, secret = SECRET) => {
    const outcome = readSignal(request, secret);
    return outcome.status === 'refused' ? outcome.reason.code : outcome.status;
  };

  it('a body or secret that does not fit the signature', () => {
    const request = delivery('order.updated', good);
    const tampered = { ...request, body: Buffer.from(good.replace('21', '22')) };
    const truncated = { ...request, body: request.body.subarray(0, 10) };
    expect(codeOf(request)).toBe('done');
    expect(codeOf(tampered)).toBe('unauthorized');
    expect(codeOf(truncated)).toBe('unauthorized');
    expect(codeOf(request, 'another secret')).toBe('unauthorized');
    expect(codeOf(request, '')).toBe('unauthorized');
    for (const signature of ['', 'x', '====', 'é'.repeat(44), 'A'.repeat(10_000)]) {
      expect(codeOf(delivery('order.updated', good, { 'x-wc-webhook-signature': signature }))).toBe(
        'unauthorized',
      );
    }
  });

  it('an unsigned message that is not exactly a ping', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
    const unsigned = (headers: Record<string, string>, body: string) =>
      codeOf({ method: 'POST', headers, body: Buffer.from(body) } as ReturnType<typeof delivery>);
    expect(unsigned(form, 'webhook_id=7')).toBe('done');
    expect(unsigned(form, 'webhook_id=7&id=5')).toBe('unauthorized');
    expect(unsigned(form, `webhook_id=${'7'.repeat(100)}`)).toBe('unauthorized');
    expect(unsigned({ 'content-type': 'application/json' }, 'webhook_id=7')).toBe('unauthorized');
    expect(unsigned({}, good)).toBe('unauthorized');
  });

  it.each([
    ['', 'order.updated'],
    ['   ', 'order.updated'],
    ['{"id":21', 'order.updated'],
    ['[1]', 'order.updated'],
    ['"x"', 'order.updated'],
    ['null', 'order.updated'],
    [good, ''],
    [good, '../order'],
  ])('signed %j with topic %j', (body, topic) => {
    expect(codeOf(delivery(topic, body))).toBe('validation');
  });

  it('bytes that are no text', () => {
    expect(codeOf(delivery('order.updated', Buffer.from([0xff, 0xfe, 0x00, 0x80])))).toBe(
      'validation',
    );
  });
});
