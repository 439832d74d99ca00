/** Numbers a channel should hold, with what we believe about them: for comparing. */
import type { NumberPolicy } from '../domain/stock/stock-policy';
import type { Queryable } from '../platform/database';

/** One number of one listing. */
export type ComparedNumber = {
  /** The publication. */
  readonly id: string;
  readonly listingId: string;
  readonly itemId: string;
  readonly listingRef: string;
  readonly stockRef: string;
  readonly locationRef: string;
  readonly sku: string | null;
  /** What the channel should show now. */
  readonly wanted: number;
  /** Since when the channel has not been told the newest number; null = it has. */
  readonly waitsSince: Date | null;
  readonly refused: string | null;
  readonly previous: number | null;
};

const COLUMNS = `p.id, li.id AS "listingId", li.item_id AS "itemId",
  li.external_ref AS "listingRef", li.stock_ref AS "stockRef", p.location_ref AS "locationRef",
  li.sku, wanted_of(p.id) AS wanted,
  CASE WHEN p.dirty_seq > p.sent_seq THEN COALESCE(p.dirty_since, now()) END AS "waitsSince",
  CASE WHEN p.dirty_seq > p.sent_seq THEN p.last_error END AS refused,
  p.previous_quantity AS previous`;

/** All numbers of the next listings after `after`, in the order of their listing ids. */
export async function comparedNumbers(
  q: Queryable,
  connectionId: string,
  after: string | null,
  listings: number,
): Promise<readonly ComparedNumber[]> {
  const { rows } = await q.query<ComparedNumber>(
    `SELECT ${COLUMNS}
       FROM (SELECT * FROM listing WHERE connection_id = $1 AND item_id IS NOT NULL
              AND tracked AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3) li
       JOIN publication p ON p.listing_id = li.id
      ORDER BY li.id, p.location_ref`,
    [connectionId, after, listings],
    { name: 'compared_numbers' },
  );
  return rows;
}

/** The numbers of these listings that are still sold and counted, as they are now. */
export async function numbersOfListings(
  q: Queryable,
  connectionId: string,
  listingIds: readonly string[],
): Promise<readonly ComparedNumber[]> {
  const { rows } = await q.query<ComparedNumber>(
    `SELECT ${COLUMNS} FROM listing li JOIN publication p ON p.listing_id = li.id
      WHERE li.id = ANY($2::uuid[]) AND li.connection_id = $1 AND li.item_id IS NOT NULL
        AND li.tracked`,
    [connectionId, listingIds],
  );
  return rows;
}

/** What a number is made of, where it is one location's units of one item. */
export type NumberSource = {
  readonly itemId: string;
  readonly locationId: string;
  /** Units the location has now; locked until the transaction ends. */
  readonly available: number;
  readonly policy: NumberPolicy;
  /** What the channel should show, with the level locked. */
  readonly wanted: number | null;
};

/**
 * The one location that feeds a number, its level locked; null when several do, when the item is a
 * kit (which has no units of its own), or when other listings share the number.
 */
export async function lockNumberSource(
  q: Queryable,
  publicationId: string,
): Promise<NumberSource | null> {
  const feeds = await q.query<{
    itemId: string;
    locationId: string;
    bufferUnits: number;
    sharePercent: number;
    capUnits: number | null;
  }>(
    `SELECT li.item_id AS "itemId", lo.id AS "locationId", c.buffer_units AS "bufferUnits",
        c.share_percent AS "sharePercent", c.cap_units AS "capUnits"
       FROM publication p JOIN listing li ON li.id = p.listing_id
       JOIN item i ON i.id = li.item_id AND i.kind = 'simple'
       JOIN connection c ON c.id = p.connection_id
       JOIN connection_location cl ON cl.connection_id = c.id AND cl.external_ref = p.location_ref
       JOIN location lo ON lo.id = cl.location_id AND lo.active
      WHERE p.id = $1 AND NOT EXISTS (SELECT 1 FROM listing twin
        WHERE twin.connection_id = p.connection_id AND twin.stock_ref = li.stock_ref
          AND twin.id <> li.id AND twin.item_id IS NOT NULL AND twin.tracked)`,
    [publicationId],
  );
  const [feed, another] = feeds.rows;
  if (feed === undefined || another !== undefined) return null;
  const { itemId, locationId, ...policy } = feed;
  const level = await q.maybeOne<{ available: number }>(
    `SELECT available FROM stock_level WHERE item_id = $1 AND location_id = $2 FOR UPDATE`,
    [itemId, locationId],
  );
  const { wanted } = await q.one<{ wanted: number | null }>(`SELECT wanted_of($1) AS wanted`, [
    publicationId,
  ]);
  return { itemId, locationId, available: level?.available ?? 0, policy, wanted };
}

/** An order that moved units of an item since a difference was found. */
export type OrderBehind = {
  readonly itemId: string;
  readonly orderName: string;
  /** No message had told of it: it was found by looking. */
  readonly unseen: boolean;
};

/** Movements looked at per item: more in the minutes of a check are a rush, not a riddle. */
const MOVEMENTS_LOOKED_AT = 30;

/** The orders behind changes of these items (or of a kit's components) since a moment. */
export async function ordersBehind(
  q: Queryable,
  merchantId: string,
  itemIds: readonly string[],
  since: Date,
): Promise<readonly OrderBehind[]> {
  const { rows } = await q.query<OrderBehind>(
    `SELECT DISTINCT i.id AS "itemId", o.name AS "orderName", EXISTS (
        SELECT 1 FROM audit_record a WHERE a.subject_id = o.id::text AND a.merchant_id = $1
          AND a.at >= $3::timestamptz - interval '5 seconds'
          AND a.cause_kind = 'job') AS unseen
       FROM unnest($2::uuid[]) AS i(id)
       CROSS JOIN LATERAL (SELECT i.id AS moved UNION ALL
         SELECT k.component_id FROM kit_component k WHERE k.kit_id = i.id) part
       CROSS JOIN LATERAL (SELECT m.cause_id, m.cause_kind, m.recorded_at FROM movement m
         WHERE m.item_id = part.moved ORDER BY m.seq DESC
         LIMIT ${String(MOVEMENTS_LOOKED_AT)}) m
       JOIN customer_order o ON o.merchant_id = $1 AND o.id = CASE
         WHEN m.cause_kind = 'order' AND m.cause_id ~ '^[0-9a-f-]{36}$' THEN m.cause_id::uuid END
      WHERE m.recorded_at >= $3`,
    [merchantId, itemIds, since],
  );
  return rows;
}

/** Whether orders of the connection are being read right now, or are about to be. */
export async function ordersBeingRead(q: Queryable, connectionId: string): Promise<boolean> {
  const row = await q.one<{ reading: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM job WHERE connection_id = $1 AND kind = 'look-again'
        AND state IN ('queued', 'running') AND serial_key LIKE 'order:%') AS reading`,
    [connectionId],
  );
  return row.reading;
}
