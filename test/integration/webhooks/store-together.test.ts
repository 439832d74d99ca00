/**
 * Goal: messages that come together are stored together, each as if it had come alone, and one that
 * has to wait does not hold up the others.
 * Method: the statement itself, and the endpoint over real HTTP; judged by answers and by rows.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { ChannelSignal } from '#app/contracts/channel';
import { storeInboxEvents } from '#app/store/inbox';
import type { WebServer } from '#app/web';
import { createTestDatabase } from '../../support/test-database';
import { insertConnection, shopifyHeaders, startWebhookServer } from './webhook-server';

const { db } = await createTestDatabase();
const SHOP = 'together.myshopify.com';
const WAIT = { timeout: 30_000, interval: 50 };

let server: WebServer;
let shop: { readonly id: string; readonly merchantId: string };

beforeAll(async () => {
  server = await startWebhookServer(db);
  shop = await insertConnection(db, { kind: 'shopify', account: SHOP });
});
afterAll(() => server.close(1_000));
beforeEach(async () => {
  await db.query('TRUNCATE inbox_event, job');
  await db.query(`UPDATE connection SET status = 'connected' WHERE id = $1`, [shop.id]);
});

function message(key: string, concerns: ChannelSignal['concerns']) {
  const signal: ChannelSignal = { topic: 'any', dedupeKey: key, eventRef: null, concerns };
  return { signal, body: `{"key":"${key}"}` };
}

const order = (orderRef: string): ChannelSignal['concerns'] => ({ kind: 'order', orderRef });

function post(orderRef: string): Promise<Response> {
  const body = `{"id":${orderRef},"admin_graphql_api_id":"gid://shopify/Order/${orderRef}"}`;
  const headers = shopifyHeaders(SHOP, body);
  return fetch(`${server.url}/webhooks/shopify`, { method: 'POST', body, headers });
}

async function waitingStatements(): Promise<number> {
  const { waiting } = await db.one<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting;
}

test('each of a list is answered as if it had come alone', async () => {
  const known = [message('known', order('9'))];
  await storeInboxEvents(db, shop.merchantId, shop.id, known);
  const answers = await storeInboxEvents(db, shop.merchantId, shop.id, [
    message('b', order('2')),
    message('a', order('1')),
    message('known', order('9')),
    message('a', order('1')),
    message('c', order('1')),
    message('d', { kind: 'nothing', why: 'Of no interest.' }),
    message('e', { kind: 'stock', stockRef: '7', locationRef: '"{\\,}', claimed: null }),
  ]);
  expect(answers.map(({ stored, duplicate, job }) => [stored, duplicate, job !== null])).toEqual([
    [true, false, true],
    [true, false, true],
    [false, true, false],
    [false, true, false],
    [true, false, true],
    [true, false, false],
    [true, false, true],
  ]);
  // Two messages about one order share a job.
  expect(answers[4]?.job?.id).toBe(answers[1]?.job?.id);

  const { rows: events } = await db.query(
    `SELECT dedupe_key AS key, state, detail, body FROM inbox_event ORDER BY dedupe_key`,
  );
  expect(events).toEqual([
    { key: 'a', state: 'received', detail: null, body: '{"key":"a"}' },
    { key: 'b', state: 'received', detail: null, body: '{"key":"b"}' },
    { key: 'c', state: 'received', detail: null, body: '{"key":"c"}' },
    { key: 'd', state: 'ignored', detail: 'Of no interest.', body: '' },
    { key: 'e', state: 'received', detail: null, body: '{"key":"e"}' },
    { key: 'known', state: 'received', detail: null, body: '{"key":"known"}' },
  ]);
  const { rows: jobs } = await db.query<{ serialKey: string; causeKey: string }>(
    `SELECT j.serial_key AS "serialKey", e.dedupe_key AS "causeKey"
       FROM job j JOIN inbox_event e ON e.id::text = j.cause_id ORDER BY j.id`,
  );
  expect(jobs).toEqual([
    { serialKey: `order:${shop.id}:9`, causeKey: 'known' },
    { serialKey: `order:${shop.id}:2`, causeKey: 'b' },
    { serialKey: `order:${shop.id}:1`, causeKey: 'a' },
    { serialKey: `stock:${shop.id}:7 at "{\\,}`, causeKey: 'e' },
  ]);
});

test('jobs that run one at a time keep the order in which the news came', async () => {
  await storeInboxEvents(db, shop.merchantId, shop.id, [
    message('z', { kind: 'account', change: 'uninstalled' }),
    message('y', { kind: 'account', change: 'scopes' }),
  ]);
  const { rows } = await db.query<{ change: string }>(
    `SELECT payload->'concerns'->>'change' AS change FROM job ORDER BY id`,
  );
  expect(rows.map(({ change }) => change)).toEqual(['uninstalled', 'scopes']);
});

test('of a disconnected store only news of the account is kept out of a list', async () => {
  await db.query(`UPDATE connection SET status = 'disconnected' WHERE id = $1`, [shop.id]);
  const answers = await storeInboxEvents(db, shop.merchantId, shop.id, [
    message('a', order('1')),
    message('b', { kind: 'account', change: 'uninstalled' }),
  ]);
  expect(answers.map(({ stored, duplicate }) => [stored, duplicate])).toEqual([
    [false, false],
    [true, false],
  ]);
  expect(await db.one(`SELECT dedupe_key AS key FROM inbox_event`)).toEqual({ key: 'b' });
});

test('a list for a connection that is gone stores nothing', async () => {
  const answers = await storeInboxEvents(db, shop.merchantId, randomUUID(), [
    message('a', order('1')),
  ]);
  expect(answers).toEqual([{ stored: false, duplicate: false, job: null }]);
});

test('a message that waits for a lock holds up none that comes after it', async () => {
  expect((await post('1')).status).toBe(200);
  let answered = false;
  const waiting = await db.transaction(async (tx) => {
    await tx.query(`SELECT id FROM job FOR UPDATE`);
    const first = post('1').then((answer) => {
      answered = true;
      return answer.status;
    });
    // Messages that were read in the same moment would share its fate.
    await vi.waitFor(async () => expect(await waitingStatements()).toBe(1), WAIT);
    for (const orderRef of ['2', '3', '4']) expect((await post(orderRef)).status).toBe(200);
    expect(answered).toBe(false);
    return { first };
  });
  expect(await waiting.first).toBe(200);
  expect(await db.one(`SELECT count(*)::int AS events FROM inbox_event`)).toEqual({ events: 5 });
});
