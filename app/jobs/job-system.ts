/** The queue of one process: announcing for every role, and running jobs for the worker's. */
import { randomBytes } from 'node:crypto';
import os from 'node:os';
import type { JobQueue, JobRateOf } from '../contracts/job-queue';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';
import { type JobWorker, startEmbeddedDispatcher } from './embedded-dispatcher';
import { startBullDispatcher } from './bull-dispatcher';
import { type BullQueues, createBullQueues } from './bull-queue';
import { type EmbeddedQueue, createEmbeddedQueue } from './embedded-queue';
import type { JobRegistry } from './handler';
import { type JobRunner, type JobRunnerSettings, createJobRunner } from './job-runner';

export type JobSystemSettings = {
  readonly db: Database;
  readonly log: Log;
  /** Null: workers take jobs from the table, woken by NOTIFY. */
  readonly redisUrl: string | null;
  /** Default: no connection has a rate of its own. */
  readonly rateOf?: JobRateOf;
};

export type JobWorkerSettings<Deps> = {
  readonly registry: JobRegistry<Deps>;
  /** Given to every handler. */
  readonly deps: Deps;
  /** Jobs at the same time in this process. */
  readonly slots?: number;
  /** How long a job of a dead worker waits to be taken back. */
  readonly leaseMs?: number;
  readonly pollMs?: number;
  readonly onEnd?: JobRunnerSettings<Deps>['onEnd'];
};

export type JobSystem = {
  readonly queue: JobQueue;
  startWorker<Deps>(settings: JobWorkerSettings<Deps>): JobWorker;
  /** After the workers have stopped. */
  close(): Promise<void>;
};

const SLOTS_DEFAULT = 16;
const LEASE_MS_DEFAULT = 30_000;
const POLL_MS_DEFAULT = 500;

export function createJobSystem(settings: JobSystemSettings): JobSystem {
  const { db, log, redisUrl } = settings;
  const rateOf = settings.rateOf ?? (() => null);
  return redisUrl === null
    ? embeddedSystem({ db, log, rateOf }, createEmbeddedQueue(db, log))
    : bullSystem({ db, log, rateOf }, createBullQueues({ db, log, redisUrl, rateOf }));
}

type Common = { readonly db: Database; readonly log: Log; readonly rateOf: JobRateOf };

function embeddedSystem(common: Common, queue: EmbeddedQueue): JobSystem {
  return {
    queue,
    startWorker: (worker) =>
      startEmbeddedDispatcher({
        ...common,
        ...dispatching(common, worker),
        queue,
        pollMs: worker.pollMs ?? POLL_MS_DEFAULT,
      }),
    close: () => queue.close(),
  };
}

function bullSystem(common: Common, queues: BullQueues): JobSystem {
  return {
    queue: queues,
    startWorker: (worker) =>
      startBullDispatcher({ ...common, ...dispatching(common, worker), queues }),
    close: () => queues.close(),
  };
}

function dispatching<Deps>(
  { db, log }: Common,
  { registry, deps, onEnd, ...worker }: JobWorkerSettings<Deps>,
): {
  readonly runner: JobRunner;
  readonly workerName: string;
  readonly slots: number;
  readonly leaseMs: number;
} {
  const leaseMs = worker.leaseMs ?? LEASE_MS_DEFAULT;
  const told = onEnd === undefined ? {} : { onEnd };
  return {
    runner: createJobRunner({ db, log, deps, registry, leaseMs, ...told }),
    workerName: nameWorker(),
    slots: worker.slots ?? SLOTS_DEFAULT,
    leaseMs,
  };
}

/** Unique per start, so that a restarted process is not taken for its predecessor. */
function nameWorker(): string {
  return `${os.hostname()}:${String(process.pid)}:${randomBytes(4).toString('hex')}`;
}
