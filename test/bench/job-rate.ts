/** Jobs that do nothing, from the table through a dispatcher and back, one process. */
import { z } from 'zod';
import { defineJob, registerJobs } from '../../app/jobs/handler';
import { createJobSystem } from '../../app/jobs/job-system';
import { createDatabase } from '../../app/platform/database';
import { silentLog } from '../../app/platform/log';
import { type EnqueuedJob, enqueueJobs } from '../../app/store/jobs';
import { redisMissing, startRedis } from '../support/redis';
import { type BenchReport, rate } from './report';

const ENQUEUE_BATCH = 500;
const STOP_MS_MAX = 5_000;
const registry = registerJobs([
  defineJob<object, object>({
    kind: 'nothing',
    schema: z.object({}),
    run: () => Promise.resolve({ status: 'done' }),
  }),
]);

export async function benchJobs(url: string, jobs: number, report: BenchReport): Promise<void> {
  const embedded = await jobsPerSecond(url, null, jobs);
  addRow(report, 'Jobs that do nothing, embedded', rate(embedded, 'jobs'), '16 slots');
  if (redisMissing !== null) {
    addRow(report, 'Jobs that do nothing, Bull', 'not tried', redisMissing);
    return;
  }
  const redis = await startRedis();
  try {
    const bull = await jobsPerSecond(url, redis.url, jobs);
    addRow(report, 'Jobs that do nothing, Bull', rate(bull, 'jobs'), '16 slots, Redis beside');
  } finally {
    await redis.stop();
  }
}

/** From the first claim to the last end; they were enqueued before. */
async function jobsPerSecond(url: string, redisUrl: string | null, jobs: number): Promise<number> {
  const db = createDatabase(url, { max: 10, applicationName: 'crossdock-bench' });
  const system = createJobSystem({ db, log: silentLog, redisUrl });
  try {
    await db.query('TRUNCATE job');
    const all = Array.from({ length: jobs }, () => ({
      kind: 'nothing',
      merchantId: null,
      payload: {},
    }));
    const enqueued: EnqueuedJob[] = [];
    for (let at = 0; at < jobs; at += ENQUEUE_BATCH) {
      enqueued.push(...(await enqueueJobs(db, all.slice(at, at + ENQUEUE_BATCH))));
    }
    let left = jobs;
    const startedAt = performance.now();
    let allEnded = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      allEnded = resolve;
    });
    const onEnd = (): void => {
      left -= 1;
      if (left === 0) allEnded();
    };
    const worker = system.startWorker({ registry, deps: {}, onEnd });
    system.queue.announce(enqueued);
    await ended;
    const seconds = (performance.now() - startedAt) / 1_000;
    await worker.stop(STOP_MS_MAX);
    return jobs / seconds;
  } finally {
    await system.close();
    await db.close();
  }
}

function addRow(report: BenchReport, what: string, ours: string, note: string): void {
  report.rows.push({ what, ours, bound: '', boundIs: '', ratio: '', target: null, note });
}
