/** Numbers about the whole system, for monitoring: what waits, for how long, and what is wrong. */
import type { Database } from '../../platform/database';

export type SystemMeasures = {
  readonly jobs: readonly {
    readonly state: string;
    readonly kind: string;
    readonly count: number;
  }[];
  /** How long the job has been due that has waited longest; 0 when none is. */
  readonly oldestDueSeconds: number;
  readonly publications: readonly {
    readonly connectionId: string;
    readonly dirty: number;
    /** Since when the channel has not been told the newest number. */
    readonly lagSeconds: number;
  }[];
  readonly inboxWaiting: number;
};

// A query per state, so that each is answered by the state's own small index; jobs that are done
// are many and not counted.
const JOBS = ['queued', 'running', 'failed']
  .map((state) => `SELECT state, kind, count(*) FROM job WHERE state = '${state}' GROUP BY 1, 2`)
  .join(' UNION ALL ');

export async function measureSystem(db: Database): Promise<SystemMeasures> {
  const [jobs, due, publications, inbox] = await Promise.all([
    db.query<SystemMeasures['jobs'][number]>(JOBS),
    db.one<{ readonly seconds: number }>(
      `SELECT COALESCE(extract(epoch FROM now() - min(run_at)), 0)::double precision AS seconds
       FROM job WHERE state = 'queued' AND run_at <= now()`,
    ),
    db.query<SystemMeasures['publications'][number]>(
      `SELECT c.id AS "connectionId", count(p.id) AS dirty,
         COALESCE(extract(epoch FROM now() - min(p.dirty_since)), 0)::double precision
           AS "lagSeconds"
       FROM connection c LEFT JOIN (publication p
           JOIN listing li ON li.id = p.listing_id AND li.item_id IS NOT NULL AND li.tracked)
         ON p.connection_id = c.id AND p.dirty_since IS NOT NULL AND p.dirty_seq > p.sent_seq
       WHERE c.publishing AND c.status <> 'disconnected' GROUP BY c.id`,
    ),
    db.one<{ readonly waiting: number }>(
      `SELECT count(*) AS waiting FROM inbox_event WHERE state = 'received'`,
    ),
  ]);
  return {
    jobs: jobs.rows,
    oldestDueSeconds: due.seconds,
    publications: publications.rows,
    inboxWaiting: inbox.waiting,
  };
}

/** Cells where a level is not the fold of its movements, per merchant. Reads the whole ledger. */
export async function measureDrift(
  db: Database,
): Promise<readonly { readonly merchantId: string; readonly cells: number }[]> {
  const { rows } = await db.query<{ readonly merchantId: string; readonly cells: number }>(
    `SELECT m.id AS "merchantId", (SELECT count(*) FROM ledger_drift(m.id)) AS cells
     FROM merchant m`,
  );
  return rows;
}
