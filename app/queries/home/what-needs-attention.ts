import type { Prisma } from '#app/platform/prisma';
import { COUNT_MAX, type WorkCounts, countWork } from '../jobs/count-work';

export type Attention = {
  readonly shortOrders: number;
  readonly ordersWithUnmatchedLines: number;
  readonly unmatchedListings: number;
  readonly failedJobs: number;
  readonly failedEvents: number;
  /** Orders with a fulfillment whose channel said no, or whose answer was lost. */
  readonly refusedReports: readonly ReportProblem[];
  readonly connections: readonly {
    readonly id: string;
    readonly name: string;
    readonly reason: string | null;
  }[];
  /** Channels with a push that waits for a person. */
  readonly braked: readonly { readonly id: string; readonly name: string }[];
  /** Channels that are read but not live: their numbers are whatever they were. */
  readonly notLive: readonly { readonly id: string; readonly name: string }[];
};

export type ReportProblem = {
  readonly orderId: string;
  readonly orderName: string;
  readonly channelName: string;
  readonly reportState: string;
};

/** A handful is enough to start working; the rest follows when these are solved. */
const REPORT_PROBLEMS_MAX = 5;

/** What waits for a person, each counted up to COUNT_MAX along its own small index. */
export async function whatNeedsAttention(prisma: Prisma, merchantId: string): Promise<Attention> {
  const [exceptions, work, refusedReports, connections, unmatchedListings] = await Promise.all([
    countExceptions(prisma, merchantId),
    countWork(prisma, merchantId),
    listReportProblems(prisma, merchantId),
    prisma.connection.findMany({
      where: { merchantId, status: { not: 'disconnected' } },
      select: {
        id: true,
        name: true,
        status: true,
        statusReason: true,
        importedAt: true,
        publishing: true,
        brakedAt: true,
      },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
    }),
    countUnmatchedListings(prisma, merchantId),
  ]);
  return {
    ...exceptions,
    unmatchedListings,
    ...pickFailures(work),
    refusedReports,
    connections: connections
      .filter(({ status }) => status === 'needs_attention')
      .map(({ id, name, statusReason }) => ({ id, name, reason: statusReason })),
    braked: connections.filter(({ brakedAt, publishing }) => brakedAt !== null && publishing),
    notLive: connections.filter(({ importedAt, publishing }) => importedAt !== null && !publishing),
  };
}

function pickFailures({ failedJobs, failedEvents }: WorkCounts) {
  return { failedJobs, failedEvents };
}

async function countExceptions(prisma: Prisma, merchantId: string) {
  const [counts] = await prisma.$queryRaw<
    Pick<Attention, 'shortOrders' | 'ordersWithUnmatchedLines'>[]
  >`
    SELECT (count(*) FILTER (WHERE units_short > 0))::int AS "shortOrders",
      (count(*) FILTER (WHERE units_unmatched > 0))::int AS "ordersWithUnmatchedLines"
    FROM (SELECT units_short, units_unmatched FROM customer_order
      WHERE merchant_id = ${merchantId}::uuid AND (units_short > 0 OR units_unmatched > 0)
        AND status <> 'cancelled' LIMIT ${COUNT_MAX}) o`;
  return counts ?? { shortOrders: 0, ordersWithUnmatchedLines: 0 };
}

async function countUnmatchedListings(prisma: Prisma, merchantId: string): Promise<number> {
  const [count] = await prisma.$queryRaw<{ units: number }[]>`
    SELECT count(*)::int AS units FROM (SELECT 1 FROM listing li
      JOIN connection c ON c.id = li.connection_id AND c.status <> 'disconnected'
      WHERE li.merchant_id = ${merchantId}::uuid AND li.item_id IS NULL AND li.active
        AND NOT li.ignored LIMIT ${COUNT_MAX}) l`;
  return count?.units ?? 0;
}

async function listReportProblems(prisma: Prisma, merchantId: string): Promise<ReportProblem[]> {
  return prisma.$queryRaw<ReportProblem[]>`
    SELECT o.id AS "orderId", o.name AS "orderName", c.name AS "channelName",
      min(f.report_state) AS "reportState"
    FROM fulfillment f
    JOIN customer_order o ON o.id = f.order_id
    JOIN connection c ON c.id = o.connection_id
    WHERE f.merchant_id = ${merchantId}::uuid AND f.report_state IN ('refused', 'unknown')
    GROUP BY o.id, o.name, c.name
    ORDER BY min(f.shipped_at), o.id LIMIT ${REPORT_PROBLEMS_MAX}`;
}
