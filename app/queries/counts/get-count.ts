import type { CountSummary } from '#app/domain/stock/count';
import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

export type CountTally = {
  readonly lines: number;
  readonly counted: number;
  /** Lines that cannot be used. */
  readonly problems: number;
  /**
   * Usable lines whose number is not the ledger's, and the units between them; 0 while whoever
   * counts is not to know them.
   */
  readonly differing: number;
  readonly more: number;
  readonly fewer: number;
};

export type CountDetails = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: string;
  readonly basis: string;
  readonly blind: boolean;
  readonly locationName: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly postedBy: string | null;
  readonly postedAt: Date | null;
  readonly undoneAt: Date | null;
  readonly summary: CountSummary;
  /** Null while a job is at work on the lines: they are not counted over and over then. */
  readonly tally: CountTally | null;
};

/** A merchant's count, or null. */
export async function getCount(
  prisma: Prisma,
  merchantId: string,
  countId: string,
): Promise<CountDetails | null> {
  if (!isId(countId)) return null;
  const [count] = await prisma.$queryRaw<Omit<CountDetails, 'tally'>[]>`
    SELECT c.id, c.name, c.kind, c.state, c.basis, c.blind, lo.name AS "locationName",
      c.created_by AS "createdBy", c.created_at AS "createdAt", c.posted_by AS "postedBy",
      c.posted_at AS "postedAt", c.undone_at AS "undoneAt", COALESCE(c.summary, '{}') AS summary
    FROM stock_count c LEFT JOIN location lo ON lo.id = c.location_id
      AND lo.merchant_id = c.merchant_id
    WHERE c.id = ${countId}::uuid AND c.merchant_id = ${merchantId}::uuid`;
  if (count === undefined) return null;
  const busy = ['uploading', 'reading', 'posting', 'undoing'].includes(count.state);
  if (busy) return { ...count, tally: null };
  const tally = await readTally(prisma, countId);
  const told = hidesExpected(count) ? { ...tally, differing: 0, more: 0, fewer: 0 } : tally;
  return { ...count, tally: told };
}

/** Whether people count it blind now: nothing may tell them what the ledger has. */
export function hidesExpected({
  kind,
  state,
  blind,
}: Pick<CountDetails, 'kind' | 'state' | 'blind'>): boolean {
  return blind && kind === 'cycle' && state === 'open';
}

async function readTally(prisma: Prisma, countId: string): Promise<CountTally> {
  const [tally] = await prisma.$queryRaw<CountTally[]>`
    SELECT count(*)::int AS lines, count(*) FILTER (WHERE l.counted IS NOT NULL)::int AS counted,
      count(*) FILTER (WHERE l.problem IS NOT NULL AND l.moved IS NULL)::int AS problems,
      count(*) FILTER (WHERE l.counted <> l.expected)::int AS differing,
      COALESCE(sum(l.counted - l.expected) FILTER (WHERE l.counted > l.expected), 0)::int AS more,
      COALESCE(sum(l.expected - l.counted) FILTER (WHERE l.counted < l.expected), 0)::int AS fewer
    FROM stock_count_line l WHERE l.count_id = ${countId}::uuid`;
  if (tally === undefined) throw new Error('An aggregate has no row.');
  return tally;
}
