import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

import { createWooCommerceChannel, readGrant } from '../../woocommerce-bridge/index';
import {
  NO_COMPANIONS,
  mapOrder,
  mapProduct,
  mapVariation,
} from '../../woocommerce-bridge/mapping';
import { refOfWritten } from '../../woocommerce-bridge/parcels';
import { readSignal } from '../../woocommerce-bridge/webhooks';
import {
  WITHOUT_CAPTURES,
  bodyOf,
  capturesPresent,
  readCapture,
} from '../unit/woocommerce-bridge/captures';
import type { Capture, Recorded } from '../unit/woocommerce-bridge/captures';

const UNITS = { currency: 'USD', gramsPerWeightUnit: 1000 };
const SECRET = `cs_${'5ec2e7'.repeat(7).slice(0, 40)}`;

const requestOf = (capture: Capture, body = Buffer.from(capture.body_raw)) => ({
  method: 'POST',
  headers: capture.headers,
  body,
});

describe.skipIf(!capturesPresent)(`recorded webhooks${WITHOUT_CAPTURES}`, () => {
  it.each([
    ['webhook-order-created', 'order.created', { kind: 'order', orderRef: '21' }],
    ['webhook-order-updated', 'order.updated', { kind: 'order', orderRef: '21' }],
    [
      'webhook-product-updated',
      'product.updated',
      { kind: 'listing', listingRef: 'product:10', claimed: 17 },
    ],
    [
      'webhook-product-updated-variation',
      'product.updated',
      { kind: 'listing', listingRef: 'variation:11:12', claimed: 9 },
    ],
  ])('%s is verified on its raw bytes', (name, topic, concerns) => {
    const capture = readCapture(name);
    const outcome = readSignal(requestOf(capture), capture.secret);
    expect(outcome).toMatchObject({ status: 'done', value: { topic, concerns } });
    // Encoded again, the same JSON no longer has the bytes that were signed.
    const again = Buffer.from(JSON.stringify(capture.body));
    expect(readSignal(requestOf(capture, again), capture.secret)).toMatchObject({
      status: 'refused',
      reason: { code: 'unauthorized' },
    });
  });

  it('are refused when tampered with, cut short, or signed with another secret', () => {
    const capture = readCapture('webhook-order-created');
    const tampered = Buffer.from(capture.body_raw.replace('"quantity":3', '"quantity":1'));
    const cut = Buffer.from(capture.body_raw.slice(0, -1));
    for (const outcome of [
      readSignal(requestOf(capture, tampered), capture.secret),
      readSignal(requestOf(capture, cut), capture.secret),
      readSignal(requestOf(capture), 'whsec-test '),
    ]) {
      expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'unauthorized' } });
    }
  });

  it('have keys of their own though two of them share body or delivery id', () => {
    const names = [
      'order-created',
      'order-updated',
      'product-updated',
      'product-updated-variation',
    ];
    const keys = names.map((name) => {
      const capture = readCapture(`webhook-${name}`);
      const outcome = readSignal(requestOf(capture), capture.secret);
      return outcome.status === 'done' ? outcome.value.dedupeKey : '';
    });
    expect(new Set(keys).size).toBe(4);
  });

  it('include the ping, which is not signed and concerns nothing', () => {
    const capture = readCapture('webhook-ping');
    const request = requestOf(capture, Buffer.from(capture.body as string));
    const outcome = readSignal(request, 'whsec-test');
    expect(outcome).toMatchObject({ status: 'done', value: { concerns: { kind: 'nothing' } } });
  });
});

