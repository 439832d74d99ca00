import { Prisma } from '../../../generated/prisma/client';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Keyset, type Page, type PageInput, keyset, toPage } from '../paging';
import { containing, searchText } from '../search-text';
import { type CountDetails, hidesExpected } from './get-count';

export const LINE_VIEWS = ['changes', 'problems', 'to-count', 'counted', 'all'] as const;
export type LineView = (typeof LINE_VIEWS)[number];

export type CountLineRow = {
  readonly id: string;
  readonly position: number;
  readonly itemId: string | null;
  /** The item's, else as written in the file. */
  readonly sku: string | null;
  readonly title: string | null;
  readonly variantTitle: string | null;
  readonly barcode: string | null;
  readonly locationName: string | null;
  /** As written in the file. */
  readonly locationText: string | null;
  readonly countedText: string | null;
  readonly expected: number | null;
  readonly counted: number | null;
  readonly earlier: number | null;
  readonly moved: number | null;
  readonly reversed: number | null;
  readonly problem: string | null;
  readonly countedBy: string | null;
  readonly countedAt: Date | null;
  /** Units that are promised or set aside now: so many cannot be taken away. */
  readonly promised: number;
};

export type LineListInput = PageInput & { readonly view: LineView; readonly search: string | null };

/**
 * Which lines to show: those asked for, unless that would tell who counts blind what differs.
 */
export function viewOf(
  count: Pick<CountDetails, 'kind' | 'state' | 'blind'>,
  asked: string | null,
  usual: LineView,
): LineView {
  const known = LINE_VIEWS.find((view) => view === asked);
  return known === undefined || (known === 'changes' && hidesExpected(count)) ? usual : known;
}

/** Lines at a time of a file that is downloaded. */
const LINES_AT_A_TIME = 2_000;

/** One page of a count's lines, in their order. The count must be the merchant's. */
export async function listCountLines(
  prisma: Client,
  countId: string,
  input: LineListInput,
): Promise<Page<CountLineRow>> {
  const keys = lineKeys(input);
  const rows = await readLines(prisma, countId, input, keys);
  return toPage(rows, keys, positionOf);
}

/** All lines of a view, a page at a time. */
export async function* everyCountLine(
  prisma: Client,
  countId: string,
  view: LineView,
): AsyncGenerator<readonly CountLineRow[]> {
  let after: string | null = null;
  do {
    const input: LineListInput = { view, search: null, after, before: null };
    const keys = lineKeys(input, LINES_AT_A_TIME);
    const page: Page<CountLineRow> = toPage(
      await readLines(prisma, countId, input, keys),
      keys,
      positionOf,
    );
    yield page.rows;
    after = page.next;
  } while (after !== null);
}

function lineKeys(input: PageInput, size?: number): Keyset {
  return keyset(input, {
    column: 'l.position',
    id: 'l.position',
    type: 'bigint',
    descending: false,
    ...(size === undefined ? {} : { size }),
  });
}

function positionOf({ position }: CountLineRow): { value: string; id: string } {
  return { value: String(position), id: String(position) };
}

function readLines(
  prisma: Client,
  countId: string,
  input: LineListInput,
  keys: Keyset,
): Promise<CountLineRow[]> {
  return prisma.$queryRaw<CountLineRow[]>`
    SELECT l.id, l.position, l.item_id AS "itemId", COALESCE(i.sku, l.sku) AS sku, i.title,
      i.variant_title AS "variantTitle", i.barcode, lo.name AS "locationName",
      l.location_text AS "locationText", l.counted_text AS "countedText", l.expected, l.counted,
      l.earlier, l.moved, l.reversed, l.problem, l.counted_by AS "countedBy",
      l.counted_at AS "countedAt", COALESCE((SELECT s.committed + s.reserved + s.safety_stock
        + s.quality_control + s.damaged FROM stock_level s WHERE s.item_id = l.item_id
        AND s.location_id = l.location_id), 0) AS promised
    FROM stock_count_line l LEFT JOIN item i ON i.id = l.item_id
    LEFT JOIN location lo ON lo.id = l.location_id
    WHERE l.count_id = ${countId}::uuid ${conditionOf(input)} ${keys.condition}
    ORDER BY ${keys.order} LIMIT ${keys.limit}`;
}

function conditionOf({ view, search }: LineListInput): Prisma.Sql {
  const text = searchText(search);
  const pattern = text === null ? null : containing(text);
  const searched =
    pattern === null
      ? Prisma.empty
      : Prisma.sql`AND (lower(COALESCE(i.sku, l.sku)) LIKE ${pattern}
          OR lower(i.title) LIKE ${pattern} OR lower(i.variant_title) LIKE ${pattern}
          OR lower(i.barcode) = ${text})`;
  return Prisma.sql`${VIEWS[view]} ${searched}`;
}

const VIEWS: Readonly<Record<LineView, Prisma.Sql>> = {
  changes: Prisma.sql`AND (l.moved <> 0 OR (l.moved IS NULL AND l.counted <> l.expected))`,
  problems: Prisma.sql`AND l.problem IS NOT NULL`,
  'to-count': Prisma.sql`AND l.counted IS NULL AND l.problem IS NULL`,
  counted: Prisma.sql`AND l.counted IS NOT NULL`,
  all: Prisma.empty,
};
