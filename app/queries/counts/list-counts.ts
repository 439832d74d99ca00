import type { CountSummary } from '#app/domain/stock/count';
import type { Prisma } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';

export type CountRow = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  /** Null for a file that names its locations itself. */
  readonly locationName: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly summary: CountSummary;
  /** Lines of a list, and those somebody has counted; null for files, whose summary says it. */
  readonly lines: number | null;
  readonly counted: number | null;
};

const COUNTS_PER_PAGE = 25;

/** One page of a merchant's counts, newest first. Uploads that are on their way are not shown. */
export async function listCounts(
  prisma: Prisma,
  merchantId: string,
  page: PageInput,
): Promise<Page<CountRow>> {
  const keys = keyset(page, {
    column: 'c.created_at',
    id: 'c.id',
    type: 'timestamptz',
    descending: true,
    size: COUNTS_PER_PAGE,
  });
  const rows = await prisma.$queryRaw<CountRow[]>`
    SELECT c.id, c.name, c.kind, c.state, lo.name AS "locationName", c.created_by AS "createdBy",
      c.created_at AS "createdAt", COALESCE(c.summary, '{}') AS summary, n.lines, n.counted
    FROM (SELECT c.* FROM stock_count c
      WHERE c.merchant_id = ${merchantId}::uuid AND c.state <> 'uploading' AND NOT (
        c.state = 'cancelled' AND c.summary ? 'failure') ${keys.condition}
      ORDER BY ${keys.order} LIMIT ${keys.limit}) c
    LEFT JOIN location lo ON lo.id = c.location_id AND lo.merchant_id = c.merchant_id
    LEFT JOIN LATERAL (SELECT count(*)::int AS lines, count(l.counted)::int AS counted
      FROM stock_count_line l WHERE l.count_id = c.id AND c.kind = 'cycle') n ON c.kind = 'cycle'
    ORDER BY ${keys.order}`;
  return toPage(rows, keys, (row) => ({ value: row.createdAt.toISOString(), id: row.id }));
}
