import type { Queryable } from '../platform/database';
import { IS_LIVE } from './connections';
import { enqueueJobs, type NewJob } from './jobs';

/**
 * Held back for a moment because it would raise the channel's number, not because it was refused.
 */
const HELD = `p.last_error IS NULL AND p.known_quantity IS NOT NULL`;

/** May be sent at `now`: nothing holds it, or it lowers the number, which never waits. */
export const dueAt = (now: string): string => `(p.retry_at IS NULL OR p.retry_at <= ${now}
  OR (${HELD} AND wanted_of(p.id) < p.known_quantity))`;

/** The time makes the index of what waits of use; a number that waits always has it. */
export const IS_DIRTY = `p.dirty_since IS NOT NULL AND p.dirty_seq > p.sent_seq`;

/** Dirty numbers of connection $1 that there is any point in sending. */
export const DIRTY = `FROM publication p JOIN listing li ON li.id = p.listing_id
    JOIN connection c ON c.id = p.connection_id
  WHERE p.connection_id = $1 AND ${IS_DIRTY}
    AND li.item_id IS NOT NULL AND li.tracked`;

/**
 * The channel holds fewer units of a listing, over all its places, than it should: it may have
 * sold some that we have not heard of. (Fewer at one place and more at another is only a sale that
 * we send from elsewhere.)
 */
const UNEXPLAINED = `(SELECT sum(wanted_of(o.id)) > sum(COALESCE(o.known_quantity, 0))
    FROM publication o WHERE o.listing_id = p.listing_id)`;

/**
 * Takes rows in key order before they are changed, as ledger_post does: the two cannot deadlock.
 */
export function lockedFirst(ids: string): string {
  return `WITH locked AS MATERIALIZED (
    SELECT id FROM publication WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR UPDATE)`;
}

/**
 * Below this many units left in the channel a sale we have not heard of could make it sell what is
 * not there, so raising such a number waits. Above, the order arrives, or a poll finds it, in time.
 */
export const LOW_UNITS = 20;

/**
 * Until when the first low number is held that no sale we know of explains; null = there is none.
 */
export async function firstUnexplainedHold(
  q: Queryable,
  connectionId: string,
  now: Date,
): Promise<Date | null> {
  const row = await q.one<{ until: Date | null }>(
    `SELECT min(p.retry_at) AS until ${DIRTY}
        AND p.retry_at > $2 AND ${HELD} AND p.known_quantity < ${String(LOW_UNITS)} AND ${UNEXPLAINED}`,
    [connectionId, now],
  );
  return row.until;
}

/** Before everything else that waits: one such job carries what many sales have changed. */
const PUBLISH_PRIORITY = 50;

/** The job that sends a connection's dirty numbers; one waits at a time. */
export function publishJob(merchantId: string, connectionId: string, runAt: Date | null): NewJob {
  return {
    kind: 'publish-stock',
    merchantId,
    connectionId,
    payload: { connectionId },
    serialKey: `publish:${connectionId}`,
    dedupeKey: `publish:${connectionId}`,
    priority: PUBLISH_PRIORITY,
    runAt,
  };
}

/**
 * Corrections of this long are sent together, and so is what changes within this time of a sending:
 * the first sale goes out at once, and on a busy day few calls carry many numbers, which is what
 * keeps within a channel's limits.
 */
const GATHER_MS = 200;

/** When to send again what turned out to be wrong. */
export function publishingDue(now: Date): Date {
  return new Date(now.getTime() + GATHER_MS);
}

/**
 * A channel that sold something has lowered its own number, and says so; where it ships from
 * several places its work is moved to ours a moment later. Until then its numbers of the item are
 * left alone, unless something else changed them.
 */
const OWN_SALE_MS = 2_000;
/** Under steady sales of its own a number goes out all the same. */
const OWN_SALES_MS_MAX = 5_000;
/** The newest movements of an item that are looked at for this. */
const MOVEMENTS_SEEN = 20;
export const OWN_SALE = `interval '${String(OWN_SALE_MS)} milliseconds'`;

/** Waits for what its channel will say of a sale of its own. Joins `p` and `li` of DIRTY. */
export const AFTER_OWN_SALE = `(p.dirty_since > now() - interval '${String(OWN_SALES_MS_MAX)} milliseconds'
  AND (SELECT COALESCE(bool_or(newest.own) AND NOT bool_or(newest.other), false) FROM (
    SELECT m.actor_kind = 'channel' AND m.actor_id = p.connection_id::text AS own,
        (m.actor_kind <> 'channel' OR m.actor_id <> p.connection_id::text) AND EXISTS (
          SELECT 1 FROM connection_location cl WHERE cl.connection_id = p.connection_id
            AND cl.external_ref = p.location_ref
            AND cl.location_id IN (m.from_location_id, m.to_location_id)) AS other, m.recorded_at
      FROM movement m WHERE m.item_id = li.item_id
      ORDER BY m.seq DESC LIMIT ${String(MOVEMENTS_SEEN)}) newest
    WHERE newest.recorded_at > now() - ${OWN_SALE}))`;

/**
 * Enqueues publishing for the merchant's connections with dirty numbers. Runs outside the
 * transaction that made them dirty, on purpose: inside, all stock changes of a merchant would
 * wait for each other on the one job row. The sweeper does the same for what a crash left.
 */