describe.skipIf(!capturesPresent)(`recorded bodies${WITHOUT_CAPTURES}`, () => {
  it('a simple product', () => {
    expect(mapProduct(bodyOf('product-simple'), UNITS)).toEqual({
      ref: 'product:10',
      productRef: 'product:10',
      stockRef: 'product:10',
      sku: 'TOTE-1',
      barcode: '0123456789012',
      title: 'Canvas Tote',
      variantTitle: null,
      tracked: true,
      active: true,
      backorders: false,
      weightGrams: 400,
      price: { minor: 2400, currency: 'USD' },
      stock: [{ stockRef: 'product:10', locationRef: '', available: 12, committed: 0 }],
    });
  });

  it('a variable product and its variations', () => {
    const parent = bodyOf('product-variable-parent');
    expect(mapProduct(parent, UNITS)).toBeNull();
    const created = bodyOf('variations-batch-create')['create'] as Recorded[];
    const listings = [bodyOf('variation'), ...created].map((body) =>
      mapVariation(body, parent, UNITS),
    );
    expect(listings.map((listing) => listing?.ref)).toEqual([
      'variation:11:12',
      'variation:11:12',
      'variation:11:13',
    ]);
    expect(listings[2]).toMatchObject({ title: 'Tee', variantTitle: 'M', sku: 'TEE-M' });
    expect(listings[2]?.stock[0]?.available).toBe(7);
  });

  it('a paid order', () => {
    const order = mapOrder(bodyOf('order-created'), NO_COMPANIONS);
    expect(order).toMatchObject({
      ref: '20',
      name: '#20',
      version: '2026-11-24T04:02:10.000Z',
      stage: 'open',
      paymentStatus: 'paid',
      total: { minor: 7100, currency: 'USD' },
      email: 'ada@example.test',
      shippingMethod: 'Flat',
      shipTo: { name: 'Ada L', province: 'CA', countryCode: 'US', phone: '5550100', company: null },
    });
    expect(order?.lines).toMatchObject([
      { ref: '2', listingRef: 'product:10', quantity: 2, unitPrice: { minor: 2400 } },
      { ref: '3', listingRef: 'variation:11:12', quantity: 1, fulfilledQuantity: 0 },
    ]);
  });

  it('a completed order and one on hold that nobody has an address for', () => {
    const completed = mapOrder(bodyOf('order-completed-with-tracking-meta'), NO_COMPANIONS);
    expect(completed?.stage).toBe('fulfilled');
    expect(completed?.lines.map((line) => line.fulfilledQuantity)).toEqual([2, 1]);
    const held = mapOrder(bodyOf('webhook-order-created'), NO_COMPANIONS);
    expect(held).toMatchObject({ stage: 'open', paymentStatus: 'on-hold', shipTo: null });
  });

  it('refunds, which lower the line they name', () => {
    const refunds = readCapture('refunds-collection').body as Recorded[];
    const line = { id: 7, product_id: 10, variation_id: 0, quantity: 3, price: 24, name: 'Tote' };
    const order = {
      ...bodyOf('order-created'),
      id: 23,
      line_items: [line],
      date_completed_gmt: null,
    };
    const lower = mapOrder(order, { ...NO_COMPANIONS, refunds });
    expect(lower?.lines[0]?.quantity).toBe(1);
    const one = mapOrder(order, { ...NO_COMPANIONS, refunds: [bodyOf('refund-created')] });
    expect(one?.lines[0]?.quantity).toBe(2);
  });

  it('a fulfillment, and a key pair as the store grants it', () => {
    const core = { kind: 'core' as const, fulfillments: [] };
    expect(refOfWritten(core, bodyOf('fulfillment-created'))).toBe('fulfillment:1');
    expect(readGrant(bodyOf('wc-auth-callback'))).toMatchObject({
      state: 'tenant-42',
      keyId: '3',
      mayWrite: true,
    });
  });
});

