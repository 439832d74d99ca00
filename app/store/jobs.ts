/** The durable queue's table: putting jobs in, looking at one, replaying and cancelling it. */
import type { Queryable } from '../platform/database';
import type { StatementPart } from './rows';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export type NewJob = {
  readonly kind: string;
  /** Null only for work that belongs to no merchant. */
  readonly merchantId: string | null;
  /** Rate group: the account whose limits the job spends. */
  readonly connectionId?: string | null;
  /** Plain JSON, checked against the handler's schema when the job runs. */
  readonly payload: object;
  /** Jobs with the same key run one at a time, in the order of their ids. */
  readonly serialKey?: string | null;
  /**
   * While a job with this key waits for its first try, another is not added. It must name the
   * whole content of the payload, since the payload of the second is dropped.
   */
  readonly dedupeKey?: string | null;
  /** Not before; default now. */
  readonly runAt?: Date | null;
  /** Lower starts first; default 100. */
  readonly priority?: number;
  readonly maxAttempts?: number;
  readonly causeKind?: string | null;
  readonly causeId?: string | null;
};

export type EnqueuedJob = {
  readonly id: number;
  /** False: it joined a job that was waiting already. */
  readonly added: boolean;
  readonly attempts: number;
  readonly connectionId: string | null;
  readonly runAt: Date;
};

export type Job = {
  readonly id: number;
  readonly merchantId: string | null;
  readonly connectionId: string | null;
  readonly kind: string;
  readonly payload: unknown;
  readonly serialKey: string | null;
  readonly dedupeKey: string | null;
  readonly state: JobState;
  readonly priority: number;
  readonly runAt: Date;
  /** Tries so far, the one under way included. */
  readonly attempts: number;
  readonly maxAttempts: number;
  readonly leasedBy: string | null;
  readonly leaseUntil: Date | null;
  readonly lastError: string | null;
  readonly progress: unknown;
  readonly causeKind: string | null;
  readonly causeId: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
};

export const JOB_PRIORITY_DEFAULT = 100;
/** With back-off from one second to a quarter of an hour: about half an hour of trying. */
export const JOB_ATTEMPTS_MAX_DEFAULT = 12;

export const JOB_COLUMNS = `job.id, job.merchant_id AS "merchantId",
  job.connection_id AS "connectionId", job.kind, job.payload, job.serial_key AS "serialKey",
  job.dedupe_key AS "dedupeKey", job.state, job.priority, job.run_at AS "runAt", job.attempts,
  job.max_attempts AS "maxAttempts", job.leased_by AS "leasedBy", job.lease_until AS "leaseUntil",
  job.last_error AS "lastError", job.progress, job.cause_kind AS "causeKind",
  job.cause_id AS "causeId", job.created_at AS "createdAt", job.started_at AS "startedAt",
  job.finished_at AS "finishedAt"`;

/**
 * The database's time cut to what a column holds. `now()` alone would be rounded, half the time
 * up, and a job stamped in the future would miss the claim that its own announcement causes.
 */
export const NOW_MS = `date_trunc('milliseconds', now())`;

/**
 * Ids are given in the order of the list, since they decide the order within a serial key; rows
 * are written in the order of their dedupe keys, so that two lists cannot wait for each other.
 *
 * DO UPDATE, and not DO NOTHING, for a job that waits already: the update locks its row, so no
 * worker can start that job before our transaction commits. A job that started earlier would not
 * see what we are about to commit, and nothing would wake a worker for it afterwards.
 * The price: transactions with the same dedupe key commit one after the other. Enqueue last.
 */
function enqueueText(first: number): string {
  const types = ENQUEUE_TYPES.map((type, index) => `$${String(first + index)}::${type}`);
  return `WITH numbered AS MATERIALIZED (
  SELECT nextval((SELECT pg_get_serial_sequence('job', 'id')::regclass)) AS id, n.*
  FROM unnest(${types.join(', ')})
    AS n(kind, merchant_id, connection_id, payload, serial_key, dedupe_key,
      run_at, priority, max_attempts, cause_kind, cause_id)
)
INSERT INTO job (id, kind, merchant_id, connection_id, payload, serial_key, dedupe_key,
  run_at, priority, max_attempts, cause_kind, cause_id)
SELECT id, kind, merchant_id, connection_id, payload::jsonb, serial_key, dedupe_key,
  COALESCE(run_at, ${NOW_MS}), priority, max_attempts, cause_kind, cause_id
FROM numbered ORDER BY dedupe_key NULLS FIRST, id
ON CONFLICT (dedupe_key) WHERE state = 'queued' AND dedupe_key IS NOT NULL
DO UPDATE SET run_at = LEAST(job.run_at, excluded.run_at),
  priority = LEAST(job.priority, excluded.priority)
RETURNING job.id, (job.xmax = 0) AS added, job.attempts,
  job.connection_id AS "connectionId", job.run_at AS "runAt"`;
}

