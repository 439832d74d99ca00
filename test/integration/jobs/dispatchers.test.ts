/**
 * Goal: both ways of telling workers what is due keep the same promises.
 * Method: the same scenarios over PostgreSQL alone and over Bull on a real Redis, with workers in
 * processes of their own where processes matter. Judged by the traces the jobs leave behind.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type JobSystem, createJobSystem } from '#app/jobs/job-system';
import { type Scheduler, startScheduler } from '#app/jobs/scheduler';
import type { JobWorker } from '#app/jobs/embedded-dispatcher';
import { silentLog } from '#app/platform/log';
import { type NewJob, enqueueJob, enqueueJobs, findJob, replayJob } from '#app/store/jobs';
import { createTestDatabase } from '../../support/test-database';
import { type TestRedis, redisMissing, startRedis } from '../../support/redis';
import { countStates, startWorkerProcess, until, untilAllDone } from './job-workers';
import { TRACE_TABLE, type TraceRow, readTrace, traceJobs } from './trace-jobs';

const { db, url: databaseUrl } = await createTestDatabase({ max: 20 });
const log = silentLog;
const merchantId = randomUUID();
const connectionId = randomUUID();
const RATE_MS = 1_000;

if (redisMissing !== null) process.stdout.write(`Not tried on Bull: ${redisMissing}\n`);

const traceJob = (more: Partial<NewJob> = {}): NewJob => ({
  kind: 'trace',
  merchantId,
  payload: {},
  ...more,
});

beforeAll(async () => {
  await db.query(TRACE_TABLE);
});
beforeEach(async () => {
  await db.query('TRUNCATE job, job_trace');
});

describe.each(['embedded', 'bull'] as const)('%s dispatcher', (dispatcher) => {
  const skip = dispatcher === 'bull' && redisMissing !== null;
  let redis: TestRedis | null = null;
  let redisUrl: string | null = null;

  beforeAll(async () => {
    if (dispatcher === 'embedded' || skip) return;
    redis = await startRedis();
    redisUrl = redis.url;
  });
  beforeEach(() => redis?.flush());
  afterAll(() => redis?.stop());

  type Local = { readonly jobs: JobSystem; readonly worker: JobWorker; readonly clock: Scheduler };

  /** A worker in this process, stopped after the work. */
  async function withWorker(
    work: (local: Local) => Promise<void>,
    settings: { readonly leaseMs?: number; readonly rated?: boolean } = {},
  ): Promise<void> {
    const rateOf = () => (settings.rated === true ? { max: 3, durationMs: RATE_MS } : null);
    const jobs = createJobSystem({ db, log, redisUrl, rateOf });
    const { leaseMs = 30_000 } = settings;
    const worker = jobs.startWorker({ registry: traceJobs, deps: { db }, leaseMs, pollMs: 100 });
    const clock = startScheduler({ db, log, queue: jobs.queue, tasks: [], upkeepMs: 200 });
    try {
      await work({ jobs, worker, clock });
    } finally {
      await clock.stop();
      await worker.stop(5_000);
      await jobs.close();
    }
  }

  // What only concerns Redis is no test of the other dispatcher at all, skipped or not.
  const onBull: (name: string, run: () => Promise<void>, ms?: number) => void =
    dispatcher === 'embedded' ? () => undefined : test.skipIf(skip);

  describe.skipIf(skip)('keeps its promises', () => {
    test('jobs of a key never run together nor overtake, over four processes', async () => {
      const jobs = createJobSystem({ db, log, redisUrl });
      const workers = await Promise.all(
        [1, 2, 3, 4].map(() => startWorkerProcess({ databaseUrl, redisUrl, slots: 4 })),
      );
      for (let round = 0; round < 20; round += 1) {
        const keys = ['red', 'green', 'blue', 'white', null];
        const batch = keys.flatMap((serialKey) => [
          traceJob({ serialKey, payload: { holdMs: 3 } }),
          traceJob({ serialKey, payload: { holdMs: 1 } }),
        ]);
        jobs.queue.announce(await enqueueJobs(db, batch));
      }
      await untilAllDone(db);
      await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
      await jobs.close();

      const traces = await readTrace(db);
      expect(traces).toHaveLength(200);
      expect(new Set(traces.map(({ pid }) => pid)).size).toBeGreaterThan(1);
      for (const key of ['red', 'green', 'blue', 'white']) {
        const ofKey = traces.filter(({ serialKey }) => serialKey === key);
        const ids = ofKey.map(({ jobId }) => jobId);
        expect(ids).toEqual([...ids].sort((left, right) => left - right));
        expect(overlaps(ofKey)).toEqual([]);
      }
    });

    test('a job waiting for its retry holds up its key, and a failed one does not', async () => {
      const [first, second] = await enqueueJobs(db, [
        traceJob({
          kind: 'stubborn',
          payload: { succeedOnAttempt: 2 },
          serialKey: 'one',
          maxAttempts: 2,
        }),
        traceJob({ serialKey: 'one' }),
        traceJob({
          kind: 'stubborn',
          payload: { succeedOnAttempt: 9 },
          serialKey: 'two',
          maxAttempts: 1,
        }),
        traceJob({ serialKey: 'two' }),
      ]);
      await withWorker(async ({ jobs }) => {
        jobs.queue.announce();
        await until(async () => (await countStates(db))['done'] === 3);
      });
      expect(await countStates(db)).toEqual({ done: 3, failed: 1 });
      const retried = await findJob(db, merchantId, first?.id ?? 0);
      const later = await findJob(db, merchantId, second?.id ?? 0);
      expect(retried).toMatchObject({ attempts: 2, progress: { detail: 'after 2 tries' } });
      // Both columns are rounded to a millisecond, not always the same way.
      const ended = (retried?.finishedAt?.getTime() ?? Number.NaN) - 1;
      expect(later?.startedAt?.getTime()).toBeGreaterThanOrEqual(ended);
    });

    test('a job that always throws is failed after its last try, and can be replayed', async () => {
      const payload = { succeedOnAttempt: 1_000 };
      const { id } = await enqueueJob(db, traceJob({ kind: 'stubborn', payload, maxAttempts: 2 }));
      await withWorker(async ({ jobs }) => {
        jobs.queue.announce();
        await until(async () => (await countStates(db))['failed'] === 1);
        const failed = await findJob(db, merchantId, id);
        expect(failed).toMatchObject({ attempts: 2, state: 'failed' });
        expect(failed?.lastError).toContain('Told by');
        expect(failed?.lastError).not.toMatch(/buyer@example|abcdef/);

        await db.query(`UPDATE job SET payload = '{"succeedOnAttempt": 1}'`);
        expect(await replayJob(db, randomUUID(), id)).toBeNull();
        const replayed = await replayJob(db, merchantId, id);
        jobs.queue.announce(replayed === null ? [] : [replayed]);
        await untilAllDone(db);
        expect(await findJob(db, merchantId, id)).toMatchObject({ attempts: 1, lastError: null });
      });
    });

    test('a channel that asks to wait does not use up the attempts', async () => {
      const job = traceJob({ kind: 'limited', payload: { tries: 3 }, maxAttempts: 1 });
      const { id } = await enqueueJob(db, job);
      await withWorker(async ({ jobs }) => {
        jobs.queue.announce();
        await untilAllDone(db);
      });
      expect(await findJob(db, merchantId, id)).toMatchObject({ state: 'done', attempts: 4 });
    });

    test('what no handler can read is failed at once, and says why', async () => {
      await enqueueJobs(db, [
        traceJob({ kind: 'unheard-of' }),
        traceJob({ kind: 'stubborn', payload: { succeedOnAttempt: 'soon' } }),
      ]);
      await withWorker(async ({ jobs }) => {
        jobs.queue.announce();
        await until(async () => (await countStates(db))['failed'] === 2);
      });
      const { rows } = await db.query<{ lastError: string; attempts: number }>(
        'SELECT last_error AS "lastError", attempts FROM job ORDER BY id',
      );
      expect(rows.map(({ attempts }) => attempts)).toEqual([1, 1]);
      expect(rows[0]?.lastError).toContain('unheard-of');
      expect(rows[1]?.lastError).toContain('succeedOnAttempt');
    });

    test('the job of a worker killed with -9 is run by another', async () => {
      const { id } = await enqueueJob(db, traceJob({ payload: { hangUntilAttempt: 2 } }));
      const doomed = await startWorkerProcess({ databaseUrl, redisUrl, leaseMs: 600 });
      const announcing = createJobSystem({ db, log, redisUrl });
      announcing.queue.announce();
      await until(async () => (await readTrace(db)).length === 1);
      await doomed.end('SIGKILL');
      await withWorker(() => untilAllDone(db));
      await announcing.close();
      expect(await findJob(db, merchantId, id)).toMatchObject({ state: 'done', attempts: 2 });
      const traces = await readTrace(db);
      expect(traces.map(({ attempt, endedAt }) => [attempt, endedAt !== null])).toEqual([
        [1, false],
        [2, true],
      ]);
    });

    test('a job that outlives its lease keeps it while its worker lives', async () => {
      await enqueueJob(db, traceJob({ payload: { holdMs: 4_000 } }));
      await withWorker(
        async ({ jobs }) => {
          jobs.queue.announce();
          await untilAllDone(db);
        },
        { leaseMs: 1_500 },
      );
      expect(await readTrace(db)).toHaveLength(1);
    });

    test('a worker that is told to end finishes what it runs and starts nothing more', async () => {
      await enqueueJobs(
        db,
        Array.from({ length: 6 }, () => traceJob({ payload: { holdMs: 3_000 } })),
      );
      const worker = await startWorkerProcess({ databaseUrl, redisUrl, slots: 2 });
      const announcing = createJobSystem({ db, log, redisUrl });
      announcing.queue.announce();
      await until(async () => (await readTrace(db)).length >= 2);
      await worker.end('SIGTERM');
      await announcing.close();
      expect(await countStates(db)).toEqual({ done: 2, queued: 4 });
    });

    test('what does not end by the deadline is given back', async () => {
      await enqueueJob(db, traceJob({ payload: { hangUntilAttempt: 2 } }));
      const worker = await startWorkerProcess({ databaseUrl, redisUrl, stopMs: 300 });
      const announcing = createJobSystem({ db, log, redisUrl });
      announcing.queue.announce();
      await until(async () => (await readTrace(db)).length === 1);
      await worker.end('SIGTERM');
      await announcing.close();
      expect(await countStates(db)).toEqual({ queued: 1 });
    });

    test('a connection with a rate starts no more jobs than it allows', async () => {
      const one = traceJob({ connectionId });
      await withWorker(
        async ({ jobs }) => {
          jobs.queue.announce(
            await enqueueJobs(
              db,
              Array.from({ length: 8 }, () => one),
            ),
          );
          await untilAllDone(db);
        },
        { rated: true },
      );
      const starts = (await readTrace(db)).map(({ startedAt }) => startedAt);
      expect(starts).toHaveLength(8);
      // Eight at three per window need two windows of waiting. The first may have been slow to
      // leave its trace, but hardly by most of a window.
      expect((starts[7] ?? 0) - (starts[0] ?? 0)).toBeGreaterThan(RATE_MS);
    });
  });

  onBull('flushing Redis while jobs run and wait loses nothing', async () => {
    const jobs = createJobSystem({ db, log, redisUrl });
    const workers = await Promise.all(
      [1, 2].map(() => startWorkerProcess({ databaseUrl, redisUrl, slots: 4 })),
    );
    const batch = Array.from({ length: 150 }, (_one, index) =>
      traceJob({ serialKey: `key ${String(index % 7)}`, payload: { holdMs: 5 } }),
    );
    jobs.queue.announce(await enqueueJobs(db, batch));
    await until(async () => (await readTrace(db)).length > 10);
    await redis?.flush();
    jobs.queue.announce(await enqueueJobs(db, batch.slice(0, 20)));
    await sleep(20);
    await redis?.flush();
    await untilAllDone(db);
    await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
    await jobs.close();
    const traces = await readTrace(db);
    expect(traces).toHaveLength(170);
    expect(new Set(traces.map(({ jobId }) => jobId)).size).toBe(170);
  });

  onBull('without Redis jobs are still taken in, and run when it is back', async () => {
    const absent = createJobSystem({ db, log, redisUrl: 'redis://127.0.0.1:1' });
    absent.queue.announce([await enqueueJob(db, traceJob())]);
    await absent.close();
    expect(await countStates(db)).toEqual({ queued: 1 });
    await withWorker(() => untilAllDone(db));
  });
});

/** Pairs of traces, next to each other in time, that overlap. */
function overlaps(traces: readonly TraceRow[]): readonly (readonly [number, number])[] {
  return traces.flatMap((trace, index) => {
    const next = traces[index + 1];
    if (next === undefined) return [];
    return trace.endedAt === null || trace.endedAt > next.startedAt
      ? [[trace.jobId, next.jobId] as const]
      : [];
  });
}
