import type { InsideState } from '../domain/stock/cell';
import type { Queryable } from '../platform/database';

type Cell = { readonly merchantId: string; readonly itemId: string; readonly locationId: string };

/** Units of one state at one location; 0 where there is no level yet (or it is another merchant's). */
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
