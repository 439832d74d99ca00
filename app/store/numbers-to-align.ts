/** Numbers of a channel that comes (back) to us, with what it last had of them. */
import type { Queryable } from '../platform/database';

export type NumberToAlign = {
  readonly id: string;
  readonly listingId: string;
  readonly itemId: string;
  readonly listingRef: string;
  readonly stockRef: string;
  readonly locationRef: string;
  /** Sellable units of the locations that feed it. */
  readonly ours: number;
  /** The number the channel last had from us; null = none yet. */
  readonly told: number | null;
  /** What was sent last has an end: the channel took it, or never saw it. */
  readonly clear: boolean;
  /** Units that this channel's own orders have taken here since then, net. */
  readonly sold: number;
  /** Units that its orders since then still wait for, wherever they will come from. */
  readonly short: number;
};

/**
 * A kit's sale takes units of its components, and no channel lowers their numbers for it: lines of
 * components do not count.
 */
const OWN_LINE = `l.item_id = li.item_id AND l.parent_line_id IS NULL`;

/** Units that this channel's orders took out of what is sellable at the number's locations. */
const OWN_MOVEMENTS = `FROM movement m
    JOIN customer_order o ON m.cause_kind = 'order' AND o.id::text = m.cause_id
      AND o.connection_id = $1
    JOIN feeding f ON f.external_ref = p.location_ref
   WHERE m.item_id = li.item_id AND 'available' IN (m.from_state, m.to_state)
     AND f.location_id IN (m.from_location_id, m.to_location_id)
     AND EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND ${OWN_LINE})`;

/**
 * A movement is stamped a little before the number it makes dirty: one of the channel's own orders
 * this shortly before may belong to the number it had, or have come after it.
 */
const STAMPED_WITHIN = `interval '60 seconds'`;

const NUMBERS = `WITH feeding AS MATERIALIZED (
    SELECT cl.external_ref, cl.location_id FROM connection_location cl
      JOIN location lo ON lo.id = cl.location_id AND lo.active WHERE cl.connection_id = $1)
  SELECT p.id, li.id AS "listingId", li.item_id AS "itemId", li.external_ref AS "listingRef",
      li.stock_ref AS "stockRef", p.location_ref AS "locationRef",
      COALESCE((SELECT sum(s.available) FROM feeding f
         JOIN sellable_level s ON s.location_id = f.location_id AND s.item_id = li.item_id
        WHERE f.external_ref = p.location_ref), 0)::int AS ours,
      COALESCE(p.settled_quantity, p.sent_quantity) AS told,
      p.dirty_seq <= p.sent_seq OR (p.dirty_since IS NOT NULL
        AND COALESCE(p.dirty_since > p.sent_at, true)
        AND (p.dirty_since >= $4 OR NOT EXISTS (SELECT 1 ${OWN_MOVEMENTS}
          AND m.recorded_at <= p.dirty_since
          AND m.recorded_at > p.dirty_since - ${STAMPED_WITHIN}))) AS clear,
      CASE WHEN p.dirty_seq <= p.sent_seq THEN 0 ELSE COALESCE((SELECT sum(m.quantity
          * ((m.from_state = 'available' AND m.from_location_id = f.location_id)::int
            - (m.to_state = 'available' AND m.to_location_id = f.location_id)::int))
          ${OWN_MOVEMENTS} AND m.recorded_at >= LEAST(p.dirty_since, $4)), 0) END::int AS sold,
      COALESCE((SELECT sum(l.short_quantity) FROM order_line l
          JOIN customer_order o ON o.id = l.order_id AND o.connection_id = $1
         WHERE ${OWN_LINE} AND l.short_quantity > 0
           AND o.created_at >= LEAST(p.dirty_since, $4)), 0)::int AS short
    FROM (SELECT * FROM listing WHERE connection_id = $1 AND item_id IS NOT NULL
            AND tracked AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3) li
    JOIN publication p ON p.listing_id = li.id
   ORDER BY li.id, p.location_ref`;

/**
 * The numbers of the next listings after `after`, in the order of their listing ids. A number that
 * is up to date has had no movement since; for the others `dirty_since` is when the first came.
 * `since`: nothing was sent from then on, and the orders stored since are new to us.
 */
export async function numbersToAlign(
  q: Queryable,
  connectionId: string,
  { after, listings, since }: { after: string | null; listings: number; since: Date },
): Promise<readonly NumberToAlign[]> {
  const { rows } = await q.query<NumberToAlign>(NUMBERS, [connectionId, after, listings, since]);
  return rows;
}

/** Whether the channel was ever told a number by us, or agreed with one. */
export async function wasTold(q: Queryable, connectionId: string): Promise<boolean> {
  const row = await q.one<{ told: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM publication WHERE connection_id = $1
        AND COALESCE(settled_quantity, sent_quantity) IS NOT NULL) AS told`,
    [connectionId],
  );
  return row.told;
}
