/**
 * Goal: the database module keeps its promises about values, transactions and notifications.
 * Method: a real server; conflicts and lost connections are brought about, not imitated.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { isPostgresError } from '#app/platform/database';
import { createPrisma } from '#app/platform/prisma';
import { createTestDatabase } from '../../support/test-database';

const { db } = await createTestDatabase();

beforeAll(async () => {
  await db.query('CREATE TABLE counter (id int PRIMARY KEY, value int NOT NULL)');
  await db.query('INSERT INTO counter VALUES (1, 0), (2, 0)');
});

test('values keep their meaning', async () => {
  const at = new Date('2026-07-01T12:34:56.789Z');
  const row = await db.one<Record<string, unknown>>(
    `SELECT $1::timestamptz AS zoned, $1::timestamp AS plain, 7::int8 AS big, '2026-02-03'::date AS day,
            '{"a":[1]}'::jsonb AS json, $2::int8[] AS many, $3::timestamptz[] AS instants,
            '{}'::int8[] AS none`,
    [at, [1, null, 3], [at]],
  );
  expect(row).toEqual({
    zoned: at,
    plain: at,
    big: 7,
    day: '2026-02-03',
    json: { a: [1] },
    many: [1, null, 3],
    instants: [at],
    none: [],
  });
});

test('an int8 that JavaScript cannot hold is an error', async () => {
  await expect(db.query('SELECT 9007199254740993::int8')).rejects.toThrow('not a safe integer');
  expect(await db.one('SELECT 1 AS ok')).toEqual({ ok: 1 });
});

test('one and maybeOne insist on their number of rows', async () => {
  expect(await db.maybeOne('SELECT 1 WHERE false')).toBeNull();
  await expect(db.one('SELECT 1 WHERE false')).rejects.toThrow('got none');
  await expect(db.maybeOne('SELECT generate_series(1, 2)')).rejects.toThrow('got 2');
});

test('a rejected transaction leaves nothing behind', async () => {
  const failing = db.transaction(async (tx) => {
    await tx.query('UPDATE counter SET value = 100 WHERE id = 1');
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect(await db.one('SELECT value FROM counter WHERE id = 1')).toEqual({ value: 0 });
});

test('a transaction whose failed statement was ignored does not pass as committed', async () => {
  const ignoring = db.transaction(async (tx) => {
    await tx.query('UPDATE counter SET value = 100 WHERE id = 1');
    await tx.query('SELECT 1 / 0').catch(() => undefined);
  });
  await expect(ignoring).rejects.toThrow('rolled back');
  expect(await db.one('SELECT value FROM counter WHERE id = 1')).toEqual({ value: 0 });
});

test('two transactions that deadlock both succeed, the loser by running again', async () => {
  let runs = 0;
  let bothHoldOne = 0;
  const lockBoth = (first: number, second: number) =>
    db.transaction(async (tx) => {
      runs += 1;
      await tx.query('UPDATE counter SET value = value + 1 WHERE id = $1', [first]);
      bothHoldOne += 1;
      while (bothHoldOne < 2) await sleep(5);
      await tx.query('UPDATE counter SET value = value + 1 WHERE id = $1', [second]);
    });
  await Promise.all([lockBoth(1, 2), lockBoth(2, 1)]);
  expect(runs).toBe(3);
  expect((await db.query('SELECT value FROM counter ORDER BY id')).rows).toEqual([
    { value: 2 },
    { value: 2 },
  ]);
});

test('retries are bounded, and other errors are not retried', async () => {
  let runs = 0;
  const raising = (code: string) =>
    db.transaction(
      async (tx) => {
        runs += 1;
        await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`);
      },
      { retries: 2 },
    );
  await expect(raising('40001')).rejects.toThrow('no');
  expect(runs).toBe(3);
  runs = 0;
  await expect(raising('23505')).rejects.toSatisfy((problem) => isPostgresError(problem, '23505'));
  expect(runs).toBe(1);
});

test('notifications arrive, and a lost connection is restored and reported', async () => {
  const heard: string[] = [];
  let gaps = 0;
  const subscription = await db.listen(
    'news',
    (payload) => heard.push(payload),
    () => (gaps += 1),
  );
  await db.query(`SELECT pg_notify('news', 'first')`);
  await expect.poll(() => heard).toEqual(['first']);

  await db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND query ILIKE 'LISTEN%'`,
  );
  await expect.poll(() => gaps).toBe(1);
  await db.query(`SELECT pg_notify('news', 'second')`);
  await expect.poll(() => heard).toEqual(['first', 'second']);

  await subscription.close();
  await db.query(`SELECT pg_notify('news', 'third')`);
  await db.query('SELECT 1');
  expect(heard).toEqual(['first', 'second']);
});

test('Prisma answers on the same pool', async () => {
  const prisma = createPrisma(db);
  expect(await prisma.$queryRaw`SELECT 1::int AS one`).toEqual([{ one: 1 }]);
  expect(await prisma.merchant.count()).toBe(0);
});
