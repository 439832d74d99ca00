/** Writes the ends of jobs, as many as have come together in one statement. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';
import { type JobSettlement, settleJobs } from '../store/job-claims';

/** Waits before trying again when the database is away; after the last the lease runs out. */
const RETRY_WAITS_MS = [50, 500, 2_000];

export type Settler = {
  /** Resolves when written. False: not written, because the lease was lost or the database away. */
  settle(settlement: JobSettlement): Promise<boolean>;
};

type Waiting = { readonly settlement: JobSettlement; resolve(written: boolean): void };

export function createSettler(db: Database, log: Log): Settler {
  let waiting: Waiting[] = [];
  let writing = false;

  async function write(batch: readonly Waiting[]): Promise<void> {
    const written = new Set(await tryToSettle(batch.map(({ settlement }) => settlement)));
    for (const { settlement, resolve } of batch) resolve(written.has(settlement.lease.id));
  }

  async function tryToSettle(settlements: readonly JobSettlement[]): Promise<readonly number[]> {
    for (const waitMs of [...RETRY_WAITS_MS, null]) {
      try {
        return await settleJobs(db, settlements);
      } catch (problem) {
        log.error({ err: problem, jobs: settlements.length }, 'the ends of jobs were not written');
        if (waitMs !== null) await sleep(waitMs);
      }
    }
    return [];
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await write(batch);
    }
    writing = false;
  }

  return {
    settle(settlement) {
      return new Promise((resolve) => {
        waiting.push({ settlement, resolve });
        if (writing) return;
        writing = true;
        // Not at once: handlers that end in the same turn of the event loop share a statement.
        setImmediate(() => void writeAll());
      });
    },
  };
}
