/**
 * A worker's side of the job table: claim, keep, finish and give back. A claim is a lease: it
 * ends by itself when its holder dies, and only its holder may finish it.
 */
import { type Queryable, isPostgresError } from '../platform/database';
import { type EnqueuedJob, JOB_COLUMNS, type Job, type JobState, NOW_MS } from './jobs';

/** Proof of a claim. `leasedBy` is unique per claim, so an old claim never passes for a new one. */
export type JobLease = {
  readonly id: number;
  readonly attempts: number;
  readonly leasedBy: string;
};

export type ClaimedJob = Job & JobLease;

export type ClaimSettings = {
  /** Unique per claim, for example worker name + a count. */
  readonly leasedBy: string;
  readonly leaseMs: number;
};

/** How a try ended. `queued`: again at `runAt`. */
export type JobSettlement = {
  readonly lease: JobLease;
  readonly state: Extract<JobState, 'done' | 'failed' | 'queued'>;
  readonly runAt: Date | null;
  /** Short, for people; null when it ended well. */
  readonly error: string | null;
  /** A line for people about what was done. */
  readonly detail: string | null;
  /** False: this try does not count, the channel asked for it. */
  readonly counts: boolean;
};

/** Rate limits may cost this many tries before a job fails all the same. */
const ATTEMPTS_MAX_EXTENDED = 200;
/** Times a claim is repeated after another worker took a job of the same serial key. */
const CLAIM_TRIES = 3;

/**
 * Waiting, and first of its serial key: no other job of the key runs, and none with a smaller id
 * waits, be it for its retry. Failed and cancelled ones do not hold up the rest.
 */
export const FIRST_OF_KEY = `j.state = 'queued' AND NOT EXISTS (
  SELECT 1 FROM job o WHERE o.serial_key = j.serial_key AND o.id <> j.id
    AND o.state IN ('queued', 'running') AND (o.state = 'running' OR o.id < j.id))`;
const ELIGIBLE = `${FIRST_OF_KEY} AND j.run_at <= now()`;

const TAKE = `UPDATE job SET state = 'running', attempts = attempts + 1, leased_by = $2,
  lease_until = now() + $3 * interval '1 millisecond', started_at = now(), finished_at = NULL
FROM due WHERE job.id = due.id RETURNING ${JOB_COLUMNS}`;

const CLAIM_NEXT = `
WITH due AS MATERIALIZED (
  SELECT j.id FROM job j
  WHERE ${ELIGIBLE} AND (j.connection_id IS NULL OR j.connection_id <> ALL ($4::uuid[]))
  ORDER BY j.priority, j.run_at, j.id LIMIT $1
  FOR UPDATE OF j SKIP LOCKED
) ${TAKE}`;

const CLAIM_BY_ID = `
WITH due AS MATERIALIZED (
  SELECT j.id FROM job j WHERE j.id = ANY ($1::bigint[]) AND ${ELIGIBLE}
  FOR UPDATE OF j SKIP LOCKED
) ${TAKE}`;

/**
 * Claims up to `limit` due jobs, most urgent first, none of the connections named. Fewer than
 * `limit` means that nothing more is due at the moment.
 */
export async function claimJobs(
  q: Queryable,
  limit: number,
  settings: ClaimSettings,
  withoutConnections: readonly string[] = [],
): Promise<readonly ClaimedJob[]> {
  return claim(q, CLAIM_NEXT, 'job_claim', [
    limit,
    settings.leasedBy,
    settings.leaseMs,
    withoutConnections,
  ]);
}

/** Claims those of these jobs that are due and first of their serial key. */
export async function claimJobsById(
  q: Queryable,
  ids: readonly number[],
  settings: ClaimSettings,
): Promise<readonly ClaimedJob[]> {
  return claim(q, CLAIM_BY_ID, 'job_claim_by_id', [ids, settings.leasedBy, settings.leaseMs]);
}

/**
 * Ends tries, each only if its lease still holds: a worker that slept through the end of its lease
 * cannot finish what another has started again. Answers the ids that were ended.
 */
export async function settleJobs(
  q: Queryable,
  settlements: readonly JobSettlement[],
): Promise<readonly number[]> {
  if (settlements.length === 0) return [];
  const { rows } = await q.query<{ id: number }>(
    SETTLE,
    [
      settlements.map(({ lease }) => lease.id),
      settlements.map(({ lease }) => lease.attempts),
      settlements.map(({ lease }) => lease.leasedBy),
      settlements.map(({ state }) => state),
      settlements.map(({ runAt }) => runAt),
      settlements.map(({ error }) => error),
      settlements.map(({ detail }) => detail),
      settlements.map(({ counts }) => counts),
    ],
    { name: 'job_settle' },
  );
  return rows.map(({ id }) => id);
}

