/**
 * Announcements through Bull: job ids travel by Redis to workers on any machine. Bull never holds
 * more than an id; what it forgets, or hears twice, the job table puts right.
 */
import { setTimeout as sleep } from 'node:timers/promises';
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
const LOOK_EVERY_MS = 3;
/** When more wait than one look shows, workers have enough to do. */
const LOOK_EVERY_MS_CROWDED = 200;
/** The sweeper finds what falls due later. */
const LOOK_AHEAD_MS = 5_000;
const SAID_MAX = 20_000;
/** A job due for this long that nobody has taken is announced once more, and so on. */
const LOST_AFTER_MS = 10_000;
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
  const said = rememberSaid();
  let adding = Promise.resolve();
  let looking: Promise<void> | null = null;
  let crowded = false;
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

  /** Finds out which jobs wait, at most once per LOOK_EVERY_MS, and says those that are news. */
  function look(): void {
    if (looking !== null) return;
    looking = sleep(crowded ? LOOK_EVERY_MS_CROWDED : LOOK_EVERY_MS)
      .then(() => {
        looking = null;
        return findDueJobs(db, LOOK_AHEAD_MS, LOOK_MAX);
      })
      .then((due) => {
        crowded = due.length === LOOK_MAX;
        addInTurn(said.news(due), '');
      })
      .catch((problem: unknown) => {
        log.warn({ err: problem }, 'waiting jobs could not be looked up');
      });
  }

  queueOf(null);

  return {
    announce(jobs) {
      if (jobs === undefined) look();
      else addInTurn(jobs, '');
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

/** What this process has said of late, so that a long queue is not said again with every job. */
function rememberSaid(): { news(jobs: readonly JobAnnouncement[]): readonly JobAnnouncement[] } {
  const said = new Set<string>();
  return {
    news(jobs) {
      const news = jobs.filter((job) => !said.has(nameOf(job)));
      for (const job of news) said.add(nameOf(job));
      // A set lists its oldest members first.
      for (const name of said) {
        if (said.size <= SAID_MAX) break;
        said.delete(name);
      }
      return news;
    },
  };
}

/** Names a try and its time: a retry, or a job that was moved forward, is news. */
function nameOf({ id, attempts, runAt }: JobAnnouncement): string {
  return `${String(id)}:${String(attempts)}:${String(runAt.getTime())}`;
}

/**
 * The id makes Bull ignore what it knows already. What Bull has held for long it may have handed to
 * a worker that died before taking it from the table: its id changes, so that Bull hears it anew
 * instead of waiting, a minute or two, to notice.
 */
function bullJob(job: JobAnnouncement, suffix: string) {
  const spans = Math.max(0, Math.floor((Date.now() - job.runAt.getTime()) / LOST_AFTER_MS));
  const late = spans === 0 ? '' : `:late${String(spans)}`;
  return {
    data: { jobId: job.id, connectionId: job.connectionId },
    opts: {
      jobId: nameOf(job) + late + suffix,
      delay: Math.max(0, job.runAt.getTime() - Date.now()),
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
