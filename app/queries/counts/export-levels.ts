import { Prisma } from '../../../generated/prisma/client';
import { csvLine } from '#app/domain/shared/csv-cell';
import type { Prisma as Client } from '#app/platform/prisma';

/** Rows read at a time: memory does not grow with the file. */
const ROWS_AT_A_TIME = 2_000;

type LevelRow = {
  readonly itemId: string;
  readonly locationId: string;
  readonly sku: string;
  readonly title: string;
  readonly variantTitle: string | null;
  readonly barcode: string | null;
  readonly location: string;
  readonly onHand: number;
  readonly available: number;
  readonly committed: number;
  readonly unavailable: number;
  readonly incoming: number;
};

/**
 * Every level of a merchant as a CSV file, in pieces: of a SKU's locations each has its row. An
 * import takes the file as it is: what it reads are SKU, location and on hand.
 */
export async function* exportLevels(
  prisma: Client,
  merchantId: string,
  locationId: string | null,
): AsyncGenerator<string> {
  yield csvLine([
    'SKU',
    'Title',
    'Variant',
    'Barcode',
    'Location',
    'On hand',
    'Available (not read)',
    'Committed (not read)',
    'Unavailable (not read)',
    'Incoming (not read)',
  ]);
  let last: LevelRow | null = null;
  for (;;) {
    const rows: readonly LevelRow[] = await readLevels(prisma, merchantId, locationId, last);
    if (rows.length > 0) yield rows.map(lineOf).join('');
    if (rows.length < ROWS_AT_A_TIME) return;
    last = rows.at(-1) ?? null;
  }
}

function lineOf(row: LevelRow): string {
  return csvLine([
    row.sku,
    row.title,
    row.variantTitle,
    row.barcode,
    row.location,
    row.onHand,
    row.available,
    row.committed,
    row.unavailable,
    row.incoming,
  ]);
}

function readLevels(
  prisma: Client,
  merchantId: string,
  locationId: string | null,
  last: LevelRow | null,
): Promise<LevelRow[]> {
  const place =
    locationId === null ? Prisma.empty : Prisma.sql`AND l.location_id = ${locationId}::uuid`;
  const after =
    last === null
      ? Prisma.empty
      : Prisma.sql`AND i.sku >= ${last.sku} AND (i.sku, l.location_id) > (${last.sku},
          ${last.locationId}::uuid)`;
  return prisma.$queryRaw<LevelRow[]>`
    SELECT i.id AS "itemId", l.location_id AS "locationId", i.sku, i.title,
      i.variant_title AS "variantTitle", i.barcode, lo.name AS location,
      l.available + l.committed + l.reserved + l.safety_stock + l.quality_control + l.damaged
        AS "onHand", l.available, l.committed,
      l.reserved + l.safety_stock + l.quality_control + l.damaged AS unavailable, l.incoming
    FROM item i JOIN stock_level l ON l.item_id = i.id
    JOIN location lo ON lo.id = l.location_id AND lo.active
    WHERE i.merchant_id = ${merchantId}::uuid AND i.kind = 'simple' ${place} ${after}
    ORDER BY i.sku, l.location_id LIMIT ${ROWS_AT_A_TIME}`;
}
