/**
 * Announcements without Redis: the worker in this process is told directly, those elsewhere by
 * NOTIFY. The NOTIFY is sent by itself and not inside the transaction that enqueued: PostgreSQL
 * lets only one transaction at a time commit while it notifies, which would put all sales in a row.
 */
import type { JobQueue } from '../contracts/job-queue';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';

export const JOBS_CHANNEL = 'crossdock_jobs';
/** Announcements of this long travel together. */
const NOTIFY_EVERY_MS = 3;

/** Travels instead of a time where the announcer did not know it. */
const UNKNOWN_TIME = 0;
/** Where it is not said how many jobs wait, one operation rarely leaves more than this. */
const JOBS_UNKNOWN = 4;

/**
 * The worker of this process, told of jobs due at a time, or at one it has to find out (null).
 * Answers how many more jobs it could start at once.
 */
export type LocalWorker = { wake(atMs: number | null): number };

/** The time an announcement names, in milliseconds; null where the announcer did not know it. */
export function readAnnouncement(payload: string): number | null {
  return Number(payload) || null;
}

export type EmbeddedQueue = JobQueue & {
  attach(worker: LocalWorker): () => void;
  /** Resolves when the last announcement is out. */
  close(): Promise<void>;
};

export function createEmbeddedQueue(db: Database, log: Log): EmbeddedQueue {
  const workers = new Set<LocalWorker>();
  let earliestMs: number | null = null;
  let sending: Promise<void> | null = null;

  async function send(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, NOTIFY_EVERY_MS));
    const atMs = earliestMs;
    earliestMs = null;
    sending = null;
    try {
      await db.query('SELECT pg_notify($1, $2)', [JOBS_CHANNEL, String(atMs ?? UNKNOWN_TIME)]);
    } catch (problem) {
      log.warn({ err: problem }, 'jobs were not announced; workers will find them by looking');
    }
  }

  return {
    announce(jobs) {
      if (jobs?.length === 0) return;
      const atMs = jobs === undefined ? null : Math.min(...jobs.map(({ runAt }) => +runAt));
      const free = [...workers].reduce((sum, worker) => sum + worker.wake(atMs), 0);
      // A worker here with room for all of them needs no one else.
      if (free >= (jobs?.length ?? JOBS_UNKNOWN)) return;
      earliestMs = Math.min(earliestMs ?? Infinity, atMs ?? UNKNOWN_TIME);
      sending ??= send();
    },
    attach(worker) {
      workers.add(worker);
      return () => workers.delete(worker);
    },
    async close() {
      await sending;
    },
  };
}
