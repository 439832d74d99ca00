/**
 * Goal: what nobody announced is found, and what must happen once happens once.
 * Method: schedulers of two processes' worth over one database; judged by the rows they leave.
 */
import { randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import type { JobQueue } from '#app/contracts/job-queue';
import { type Scheduler, type ScheduledTask, startScheduler } from '#app/jobs/scheduler';
import { silentLog } from '#app/platform/log';
import { claimJobs, settleJobs } from '#app/store/job-claims';
import {
  type WorkConcerns,
  lookAgainJob,
  markEvents,
  receivedEventsFor,
  replayInboxEvent,
  storeInboxEvent,
} from '#app/store/inbox';
import { createTestDatabase } from '../../support/test-database';
import { until } from './job-workers';

const { db } = await createTestDatabase();
const merchantId = randomUUID();
const connectionId = randomUUID();
const itemId = randomUUID();
const queue: JobQueue = { announce: () => undefined };
const order: WorkConcerns = { kind: 'order', orderRef: 'gid://shopify/Order/1' };

await db.query(`INSERT INTO merchant (id, name, currency) VALUES ($1, 'Shop', 'USD')`, [
  merchantId,
]);
await db.query(
  `INSERT INTO connection (id, merchant_id, kind, account, name, publishing, imported_at)
   VALUES ($1, $2, 'shopify', 'a.myshopify.com', 'Store', true, now())`,
  [connectionId, merchantId],
);
await db.query(`INSERT INTO item (id, merchant_id, sku, title) VALUES ($1, $2, 'A', 'A')`, [
  itemId,
  merchantId,
]);

beforeEach(async () => {
  await db.query('TRUNCATE job, inbox_event, publication, listing');
});

async function withSchedulers(
  work: () => Promise<void>,
  tasks: readonly ScheduledTask[] = [],
): Promise<void> {
  const settings = { db, log: silentLog, queue, tasks, upkeepMs: 50, inboxPatienceMs: 0 };
  const schedulers: Scheduler[] = [startScheduler(settings), startScheduler(settings)];
  try {
    await work();
  } finally {
    await Promise.all(schedulers.map((scheduler) => scheduler.stop()));
  }
}

async function kinds(): Promise<readonly string[]> {
  const { rows } = await db.query<{ kind: string }>('SELECT kind FROM job ORDER BY id');
  return rows.map(({ kind }) => kind);
}

async function receive(dedupeKey: string, concerns: WorkConcerns = order): Promise<void> {
  const signal = { dedupeKey, topic: 'orders/updated', eventRef: null, concerns };
  await storeInboxEvent(db, { merchantId, connectionId, signal, body: '{}' });
}

async function eventStates(): Promise<readonly string[]> {
  const { rows } = await db.query<{ state: string }>(
    'SELECT state FROM inbox_event ORDER BY received_at, id',
  );
  return rows.map(({ state }) => state);
}

test('a periodic task is carried out by one of two schedulers, and by the other after it', async () => {
  let built = 0;
  const task: ScheduledTask = {
    kind: 'periodic',
    everyMs: 40,
    build: () => {
      built += 1;
      return [{ kind: 'periodic', merchantId, payload: {}, dedupeKey: 'periodic' }];
    },
  };
  const settings = { db, log: silentLog, queue, tasks: [task], upkeepMs: 50 };
  const first = startScheduler(settings);
  await until(() => Promise.resolve(built > 1));
  const second = startScheduler(settings);
  await first.stop();
  const before = built;
  await until(() => Promise.resolve(built > before + 1));
  await second.stop();
  expect(await kinds()).toEqual(['periodic']);
});

test('numbers nobody published get a publish job, once, and only where one is of use', async () => {
  const listings = [
    { itemId, tracked: true, dirty: 1 },
    { itemId, tracked: true, dirty: 1 },
  ];
  for (const [index, listing] of listings.entries()) await insertListing(String(index), listing);
  await withSchedulers(() => until(async () => (await kinds()).length > 0));
  expect(await kinds()).toEqual(['publish-stock']);
  expect(await db.one<Record<string, unknown>>('SELECT * FROM job')).toMatchObject({
    payload: { connectionId },
    serial_key: `publish:${connectionId}`,
  });

  await db.query('TRUNCATE job, publication, listing');
  await insertListing('unmatched', { itemId: null, tracked: true, dirty: 1 });
  await insertListing('untracked', { itemId, tracked: false, dirty: 1 });
  await insertListing('told', { itemId, tracked: true, dirty: 0 });
  await receive('beat');
  await db.query('DELETE FROM job');
  // The look at the inbox comes after the look at the numbers: once it has acted, both have.
  await withSchedulers(() => until(async () => (await kinds()).includes('look-again')));
  expect(await kinds()).toEqual(['look-again']);
});

test('an event without a job gets one, and the event of a failed job says so', async () => {
  await receive('one');
  await receive('two', { kind: 'account', change: 'scopes' });
  await receive('three', { kind: 'stock', stockRef: 's', locationRef: 'l', claimed: 4 });
  await db.query('DELETE FROM job');
  await withSchedulers(() => until(async () => (await kinds()).length === 3));
  const keys = await db.query<{ key: string }>('SELECT serial_key AS key FROM job ORDER BY id');
  expect(new Set(keys.rows.map(({ key }) => key))).toEqual(
    new Set([
      `order:${connectionId}:gid://shopify/Order/1`,
      `account:${connectionId}`,
      `stock:${connectionId}:s at l`,
    ]),
  );

  for (const claimed of await claimJobs(db, 10, { leasedBy: 'w', leaseMs: 1_000 })) {
    const { id, attempts, leasedBy } = claimed;
    const outcome = { runAt: null, error: 'no', detail: null, counts: true };
    await settleJobs(db, [{ lease: { id, attempts, leasedBy }, state: 'failed', ...outcome }]);
  }
  await withSchedulers(() =>
    until(async () => (await eventStates()).every((state) => state === 'failed')),
  );
  expect(await kinds()).toHaveLength(3);
});

test('who looks again sees all open events of the thing, and can be asked once more', async () => {
  await receive('one');
  await receive('two');
  await receive('other', { kind: 'order', orderRef: 'gid://shopify/Order/2' });
  const open = await receivedEventsFor(db, connectionId, order);
  expect(open).toHaveLength(2);
  const ids = open.map(({ id }) => id);
  await markEvents(db, ids.slice(0, 1), 'failed', 'Job 1 failed.', 1);
  expect(await receivedEventsFor(db, connectionId, order)).toHaveLength(2);
  await markEvents(db, ids, 'processed', 'Took 2 units.', 2);
  expect(await receivedEventsFor(db, connectionId, order)).toEqual([]);

  await db.query('DELETE FROM job');
  expect(await replayInboxEvent(db, randomUUID(), ids[0] ?? '')).toBeNull();
  const replayed = await replayInboxEvent(db, merchantId, ids[0] ?? '');
  expect(replayed).toMatchObject({ added: true, connectionId });
  const { serialKey } = lookAgainJob(merchantId, connectionId, order);
  expect(await db.one<Record<string, unknown>>('SELECT * FROM job')).toMatchObject({
    serial_key: serialKey,
    cause_kind: 'inbox_event',
    cause_id: ids[0],
  });
  expect(await receivedEventsFor(db, connectionId, order)).toHaveLength(1);
});

async function insertListing(
  ref: string,
  listing: { readonly itemId: string | null; readonly tracked: boolean; readonly dirty: number },
): Promise<void> {
  const id = randomUUID();
  await db.query(
    `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, title,
       tracked) VALUES ($1, $2, $3, $4, $5, $5, 'A', $6)`,
    [id, merchantId, connectionId, listing.itemId, ref, listing.tracked],
  );
  await db.query(
    `INSERT INTO publication (id, merchant_id, connection_id, listing_id, dirty_seq, dirty_since)
     VALUES ($1, $2, $3, $4, $5, now())`,
    [randomUUID(), merchantId, connectionId, id, listing.dirty],
  );
}

test('finished jobs and messages are kept as long as each merchant wants', async () => {
  const other = randomUUID();
  await db.query(
    `INSERT INTO merchant (id, name, currency, settings)
     VALUES ($1, 'Other', 'USD', '{"jobDays": 20, "inboxDays": 90}')`,
    [other],
  );
  for (const merchant of [merchantId, other]) {
    for (const days of [5, 10, 40]) {
      await db.query(
        `INSERT INTO job (kind, merchant_id, payload, state, finished_at)
         VALUES ($1, $2, '{}', 'done', now() - $3::int * interval '1 day')`,
        [`done-${String(days)}`, merchant, days],
      );
      await db.query(
        `INSERT INTO inbox_event (id, merchant_id, connection_id, dedupe_key, topic, concerns, body,
           state, processed_at)
         VALUES ($1, $2, $3, $1::uuid::text, $4, '{}', '{}', 'processed',
           now() - $5::int * interval '1 day')`,
        [randomUUID(), merchant, connectionId, `old-${String(days)}`, days],
      );
    }
  }
  const left = async () => {
    const { rows } = await db.query<{ what: string }>(
      `SELECT merchant_id || ' ' || kind AS what FROM job UNION ALL
       SELECT merchant_id || ' ' || topic FROM inbox_event ORDER BY what`,
    );
    return rows.map(({ what }) => what);
  };
  const settings = { db, log: silentLog, queue, tasks: [], upkeepMs: 50, retentionEveryMs: 50 };
  const scheduler = startScheduler({ ...settings, inboxPatienceMs: 60_000 });
  await until(async () => (await left()).length === 8);
  await scheduler.stop();
  expect(new Set(await left())).toEqual(
    new Set([
      `${merchantId} done-5`,
      `${merchantId} old-10`,
      `${merchantId} old-5`,
      `${other} done-10`,
      `${other} done-5`,
      `${other} old-10`,
      `${other} old-40`,
      `${other} old-5`,
    ]),
  );
});

test('what never ended stays on the list without what may name a buyer', async () => {
  const other = randomUUID();
  await db.query(
    `INSERT INTO merchant (id, name, currency, settings)
     VALUES ($1, 'Patient', 'USD', '{"inboxDays": 365}')`,
    [other],
  );
  const said = { orderId: 'o', note: 'Ring the bell', addTags: ['vip'], removeTags: [] };
  for (const [merchant, days] of [
    [merchantId, 20],
    [merchantId, 40],
    [other, 40],
    [other, 70],
  ] as const) {
    for (const state of ['received', 'failed', 'account']) {
      await db.query(
        `INSERT INTO inbox_event (id, merchant_id, connection_id, dedupe_key, topic, concerns, body,
           state, received_at)
         VALUES ($1, $2, $3, $1::uuid::text, $4, $5, '{"name":"Mara"}', $6,
           now() - $7::int * interval '1 day')`,
        [
          ...[randomUUID(), merchant, connectionId, `${state} ${String(days)}`],
          JSON.stringify({ kind: state === 'account' ? 'account' : 'order', orderRef: 'x' }),
          ...[state === 'account' ? 'failed' : state, days],
        ],
      );
    }
    await db.query(
      `INSERT INTO job (kind, merchant_id, payload, state, finished_at)
       VALUES ('annotate-in-channel', $1, $2, 'failed', now() - $3::int * interval '1 day')`,
      [merchant, JSON.stringify(said), days],
    );
  }
  const kept = async () => {
    const { rows } = await db.query<{ what: string }>(
      `SELECT CASE merchant_id WHEN $1 THEN 'a ' ELSE 'b ' END || topic AS what
         FROM inbox_event WHERE body <> '' UNION ALL
       SELECT CASE merchant_id WHEN $1 THEN 'a job' ELSE 'b job' END FROM job
        WHERE payload::text ~ 'bell|vip' ORDER BY what`,
      [merchantId],
    );
    return rows.map(({ what }) => what);
  };
  const settings = { db, log: silentLog, queue, tasks: [], upkeepMs: 50, retentionEveryMs: 50 };
  const scheduler = startScheduler({ ...settings, inboxPatienceMs: 60 * 60_000 * 24 * 365 });
  await until(async () => (await kept()).length === 10);
  await scheduler.stop();
  expect(await kept()).toEqual([
    ...['a account 20', 'a account 40', 'a failed 20', 'a job', 'a received 20'],
    ...['b account 40', 'b account 70', 'b failed 40', 'b job', 'b received 40'],
  ]);
  expect(await eventStates()).toHaveLength(12);
  const { rows } = await db.query(
    `SELECT payload FROM job WHERE NOT payload::text ~ 'bell' GROUP BY payload`,
  );
  expect(rows).toEqual([{ payload: { orderId: 'o', note: null, addTags: [], removeTags: [] } }]);
});

test('keys a store granted and nobody has proven are forgotten after an hour', async () => {
  for (const [name, minutes] of [
    ['new', 30],
    ['old', 90],
  ] as const) {
    await db.query(
      `INSERT INTO connect_intent (id, merchant_id, kind, store_url, name, credentials, state_hash,
         created_by, created_at, expires_at, used_at)
       VALUES ($1, $2, 'woocommerce', 'https://shop.test', $3, 'sealed', $3, 's', now() - interval '2 hours',
         now(), now() - $4::int * interval '1 minute')`,
      [randomUUID(), merchantId, name, minutes],
    );
  }
  const settings = { db, log: silentLog, queue, tasks: [], upkeepMs: 50, retentionEveryMs: 50 };
  const scheduler = startScheduler(settings);
  const intents = async () => {
    const { rows } = await db.query<{ name: string; kept: boolean; problem: string | null }>(
      `SELECT name, credentials IS NOT NULL AS kept, problem FROM connect_intent ORDER BY name`,
    );
    return rows;
  };
  await until(async () => (await intents()).some(({ kept }) => !kept));
  await scheduler.stop();
  expect(await intents()).toEqual([
    { name: 'new', kept: true, problem: null },
    {
      name: 'old',
      kept: false,
      problem: 'The store did not answer in time. Connect it again.',
    },
  ]);
});
