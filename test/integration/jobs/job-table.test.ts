/**
 * Goal: the statements of the job table keep their promises whatever happens at the same time.
 * Method: two transactions or claims set against each other by hand, step by step.
 */
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  claimJobs,
  claimJobsById,
  expireLeases,
  extendLeases,
  releaseJobs,
  saveJobProgress,
  settleJobs,
} from '#app/store/job-claims';
import type { ClaimedJob, JobLease, JobSettlement } from '#app/store/job-claims';
import { deleteFinishedJobs, findDueJobs, findNextDue } from '#app/store/job-upkeep';
import {
  type NewJob,
  cancelJob,
  enqueueJob,
  enqueueJobs,
  findJob,
  replayJob,
} from '#app/store/jobs';
import { createTestDatabase } from '../../support/test-database';

const { db } = await createTestDatabase();
const merchantId = randomUUID();
const HOUR_MS = 3_600_000;

const job = (more: Partial<NewJob> = {}): NewJob => ({
  kind: 'test',
  merchantId,
  payload: { n: 1 },
  ...more,
});
const claimAs = (leasedBy: string, limit = 10) =>
  claimJobs(db, limit, { leasedBy, leaseMs: 60_000 });
const ids = (jobs: readonly { readonly id: number }[]) => jobs.map(({ id }) => id);

beforeEach(async () => {
  await db.query('TRUNCATE job');
});

describe('a job that waits under the same dedupe key', () => {
  test('is joined, keeps its id and takes the sooner time', async () => {
    const later = new Date(Date.now() + HOUR_MS);
    const first = await enqueueJob(db, job({ dedupeKey: 'a', runAt: later }));
    const second = await enqueueJob(db, job({ dedupeKey: 'a', priority: 50 }));
    expect(first.added).toBe(true);
    expect(second).toMatchObject({ id: first.id, added: false });
    expect(second.runAt.getTime()).toBeLessThan(later.getTime());
    expect(await findJob(db, merchantId, first.id)).toMatchObject({ priority: 50 });
  });

  test('cannot start before the transaction that joined it commits: no wake-up is lost', async () => {
    const waiting = await enqueueJob(db, job({ dedupeKey: 'a' }));
    await db.transaction(async (tx) => {
      await enqueueJob(tx, job({ dedupeKey: 'a' }));
      expect(await claimAs('early')).toEqual([]);
    });
    expect(ids(await claimAs('after'))).toEqual([waiting.id]);
    // It runs now: whoever wants it from here on gets another one.
    const next = await enqueueJob(db, job({ dedupeKey: 'a' }));
    expect(next).toMatchObject({ added: true });
    expect(next.id).not.toBe(waiting.id);
  });

  test('counts once within one list', async () => {
    const enqueued = await enqueueJobs(db, [
      job({ dedupeKey: 'a', runAt: new Date(Date.now() + HOUR_MS) }),
      job(),
      job({ dedupeKey: 'a' }),
    ]);
    expect(enqueued).toHaveLength(2);
    expect(await claimAs('any')).toHaveLength(2);
  });

  test('two lists in opposite order do not wait for each other', async () => {
    const keys = Array.from({ length: 30 }, (_one, index) => `key ${String(index)}`);
    const lists = Array.from({ length: 8 }, (_one, index) =>
      index % 2 === 0 ? keys : keys.toReversed(),
    );
    await Promise.all(
      lists.map((list) =>
        db.transaction(
          (tx) =>
            enqueueJobs(
              tx,
              list.map((dedupeKey) => job({ dedupeKey })),
            ),
          {
            retries: 0,
          },
        ),
      ),
    );
    expect(await claimAs('any', 100)).toHaveLength(30);
  });
});

describe('jobs of one serial key', () => {
  test('are claimed in the order of the list, one at a time', async () => {
    const list = await enqueueJobs(db, [
      job({ serialKey: 'k', dedupeKey: 'z' }),
      job({ serialKey: 'k', dedupeKey: 'a' }),
    ]);
    expect(ids(await claimAs('one'))).toEqual([list[0]?.id]);
    expect(await claimAs('two')).toEqual([]);
    expect(await claimJobsById(db, ids(list), { leasedBy: 'three', leaseMs: 1_000 })).toEqual([]);
  });

  test('never run together even when the earlier one commits late', async () => {
    let later: readonly ClaimedJob[] = [];
    await db.transaction(async (tx) => {
      await enqueueJob(tx, job({ serialKey: 'k' }));
      await enqueueJob(db, job({ serialKey: 'k' }));
      later = await claimAs('first');
      expect(later).toHaveLength(1);
    });
    expect(await claimAs('second')).toEqual([]);
    // The database itself would refuse it.
    await expect(db.query(`UPDATE job SET state = 'running'`)).rejects.toThrow(
      'job_serial_running',
    );
    await settleJobs(db, [settled(later[0])]);
    expect(await claimAs('third')).toHaveLength(1);
  });
});