const ENQUEUE_TYPES =
  `text[] uuid[] uuid[] text[] text[] text[] timestamptz[] int[] int[] text[] text[]`.split(' ');

/**
 * Adds jobs; they become visible to workers when the transaction commits, so announce them after
 * that. Answers one entry per job added or joined, by id; entries of the list that share a dedupe
 * key count once, with the earliest time among them.
 */
export async function enqueueJobs(
  q: Queryable,
  jobs: readonly NewJob[],
): Promise<readonly EnqueuedJob[]> {
  const statement = enqueuingOf(jobs);
  if (statement === null) return [];
  const { text, params } = statement;
  const { rows } = await q.query<EnqueuedJob>(text(1), params, { name: 'job_enqueue' });
  return rows.sort((left, right) => left.id - right.id);
}

/** The statement of `enqueueJobs`, to go with others; null when there is nothing to add. */
export function enqueuingOf(jobs: readonly NewJob[]): StatementPart | null {
  const distinct = joinSameDedupeKeys(jobs);
  if (distinct.length === 0) return null;
  return {
    text: enqueueText,
    params: [
      distinct.map((job) => job.kind),
      distinct.map((job) => job.merchantId),
      distinct.map((job) => job.connectionId ?? null),
      distinct.map((job) => JSON.stringify(job.payload)),
      distinct.map((job) => job.serialKey ?? null),
      distinct.map((job) => job.dedupeKey ?? null),
      distinct.map((job) => job.runAt ?? null),
      distinct.map((job) => job.priority ?? JOB_PRIORITY_DEFAULT),
      distinct.map((job) => job.maxAttempts ?? JOB_ATTEMPTS_MAX_DEFAULT),
      distinct.map((job) => job.causeKind ?? null),
      distinct.map((job) => job.causeId ?? null),
    ],
  };
}

/** Adds one job, or joins the one that waits under the same dedupe key. See enqueueJobs. */
export async function enqueueJob(q: Queryable, job: NewJob): Promise<EnqueuedJob> {
  const [enqueued] = await enqueueJobs(q, [job]);
  if (enqueued === undefined) throw new Error('An insert of one job answered nothing.');
  return enqueued;
}

/** The job, or null when the merchant has no such job. */
export async function findJob(q: Queryable, merchantId: string, id: number): Promise<Job | null> {
  return q.maybeOne<Job>(`SELECT ${JOB_COLUMNS} FROM job WHERE id = $1 AND merchant_id = $2`, [
    id,
    merchantId,
  ]);
}

/**
 * Gives a failed job a fresh set of attempts, due now. Null when the merchant has no failed job of
 * this id. Its place among its serial key is its old one: before everything enqueued later.
 */
export async function replayJob(
  q: Queryable,
  merchantId: string,
  id: number,
): Promise<EnqueuedJob | null> {
  // Without its dedupe key, as after any first try: another job may be waiting under it by now.
  return q.maybeOne<EnqueuedJob>(
    `UPDATE job SET state = 'queued', attempts = 0, run_at = ${NOW_MS}, dedupe_key = NULL,
       started_at = NULL, finished_at = NULL
     WHERE id = $1 AND merchant_id = $2 AND state = 'failed'
     RETURNING id, true AS added, attempts, connection_id AS "connectionId", run_at AS "runAt"`,
    [id, merchantId],
  );
}

/**
 * Takes a waiting or failed job out for good. False when the merchant has no such job, or it is
 * running or over: a running one ends by itself.
 */
export async function cancelJob(q: Queryable, merchantId: string, id: number): Promise<boolean> {
  const { rowCount } = await q.query(
    `UPDATE job SET state = 'cancelled', finished_at = ${NOW_MS}
     WHERE id = $1 AND merchant_id = $2 AND state IN ('queued', 'failed')`,
    [id, merchantId],
  );
  return rowCount === 1;
}

/** One INSERT may not meet the same waiting row twice, so the list is joined before. */
function joinSameDedupeKeys(jobs: readonly NewJob[]): readonly NewJob[] {
  const joined = new Map<string | symbol, NewJob>();
  for (const job of jobs) {
    const key = job.dedupeKey ?? Symbol('no dedupe key');
    const earlier = joined.get(key);
    joined.set(key, earlier === undefined ? job : { ...earlier, ...sooner(earlier, job) });
  }
  return [...joined.values()];
}

function sooner(left: NewJob, right: NewJob): Pick<NewJob, 'runAt' | 'priority'> {
  const first = left.runAt ?? null;
  const second = right.runAt ?? null;
  return {
    // No time means now, which nothing is sooner than.
    runAt: first === null || second === null ? null : first < second ? first : second,
    priority: Math.min(
      left.priority ?? JOB_PRIORITY_DEFAULT,
      right.priority ?? JOB_PRIORITY_DEFAULT,
    ),
  };
}
