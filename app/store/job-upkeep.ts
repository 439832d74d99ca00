/** What keeps the queue going by itself: work nobody announced, and work that is over. */
import { settingsOf } from '../domain/merchants/settings';
import type { Queryable } from '../platform/database';
import { IS_LIVE } from './connections';
import { FIRST_OF_KEY } from './job-claims';
import type { EnqueuedJob, NewJob } from './jobs';
import { IS_DIRTY, publishJob } from './publications';

/**
 * Jobs that could run and are due at `at` milliseconds from now (negative: have been due for so
 * long), soonest first: what a dispatcher that works by announcements was not told of, or has lost.
 */
export async function findDueJobs(
  q: Queryable,
  at: number,
  limit: number,
): Promise<readonly EnqueuedJob[]> {
  const { rows } = await q.query<EnqueuedJob>(
    `SELECT j.id, false AS added, j.attempts, j.connection_id AS "connectionId",
       j.run_at AS "runAt"
     FROM job j WHERE ${FIRST_OF_KEY} AND j.run_at <= now() + $1 * interval '1 millisecond'
     ORDER BY j.priority, j.run_at, j.id LIMIT $2`,
    [at, limit],
    { name: 'job_find_due' },
  );
  return rows;
}

/** When the next job falls due, if that is within `withinMs`; null otherwise. */
export async function findNextDue(q: Queryable, withinMs: number): Promise<Date | null> {
  const { rows } = await q.query<{ readonly runAt: Date | null }>(
    `SELECT min(run_at) AS "runAt" FROM job WHERE state = 'queued'
       AND run_at > now() AND run_at <= now() + $1 * interval '1 millisecond'`,
    [withinMs],
    { name: 'job_next_due' },
  );
  return rows[0]?.runAt ?? null;
}

/** The next waiting job of each serial key, due or not. */
export async function findNextOfKeys(
  q: Queryable,
  serialKeys: readonly string[],
): Promise<readonly EnqueuedJob[]> {
  const { rows } = await q.query<EnqueuedJob>(
    `SELECT next.* FROM unnest($1::text[]) AS k(serial_key) CROSS JOIN LATERAL (
       SELECT id, false AS added, attempts, connection_id AS "connectionId", run_at AS "runAt"
       FROM job WHERE serial_key = k.serial_key AND state = 'queued'
       ORDER BY id LIMIT 1) next`,
    [serialKeys],
    { name: 'job_next_of_keys' },
  );
  return rows;
}

/**
 * A publish job for each connection whose channel has not been told its newest numbers and that
 * has no such job waiting or running. Numbers that wait for their own retry time do not count.
 */
export async function findUnpublished(q: Queryable): Promise<readonly NewJob[]> {
  const { rows } = await q.query<{ readonly id: string; readonly merchantId: string }>(
    `SELECT c.id, c.merchant_id AS "merchantId" FROM connection c
     WHERE ${IS_LIVE}
       AND EXISTS (SELECT 1 FROM publication p JOIN listing li ON li.id = p.listing_id
         WHERE p.connection_id = c.id AND ${IS_DIRTY}
           AND (p.retry_at IS NULL OR p.retry_at <= now())
           AND li.item_id IS NOT NULL AND li.tracked)
       AND NOT EXISTS (SELECT 1 FROM job j WHERE j.serial_key = 'publish:' || c.id
         AND j.state IN ('queued', 'running'))`,
  );
  return rows.map(({ id, merchantId }) => publishJob(merchantId, id, null));
}

/** Merchants, by how many days they want something kept. */
export async function merchantsByDays(
  q: Queryable,
  choice: 'jobDays' | 'inboxDays' | 'auditDays',
): Promise<ReadonlyMap<number, readonly string[]>> {
  const { rows } = await q.query<{ id: string; settings: unknown }>(
    `SELECT id, settings FROM merchant ORDER BY id`,
  );
  const groups = new Map<number, string[]>();
  for (const { id, settings } of rows) {
    const days = settingsOf(settings)[choice];
    groups.set(days, [...(groups.get(days) ?? []), id]);
  }
  return groups;
}

/**
 * Deletes up to `limit` jobs that ended well, or were cancelled, before this moment: of these
 * merchants, or (null) of everybody.
 */
export async function deleteFinishedJobs(
  q: Queryable,
  before: Date,
  limit: number,
  merchantIds: readonly string[] | null = null,
): Promise<number> {
  const { rowCount } = await q.query(
    `DELETE FROM job WHERE id IN (
       SELECT id FROM job WHERE state IN ('done', 'cancelled') AND finished_at < $1
          AND ($3::uuid[] IS NULL OR merchant_id = ANY($3))
       ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [before, limit, merchantIds],
  );
  return rowCount;
}

/** What has been waiting for a connection's channel need not wait any longer: it is back. */
export async function hastenJobs(q: Queryable, connectionId: string): Promise<void> {
  await q.query(
    `UPDATE job SET run_at = now() WHERE connection_id = $1 AND state = 'queued' AND attempts > 0
        AND run_at > now()`,
    [connectionId],
  );
}

/** Connections whose catalogue nobody has read for `olderThanMs`. */
export async function connectionsToRefresh(
  q: Queryable,
  olderThanMs: number,
): Promise<readonly { readonly id: string; readonly merchantId: string }[]> {
  const { rows } = await q.query<{ id: string; merchantId: string }>(
    `SELECT c.id, c.merchant_id AS "merchantId" FROM connection c
      WHERE c.imported_at IS NOT NULL AND c.status = 'connected' AND NOT EXISTS (
        SELECT 1 FROM job j WHERE j.connection_id = c.id
          AND j.kind IN ('import-catalog', 'refresh-catalog')
          AND (j.state IN ('queued', 'running')
            OR j.finished_at > now() - $1 * interval '1 millisecond'))`,
    [olderThanMs],
  );
  return rows;
}

/**
 * Forgets the text of up to `limit` messages that came before this moment and were never dealt
 * with, of these merchants or (null) of everybody; they stay on the list, and what they are about
 * can still be looked at. News about the account itself keeps its text: it is what privacy law
 * asks for, and could not be done without it.
 */
export async function emptyOpenEvents(
  q: Queryable,
  before: Date,
  limit: number,
  merchantIds: readonly string[] | null = null,
): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE inbox_event SET body = '' WHERE id IN (
       SELECT id FROM inbox_event WHERE state IN ('received', 'failed') AND received_at < $1
          AND body <> '' AND concerns ->> 'kind' <> 'account'
          AND ($3::uuid[] IS NULL OR merchant_id = ANY($3))
       ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [before, limit, merchantIds],
  );
  return rowCount;
}

/**
 * Deletes messages that were dealt with before this moment, of these merchants or (null) of
 * everybody: their bodies hold customer data.
 */
export async function deleteSettledEvents(
  q: Queryable,
  before: Date,
  limit: number,
  merchantIds: readonly string[] | null = null,
): Promise<number> {
  const { rowCount } = await q.query(
    `DELETE FROM inbox_event WHERE id IN (
       SELECT id FROM inbox_event WHERE state IN ('processed', 'ignored') AND processed_at < $1
          AND ($3::uuid[] IS NULL OR merchant_id = ANY($3))
       ORDER BY processed_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [before, limit, merchantIds],
  );
  return rowCount;
}
