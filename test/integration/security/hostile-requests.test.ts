/**
 * Goal: messages that are tampered with, replayed, misdirected or monstrous change nothing and
 * cost little, and a client that is slow on purpose does not hold its connection. Method: real
 * servers on loopback; what is stored decides. Slow clients meet a server of less patience.
 */
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Socket, connect } from 'node:net';
import type { ServerBuild } from '@remix-run/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../app/platform/database';
import { silentLog } from '../../../app/platform/log';
import { PATIENCE, type WebServer, startWebServer } from '../../../app/web';
import { createTestDatabase } from '../../support/test-database';
import {
  SHOPIFY_SECRET,
  insertConnection,
  shopifyHeaders,
  sign,
  startWebhookServer,
} from '../webhooks/webhook-server';

const SHOP = 'harbor-goods.myshopify.com';
const WOO_SECRET = 'the secret of the store';
const ORDER = JSON.stringify({
  id: 820982911946154508,
  admin_graphql_api_id: 'gid://shopify/Order/820982911946154508',
});

let db: Database;
let server: WebServer;
let woo: string;

beforeAll(async () => {
  ({ db } = await createTestDatabase());
  server = await startWebhookServer(db);
  await insertConnection(db, { kind: 'shopify', account: SHOP });
  const store = { kind: 'woocommerce', account: 'https://s.example', secret: WOO_SECRET } as const;
  woo = `/webhooks/woocommerce/${(await insertConnection(db, store)).id}`;
});

afterAll(() => server.close(1_000));

const send = async (path: string, headers: Record<string, string>, body: string | Buffer) => {
  const answer = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers,
    body: body as BodyInit,
  });
  await answer.text();
  return answer.status;
};

const stored = async (): Promise<number> =>
  (await db.one<{ count: number }>(`SELECT count(*) AS count FROM inbox_event`)).count;

const wooHeaders = (body: string, more: Record<string, string> = {}) => ({
  'content-type': 'application/json',
  'x-wc-webhook-topic': 'order.updated',
  'x-wc-webhook-resource': 'order',
  'x-wc-webhook-event': 'updated',
  'x-wc-webhook-delivery-id': randomUUID().replaceAll('-', ''),
  'x-wc-webhook-signature': sign(WOO_SECRET, body),
  ...more,
});

describe('a message', () => {
  it('that was tampered with, or is signed by nobody we know, leaves nothing', async () => {
    const before = await stored();
    const headers = shopifyHeaders(SHOP, ORDER);
    const bad: readonly (readonly [string, Record<string, string>, string | Buffer])[] = [
      ['/webhooks/shopify', headers, ORDER.replace('820', '821')],
      ['/webhooks/shopify', headers, `${ORDER} `],
      [
        '/webhooks/shopify',
        headers,
        Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(ORDER)]),
      ],
      ['/webhooks/shopify', { ...headers, 'x-shopify-hmac-sha256': '' }, ORDER],
      ['/webhooks/shopify', without(headers, 'x-shopify-hmac-sha256'), ORDER],
      ['/webhooks/shopify', { ...headers, 'x-shopify-hmac-sha256': sign('other', ORDER) }, ORDER],
      [
        '/webhooks/shopify',
        { ...headers, 'x-shopify-hmac-sha256': sign(WOO_SECRET, ORDER) },
        ORDER,
      ],
      ['/webhooks/shopify/compliance', { ...headers, 'x-shopify-hmac-sha256': 'AAAA' }, ORDER],
      [woo, wooHeaders('{"id":7}'), '{"id":8}'],
      [woo, without(wooHeaders('{"id":7}'), 'x-wc-webhook-signature'), '{"id":7}'],
      [
        woo,
        wooHeaders('{"id":7}', { 'x-wc-webhook-signature': sign(SHOPIFY_SECRET, '{"id":7}') }),
        '{"id":7}',
      ],
    ];
    for (const [index, [path, given, body]] of bad.entries()) {
      expect([index, await send(path, given, body)]).toEqual([index, expect.toBeOneOf([400, 401])]);
    }
    expect(await stored()).toBe(before);
    expect(await send('/webhooks/shopify', headers, ORDER)).toBe(200);
    expect(await send(woo, wooHeaders('{"id":7}'), '{"id":7}')).toBe(200);
    expect(await stored()).toBe(before + 2);
  });

  it('that is sent again, later or by somebody else, is not taken twice', async () => {
    const headers = shopifyHeaders(SHOP, ORDER);
    expect(await send('/webhooks/shopify', headers, ORDER)).toBe(200);
    const before = await stored();
    await db.query(
      `UPDATE inbox_event SET received_at = now() - interval '20 days', state = 'processed'`,
    );
    expect(await send('/webhooks/shopify', headers, ORDER)).toBe(200);
    expect(await stored()).toBe(before);
    const { rows } = await db.query(`SELECT 1 FROM inbox_event WHERE state = 'received'`);
    expect(rows).toEqual([]);
  });

  it('for a shop or store that is not ours is kept by nobody', async () => {
    const before = await stored();
    for (const shop of [
      'other.myshopify.com',
      '',
      `${SHOP}.evil.example`,
      `x'; DROP TABLE job; --`,
    ]) {
      expect(await send('/webhooks/shopify', shopifyHeaders(shop, ORDER), ORDER)).toBeLessThan(500);
    }
    for (const id of [randomUUID(), 'x', '..%2f..', `${randomUUID()}'--`]) {
      const path = `/webhooks/woocommerce/${id}`;
      expect(await send(path, wooHeaders('{"id":7}'), '{"id":7}')).toBe(404);
    }
    expect(await stored()).toBe(before);
  });

  it.each([
    ['400,000 lists in one another', '['.repeat(400_000)],
    ['closed ones', `{"id":1,"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    ['objects in one another', `${'{"id":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['a million digits', `{"id":${'9'.repeat(1_000_000)}}`],
    ['an unfinished text', `{"id":"${'\\\\'.repeat(400_000)}`],
    ['not JSON', '<order id="1"/>'],
    ['nothing', ''],
    ['a NUL', '{"id":1,"note":"\\u0000"}'],
    ['a prototype', '{"__proto__":{"id":1},"constructor":{"prototype":{"id":1}}}'],
  ])('of %s is answered, and the next one is taken', async (_what, body) => {
    for (const topic of ['orders/updated', 'inventory_levels/update', 'customers/redact']) {
      const headers = shopifyHeaders(SHOP, body, { 'x-shopify-topic': topic });
      expect(await send('/webhooks/shopify', headers, body)).toBeLessThanOrEqual(503);
    }
    expect(await send(woo, wooHeaders(body), body)).toBeLessThan(500);
    expect(await send(woo, wooHeaders(body, { 'content-type': 'text/xml' }), body)).toBeLessThan(
      500,
    );
    const before = await stored();
    expect(await send('/webhooks/shopify', shopifyHeaders(SHOP, ORDER), ORDER)).toBe(200);
    expect(await stored()).toBe(before + 1);
  });

  it('of three megabytes is refused, whatever it is signed with', async () => {
    const body = `{"id":1,"note":"${'a'.repeat(3_000_000)}"}`;
    expect(await send('/webhooks/shopify', shopifyHeaders(SHOP, body), body)).toBe(413);
    expect(await send(woo, wooHeaders(body), body)).toBe(413);
  });
});

