/** What happens by the clock, in one process at a time: periodic jobs, and the queue's upkeep. */
import type { JobQueue } from '../contracts/job-queue';
import { SETTING_BOUNDS } from '../domain/merchants/settings';
import { archiveRecords } from '../operations/audit/archive-records';
import {
  deleteSpentActions,
  deleteSpentCounts,
  emptySpentJobs,
  forgetUnprovenKeys,
} from '../operations/jobs/delete-what-is-spent';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';
import { reviveStaleEvents } from '../store/inbox';
import { expireLeases } from '../store/job-claims';
import {
  deleteFinishedJobs,
  deleteSettledEvents,
  emptyOpenEvents,
  findDueJobs,
  findUnpublished,
  merchantsByDays,
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
  /** How often the upkeep looks; the tests do not want to wait. */
  readonly upkeepMs?: number;
  /** How often what is old is deleted. */
  readonly retentionEveryMs?: number;
  /** How long an event may wait without a job. */
  readonly inboxPatienceMs?: number;
};

export type Scheduler = { stop(): Promise<void> };

type Chore = { readonly name: string; readonly everyMs: number; run(): Promise<void> };

/** Any number of ours. */
const SCHEDULER_LOCK_KEY = 720_412;
const UPKEEP_MS_DEFAULT = 1_000;
const INBOX_PATIENCE_MS_DEFAULT = 30_000;
/** Younger ones are about to be started. */
const OVERDUE_MS = 1_000;
const RETENTION_EVERY_MS = 60_000;
const BATCH_MAX = 1_000;
const SPENT_EVERY_MS = 60 * 60_000;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** What was never dealt with names buyers no longer than this, whatever a merchant wants. */
const OPEN_DAYS_MAX = 60;

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
    // As long as each merchant wants. Failed jobs, and messages that wait, stay on the list for
    // ever, without what may name a buyer.
    retention(settings, 'job-retention', 'jobDays', deleteFinishedJobs),
    retention(settings, 'inbox-retention', 'inboxDays', deleteSettledEvents),
    countRetention(settings),
    spentRows(settings),
    ...hourlyChores(settings),
  ];
}

function hourlyChores(settings: SchedulerSettings): readonly Chore[] {
  const everyMs = settings.retentionEveryMs ?? HOUR_MS;
  const empties = { daysMax: OPEN_DAYS_MAX, everyMs };
  return [
    retention(settings, 'open-inbox-bodies', 'inboxDays', emptyOpenEvents, empties),
    retention(settings, 'failed-job-notes', 'inboxDays', emptySpentJobs, empties),
    {
      name: 'audit-archive',
      everyMs,
      async run() {
        await archiveRecords(settings.db, new Date());
      },
    },
    {
      name: 'forgotten-intents',
      everyMs,
      run: () => forgetUnprovenKeys(settings.db, new Date()),
    },
  ];
}

function retention(
  { db, retentionEveryMs = RETENTION_EVERY_MS }: SchedulerSettings,
  name: string,
  choice: 'jobDays' | 'inboxDays',
  remove: typeof deleteFinishedJobs,
  limits: { readonly daysMax: number; readonly everyMs: number } = {
    daysMax: SETTING_BOUNDS[choice][1],
    everyMs: retentionEveryMs,
  },
): Chore {
  const { daysMax, everyMs } = limits;
  const removeAll = async (days: number, merchantIds: readonly string[] | null) => {
    const before = new Date(Date.now() - days * DAY_MS);
    while ((await remove(db, before, BATCH_MAX, merchantIds)) === BATCH_MAX);
  };
  return {
    name,
    everyMs,
    async run() {
      for (const [days, merchantIds] of await merchantsByDays(db, choice)) {
        await removeAll(Math.min(days, daysMax), merchantIds);
      }
      // What belongs to no merchant (any more).
      await removeAll(daysMax, null);
    },
  };
}

function countRetention({ db, retentionEveryMs = RETENTION_EVERY_MS }: SchedulerSettings): Chore {
  return {
    name: 'count-retention',
    everyMs: retentionEveryMs,
    run: () => deleteSpentCounts(db, new Date()),
  };
}

function spentRows({ db, retentionEveryMs = SPENT_EVERY_MS }: SchedulerSettings): Chore {
  return {
    name: 'spent-rows',
    everyMs: retentionEveryMs,
    run: () => deleteSpentActions(db, new Date()),
  };
}
