/** Workers that are told by Bull which job is due, and take it from the table by the same rules. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobRateOf } from '../contracts/job-queue';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';
import type { ClaimedJob, JobSettlement } from '../store/job-claims';
import { findDueJobs, findNextOfKeys } from '../store/job-upkeep';
import type { BullMessage, BullQueueOfRate, BullQueues } from './bull-queue';
import { createClaimer } from './claimer';
import type { JobWorker } from './embedded-dispatcher';
import type { JobRunner } from './job-runner';

export type BullDispatcherSettings = {
  readonly db: Database;
  readonly log: Log;
  readonly queues: BullQueues;
  readonly rateOf: JobRateOf;
  readonly runner: JobRunner;
  readonly workerName: string;
  readonly slots: number;
  readonly leaseMs: number;
};

const PAUSE_WAIT_MS_MAX = 1_000;
/** A job that Bull has not brought this long after it fell due is taken without it. */
const OVERDUE_MS = 10_000;
const OVERDUE_LOOK_MS = 2_000;

export function startBullDispatcher(settings: BullDispatcherSettings): JobWorker {
  const { db, log, queues, runner } = settings;
  const claimer = createClaimer(db, settings.workerName, settings.leaseMs);
  const used = new Set<BullQueueOfRate>();
  let stopped = false;

  /** Resolves when the handler has ended: the end is written while Bull brings the next job. */
  async function work({ jobId }: BullMessage): Promise<void> {
    if (stopped) return;
    const job = await claimer.claim(jobId);
    if (job === null) return;
    await new Promise<void>((resolve) => {
      runner
        .run(job, resolve)
        .then((settlement) => announceNext(job, settlement))
        .catch((problem: unknown) => {
          log.error({ err: problem, jobId }, 'what follows a job was not announced');
          resolve();
        });
    });
  }

  async function announceNext(job: ClaimedJob, settlement: JobSettlement | null): Promise<void> {
    if (settlement?.state === 'queued' && settlement.runAt !== null) {
      const { id, attempts, connectionId } = job;
      queues.announce([{ id, attempts, connectionId, runAt: settlement.runAt }]);
    } else if (job.serialKey !== null) {
      // Whoever was told of the next of this key found it blocked and let it go.
      queues.announceAgain(await findNextOfKeys(db, [job.serialKey]));
    }
  }

  queues.onQueue((queue) => {
    used.add(queue);
    queue
      .process(settings.slots, ({ data }) => work(data))
      .catch((problem: unknown) => {
        log.error({ err: problem, queue: queue.name }, 'a queue is not processed');
      });
  });

  /**
   * The table is the truth, also when Bull holds something back: a worker of its that was killed,
   * or a Redis that came back without its lists. Jobs of a connection with a rate wait for Bull,
   * since their waiting may be what the rate asks for.
   */
  async function takeOverdue(): Promise<void> {
    const overdue = await findDueJobs(db, -OVERDUE_MS, settings.slots);
    const free = overdue.filter(
      ({ connectionId }) => connectionId === null || settings.rateOf(connectionId) === null,
    );
    await Promise.all(free.map(({ id, connectionId }) => work({ jobId: id, connectionId })));
  }

  let taking = false;
  const overdueTimer = setInterval(() => {
    if (taking || stopped) return;
    taking = true;
    takeOverdue()
      .catch((err: unknown) => log.warn({ err }, 'overdue jobs could not be taken'))
      .finally(() => {
        taking = false;
      });
  }, OVERDUE_LOOK_MS);

  return {
    async stop(deadlineMs) {
      stopped = true;
      clearInterval(overdueTimer);
      // With Redis away a pause does not answer; `stopped` is what counts.
      const paused = Promise.allSettled([...used].map((queue) => queue.pause(true, true)));
      await Promise.race([paused, sleep(PAUSE_WAIT_MS_MAX)]);
      await runner.stop(deadlineMs);
    },
  };
}
