/** What posting and undoing a count read and write beside the ledger. */
import type { CountedLevel } from '../domain/stock/count';
import type { CountBasis } from '../domain/stock/read-csv-row';
import type { Queryable } from '../platform/database';

export type PostingLine = {
  readonly id: string;
  readonly position: number;
  readonly itemId: string;
  readonly locationId: string;
  readonly counted: number;
  readonly countedAt: Date;
};

/** The next lines after a position that wait to be posted, locked. */
export async function nextLinesToPost(
  q: Queryable,
  countId: string,
  after: number,
  limit: number,
): Promise<readonly PostingLine[]> {
  const { rows } = await q.query<PostingLine>(
    `SELECT id, position, item_id AS "itemId", location_id AS "locationId", counted,
        counted_at AS "countedAt" FROM stock_count_line
      WHERE count_id = $1 AND position > $2 AND moved IS NULL AND problem IS NULL
        AND counted IS NOT NULL ORDER BY position LIMIT $3 FOR UPDATE`,
    [countId, after, limit],
  );
  return rows;
}

/**
 * The levels of lines, in their order, under lock, with what came and left since each was counted.
 * Corrections do not count as coming or leaving. Levels that are missing are made, empty.
 */
export async function lockCountedLevels(
  q: Queryable,
  merchantId: string,
  basis: CountBasis,
  lines: readonly PostingLine[],
): Promise<readonly CountedLevel[]> {
  const items = lines.map((line) => line.itemId);
  const places = lines.map((line) => line.locationId);
  // As ledger_post does; it comes too late for us, who must know the level before we ask it.
  await q.query(
    `INSERT INTO stock_level (merchant_id, item_id, location_id)
     SELECT $1, i.id, o.id FROM unnest($2::uuid[], $3::uuid[]) AS u(item, location)
       JOIN item i ON i.id = u.item AND i.merchant_id = $1
       JOIN location o ON o.id = u.location AND o.merchant_id = $1
      WHERE NOT EXISTS (SELECT 1 FROM stock_level l WHERE l.item_id = i.id AND l.location_id = o.id)
      ORDER BY i.id, o.id ON CONFLICT DO NOTHING`,
    [merchantId, items, places],
  );
  await q.query(
    `SELECT 1 FROM stock_level l JOIN unnest($2::uuid[], $3::uuid[]) AS u(item, location)
        ON l.item_id = u.item AND l.location_id = u.location
      WHERE l.merchant_id = $1 ORDER BY l.item_id, l.location_id FOR UPDATE OF l`,
    [merchantId, items, places],
  );
  // Movements get their numbers and times together, so that walking an item's numbers back to a
  // time well before the count reads what came after it, and not the whole history of a hot item.
  const { rows } = await q.query<CountedLevel>(
    `SELECT COALESCE(l.available, 0) AS available, COALESCE(l.available + l.committed + l.reserved
        + l.safety_stock + l.quality_control + l.damaged, 0) AS "onHand",
        COALESCE(f.flow, 0)::int AS flow
       FROM unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) WITH ORDINALITY
         AS u(item, location, since, line)
       LEFT JOIN stock_level l ON l.item_id = u.item AND l.location_id = u.location
         AND l.merchant_id = $1
       LEFT JOIN LATERAL (SELECT sum(CASE WHEN m.to_location_id = u.location
             AND m.to_state = ANY($5::text[]) THEN m.quantity ELSE 0 END
           - CASE WHEN m.from_location_id = u.location
             AND m.from_state = ANY($5::text[]) THEN m.quantity ELSE 0 END) AS flow
          FROM movement m WHERE m.item_id = u.item AND m.recorded_at > u.since
           AND m.seq > COALESCE((SELECT e.seq FROM movement e WHERE e.item_id = u.item
             AND e.recorded_at < u.since - interval '1 minute' ORDER BY e.seq DESC LIMIT 1), 0)
           AND m.from_state <> 'adjustment' AND m.to_state <> 'adjustment') f ON true
      ORDER BY u.line`,
    [merchantId, items, places, lines.map((line) => line.countedAt), STATES[basis]],
  );
  return rows;
}

const STATES: Readonly<Record<CountBasis, readonly string[]>> = {
  available: ['available'],
  on_hand: ['available', 'committed', 'reserved', 'safety_stock', 'quality_control', 'damaged'],
};

/** Notes what posting did: the number before, the units moved, what could not be done. */
export async function settlePosted(
  q: Queryable,
  lines: readonly {
    readonly id: string;
    readonly expected: number;
    readonly moved: number;
    readonly problem: string | null;
  }[],
): Promise<void> {
  await q.query(
    `UPDATE stock_count_line l SET expected = u.expected, moved = u.moved, problem = u.problem
       FROM unnest($1::uuid[], $2::int[], $3::int[], $4::text[]) AS u(id, expected, moved, problem)
      WHERE l.id = u.id`,
    [
      lines.map((line) => line.id),
      lines.map((line) => line.expected),
      lines.map((line) => line.moved),
      lines.map((line) => line.problem),
    ],
  );
}

export type UndoLine = {
  readonly id: string;
  readonly position: number;
  readonly itemId: string;
  readonly locationId: string;
  readonly moved: number;
};

/** The next posted lines after a position whose movement is not reversed yet, locked. */
export async function nextLinesToUndo(
  q: Queryable,
  countId: string,
  after: number,
  limit: number,
): Promise<readonly UndoLine[]> {
  const { rows } = await q.query<UndoLine>(
    `SELECT id, position, item_id AS "itemId", location_id AS "locationId", moved
       FROM stock_count_line
      WHERE count_id = $1 AND position > $2 AND moved <> 0 AND reversed IS NULL
      ORDER BY position LIMIT $3 FOR UPDATE`,
    [countId, after, limit],
  );
  return rows;
}

/** Notes what undoing did to lines. */
export async function settleUndone(
  q: Queryable,
  lines: readonly {
    readonly id: string;
    readonly reversed: number;
    readonly problem: string | null;
  }[],
): Promise<void> {
  await q.query(
    `UPDATE stock_count_line l SET reversed = u.reversed, problem = u.problem
       FROM unnest($1::uuid[], $2::int[], $3::text[]) AS u(id, reversed, problem)
      WHERE l.id = u.id`,
    [
      lines.map((line) => line.id),
      lines.map((line) => line.reversed),
      lines.map((line) => line.problem),
    ],
  );
}

/** What posting has done so far, from the lines themselves. */
export async function tallyPosted(
  q: Queryable,
  countId: string,
): Promise<{
  readonly done: number;
  readonly changed: number;
  readonly added: number;
  readonly removed: number;
  readonly partly: number;
}> {
  return q.one(
    `SELECT count(*)::int AS done, count(*) FILTER (WHERE moved <> 0)::int AS changed,
        COALESCE(sum(moved) FILTER (WHERE moved > 0), 0)::int AS added,
        COALESCE(-sum(moved) FILTER (WHERE moved < 0), 0)::int AS removed,
        count(problem)::int AS partly
       FROM stock_count_line WHERE count_id = $1 AND moved IS NOT NULL`,
    [countId],
  );
}

/** What undoing has done so far. */
export async function tallyUndone(
  q: Queryable,
  countId: string,
): Promise<{ readonly total: number; readonly done: number; readonly partly: number }> {
  return q.one(
    `SELECT count(*)::int AS total, count(reversed)::int AS done,
        count(*) FILTER (WHERE abs(reversed) < abs(moved))::int AS partly
       FROM stock_count_line WHERE count_id = $1 AND moved <> 0`,
    [countId],
  );
}
