/** Runs claimed jobs: handler, lease, end. The dispatchers differ only in who claims when. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';
import {
  type ClaimedJob,
  type JobLease,
  type JobSettlement,
  extendLeases,
  releaseJobs,
  saveJobProgress,
} from '../store/job-claims';
import type { JobRegistry } from './handler';
import { type JobEnd, settleJob } from './settle';
import { createSettler } from './settler';

export type JobRunnerSettings<Deps> = {
  readonly db: Database;
  readonly log: Log;
  readonly deps: Deps;
  readonly registry: JobRegistry<Deps>;
  readonly leaseMs: number;
  /** Told once per try: how it ended and how long the handler took. */
  readonly onEnd?: (kind: string, outcome: string, seconds: number) => void;
};

export type JobRunner = {
  readonly running: number;
  /**
   * Resolves when the job's end is written: its settlement, or null when the lease was lost.
   * `onHandled` is called before that, when the handler has ended.
   */
  run(job: ClaimedJob, onHandled?: () => void): Promise<JobSettlement | null>;
  /** Waits for running jobs until the deadline, then aborts the rest and gives them back. */
  stop(deadlineMs: number): Promise<void>;
};

type RunningJob = { readonly job: ClaimedJob; readonly abort: AbortController };

/** Leases are prolonged this often within their length: two prolongations may fail. */
const EXTENSIONS_PER_LEASE = 3;

export function createJobRunner<Deps>(settings: JobRunnerSettings<Deps>): JobRunner {
  const { db, log, leaseMs } = settings;
  const settler = createSettler(db, log);
  const running = new Map<string, RunningJob>();
  const pending = new Set<Promise<unknown>>();
  const leaseOf = ({ job: { id, attempts, leasedBy } }: RunningJob) => ({ id, attempts, leasedBy });

  async function extendAll(): Promise<void> {
    const held = [...running.values()];
    const kept = new Set(await extendLeases(db, held.map(leaseOf), leaseMs));
    for (const { job, abort } of held) {
      if (kept.has(job.id) || !running.has(keyOf(job))) continue;
      log.warn({ jobId: job.id, kind: job.kind }, 'the lease of a running job was lost');
      abort.abort(new Error('The lease was lost.'));
    }
  }
  const extending = setInterval(() => {
    if (running.size === 0) return;
    extendAll().catch((problem: unknown) => {
      log.error({ err: problem }, 'leases were not prolonged');
    });
  }, leaseMs / EXTENSIONS_PER_LEASE);
  extending.unref();

  async function runOne(job: ClaimedJob, onHandled?: () => void): Promise<JobSettlement | null> {
    const abort = new AbortController();
    running.set(keyOf(job), { job, abort });
    const startedAt = performance.now();
    const end = await handle(settings, job, abort.signal);
    onHandled?.();
    settings.onEnd?.(job.kind, end.status, (performance.now() - startedAt) / 1_000);
    const settlement = settleJob(job, end, new Date(), Math.random);
    report(log, job, end, settlement);
    // After the deadline of a shutdown the job was given back; its end is not ours to write.
    const held = running.has(keyOf(job)) && (await settler.settle(settlement));
    running.delete(keyOf(job));
    return held ? settlement : null;
  }

  return {
    get running() {
      return running.size;
    },
    run(job, onHandled) {
      const ended = runOne(job, onHandled);
      pending.add(ended);
      return ended.finally(() => pending.delete(ended));
    },
    async stop(deadlineMs) {
      const deadline = new AbortController();
      await Promise.race([
        Promise.allSettled([...pending]),
        sleep(deadlineMs, null, { signal: deadline.signal }).catch(() => null),
      ]);
      deadline.abort();
      clearInterval(extending);
      const left = [...running.values()];
      running.clear();
      for (const { abort } of left) abort.abort(new Error('The process is ending.'));
      if (left.length === 0) return;
      log.warn({ jobs: left.length }, 'running jobs were given back');
      await releaseJobs(db, left.map(leaseOf), { started: true });
    },
  };
}

async function handle<Deps>(
  { db, deps, log, registry }: JobRunnerSettings<Deps>,
  job: ClaimedJob,
  signal: AbortSignal,
): Promise<JobEnd> {
  const handler = registry.get(job.kind);
  if (handler === undefined) return { status: 'failed', reason: `No handler for ${job.kind}.` };
  const lease: JobLease = { id: job.id, attempts: job.attempts, leasedBy: job.leasedBy };
  const context = {
    deps,
    log: log.child({ jobId: job.id, kind: job.kind, merchantId: job.merchantId }),
    signal,
    async saveProgress(progress: object) {
      if (await saveJobProgress(db, lease, progress)) return;
      throw new Error('The lease was lost, so the progress was not saved.');
    },
  };
  try {
    return await handler.handle(context, job);
  } catch (problem) {
    return { status: 'threw', problem };
  }
}

function report(log: Log, job: ClaimedJob, end: JobEnd, settlement: JobSettlement): void {
  if (settlement.state === 'done') return;
  const fields = {
    jobId: job.id,
    kind: job.kind,
    merchantId: job.merchantId,
    attempts: job.attempts,
    reason: settlement.error,
    ...(end.status === 'threw' ? { err: end.problem } : {}),
  };
  if (settlement.state === 'failed') log.error(fields, 'a job failed');
  else log.warn({ ...fields, runAt: settlement.runAt }, 'a job will be tried again');
}

function keyOf({ id, leasedBy }: ClaimedJob): string {
  return `${leasedBy}:${String(id)}`;
}