function without(headers: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
}

describe('a client that is slow on purpose', () => {
  const sockets: Socket[] = [];
  let impatient: WebServer | null = null;
  let answering: ServerResponse | null = null;

  afterEach(async () => {
    sockets.splice(0).forEach((socket) => socket.destroy());
    await impatient?.close(100);
    impatient = null;
  });

  async function start(patience: typeof PATIENCE): Promise<void> {
    impatient = await startWebServer({
      build: { entry: { module: {} }, routes: {} } as unknown as ServerBuild,
      webhooks: (incoming, outgoing) => {
        answering = outgoing;
        incoming.resume();
        if (incoming.method === 'POST') incoming.on('end', () => outgoing.end('read'));
        else while (outgoing.write('a'.repeat(1_000_000)));
      },
      ...{ clientFolder: '/nonexistent', host: '127.0.0.1', port: 0, log: silentLog },
      ...{ production: true, patience },
    });
  }

  /** A connection, what was said on it, and its end. */
  function open(first: string) {
    const socket = connect(Number(new URL(impatient?.url ?? '').port), '127.0.0.1');
    sockets.push(socket);
    const state = { said: '' };
    socket.setEncoding('latin1').on('data', (piece: string) => (state.said += piece));
    socket.on('error', () => undefined);
    socket.write(first);
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    return { socket, state, ended };
  }

  const SHORT = { headersMs: 300, requestMs: 600, idleMs: 60_000, checkEveryMs: 50 };

  it('is cut off while it trickles its headers', async () => {
    await start({ ...SHORT, requestMs: 60_000 });
    const { socket, state, ended } = open('GET / HTTP/1.1\r\nHost: x.test\r\n');
    const timer = setInterval(() => socket.write('X-Slow: 1\r\n'), 50);
    await ended;
    clearInterval(timer);
    expect(state.said).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is cut off while it trickles its body', async () => {
    await start({ ...SHORT, headersMs: 500 });
    const { socket, state, ended } = open(
      'POST / HTTP/1.1\r\nHost: x.test\r\nContent-Length: 9999\r\n\r\n',
    );
    const timer = setInterval(() => socket.write('a'), 50);
    await ended;
    clearInterval(timer);
    expect(state.said).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('is cut off when it does not read what it asked for', async () => {
    await start({ headersMs: 60_000, requestMs: 60_000, idleMs: 300, checkEveryMs: 50 });
    const { socket } = open('GET / HTTP/1.1\r\nHost: x.test\r\n\r\n');
    socket.pause();
    await expect.poll(() => answering?.destroyed, { timeout: 30_000 }).toBe(true);
  });

  it('is let go on with when it is only a little slow', async () => {
    await start({ headersMs: 30_000, requestMs: 30_000, idleMs: 30_000, checkEveryMs: 50 });
    const { socket, state } = open('POST / HTTP/1.1\r\nHost: x.test\r\nContent-Length: 3\r\n\r\na');
    socket.write('b');
    socket.write('c');
    await expect.poll(() => state.said, { timeout: 30_000 }).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('has minutes at most as the product runs', () => {
    expect(PATIENCE.headersMs).toBeLessThanOrEqual(30_000);
    expect(PATIENCE.requestMs).toBeLessThanOrEqual(120_000);
    expect(PATIENCE.idleMs).toBeGreaterThan(0);
    expect(PATIENCE.idleMs).toBeLessThanOrEqual(300_000);
    expect(PATIENCE.checkEveryMs).toBeLessThanOrEqual(PATIENCE.headersMs);
  });
});
