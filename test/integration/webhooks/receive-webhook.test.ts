/**
 * Goal: a message of a store is verified, stored once with its job, and answered; anything else is
 * refused clearly and leaves nothing behind.
 * Method: real HTTP to the endpoints as they are served; judged by answers and by rows.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDatabase } from '#app/platform/database';
import { replayInboxEvent } from '#app/store/inbox';
import type { WebServer } from '#app/web';
import { createTestDatabase } from '../../support/test-database';
import { insertConnection, shopifyHeaders, sign, startWebhookServer } from './webhook-server';

const { db } = await createTestDatabase();
const SHOP = 'north-star.myshopify.com';
const WOO_SECRET = 'whsec-test';
const CAPTURES = path.resolve('..', 'shared', 'contracts', 'woocommerce');
const TEN_MEGABYTES = 10 * 1024 * 1024;

let server: WebServer;
let shopify: { readonly id: string; readonly merchantId: string };
let woo: { readonly id: string; readonly merchantId: string };

beforeAll(async () => {
  server = await startWebhookServer(db);
  shopify = await insertConnection(db, { kind: 'shopify', account: SHOP });
  const store = { kind: 'woocommerce', account: 'https://shop.test', secret: WOO_SECRET } as const;
  woo = await insertConnection(db, store);
});
afterAll(() => server.close(1_000));
beforeEach(async () => {
  await db.query('TRUNCATE inbox_event, job');
});

const wooUrl = () => `${server.url}/webhooks/woocommerce/${woo.id}`;
const shopifyUrl = () => `${server.url}/webhooks/shopify`;
const orderBody = (id = '820982911946154508', note = '') =>
  `{"id":${id},"admin_graphql_api_id":"gid://shopify/Order/${id}","note":"${note}"}`;

async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly code: unknown }> {
  const response = await fetch(url, { method: 'POST', body, headers });
  const text = await response.text();
  const problem = text === '' ? {} : (JSON.parse(text) as { readonly code?: unknown });
  return { status: response.status, code: problem.code };
}

function wooHeaders(body: string | Uint8Array, more: Readonly<Record<string, string>> = {}) {
  return {
    'content-type': 'application/json',
    'x-wc-webhook-topic': 'order.updated',
    'x-wc-webhook-id': '1',
    'x-wc-webhook-delivery-id': randomUUID(),
    'x-wc-webhook-signature': sign(WOO_SECRET, body),
    ...more,
  };
}

async function counts(): Promise<{ readonly events: number; readonly jobs: number }> {
  return db.one(
    `SELECT (SELECT count(*) FROM inbox_event) AS events, (SELECT count(*) FROM job) AS jobs`,
  );
}

describe('a Shopify message', () => {
  test('is stored as it was signed, with one job that looks again', async () => {
    const body = orderBody('820982911946154508', 'schön');
    const headers = shopifyHeaders(SHOP, body, { 'x-shopify-event-id': 'event-1' });
    expect(await post(shopifyUrl(), body, headers)).toEqual({ status: 200, code: undefined });
    const event = await db.one<Record<string, unknown>>('SELECT * FROM inbox_event');
    expect(event).toMatchObject({
      merchant_id: shopify.merchantId,
      connection_id: shopify.id,
      topic: 'orders/updated',
      event_ref: 'event-1',
      concerns: { kind: 'order', orderRef: 'gid://shopify/Order/820982911946154508' },
      body,
      state: 'received',
    });
    const key = `order:${shopify.id}:gid://shopify/Order/820982911946154508`;
    expect(await db.one<Record<string, unknown>>('SELECT * FROM job')).toMatchObject({
      kind: 'look-again',
      merchant_id: shopify.merchantId,
      connection_id: shopify.id,
      serial_key: key,
      dedupe_key: `look-again:${key}`,
      state: 'queued',
    });
  });

  test('sent again is answered and changes nothing', async () => {
    const body = orderBody();
    const headers = shopifyHeaders(SHOP, body);
    for (let time = 0; time < 3; time += 1) {
      expect((await post(shopifyUrl(), body, headers)).status).toBe(200);
    }
    expect(await counts()).toEqual({ events: 1, jobs: 1 });
  });

  test('about a thing that a waiting job will look at joins that job', async () => {
    for (const note of ['a', 'b']) {
      const body = orderBody('1', note);
      expect((await post(shopifyUrl(), body, shopifyHeaders(SHOP, body))).status).toBe(200);
    }
    expect(await counts()).toEqual({ events: 2, jobs: 1 });
  });

  test('that concerns nothing is kept with the reason, without a job', async () => {
    const body = '{"id":1}';
    const headers = shopifyHeaders(SHOP, body, { 'x-shopify-topic': 'themes/publish' });
    expect((await post(shopifyUrl(), body, headers)).status).toBe(200);
    expect(await counts()).toEqual({ events: 1, jobs: 0 });
    const event = await db.one<{ state: string; detail: string; body: string }>(
      'SELECT * FROM inbox_event',
    );
    expect(event).toMatchObject({ state: 'ignored', body: '' });
    expect(event.detail).not.toBe('');
  });

  test('about shipping work is kept without its text, which nothing reads', async () => {
    const gid = 'gid://shopify/FulfillmentOrder/1';
    const body = `{"fulfillment_order":{"id":"${gid}","destination":{"address1":"1 Pine Street"}}}`;
    const topic = 'fulfillment_orders/placed_on_hold';
    const headers = shopifyHeaders(SHOP, body, { 'x-shopify-topic': topic });
    expect((await post(shopifyUrl(), body, headers)).status).toBe(200);
    const event = await db.one<Record<string, unknown>>('SELECT * FROM inbox_event');
    expect(event).toMatchObject({ state: 'received', body: '', concerns: { kind: 'work' } });
    const replayed = await replayInboxEvent(db, shopify.merchantId, String(event['id']));
    expect(replayed).toMatchObject({ connectionId: shopify.id });
  });

  test('of a shop that removed the app is kept only if it is about the account', async () => {
    const account = 'gone.myshopify.com';
    const gone = await insertConnection(db, { kind: 'shopify', account });
    await db.query(`UPDATE connection SET status = 'disconnected' WHERE id = $1`, [gone.id]);
    const order = orderBody('9');
    expect((await post(shopifyUrl(), order, shopifyHeaders(account, order))).status).toBe(200);
    expect(await counts()).toEqual({ events: 0, jobs: 0 });
    const body = `{"shop_id":1,"shop_domain":"${account}"}`;
    const headers = shopifyHeaders(account, body, { 'x-shopify-topic': 'shop/redact' });
    expect((await post(`${shopifyUrl()}/compliance`, body, headers)).status).toBe(200);
    expect(await counts()).toEqual({ events: 1, jobs: 1 });
  });

  test('of the compliance topics goes to its own address and is kept', async () => {
    const body = `{"shop_id":1,"shop_domain":"${SHOP}","customer":{"id":7},"orders_to_redact":[1]}`;
    const headers = shopifyHeaders(SHOP, body, { 'x-shopify-topic': 'customers/redact' });
    const { status } = await post(`${shopifyUrl()}/compliance`, body, headers);
    expect(status).toBe(200);
    expect(await counts()).toEqual({ events: 1, jobs: 1 });
  });

  test('of a shop we do not know is taken and forgotten, so that it is not repeated', async () => {
    const body = orderBody();
    const headers = shopifyHeaders('stranger.myshopify.com', body);
    expect((await post(shopifyUrl(), body, headers)).status).toBe(200);
    expect(await counts()).toEqual({ events: 0, jobs: 0 });
  });

  test.each([
    ['unsigned', 400, (body: string) => [body, { 'x-shopify-hmac-sha256': '' }] as const],
    [
      'signed by another',
      401,
      (body: string) => [body, { 'x-shopify-hmac-sha256': sign('no', body) }] as const,
    ],
    ['changed', 401, (body: string) => [body.replace('{', '{ '), {}] as const],
    ['cut short', 401, (body: string) => [body.slice(0, -5), {}] as const],
    ['empty', 400, () => ['', {}] as const],
  ])('that is %s is refused and leaves nothing', async (_what, status, change) => {
    const body = orderBody();
    const [sent, more] = change(body);
    const answer = await post(shopifyUrl(), sent, { ...shopifyHeaders(SHOP, body), ...more });
    // Without any signature at all a sender may hear either of the two.
    expect([status, 401]).toContain(answer.status);
    expect(await counts()).toEqual({ events: 0, jobs: 0 });
  });

  test.each(['not json', '[]', '{"id":"one"}', '{}'])(
    'that is signed and reads %s is refused',
    async (body) => {
      const answer = await post(shopifyUrl(), body, shopifyHeaders(SHOP, body));
      expect(answer).toEqual({ status: 400, code: 'unreadable' });
      expect(await counts()).toEqual({ events: 0, jobs: 0 });
    },
  );
});

describe('any message', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])(
    'sent with %s is refused',
    async (method) => {
      for (const url of [shopifyUrl(), `${shopifyUrl()}/compliance`, wooUrl()]) {
        const response = await fetch(url, { method });
        expect(response.status).toBe(405);
        expect(response.headers.get('allow')).toBe('POST');
      }
    },
  );

  test('of ten megabytes is refused, declared or not', async () => {
    const body = Buffer.alloc(TEN_MEGABYTES, 32);
    const headers = wooHeaders(body);
    expect(await post(wooUrl(), body, headers)).toEqual({ status: 413, code: 'body_too_large' });
    expect(await postChunked(wooUrl(), body, headers)).toBe(413);
    expect(await counts()).toEqual({ events: 0, jobs: 0 });
    // And the server is none the worse for it.
    const small = orderBody('5');
    expect((await post(wooUrl(), small, wooHeaders(small))).status).toBe(200);
  });

  test('is answered with 503 while the database is away, so that it is sent again', async () => {
    const away = createDatabase('postgresql://nobody@127.0.0.1:1/none');
    const cut = await startWebhookServer(away);
    const body = orderBody();
    const response = await fetch(`${cut.url}/webhooks/shopify`, {
      method: 'POST',
      body,
      headers: shopifyHeaders(SHOP, body),
    });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await cut.close(1_000);
    await away.close();
  });

  test('three times each, in any order and all at once, is stored once', async () => {
    const deliveries = Array.from({ length: 40 }, (_one, index) => {
      const body = orderBody(String(index % 8), String(index));
      return { body, headers: shopifyHeaders(SHOP, body) };
    });
    const sent = [...deliveries, ...deliveries.toReversed(), ...deliveries];
    const answers = await Promise.all(
      sent.map(({ body, headers }) => post(shopifyUrl(), body, headers)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await counts()).toEqual({ events: 40, jobs: 8 });
  });
});

describe('a WooCommerce message', () => {
  test.each([
    ['unsigned', { 'x-wc-webhook-signature': '' }],
    ['signed by another', { 'x-wc-webhook-signature': sign('another', orderBody()) }],
  ])('that is %s is refused', async (_what, more) => {
    const body = orderBody();
    const answer = await post(wooUrl(), body, { ...wooHeaders(body), ...more });
    expect(answer).toEqual({ status: 401, code: 'bad_signature' });
    expect(await counts()).toEqual({ events: 0, jobs: 0 });
  });

  test.each(['not-an-id', randomUUID(), '%00', 'a'.repeat(500)])(
    'for a connection we do not have (%s) is refused',
    async (id) => {
      const body = orderBody();
      const url = `${server.url}/webhooks/woocommerce/${id}`;
      expect((await post(url, body, wooHeaders(body))).status).toBe(404);
    },
  );

  test('for a connection of another channel is refused', async () => {
    const body = orderBody();
    const url = `${server.url}/webhooks/woocommerce/${shopify.id}`;
    expect((await post(url, body, wooHeaders(body))).status).toBe(404);
  });

  test('for a store that was disconnected is refused', async () => {
    const gone = await insertConnection(db, {
      kind: 'woocommerce',
      account: 'https://gone.test',
      secret: WOO_SECRET,
    });
    await db.query(`UPDATE connection SET status = 'disconnected' WHERE id = $1`, [gone.id]);
    const body = orderBody();
    const url = `${server.url}/webhooks/woocommerce/${gone.id}`;
    expect((await post(url, body, wooHeaders(body))).status).toBe(404);
  });

  const captured = existsSync(CAPTURES)
    ? readdirSync(CAPTURES).filter((name) => /^webhook-(?!create-response).*\.json$/.test(name))
    : [];
  if (captured.length === 0) process.stdout.write(`No captured deliveries in ${CAPTURES}.\n`);

  test.runIf(captured.length > 0).each(captured)('as captured in %s is taken in', async (name) => {
    const capture = JSON.parse(readFileSync(path.join(CAPTURES, name), 'utf8')) as {
      readonly headers: Readonly<Record<string, string>>;
      readonly body_raw?: string;
      readonly body?: string;
      readonly secret?: string;
    };
    const body = capture.body_raw ?? capture.body ?? '';
    const {
      host: _host,
      connection: _connection,
      'content-length': _length,
      ...headers
    } = capture.headers;
    expect((await post(wooUrl(), body, headers)).status).toBe(200);
    expect((await post(wooUrl(), body, headers)).status).toBe(200);
    const { events } = await counts();
    // A ping is answered and not remembered.
    expect(events).toBe(capture.secret === undefined ? 0 : 1);
    if (events === 1) {
      const event = await db.one<{ body: string; connection_id: string }>(
        'SELECT * FROM inbox_event',
      );
      expect(event).toMatchObject({ body, connection_id: woo.id });
    }
  });
});

test('a server that is closed lets the request under way end', async () => {
  const own = await startWebhookServer(db);
  const body = orderBody('77');
  const [first, rest] = [body.slice(0, 10), body.slice(10)];
  const answered = new Promise<number>((resolve, reject) => {
    const request = httpRequest(`${own.url}/webhooks/shopify`, {
      method: 'POST',
      headers: { ...shopifyHeaders(SHOP, body), 'content-length': Buffer.byteLength(body) },
    });
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', reject);
    request.write(first, () => {
      setTimeout(() => {
        void own.close(30_000);
        setTimeout(() => request.end(rest), 50);
      }, 50);
    });
  });
  expect(await answered).toBe(200);
  await expect(fetch(`${own.url}/webhooks/shopify`)).rejects.toThrow();
});

/** Without a content-length. */
function postChunked(
  url: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.once('error', reject);
    Readable.from(chunksOf(body)).pipe(request);
  });
}

function* chunksOf(body: Uint8Array): Generator<Uint8Array> {
  const size = 64 * 1024;
  for (let start = 0; start < body.length; start += size) yield body.subarray(start, start + size);
}
