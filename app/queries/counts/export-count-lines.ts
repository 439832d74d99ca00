import { csvLine } from '#app/domain/shared/csv-cell';
import type { Prisma } from '#app/platform/prisma';
import { type CountDetails, hidesExpected } from './get-count';
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
 * put right and read once more. Of a count done blind the file says no more than the page does.
 */
export async function* exportCountLines(
  prisma: Prisma,
  count: Pick<CountDetails, 'id' | 'basis' | 'kind' | 'state' | 'blind'>,
  view: LineView,
): AsyncGenerator<string> {
  const hidden = hidesExpected(count);
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
          hidden ? null : line.expected,
          line.moved ??
            (hidden || line.counted === null || line.expected === null
              ? null
              : line.counted - line.expected),
          line.reversed,
          line.problem,
        ]),
      )
      .join('');
  }
}
