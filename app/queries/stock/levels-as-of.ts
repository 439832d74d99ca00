import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

export type LevelAsOf = {
  readonly locationId: string;
  readonly locationName: string;
  readonly available: number;
  readonly committed: number;
  readonly unavailable: number;
  readonly incoming: number;
};

/**
 * An item's units per location as they were at a moment: the fold of the movements recorded until
 * then. It reads the item's own movements only.
 */
export async function levelsAsOf(
  prisma: Prisma,
  merchantId: string,
  itemId: string,
  at: Date,
): Promise<LevelAsOf[]> {
  if (!isId(itemId)) return [];
  return prisma.$queryRaw<LevelAsOf[]>`
    SELECT o.id AS "locationId", o.name AS "locationName", f.available::int, f.committed::int,
      (f.reserved + f.safety_stock + f.quality_control + f.damaged)::int AS unavailable,
      f.incoming::int
    FROM ledger_fold(${merchantId}::uuid, ${at}::timestamptz) f
    JOIN location o ON o.id = f.location_id
    WHERE f.item_id = ${itemId}::uuid
    ORDER BY o.priority, o.name, o.id`;
}
