/** What a connection's dirty numbers would change, as the brake counts it. */
import { BRAKE_LISTINGS_MIN, type BrakeHold, type PushMeasure } from '../domain/stock/push-brake';
import type { Queryable } from '../platform/database';
import { IS_DIRTY } from './publications';

/**
 * Orders post their movements a moment before the numbers they feed become dirty, in one
 * statement.
 */
const POSTED_BEFORE = `interval '2 seconds'`;

/**
 * Nobody has agreed to what publication `p` should show now: not to this change, nor to this number
 * since it was last sent. The number is only asked for when it was changed after the agreement.
 */
const notAgreed = (wanted: string): string => `(p.agreed_seq > p.sent_seq
  AND (p.dirty_seq = p.agreed_seq OR p.agreed_quantity = ${wanted})) IS NOT TRUE`;

/**
 * What the channel last had from us. Not what it holds: that also changes by its own sales, and the
 * order behind one is often read a moment later.
 */
const HOLDS = `COALESCE(p.settled_quantity, p.known_quantity)`;

const BY_ORDERS = `ordered_since(li.item_id, p.dirty_since - ${POSTED_BEFORE})`;

/**
 * The dirty numbers the brake would look at, joined to what they should be. `w` is computed for the
 * whole connection at once.
 */
const LOOKED_AT = `FROM connection c CROSS JOIN LATERAL wanted_numbers(c.id) w
    JOIN publication p ON p.id = w.publication_id JOIN listing li ON li.id = p.listing_id
  WHERE c.id = $1 AND p.dirty_seq > p.sent_seq AND ${notAgreed('w.wanted')}`;

/**
 * With the brake on, which dirty numbers of connection $1 go all the same. Those that are right
 * already may settle.
 */
export function mayGo(hold: BrakeHold): string {
  if (hold === 'nothing') return '';
  const lowered =
    hold === 'raises' ? 'w.wanted < b.holds' : `(w.wanted < b.holds AND ${BY_ORDERS})`;
  return `AND (NOT (${notAgreed('wanted_of(p.id)')}) OR p.id IN (
    SELECT p.id FROM wanted_numbers($1) w JOIN publication p ON p.id = w.publication_id
      JOIN listing li ON li.id = p.listing_id CROSS JOIN LATERAL (SELECT ${HOLDS} AS holds) b
     WHERE p.dirty_seq > p.sent_seq AND (b.holds IS NULL OR b.holds = w.wanted OR ${lowered})))`;
}

/** Null: so few numbers are dirty that no push of them could be too large. */
export async function measurePush(
  q: Queryable,
  connectionId: string,
  now: Date,
): Promise<PushMeasure | null> {
  const few = await q.one<{ dirty: number }>(
    `SELECT count(*)::int AS dirty FROM (SELECT DISTINCT p.listing_id FROM publication p
       WHERE p.connection_id = $1 AND ${IS_DIRTY} AND ${notAgreed('wanted_of(p.id)')}
       LIMIT ${String(BRAKE_LISTINGS_MIN)}) d`,
    [connectionId],
  );
  if (few.dirty < BRAKE_LISTINGS_MIN) return null;
  // One that waits for a sale to explain it, or for a refusal to pass, is not in this push.
  return q.one<PushMeasure>(
    `SELECT count(DISTINCT m.listing_id)::int AS changes,
        (count(DISTINCT m.listing_id) FILTER (WHERE m.wanted > m.holds))::int AS raises,
        (count(DISTINCT m.listing_id) FILTER (WHERE m.wanted < m.holds))::int AS drops,
        (count(DISTINCT m.listing_id) FILTER (WHERE m.wanted = 0))::int AS "toZero",
        (SELECT count(DISTINCT li.id)::int FROM listing li JOIN publication p ON p.listing_id = li.id
          WHERE li.connection_id = $1 AND li.item_id IS NOT NULL AND li.tracked) AS live
       FROM (SELECT p.listing_id, w.wanted, ${HOLDS} AS holds ${LOOKED_AT}
          AND (p.retry_at IS NULL OR p.retry_at <= $2) AND ${HOLDS} <> w.wanted
          AND NOT ${BY_ORDERS}) m`,
    [connectionId, now],
  );
}

/** The brake is on: since when, and what it holds. Answers whether it was off before. */
export async function setBraked(
  q: Queryable,
  connectionId: string,
  detail: PushMeasure & { readonly hold: BrakeHold },
  now: Date,
): Promise<boolean> {
  const row = await q.maybeOne<{ before: Date | null }>(
    `WITH old AS (SELECT id, braked_at FROM connection WHERE id = $1 FOR UPDATE)
     UPDATE connection c SET braked_at = COALESCE(c.braked_at, $3), braked_detail = $2::jsonb
       FROM old WHERE c.id = old.id RETURNING old.braked_at AS before`,
    [connectionId, JSON.stringify(detail), now],
  );
  return row !== null && row.before === null;
}

/** The brake is off. Answers whether it was on. */
export async function clearBraked(q: Queryable, connectionId: string): Promise<boolean> {
  const { rowCount } = await q.query(
    `UPDATE connection SET braked_at = NULL, braked_detail = NULL
      WHERE id = $1 AND braked_at IS NOT NULL`,
    [connectionId],
  );
  return rowCount > 0;
}

/**
 * A person has seen what is dirty now and agreed: these numbers may go. The rows are locked first,
 * so that none changes between the counting and the writing.
 */
export async function agreeToPush(q: Queryable, connectionId: string): Promise<void> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT id FROM publication p WHERE connection_id = $1 AND ${IS_DIRTY} ORDER BY id FOR UPDATE`,
    [connectionId],
  );
  await q.query(
    `UPDATE publication p SET agreed_seq = p.dirty_seq, agreed_quantity = w.wanted
       FROM wanted_numbers($1) w WHERE w.publication_id = p.id AND p.id = ANY($2::uuid[])`,
    [connectionId, rows.map((row) => row.id)],
  );
  await q.query(
    `UPDATE connection SET brake_agreed_at = clock_timestamp(), braked_at = NULL,
        braked_detail = NULL WHERE id = $1`,
    [connectionId],
  );
}
