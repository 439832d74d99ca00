/**
 * Goal: old audit records leave the table for the archive, none is ever in neither or in both, and
 * they can be read and put back as they were. Method: a process is killed while it archives.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startScheduler } from '#app/jobs/scheduler';
import { archiveRecords, restoreRecords } from '#app/operations/audit/archive-records';
import { isPostgresError } from '#app/platform/database';
import { newId } from '#app/platform/ids';
import { silentLog } from '#app/platform/log';
import { type FoundRecord, searchRecords } from '#app/queries/audit/search-records';
import { createTestDatabase } from '../../support/test-database';
import { until } from '../jobs/job-workers';

const { db, url } = await createTestDatabase();
const PROGRAM = fileURLToPath(new URL('./archive-process.ts', import.meta.url));
const DAY_MS = 24 * 3_600_000;
const RECORDS = 4_000;
const KILLS = 3;
const LONG_AGO = { from: new Date(0), until: new Date('2100-01-01') };

async function merchant(auditDays: number): Promise<string> {
  const id = newId();
  await db.query(
    `INSERT INTO merchant (id, name, currency, settings)
     VALUES ($1, 'Shop', 'USD', jsonb_build_object('auditDays', $2::int))`,
    [id, auditDays],
  );
  return id;
}

/** So many records, one a minute, the newest so many days old. Answers their ids, oldest first. */
async function records(merchantId: string, count: number, days: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO audit_record (id, merchant_id, at, actor_kind, actor_id, action, subject_kind,
       subject_id, cause_kind, cause_id, data)
     SELECT gen_random_uuid(), $1, now() - $3::int * interval '1 day' - n * interval '1 minute',
       'staff', '1', 'order.held', 'order', 'order-' || n, 'form', 'form-' || n,
       jsonb_build_object('n', n, 'large', 9007199254740993, 'text', E'a\\nb "quoted" é')
       FROM generate_series($2::int, 1, -1) n RETURNING id`,
    [merchantId, count, days],
  );
  return rows.map(({ id }) => id);
}

async function inTable(merchantId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    'SELECT id FROM audit_record WHERE merchant_id = $1 ORDER BY at, id',
    [merchantId],
  );
  return rows.map(({ id }) => id);
}

async function found(merchantId: string, archived: boolean): Promise<readonly FoundRecord[]> {
  const all: FoundRecord[] = [];
  for await (const record of searchRecords(db, { merchantId, ...LONG_AGO })) {
    if (record.archived === archived) all.push(record);
  }
  return all;
}

const idsOf = (all: readonly FoundRecord[]) =>
  all.map(({ line }) => (JSON.parse(line) as { id: string }).id);

async function started(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, url], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('killed while it archives, every record is in the table or in the archive, never in both', async () => {
  const merchantId = await merchant(90);
  const young = await records(merchantId, 5, 10);
  const old = await records(merchantId, RECORDS, 100);
  const everyRecord = [...old, ...young].sort();
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = await started();
    const exited = once(child, 'exit');
    await Promise.race([sleep(20 + kill * 40), exited]);
    child.kill('SIGKILL');
    await exited;
    const both = [...(await inTable(merchantId)), ...idsOf(await found(merchantId, true))];
    expect(both.sort()).toEqual(everyRecord);
  }
  await archiveRecords(db, new Date(), 50);
  expect((await inTable(merchantId)).sort()).toEqual([...young].sort());
  expect(idsOf(await found(merchantId, true))).toEqual(old);
});

test('they come back exactly as they were, and not while they would be archived again', async () => {
  const merchantId = await merchant(90);
  await records(merchantId, 120, 200);
  const rows = () =>
    db.query(
      `SELECT a.*, a.data::text AS text FROM audit_record a WHERE merchant_id = $1
      ORDER BY at, id`,
      [merchantId],
    );
  const before = (await rows()).rows;
  await archiveRecords(db, new Date(), 50);
  expect(await inTable(merchantId)).toEqual([]);

  expect(await restoreRecords(db, new Date(), { merchantId, ...LONG_AGO })).toMatchObject({
    status: 'refused',
  });
  await db.query(`UPDATE merchant SET settings = '{"auditDays": 0}' WHERE id = $1`, [merchantId]);
  expect(await restoreRecords(db, new Date(), { merchantId, ...LONG_AGO })).toEqual({
    status: 'done',
    records: 120,
  });
  expect((await rows()).rows).toEqual(before);
  expect(await found(merchantId, true)).toEqual([]);
  await archiveRecords(db, new Date(), 50);
  expect(await inTable(merchantId)).toHaveLength(120);
});

test("a search finds by subject and action, in both places, and only the merchant's own", async () => {
  const [merchantId, other] = [await merchant(90), await merchant(90)];
  await records(merchantId, 60, 100);
  await records(other, 60, 100);
  await archiveRecords(db, new Date(), 50);
  const [recent = ''] = await records(merchantId, 7, 1);
  const search = async (about: string, action: string | null = null) => {
    const all: FoundRecord[] = [];
    const wanted = { merchantId, ...LONG_AGO, about, action };
    for await (const record of searchRecords(db, wanted)) all.push(record);
    return all;
  };
  const hits = await search('order-7', 'order.held');
  expect(hits.map(({ archived }) => archived)).toEqual([true, false]);
  expect(idsOf(hits)[1]).toBe(recent);
  expect(await search('form-7')).toHaveLength(2);
  expect(await search('order-7', 'order.routed')).toEqual([]);
});

test('the database itself lets no record go without its archive', async () => {
  const merchantId = await merchant(90);
  const ids = await records(merchantId, 3, 200);
  const refused = (problem: unknown) => isPostgresError(problem, 'CD003');
  const remove = (archive: { records: number; from: string }) =>
    db.transaction(async (tx) => {
      const id = newId();
      await tx.query(
        `INSERT INTO audit_archive (id, merchant_id, first_at, last_at, records, body)
         VALUES ($1, $2, now() - $3::interval, now(), $4, '')`,
        [id, merchantId, archive.from, archive.records],
      );
      await tx.query(`SELECT set_config('crossdock.audit_archive', $1, true)`, [id]);
      await tx.query('DELETE FROM audit_record WHERE merchant_id = $1', [merchantId]);
    });
  await expect(
    db.query('DELETE FROM audit_record WHERE merchant_id = $1', [merchantId]),
  ).rejects.toSatisfy(refused);
  await expect(remove({ records: 2, from: '300 days' })).rejects.toSatisfy(refused);
  await expect(remove({ records: 3, from: '100 days' })).rejects.toSatisfy(refused);
  await expect(
    db.query(`UPDATE audit_record SET action = 'x.y' WHERE id = $1`, [ids[0]]),
  ).rejects.toSatisfy(refused);
  expect(await inTable(merchantId)).toHaveLength(3);
});

test('it happens by the clock; what is younger, or wanted for ever, stays', async () => {
  const [short, ever] = [await merchant(90), await merchant(0)];
  await records(short, 10, 100);
  await records(short, 10, 80);
  await records(ever, 10, 100);
  const scheduler = startScheduler({
    ...{ db, log: silentLog, queue: { announce: () => undefined }, tasks: [] },
    upkeepMs: 50,
    retentionEveryMs: 50,
  });
  await until(async () => (await inTable(short)).length === 10);
  await scheduler.stop();
  expect(await inTable(ever)).toHaveLength(10);
  expect(await found(short, true)).toHaveLength(10);
  const { first } = await db.one<{ first: Date }>(
    'SELECT min(at) AS first FROM audit_record WHERE merchant_id = $1',
    [short],
  );
  expect(first.getTime()).toBeGreaterThan(Date.now() - 90 * DAY_MS);
});
