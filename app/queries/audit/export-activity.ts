import { csvLine } from '#app/domain/shared/csv-cell';
import type { Prisma } from '#app/platform/prisma';
import { type ActivityFilter, type ActivityRow, listActivity } from './list-activity';
import type { Page } from '../paging';

const ROWS_AT_A_TIME = 1000;
const HEADINGS = ['At', 'What happened', 'By', 'About', 'Because of', 'Action'];

/** What matches the filter, newest first, as a CSV file in pieces. Nothing runs as a formula. */
export async function* exportActivity(
  prisma: Prisma,
  merchantId: string,
  filter: ActivityFilter,
  words: {
    readonly sentence: (row: ActivityRow) => string;
    readonly because: (row: ActivityRow) => string;
  },
): AsyncGenerator<string> {
  yield csvLine(HEADINGS);
  let after: string | null = null;
  do {
    const page: Page<ActivityRow> = await listActivity(prisma, merchantId, {
      ...filter,
      size: ROWS_AT_A_TIME,
      after,
      before: null,
    });
    const lines = page.rows.map((row) =>
      csvLine([
        row.at.toISOString(),
        words.sentence(row),
        words.because(row),
        row.subject?.name ?? null,
        row.cause?.name ?? null,
        row.action,
      ]),
    );
    if (lines.length > 0) yield lines.join('');
    after = page.next;
  } while (after !== null);
}
