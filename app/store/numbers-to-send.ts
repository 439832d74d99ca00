/** The numbers of one publishing run: which are due, what is asked, and what became of them. */
import type { BrakeHold } from '../domain/stock/push-brake';
import type { Queryable } from '../platform/database';
import { AFTER_OWN_SALE, DIRTY, OWN_SALE, dueAt, lockedFirst } from './publications';
import { mayGo } from './push-measure';

/** One of the listings that share a number. */
export type NumberMember = {
  readonly id: string;
  /** The change this row has caught up with once the number is sent. */
  readonly seq: number;
};

/** A number that its channel has not been told yet. */
export type NumberToSend = {
  /** Every listing that shares it; mostly there is one. They are settled together. */
  readonly members: readonly NumberMember[];
  readonly listingRef: string;
  readonly stockRef: string;
  readonly locationRef: string;
  readonly sku: string | null;
  /** What the channel is believed to hold, as the member heard of last says. */
  readonly known: number | null;
  /** What it should show now. */
  readonly quantity: number;
  /** When the channel told us of `known`, by a message or with an answer to what we asked then. */
  readonly knownAt: Date | null;
  /** When we last asked it to hold a number. */
  readonly sentAt: Date | null;
  /** These times are the database's. What is told from here on may be newer than an answer. */
  readonly readAt: Date;
};

/** What the channel may be asked for at once, and what the brake keeps back of it. */
type Asked = { readonly limit: number; readonly now: Date; readonly hold: BrakeHold };

/**
 * The oldest dirty numbers of a connection that are due and not held by the brake. Those that only
 * a sale of the channel's own changed wait for its message.
 */
export async function numbersToSend(
  q: Queryable,
  connectionId: string,
  { limit, now, hold }: Asked,
): Promise<readonly NumberToSend[]> {
  const { rows } = await q.query<NumberToSend & { members: NumberMember[] }>(
    `WITH due AS MATERIALIZED (
       SELECT DISTINCT stock_ref, location_ref FROM (
         SELECT li.stock_ref, p.location_ref ${DIRTY} AND ${dueAt('$3')}
           AND NOT ${AFTER_OWN_SALE} ${mayGo(hold)}
         ORDER BY p.dirty_since LIMIT $2) oldest),
     known AS MATERIALIZED (
       SELECT p.*, li.external_ref, li.stock_ref, li.sku
         FROM due d JOIN listing li ON li.connection_id = $1 AND li.stock_ref = d.stock_ref
           AND li.item_id IS NOT NULL AND li.tracked
         JOIN publication p ON p.listing_id = li.id AND p.location_ref = d.location_ref)
     SELECT json_agg(json_build_object('id', k.id, 'seq', k.dirty_seq) ORDER BY k.id) AS members,
         (array_agg(k.external_ref ORDER BY k.dirty_since, k.id))[1] AS "listingRef",
         k.stock_ref AS "stockRef", k.location_ref AS "locationRef",
         (array_agg(k.sku ORDER BY k.dirty_since, k.id))[1] AS sku,
         (array_agg(k.known_quantity ORDER BY k.known_at DESC NULLS LAST, k.id))[1] AS known,
         wanted_of((array_agg(k.id))[1]) AS quantity,
         max(k.known_at) AS "knownAt", max(k.sent_at) AS "sentAt", now() AS "readAt"
       FROM known k GROUP BY k.stock_ref, k.location_ref ORDER BY min(k.dirty_since)`,
    [connectionId, limit, now],
  );
  return rows;
}

/** Notes what is about to be asked of the channel, so that its echo is recognised however fast. */
export async function notePublishIntent(
  q: Queryable,
  numbers: readonly Pick<NumberToSend, 'members' | 'quantity'>[],
): Promise<void> {
  if (numbers.length === 0) return;
  const intents = numbers.flatMap(({ members, quantity }) =>
    members.map(({ id }) => ({ id, quantity })),
  );
  await q.query(
    `${lockedFirst('$1')} UPDATE publication p SET sent_at = now(), sent_quantity = u.quantity,
        previous_quantity = CASE WHEN p.sent_quantity IS DISTINCT FROM u.quantity
          THEN p.sent_quantity ELSE p.previous_quantity END
       FROM unnest($1::uuid[], $2::int[]) AS u(id, quantity) JOIN locked USING (id)
      WHERE p.id = u.id`,
    [intents.map((intent) => intent.id), intents.map((intent) => intent.quantity)],
  );
}

export type NumberSettled = {
  readonly members: readonly NumberMember[];
  /** False = not sent: it stays dirty. */
  readonly sent: boolean;
  /** What the channel holds as far as we know; null = unknown. */
  readonly known: number | null;
  /** The channel said so just now; false: it is what we knew before. */
  readonly heard: boolean;
  readonly error: string | null;
  readonly retryAt: Date | null;
};

/** Since the number was read to be sent, the channel has told of another one. */
const NEWS = `COALESCE(p.known_at > $8::timestamptz, false)`;

/** Records what became of numbers; those changed again meanwhile stay dirty. */
export async function settleNumbers(
  q: Queryable,
  settled: readonly NumberSettled[],
  at: { readonly readAt: Date; readonly now: Date },
): Promise<void> {
  if (settled.length === 0) return;
  const rows = settled.flatMap(({ members, sent, ...rest }) =>
    members.map(({ id, seq }) => ({ ...rest, id, seq: sent ? seq : null })),
  );
  await q.query(
    `${lockedFirst('$1')} UPDATE publication p SET
        sent_seq = GREATEST(p.sent_seq, COALESCE(u.seq, 0)),
        -- Changed again after it was read: since then, and not since the channel answered.
        dirty_since = CASE WHEN u.seq IS NULL THEN p.dirty_since
          WHEN p.dirty_seq > u.seq THEN LEAST($6, GREATEST(p.sent_at, p.dirty_since)) END,
        known_quantity = CASE WHEN ${NEWS} THEN p.known_quantity ELSE u.known END,
        last_error = u.error,
        settled_quantity = CASE WHEN u.seq IS NULL THEN p.settled_quantity ELSE u.known END,
        known_at = CASE WHEN u.heard AND NOT ${NEWS} THEN $8::timestamptz ELSE p.known_at END,
        retry_at = CASE WHEN ${NEWS} THEN p.retry_at ELSE u.retry_at END, failures = CASE WHEN u.error IS NULL THEN 0 ELSE p.failures + 1 END
       FROM unnest($1::uuid[], $2::bigint[], $3::int[], $4::text[], $5::timestamptz[],
         $7::boolean[]) AS u(id, seq, known, error, retry_at, heard) JOIN locked USING (id)
      WHERE p.id = u.id`,
    [
      rows.map((row) => row.id),
      rows.map((row) => row.seq),
      rows.map((row) => row.known),
      rows.map((row) => row.error),
      rows.map((row) => row.retryAt),
      at.now,
      rows.map((row) => row.heard),
      at.readAt,
    ],
  );
}

/**
 * When the next dirty number that nothing but time holds is due, of those that are not due now;
 * null when none waits.
 */
export async function nextNumberDue(
  q: Queryable,
  connectionId: string,
  hold: BrakeHold,
): Promise<Date | null> {
  const row = await q.one<{ due: Date | null }>(
    `SELECT min(GREATEST(p.retry_at, p.dirty_since + ${OWN_SALE})) AS due ${DIRTY} ${mayGo(hold)}`,
    [connectionId],
  );
  return row.due;
}
