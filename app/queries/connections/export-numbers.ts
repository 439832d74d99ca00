import type { Database } from '#app/platform/database';
import { csvLine } from '#app/domain/shared/csv-cell';
import { type Proposal, type Whose, numbersSql } from './preview-numbers';

const ROWS_PER_FETCH = 1_000;

type ExportedNumber = {
  readonly title: string;
  readonly sku: string | null;
  readonly locationRef: string;
  readonly listingRef: string;
  readonly holds: number | null;
  readonly units: number;
  readonly wouldShow: number;
};

const HEADINGS = [
  'SKU',
  'Title',
  'Listing',
  'Location in the channel',
  'Channel holds',
  'Would show',
  'Difference',
  'Sellable units that feed it',
];

/**
 * All numbers of a channel under a proposal as a CSV file, a piece of text at a time. Read through
 * a cursor, so that the rows of a large catalog are never in memory together.
 */
export async function exportNumbers(
  db: Database,
  whose: Whose,
  proposal: Proposal,
  write: (text: string) => void,
): Promise<void> {
  const numbers = numbersSql(whose, proposal);
  await db.transaction(async (tx) => {
    await tx.query(
      `DECLARE numbers NO SCROLL CURSOR FOR SELECT * FROM (${numbers.text}) n
        ORDER BY n.title, n.id`,
      numbers.values,
    );
    write(csvLine(HEADINGS));
    for (;;) {
      const { rows } = await tx.query<ExportedNumber>(
        `FETCH ${String(ROWS_PER_FETCH)} FROM numbers`,
      );
      if (rows.length === 0) return;
      write(rows.map(lineOf).join(''));
    }
  });
}

function lineOf(row: ExportedNumber): string {
  const difference = row.holds === null ? null : row.wouldShow - row.holds;
  return csvLine([
    row.sku,
    row.title,
    row.listingRef,
    row.locationRef,
    row.holds,
    row.wouldShow,
    difference,
    row.units,
  ]);
}