/** A server on loopback that answers each request with the next recorded answer. */
type Step = { readonly status: number; readonly body: unknown };
type Seen = { readonly method: string; readonly url: string; readonly body: string };

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function replay(steps: readonly Step[]) {
  const seen: Seen[] = [];
  const left = [...steps];
  const server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      seen.push({ method: incoming.method ?? '', url: incoming.url ?? '', body });
      const step = left.shift() ?? { status: 500, body: { code: 'no_more_steps' } };
      outgoing.writeHead(step.status, { 'content-type': 'application/json; charset=UTF-8' });
      outgoing.end(typeof step.body === 'string' ? step.body : JSON.stringify(step.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  const channel = createWooCommerceChannel(
    {
      accountUrl: `http://127.0.0.1:${port}`,
      credentials: { consumerKey: `ck_${'0'.repeat(40)}`, consumerSecret: SECRET },
      now: () => new Date(),
      log: { info: () => undefined, warn: () => undefined },
    },
    { allowPrivateAddresses: true, sleep: () => Promise.resolve() },
  );
  return { channel, seen };
}

const recorded = (name: string): Step => {
  const capture = readCapture(name);
  return { status: capture.status, body: capture.body };
};

describe.skipIf(!capturesPresent)(`recorded answers, replayed${WITHOUT_CAPTURES}`, () => {
  it.each([
    ['error-not-found', 'done', null],
    ['error-invalid-param', 'refused', 'validation'],
    ['error-duplicate-sku', 'refused', 'validation'],
    ['error-batch-limit', 'refused', 'validation'],
  ])('%s', async (name, status, code) => {
    const { channel } = await replay([recorded(name)]);
    const outcome = await channel.getOrder('99999');
    expect(outcome.status).toBe(status);
    if (outcome.status === 'refused') {
      const message = (recorded(name).body as { message: string }).message;
      expect(outcome.reason.code).toBe(code);
      expect(outcome.reason.message).toContain(message);
    }
    if (outcome.status === 'done') expect(outcome.value).toBeNull();
  });

  it('a batch of which one item was not there and one was read as zero', async () => {
    const present = (id: number, quantity: number) => ({
      id,
      manage_stock: true,
      stock_quantity: quantity,
    });
    const batch = recorded('batch-partial-failure');
    const { channel, seen } = await replay([
      { status: 200, body: [present(10, 12), present(14, 5), present(99999, 3)] },
      batch,
      { status: 200, body: [present(10, 50), present(14, 0)] },
    ]);
    const entry = (id: number, quantity: number) => ({
      listingRef: `product:${id}`,
      stockRef: `product:${id}`,
      locationRef: '',
      quantity,
      expected: null,
    });
    const outcomes = await channel.publishStock(
      [entry(10, 50), entry(99999, 1), entry(14, 7)],
      'k',
    );
    expect(outcomes[0]).toEqual({ status: 'done', value: { kind: 'set', quantity: 50 } });
    expect(outcomes[1]).toMatchObject({ status: 'refused', reason: { code: 'not_found' } });
    // The store stored 0 instead of what it was sent: nothing that may pass for a success.
    expect(outcomes[2]).toEqual({ status: 'done', value: { kind: 'stale', actual: 0 } });
    expect(JSON.parse(seen[1]?.body ?? '')).toEqual({
      update: [
        { id: 10, stock_quantity: 50 },
        { id: 99999, stock_quantity: 1 },
        { id: 14, stock_quantity: 7 },
      ],
    });
  });

  it('a fulfillment made, and one that would send more than was ordered', async () => {
    const order = recorded('order-created');
    const report = (quantity: number) => ({
      orderRef: '20',
      lines: [{ lineRef: '2', quantity }],
      locationRef: null,
      trackingCompany: 'UPS',
      trackingNumber: '1Z999AA10123456784',
      trackingUrl: 'https://www.ups.com/track?tracknum=1Z999AA10123456784',
      notifyCustomer: false,
      shippedAt: new Date('2026-11-24T04:06:33Z'),
      otherRefs: [],
    });
    const made = await replay([
      { ...order, status: 200 },
      { status: 200, body: [] },
      recorded('fulfillment-created'),
    ]);
    expect(await made.channel.reportFulfillment(report(1), 'k1')).toEqual({
      status: 'done',
      value: 'fulfillment:1',
    });
    const sent = JSON.parse(made.seen[2]?.body ?? '') as { meta_data: { key: string }[] };
    const asked = (readCapture('fulfillment-created') as unknown as { request: { body: unknown } })
      .request.body as { meta_data: { key: string }[] };
    const keys = (body: { meta_data: { key: string }[] }) => body.meta_data.map(({ key }) => key);
    expect(keys(sent)).toEqual(expect.arrayContaining(keys(asked)));
    expect({ ...sent, meta_data: [] }).toEqual({ ...asked, meta_data: [] });

    const again = await replay([
      { ...order, status: 200 },
      { status: 200, body: [bodyOf('fulfillment-created')] },
    ]);
    expect(await again.channel.reportFulfillment(report(1), 'k1')).toEqual({
      status: 'duplicate',
      value: 'fulfillment:1',
    });
    const over = await replay([
      { ...order, status: 200 },
      { status: 200, body: [] },
    ]);
    expect(await over.channel.reportFulfillment(report(9), 'k2')).toMatchObject({
      status: 'refused',
      reason: { code: 'validation' },
    });
    expect(over.seen.every(({ method }) => method === 'GET')).toBe(true);
  });
});

describe('answers that are not WooCommerce talking', () => {
  const odd: [string, Step][] = [
    ['a page', { status: 200, body: '<html>hello</html>' }],
    ['nothing', { status: 200, body: '' }],
    ['half of it', { status: 200, body: '{"id": 20, "status"' }],
    ['a PHP warning before it', { status: 200, body: '<br />Warning: x{"id":20}' }],
    ['502', { status: 502, body: '<h1>Bad Gateway</h1>' }],
  ];
  it.each(odd)('a read that gets %s is for later, after a few tries', async (_, step) => {
    const { channel, seen } = await replay([step, step, step, step]);
    expect((await channel.getOrder('20')).status).toBe('retry_later');
    expect(seen).toHaveLength(3);
    // Each try is signed anew: a nonce seen before would be refused.
    expect(new Set(seen.map(({ url }) => /oauth_nonce=\w+/.exec(url)?.[0])).size).toBe(3);
  });

  it.each([
    [404, '<h1>Not found</h1>', 'permanent'],
    [404, { code: 'rest_no_route', message: 'No route', data: { status: 404 } }, 'permanent'],
    [404, { code: 'plugin_says_no', message: 'x', data: { status: 404 } }, 'not_found'],
    [301, '', 'permanent'],
    [401, '<h1>Password please</h1>', 'unauthorized'],
    [403, '<h1>Firewall</h1>', 'unauthorized'],
    [401, { code: 'woocommerce_rest_cannot_view', message: 'x' }, 'unauthorized'],
  ])('%i %j never passes for an order that is gone', async (status, body, code) => {
    const { channel } = await replay([{ status, body }]);
    expect(await channel.getOrder('20')).toMatchObject({ status: 'refused', reason: { code } });
  });

  it('a byte order mark before good JSON is ignored', async () => {
    const gone = { code: 'woocommerce_rest_shop_order_invalid_id', message: 'Invalid ID.' };
    const { channel } = await replay([{ status: 404, body: `\uFEFF${JSON.stringify(gone)}` }]);
    expect(await channel.getOrder('20')).toEqual({ status: 'done', value: null });
  });
});
