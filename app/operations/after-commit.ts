import { setTimeout as sleep } from 'node:timers/promises';
import type { JobQueue } from '../contracts/job-queue';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';
import { enqueuePublishing } from '../store/publications';

/** Under load the commits of so long are answered together: looking costs about as much as one. */
const PAUSE_MS = 50;

/**
 * What follows every commit: "look" for the dispatcher, and a publish job for the merchant's
 * channels whose numbers changed. Calls made while one is under way are answered by one more.
 */
export function createAfterCommit(
  db: Database,
  queue: JobQueue,
  log: Log,
): (merchantId: string) => void {
  const again = new Map<string, boolean>();

  const wake = async (merchantId: string): Promise<void> => {
    do {
      again.set(merchantId, false);
      try {
        await enqueuePublishing(db, merchantId, new Date());
        queue.announce();
      } catch (err) {
        // The sweeper enqueues it within a second or two.
        log.warn({ err, merchantId }, 'publishing could not be announced');
      }
      if (again.get(merchantId) === true) await sleep(PAUSE_MS);
    } while (again.get(merchantId) === true);
    again.delete(merchantId);
  };

  return (merchantId) => {
    queue.announce();
    if (again.has(merchantId)) again.set(merchantId, true);
    else void wake(merchantId);
  };
}