// A job that waits again gives up its dedupe key: what was asked for meanwhile waits under it as a
// job of its own, behind this one in the serial key.
const SETTLE = `
UPDATE job SET state = s.state, run_at = COALESCE(s.run_at, job.run_at),
  last_error = s.error, lease_until = NULL, leased_by = NULL,
  dedupe_key = CASE WHEN s.state = 'queued' THEN NULL ELSE job.dedupe_key END,
  max_attempts = CASE WHEN s.counts THEN job.max_attempts
    ELSE GREATEST(job.max_attempts, LEAST(job.max_attempts + 1, ${ATTEMPTS_MAX_EXTENDED})) END,
  progress = CASE WHEN s.detail IS NULL THEN job.progress
    ELSE COALESCE(job.progress, '{}') || jsonb_build_object('detail', s.detail) END,
  finished_at = CASE WHEN s.state = 'queued' THEN NULL ELSE now() END
FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::timestamptz[], $6::text[],
    $7::text[], $8::boolean[])
  AS s(id, attempts, leased_by, state, run_at, error, detail, counts)
WHERE job.id = s.id AND job.state = 'running' AND job.attempts = s.attempts
  AND job.leased_by = s.leased_by
RETURNING job.id`;

/** Prolongs leases that still hold, and answers their ids; the others are somebody else's now. */
export async function extendLeases(
  q: Queryable,
  leases: readonly JobLease[],
  leaseMs: number,
): Promise<readonly number[]> {
  if (leases.length === 0) return [];
  const { rows } = await q.query<{ id: number }>(
    `UPDATE job SET lease_until = now() + $4 * interval '1 millisecond'
     FROM unnest($1::bigint[], $2::int[], $3::text[]) AS l(id, attempts, leased_by)
     WHERE job.id = l.id AND job.state = 'running' AND job.attempts = l.attempts
       AND job.leased_by = l.leased_by
     RETURNING job.id`,
    [...leaseColumns(leases), leaseMs],
  );
  return rows.map(({ id }) => id);
}

/**
 * Gives claimed jobs back, due at once. `started` false: the handler never saw them, so the try is
 * not counted.
 */
export async function releaseJobs(
  q: Queryable,
  leases: readonly JobLease[],
  { started }: { readonly started: boolean },
): Promise<void> {
  if (leases.length === 0) return;
  await q.query(
    `UPDATE job SET state = 'queued', attempts = job.attempts - $4::int, lease_until = NULL,
       leased_by = NULL, dedupe_key = NULL
     FROM unnest($1::bigint[], $2::int[], $3::text[]) AS l(id, attempts, leased_by)
     WHERE job.id = l.id AND job.state = 'running' AND job.attempts = l.attempts
       AND job.leased_by = l.leased_by`,
    [...leaseColumns(leases), started ? 0 : 1],
  );
}

/** Saves how far a handler has come, for its next try. False: the lease is lost, stop working. */
export async function saveJobProgress(
  q: Queryable,
  lease: JobLease,
  progress: object,
): Promise<boolean> {
  const { rowCount } = await q.query(
    `UPDATE job SET progress = $4::jsonb
     WHERE id = $1 AND attempts = $2 AND leased_by = $3 AND state = 'running'`,
    [lease.id, lease.attempts, lease.leasedBy, JSON.stringify(progress)],
  );
  return rowCount === 1;
}

/**
 * Takes back the jobs of workers that died or hang: waiting again, or failed after the last try.
 * Answers those that wait again.
 */
export async function expireLeases(q: Queryable, limit: number): Promise<readonly EnqueuedJob[]> {
  const { rows } = await q.query<EnqueuedJob & { readonly state: JobState }>(
    `WITH gone AS MATERIALIZED (
       SELECT id FROM job WHERE state = 'running' AND lease_until < now()
       ORDER BY lease_until LIMIT $1 FOR UPDATE SKIP LOCKED)
     UPDATE job SET lease_until = NULL, leased_by = NULL, dedupe_key = NULL,
       state = CASE WHEN attempts >= max_attempts THEN 'failed' ELSE 'queued' END,
       run_at = ${NOW_MS},
       finished_at = CASE WHEN attempts >= max_attempts THEN now() END,
       last_error = 'The worker stopped before the job was finished.'
     FROM gone WHERE job.id = gone.id
     RETURNING job.id, true AS added, attempts, connection_id AS "connectionId",
       run_at AS "runAt", state`,
    [limit],
  );
  return rows.filter(({ state }) => state === 'queued');
}

/**
 * A statement that ran into `job_serial_running` met a job of the same key which was started at
 * the same moment: repeated, it sees that job and passes over the key.
 */
async function claim(
  q: Queryable,
  text: string,
  name: string,
  params: readonly unknown[],
): Promise<readonly ClaimedJob[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      const { rows } = await q.query<ClaimedJob>(text, params, { name });
      return rows.sort((left, right) => left.priority - right.priority || left.id - right.id);
    } catch (problem) {
      if (!isPostgresError(problem, '23505', 'job_serial_running')) throw problem;
      if (tries >= CLAIM_TRIES) return [];
    }
  }
}

function leaseColumns(leases: readonly JobLease[]): readonly unknown[] {
  return [
    leases.map(({ id }) => id),
    leases.map(({ attempts }) => attempts),
    leases.map(({ leasedBy }) => leasedBy),
  ];
}
