/**
 * Announcements through Bull: job ids travel by Redis to workers on any machine. Bull never holds
 * more than an id; what it forgets, or hears twice, the job table puts right.
 */
import Bull from 'bull';
import Redis from 'ioredis';
import type { JobAnnouncement, JobQueue, JobRate, JobRateOf } from '../contracts/job-queue';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';
import { findDueJobs } from '../store/job-upkeep';

export type BullMessage = { readonly jobId: number; readonly connectionId: string | null };
export type BullQueueOfRate = Bull.Queue<BullMessage>;

export type BullQueues = JobQueue & {
  /** Says the same jobs again although Bull may know them still. */
  announceAgain(jobs: readonly JobAnnouncement[]): void;
  /** Called for every Bull queue there is and will be: one per distinct rate. */
  onQueue(use: (queue: BullQueueOfRate) => void): void;
  close(): Promise<void>;
};

type BullQueuesSettings = {
  readonly db: Database;
  readonly log: Log;
  readonly redisUrl: string;
  readonly rateOf: JobRateOf;
};

const QUEUE_NAME = 'crossdock-jobs';
/** Braces keep all keys of a queue on one node of a Redis cluster. */
const KEY_PREFIX = '{crossdock}';
const ADD_BATCH_MAX = 500;
const LOOK_MAX = 1_000;
const CLOSE_WAIT_MS = 3_000;
const RECONNECT_MS_STEP = 100;
const RECONNECT_MS_MAX = 2_000;
/** Bull's default of five seconds is what a flush of Redis would cost every worker. */
const RETRY_AFTER_ERROR_MS = 500;

export function createBullQueues(settings: BullQueuesSettings): BullQueues {
  const { db, log } = settings;
  const queues = new Map<string, BullQueueOfRate>();
  const clients: Redis[] = [];
  const users: ((queue: BullQueueOfRate) => void)[] = [];
  let adding = Promise.resolve();
  let repetitions = 0;

  /** Bull knows one rate per queue (kept per group in it), so each distinct rate has a queue. */
  function queueOf(connectionId: string | null): BullQueueOfRate {
    const rate = connectionId === null ? null : settings.rateOf(connectionId);
    const name = queueName(rate);
    const known = queues.get(name);
    if (known !== undefined) return known;
    const queue = openQueue(name, rate, openClient);
    queue.on('error', (problem) => {
      log.warn({ err: problem, queue: name }, 'the job queue has trouble with Redis');
    });
    queues.set(name, queue);
    for (const use of users) use(queue);
    return queue;
  }

  function openClient(): Redis {
    const client = new Redis(settings.redisUrl, {
      // Bull's own requirement for its blocking connections.
      maxRetriesPerRequest: null,
      enableReadyCheck: false,
      retryStrategy: (times) => Math.min(RECONNECT_MS_STEP * times, RECONNECT_MS_MAX),
    });
    // Redis may be away, flushed or full: none of that loses a job, so it is never fatal. Bull
    // passes these errors on to its own listeners; this one is for the time after it has closed.
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  }

  async function add(jobs: readonly JobAnnouncement[], suffix: string): Promise<void> {
    const byQueue = new Map<BullQueueOfRate, JobAnnouncement[]>();
    for (const job of jobs) {
      const queue = queueOf(job.connectionId);
      byQueue.set(queue, [...(byQueue.get(queue) ?? []), job]);
    }
    for (const [queue, group] of byQueue) {
      // Bull would keep them in memory until Redis is back; the table keeps them already.
      if (!isConnected(queue)) await connecting(queue);
      if (!isConnected(queue)) continue;
      for (let start = 0; start < group.length; start += ADD_BATCH_MAX) {
        const batch = group.slice(start, start + ADD_BATCH_MAX);
        await queue.addBulk(batch.map((job) => bullJob(job, suffix)));
      }
    }
  }

  function addInTurn(jobs: readonly JobAnnouncement[], suffix: string): void {
    if (jobs.length === 0) return;
    adding = adding
      .then(() => add(jobs, suffix))
      .catch((problem: unknown) => {
        log.warn({ err: problem }, 'jobs were not announced; the sweeper will find them');
      });
  }

  queueOf(null);

  return {
    announce(jobs) {
      if (jobs !== undefined) return addInTurn(jobs, '');
      findDueJobs(db, 0, LOOK_MAX)
        .then((due) => addInTurn(due, ''))
        .catch((problem: unknown) => {
          log.warn({ err: problem }, 'due jobs could not be looked up');
        });
    },
    announceAgain(jobs) {
      repetitions += 1;
      addInTurn(jobs, `:${String(process.pid)}.${String(repetitions)}`);
    },
    onQueue(use) {
      users.push(use);
      for (const queue of queues.values()) use(queue);
    },
    async close() {
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, CLOSE_WAIT_MS).unref();
      });
      const closed = adding.then(() =>
        Promise.allSettled([...queues.values()].map((queue) => queue.close(true))),
      );
      await Promise.race([closed, late]);
      // A client that never connected would try for ever.
      for (const client of clients) client.disconnect();
    },
  };
}

/**
 * The id makes Bull ignore what it knows already. It names the try and its time, so that a retry,
 * or a job moved forward, is news.
 */
function bullJob(job: JobAnnouncement, suffix: string) {
  const runAtMs = job.runAt.getTime();
  return {
    data: { jobId: job.id, connectionId: job.connectionId },
    opts: {
      jobId: `${String(job.id)}:${String(job.attempts)}:${String(runAtMs)}${suffix}`,
      delay: Math.max(0, runAtMs - Date.now()),
      removeOnComplete: true,
      removeOnFail: true,
    },
  };
}

function openQueue(name: string, rate: JobRate | null, createClient: () => Redis): BullQueueOfRate {
  return new Bull(name, {
    prefix: KEY_PREFIX,
    createClient,
    settings: { retryProcessDelay: RETRY_AFTER_ERROR_MS },
    ...(rate === null
      ? {}
      : { limiter: { max: rate.max, duration: rate.durationMs, groupKey: 'connectionId' } }),
  });
}

function queueName(rate: JobRate | null): string {
  if (rate === null) return QUEUE_NAME;
  return `${QUEUE_NAME}-${String(rate.max)}-per-${String(rate.durationMs)}ms`;
}

function isConnected(queue: BullQueueOfRate): boolean {
  return queue.client.status === 'ready';
}

/** A fresh connection gets a moment; a broken one is not waited for. */
async function connecting(queue: BullQueueOfRate): Promise<void> {
  if (queue.client.status !== 'connecting' && queue.client.status !== 'connect') return;
  await new Promise<void>((resolve) => {
    const done = () => {
      queue.client.off('ready', done);
      queue.client.off('close', done);
      resolve();
    };
    queue.client.once('ready', done);
    queue.client.once('close', done);
  });
}