describe('a lease', () => {
  test('that ran out cannot be used to finish, prolong or save anything', async () => {
    await enqueueJob(db, job());
    const [zombie] = await claimAs('zombie');
    await runOut();
    const [back] = await expireLeases(db, 10);
    expect(back?.id).toBe(zombie?.id);
    const [holder] = await claimAs('holder');
    expect(holder).toMatchObject({ id: zombie?.id, attempts: 2 });

    expect(await settleJobs(db, [settled(zombie)])).toEqual([]);
    expect(await extendLeases(db, [lease(zombie)], 1_000)).toEqual([]);
    expect(await saveJobProgress(db, lease(zombie), { at: 1 })).toBe(false);
    await releaseJobs(db, [lease(zombie)], { started: true });
    expect(await findJob(db, merchantId, holder?.id ?? 0)).toMatchObject({
      state: 'running',
      leasedBy: 'holder',
    });
    expect(await settleJobs(db, [settled(holder)])).toEqual([holder?.id]);
  });

  test('that runs out on the last try fails the job, in plain words', async () => {
    const { id } = await enqueueJob(db, job({ maxAttempts: 1 }));
    await claimAs('doomed');
    await runOut();
    expect(await expireLeases(db, 10)).toEqual([]);
    expect(await findJob(db, merchantId, id)).toMatchObject({
      state: 'failed',
      lastError: 'The worker stopped before the job was finished.',
    });
  });

  test('given back before its job was started does not cost a try', async () => {
    const { id } = await enqueueJob(db, job());
    const [claimed] = await claimAs('one');
    await releaseJobs(db, [lease(claimed)], { started: false });
    expect(await findJob(db, merchantId, id)).toMatchObject({ state: 'queued', attempts: 0 });
  });
});

test('a retry does not collide with what was asked for meanwhile', async () => {
  await enqueueJob(db, job({ dedupeKey: 'a', serialKey: 'k' }));
  const [running] = await claimAs('one');
  const next = await enqueueJob(db, job({ dedupeKey: 'a', serialKey: 'k' }));
  await settleJobs(db, [{ ...settled(running), state: 'queued', runAt: new Date() }]);
  expect(ids(await claimAs('two'))).toEqual([running?.id]);
  await settleJobs(db, [
    { ...settled(running), lease: { ...lease(running), attempts: 2, leasedBy: 'two' } },
  ]);
  expect(ids(await claimAs('three'))).toEqual([next.id]);
});

test('an operator replays and cancels only what is the merchant’s and at rest', async () => {
  const { id } = await enqueueJob(db, job({ dedupeKey: 'a' }));
  const stranger = randomUUID();
  expect(await findJob(db, stranger, id)).toBeNull();
  expect(await replayJob(db, merchantId, id)).toBeNull();
  expect(await cancelJob(db, stranger, id)).toBe(false);

  const [running] = await claimAs('one');
  expect(await cancelJob(db, merchantId, id)).toBe(false);
  await settleJobs(db, [{ ...settled(running), state: 'failed', error: 'no' }]);
  await enqueueJob(db, job({ dedupeKey: 'a' }));
  expect(await replayJob(db, stranger, id)).toBeNull();
  expect(await replayJob(db, merchantId, id)).toMatchObject({ id, attempts: 0 });
  expect(await cancelJob(db, merchantId, id)).toBe(true);
  expect(await findJob(db, merchantId, id)).toMatchObject({ state: 'cancelled' });
});

test('what is due is found by time and by the rules of claiming', async () => {
  const soon = new Date(Date.now() + 3_000);
  const [first, , , future] = await enqueueJobs(db, [
    job({ serialKey: 'k' }),
    job({ serialKey: 'k' }),
    job({ runAt: new Date(Date.now() + HOUR_MS) }),
    job({ runAt: soon }),
  ]);
  expect(ids(await findDueJobs(db, 0, 10))).toEqual([first?.id]);
  expect(ids(await findDueJobs(db, 10_000, 10))).toEqual([first?.id, future?.id]);
  expect(await findDueJobs(db, -HOUR_MS, 10)).toEqual([]);
  expect(await findNextDue(db, 10_000)).toEqual(soon);
  expect(await findNextDue(db, 10)).toBeNull();
});

test('jobs are forgotten some time after they ended well; failed ones stay', async () => {
  await enqueueJobs(db, [job(), job(), job()]);
  const [done, failed] = await claimAs('one', 2);
  await settleJobs(db, [settled(done), { ...settled(failed), state: 'failed', error: 'no' }]);
  expect(await deleteFinishedJobs(db, new Date(Date.now() - HOUR_MS), 10)).toBe(0);
  expect(await deleteFinishedJobs(db, new Date(Date.now() + HOUR_MS), 10)).toBe(1);
  const { rows } = await db.query<{ state: string }>('SELECT state FROM job ORDER BY state');
  expect(rows.map(({ state }) => state)).toEqual(['failed', 'queued']);
});

function lease(claimed: ClaimedJob | undefined): JobLease {
  if (claimed === undefined) throw new Error('Nothing was claimed.');
  return { id: claimed.id, attempts: claimed.attempts, leasedBy: claimed.leasedBy };
}

function settled(claimed: ClaimedJob | undefined): JobSettlement {
  const outcome = { runAt: null, error: null, detail: null, counts: true };
  return { lease: lease(claimed), state: 'done', ...outcome };
}

async function runOut(): Promise<void> {
  await db.query(
    `UPDATE job SET lease_until = now() - interval '1 second' WHERE state = 'running'`,
  );
}
