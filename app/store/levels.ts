import type { InsideState } from '../domain/stock/cell';
import type { Queryable } from '../platform/database';

type Cell = { readonly merchantId: string; readonly itemId: string; readonly locationId: string };

/**
 * Units of one state at one location; 0 where there is no level yet (or it is another merchant's).
 */
export async function readLevelUnits(
  q: Queryable,
  cell: Cell,
  state: InsideState,
  options: { readonly lock: boolean },
): Promise<number> {
  const row = await q.maybeOne<{ units: number }>(
    `SELECT level_units(l, $4) AS units FROM stock_level l
      WHERE l.item_id = $2 AND l.location_id = $3 AND l.merchant_id = $1
      ${options.lock ? 'FOR UPDATE' : ''}`,
    [cell.merchantId, cell.itemId, cell.locationId, state],
  );
  return row?.units ?? 0;
}

/** Overwrites levels with what their movements add up to. Only for repair; see rebuild-levels. */
export async function rewriteLevels(
  q: Queryable,
  merchantId: string,
  cells: readonly {
    readonly itemId: string;
    readonly locationId: string;
    readonly fold: readonly (number | null)[];
  }[],
): Promise<void> {
  const unit = (index: number): number[] => cells.map((cell) => cell.fold[index] ?? 0);
  await q.query(
    `INSERT INTO stock_level (merchant_id, item_id, location_id, available, committed, reserved,
        safety_stock, quality_control, damaged, incoming, updated_at)
     SELECT $1, u.*, now() FROM unnest($2::uuid[], $3::uuid[], $4::int[], $5::int[], $6::int[],
        $7::int[], $8::int[], $9::int[], $10::int[]) AS u
     ON CONFLICT (item_id, location_id) DO UPDATE SET available = excluded.available,
        committed = excluded.committed, reserved = excluded.reserved,
        safety_stock = excluded.safety_stock, quality_control = excluded.quality_control,
        damaged = excluded.damaged, incoming = excluded.incoming, updated_at = now()`,
    [
      merchantId,
      cells.map((cell) => cell.itemId),
      cells.map((cell) => cell.locationId),
      ...[0, 1, 2, 3, 4, 5, 6].map(unit),
    ],
  );
}
