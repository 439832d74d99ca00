/** What happens by the clock, in one process at a time: periodic jobs, and the queue's upkeep. */
import type { JobQueue } from '../contracts/job-queue';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';
import { reviveStaleEvents } from '../store/inbox';
import { expireLeases } from '../store/job-claims';
import {
  deleteFinishedJobs,
  deleteSettledEvents,
  findDueJobs,
  findUnpublished,
} from '../store/job-upkeep';
import { type NewJob, enqueueJobs } from '../store/jobs';
import { standForLeader } from './leader';

/** Enqueues what `build` answers, every so often. Give the jobs dedupe keys. */
export type ScheduledTask = {
  readonly kind: string;
  readonly everyMs: number;
  build(): Promise<readonly NewJob[]> | readonly NewJob[];
};

export type SchedulerSettings = {
  readonly db: Database;
  readonly log: Log;
  readonly queue: JobQueue;
  readonly tasks: readonly ScheduledTask[];
  /** Done and cancelled jobs are kept this long; failed ones for ever. */
  readonly retentionDays?: number;
  /** How often the upkeep looks; the tests do not want to wait. */
  readonly upkeepMs?: number;
  /** How long an event may wait without a job. */
  readonly inboxPatienceMs?: number;
};

export type Scheduler = { stop(): Promise<void> };

type Chore = { readonly name: string; readonly everyMs: number; run(): Promise<void> };

/** Any number of ours. */
const SCHEDULER_LOCK_KEY = 720_412;
const RETENTION_DAYS_DEFAULT = 7;
/** Long enough to look into what went wrong; their bodies hold customer data. */
const INBOX_RETENTION_DAYS = 30;
const UPKEEP_MS_DEFAULT = 1_000;
const INBOX_PATIENCE_MS_DEFAULT = 30_000;
/** Younger ones are about to be started. */
const OVERDUE_MS = 1_000;
const RETENTION_EVERY_MS = 60_000;
const BATCH_MAX = 1_000;
const DAY_MS = 24 * 60 * 60_000;

/** Runs in every worker process; only the elected one acts. */
export function startScheduler(settings: SchedulerSettings): Scheduler {
  const { db, log } = settings;
  const candidateEveryMs = settings.upkeepMs ?? UPKEEP_MS_DEFAULT;
  const leadership = standForLeader({ db, log, lockKey: SCHEDULER_LOCK_KEY, candidateEveryMs });
  const underWay = new Set<Promise<void>>();
  const timers = [...taskChores(settings), ...upkeepChores(settings)].map((chore) => {
    let running = false;
    return setInterval(() => {
      // The next beat comes; a slow chore must not pile up on itself.
      if (running || !leadership.leads) return;
      running = true;
      const run = chore
        .run()
        .catch((problem: unknown) => {
          log.error({ err: problem, chore: chore.name }, 'a scheduled chore failed');
        })
        .finally(() => {
          running = false;
          underWay.delete(run);
        });
      underWay.add(run);
    }, chore.everyMs);
  });

  return {
    async stop() {
      timers.forEach(clearInterval);
      await Promise.all(underWay);
      await leadership.stop();
    },
  };
}

function taskChores({ db, queue, tasks }: SchedulerSettings): readonly Chore[] {
  return tasks.map(({ kind, everyMs, build }) => ({
    name: kind,
    everyMs,
    run: async () => queue.announce(await enqueueJobs(db, await build())),
  }));
}

function upkeepChores(settings: SchedulerSettings): readonly Chore[] {
  const { db, log, queue } = settings;
  const everyMs = settings.upkeepMs ?? UPKEEP_MS_DEFAULT;
  const patienceMs = settings.inboxPatienceMs ?? INBOX_PATIENCE_MS_DEFAULT;
  const retentionMs = (settings.retentionDays ?? RETENTION_DAYS_DEFAULT) * DAY_MS;
  return [
    {
      name: 'expired-leases',
      everyMs,
      async run() {
        const expired = await expireLeases(db, BATCH_MAX);
        if (expired.length > 0)
          log.warn({ jobs: expired.length }, 'jobs of lost workers came back');
        queue.announce(expired);
      },
    },
    {
      name: 'overdue-jobs',
      everyMs,
      run: async () => queue.announce(await findDueJobs(db, -OVERDUE_MS, BATCH_MAX)),
    },
    {
      name: 'unpublished-stock',
      everyMs,
      run: async () => queue.announce(await enqueueJobs(db, await findUnpublished(db))),
    },
    {
      name: 'stale-inbox-events',
      everyMs,
      run: async () => queue.announce(await reviveStaleEvents(db, patienceMs, BATCH_MAX)),
    },
    {
      name: 'job-retention',
      everyMs: RETENTION_EVERY_MS,
      async run() {
        const before = new Date(Date.now() - retentionMs);
        while ((await deleteFinishedJobs(db, before, BATCH_MAX)) === BATCH_MAX);
      },
    },
    {
      name: 'inbox-retention',
      everyMs: RETENTION_EVERY_MS,
      async run() {
        const before = new Date(Date.now() - INBOX_RETENTION_DAYS * DAY_MS);
        while ((await deleteSettledEvents(db, before, BATCH_MAX)) === BATCH_MAX);
      },
    },
  ];
}
