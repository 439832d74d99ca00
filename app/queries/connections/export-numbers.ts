import { csvLine } from '#app/domain/shared/csv-cell';
import type { Prisma as Client } from '#app/platform/prisma';
import { FIRST_PAGE, type PageInput, keyset, toPage } from '../paging';
import { type Proposal, type Whose, numbersSql } from './preview-numbers';

/** Every page counts the whole channel anew, so that pages are large. */
const ROWS_AT_A_TIME = 10_000;

type ExportedNumber = {
  readonly id: string;
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
 * All numbers of a channel under a proposal as a CSV file, in pieces. Between them nothing is held
 * in the database, however slowly the file is taken.
 */
export async function* exportNumbers(
  prisma: Client,
  whose: Whose,
  proposal: Proposal,
  rowsAtATime = ROWS_AT_A_TIME,
): AsyncGenerator<string> {
  yield csvLine(HEADINGS);
  let input: PageInput | null = FIRST_PAGE;
  while (input !== null) {
    const keys = keyset(input, {
      column: 'n.title',
      id: 'n.id',
      type: 'text',
      descending: false,
      size: rowsAtATime,
    });
    const read: ExportedNumber[] = await prisma.$queryRaw<ExportedNumber[]>`
      SELECT * FROM (${numbersSql(whose, proposal)}) n WHERE true ${keys.condition}
      ORDER BY ${keys.order} LIMIT ${keys.limit}`;
    const { rows, next } = toPage(read, keys, ({ title, id }) => ({ value: title, id }));
    if (rows.length > 0) yield rows.map(lineOf).join('');
    input = next === null ? null : { after: next, before: null };
  }
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