export async function enqueuePublishing(
  q: Queryable,
  merchantId: string,
  now: Date,
): Promise<void> {
  const waits = (and: string): string => `EXISTS (SELECT 1 FROM publication p
    JOIN listing li ON li.id = p.listing_id
    WHERE p.connection_id = c.id AND ${IS_DIRTY} AND ${dueAt('now()')}${and})`;
  const { rows } = await q.query<{ id: string; lastAt: Date | null; ready: boolean }>(
    `SELECT c.id, CASE WHEN EXISTS (SELECT 1 FROM job j
           WHERE j.serial_key = 'publish:' || c.id AND j.state = 'running')
         THEN now() ELSE c.last_publish_at END AS "lastAt", ${waits(` AND NOT ${AFTER_OWN_SALE}`)} AS ready
       FROM connection c WHERE c.merchant_id = $1 AND ${IS_LIVE} AND ${waits('')}`,
    [merchantId],
    { name: 'publishing_due' },
  );
  await enqueueJobs(
    q,
    rows.map(({ id, lastAt, ready }) => publishJob(merchantId, id, sendAt(now, lastAt, ready))),
  );
}

/** At once, or a moment after the last sending, or when its own message should have come. */
function sendAt(now: Date, lastAt: Date | null, ready: boolean): Date {
  if (!ready) return new Date(now.getTime() + OWN_SALE_MS);
  const next = (lastAt?.getTime() ?? 0) + GATHER_MS;
  // A clock that was set back must not stop the numbers.
  return next > now.getTime() && next <= now.getTime() + GATHER_MS ? new Date(next) : now;
}

/** A number as it stands, for comparing with what a channel claims. */
export type PublicationState = {
  readonly id: string;
  readonly listingId: string;
  readonly itemId: string | null;
  readonly known: number | null;
  readonly sent: number | null;
  readonly previous: number | null;
  readonly sentAt: Date | null;
  /** When the channel last told us, by an answer or by a message. */
  readonly knownAt: Date | null;
  /** What it should show; null = no listing of it is matched and tracked. */
  readonly wanted: number | null;
};

/**
 * The numbers of a connection that a stock signal is about: one, or as many as share it. Empty when
 * we do not list it.
 */
export async function findPublications(
  q: Queryable,
  connectionId: string,
  by: { readonly stockRef: string; readonly locationRef: string | null },
): Promise<readonly PublicationState[]> {
  const { rows } = await q.query<PublicationState>(
    `SELECT p.id, p.listing_id AS "listingId", li.item_id AS "itemId",
        p.known_quantity AS known, p.sent_quantity AS sent, p.previous_quantity AS previous,
        p.sent_at AS "sentAt", p.known_at AS "knownAt", wanted_of(p.id) AS wanted
       FROM listing li JOIN publication p ON p.listing_id = li.id
      WHERE li.connection_id = $1 AND (li.stock_ref = $2 OR li.external_ref = $2)
        AND ($3::text IS NULL OR p.location_ref = $3) ORDER BY li.id, p.location_ref`,
    [connectionId, by.stockRef, by.locationRef],
  );
  return rows;
}

/**
 * The channel holds `quantity` now, or held it at `heardAt` by the database's clock: what it tells
 * from then on is newer. With `again`, the wanted number is sent once more.
 */
export async function noteObserved(
  q: Queryable,
  observed: readonly {
    readonly id: string;
    readonly quantity: number | null;
    readonly again: boolean;
    readonly retryAt: Date | null;
  }[],
  now: Date,
  heardAt: Date = now,
): Promise<void> {
  if (observed.length === 0) return;
  await q.query(
    `${lockedFirst('$1')} UPDATE publication p SET known_quantity = u.quantity, known_at = $6,
        dirty_seq = p.dirty_seq + CASE WHEN u.again THEN 1 ELSE 0 END,
        dirty_since = CASE WHEN u.again THEN COALESCE(p.dirty_since, $5) ELSE p.dirty_since END,
        -- A hold is not prolonged: under steady sales it would never end.
        retry_at = CASE WHEN NOT u.again THEN p.retry_at
          WHEN p.retry_at > $5 AND p.last_error IS NULL THEN LEAST(p.retry_at, u.retry_at)
          ELSE u.retry_at END
       FROM unnest($1::uuid[], $2::int[], $3::boolean[], $4::timestamptz[])
         AS u(id, quantity, again, retry_at) JOIN locked USING (id)
      WHERE p.id = u.id`,
    [
      observed.map((row) => row.id),
      observed.map((row) => row.quantity),
      observed.map((row) => row.again),
      observed.map((row) => row.retryAt),
      now,
      heardAt,
    ],
  );
}

/** Marks every number of a connection as to be sent again: its policy or locations changed. */
export async function markAllDirty(q: Queryable, connectionId: string): Promise<void> {
  await q.query(
    `WITH locked AS MATERIALIZED (
       SELECT id FROM publication WHERE connection_id = $1 ORDER BY id FOR UPDATE)
     UPDATE publication p SET dirty_seq = p.dirty_seq + 1, retry_at = NULL,
        dirty_since = COALESCE(p.dirty_since, now()) FROM locked WHERE locked.id = p.id`,
    [connectionId],
  );
}

/**
 * Keeps the numbers of listings from being raised for a moment: orders are being read for them.
 * What
 * waits longer already, as after a refusal, goes on waiting.
 */
export async function holdListings(q: Queryable, listingIds: readonly string[]): Promise<void> {
  await q.query(
    `WITH locked AS MATERIALIZED (
       SELECT id FROM publication WHERE listing_id = ANY($1::uuid[]) ORDER BY id FOR UPDATE)
     UPDATE publication p SET retry_at = GREATEST(p.retry_at, now() + interval '5 seconds')
       FROM locked WHERE locked.id = p.id`,
    [listingIds],
  );
}
