import { csvLine } from '#app/domain/shared/csv-cell';
import type { Prisma } from '#app/platform/prisma';
import { type LineView, everyCountLine } from './list-count-lines';

const HEADINGS = [
  'Row',
  'SKU',
  'Title',
  'Location',
  'On hand',
  'Before',
  'Change',
  'Taken back',
  'What is wrong',
] as const;

/**
 * Lines of a count as a CSV file, in pieces. Rows are as they were written, so that the file can be
 * put right and read once more.
 */
export async function* exportCountLines(
  prisma: Prisma,
  count: { readonly id: string; readonly basis: string },
  view: LineView,
): AsyncGenerator<string> {
  const numbers = count.basis === 'available' ? 'Available' : 'On hand';
  yield csvLine(HEADINGS.map((heading) => (heading === 'On hand' ? numbers : heading)));
  for await (const lines of everyCountLine(prisma, count.id, view)) {
    yield lines
      .map((line) =>
        csvLine([
          line.position,
          line.sku,
          line.title,
          line.locationName ?? line.locationText,
          line.counted ?? line.countedText,
          line.expected,
          line.moved ??
            (line.counted === null || line.expected === null ? null : line.counted - line.expected),
          line.reversed,
          line.problem,
        ]),
      )
      .join('');
  }
}
