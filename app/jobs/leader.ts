/** One process among all does what must be done once: the one that holds an advisory lock. */
import type pg from 'pg';
import type { Database } from '../platform/database';
import type { Log } from '../platform/log';

export type Leadership = {
  /** Whether this process leads now. */
  readonly leads: boolean;
  stop(): Promise<void>;
};

const CANDIDATE_EVERY_MS_DEFAULT = 2_000;

type LeadershipSettings = {
  readonly db: Database;
  readonly log: Log;
  /** Same number, same office. */
  readonly lockKey: number;
  readonly candidateEveryMs?: number;
};

/**
 * Stands for leader again and again until elected. The lock belongs to a connection held for it,
 * so a leader that dies or is cut off loses it without anyone's doing.
 */
export function standForLeader(settings: LeadershipSettings): Leadership {
  const { db, log, lockKey } = settings;
  let client: pg.PoolClient | null = null;
  let trying: Promise<void> | null = null;
  let stopped = false;

  function stepDown(): void {
    if (client === null) return;
    log.warn({ lockKey }, 'leadership was lost');
    client.release(true);
    client = null;
  }

  async function attempt(): Promise<void> {
    if (client !== null) {
      // A dead connection would not say so by itself.
      const lost = await client.query('SELECT 1').then(
        () => false,
        () => true,
      );
      if (lost) stepDown();
      return;
    }
    const candidate = await db.pool.connect();
    const onError = () => {
      if (candidate === client) stepDown();
    };
    // While a connection is out of the pool its errors are ours to hear.
    candidate.on('error', onError);
    const { rows } = await candidate
      .query<{ elected: boolean }>('SELECT pg_try_advisory_lock($1) AS elected', [lockKey])
      .catch(() => ({ rows: [] }));
    if (rows[0]?.elected !== true || stopped) {
      candidate.off('error', onError);
      candidate.release(rows.length === 0 || stopped);
      return;
    }
    client = candidate;
  }

  function tryOnce(): void {
    trying ??= attempt()
      .catch((problem: unknown) => log.warn({ err: problem }, 'could not stand for leader'))
      .finally(() => {
        trying = null;
      });
  }
  const timer = setInterval(tryOnce, settings.candidateEveryMs ?? CANDIDATE_EVERY_MS_DEFAULT);
  timer.unref();
  tryOnce();

  return {
    get leads() {
      return client !== null && !stopped;
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await trying;
      // Closed instead of reused: that is what gives the lock back.
      client?.release(true);
      client = null;
    },
  };
}
