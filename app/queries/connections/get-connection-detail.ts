import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';
import { type ConnectionRow, findConnectionRow } from './list-connections';

export type ConnectionDetail = ConnectionRow & {
  readonly ordersSeenUntil: Date | null;
  readonly listingsSeenUntil: Date | null;
  readonly webhooksCheckedAt: Date | null;
  readonly matched: number;
  readonly setAside: number;
  readonly problems: readonly ConnectionProblem[];
};

/** Something of this channel that did not work, newest first. */
export type ConnectionProblem = {
  readonly id: string;
  /**
   * number: a number it did not take. job: work that gave up. message: one that was not understood.
   */
  readonly kind: 'number' | 'job' | 'message';
  readonly at: Date | null;
  /** The listing's title, the job's kind, or the message's topic. */
  readonly about: string;
  readonly what: string;
  /** Of a number: the item it belongs to. */
  readonly itemId: string | null;
};

const PROBLEMS_MAX = 20;

/** One connection with its health; null when it is not this merchant's. */
export async function getConnectionDetail(
  prisma: Prisma,
  merchantId: string,
  connectionId: string,
): Promise<ConnectionDetail | null> {
  if (!isId(connectionId)) return null;
  const row = await findConnectionRow(prisma, merchantId, connectionId);
  if (row === null) return null;
  const [seen, counts, problems] = await Promise.all([
    prisma.connection.findFirst({
      where: { id: connectionId, merchantId },
      select: { ordersSeenUntil: true, listingsSeenUntil: true, webhooksCheckedAt: true },
    }),
    prisma.$queryRaw<{ without: number; setAside: number }[]>`
      SELECT count(*)::int AS without, (count(*) FILTER (WHERE ignored))::int AS "setAside"
      FROM listing WHERE merchant_id = ${merchantId}::uuid
        AND connection_id = ${connectionId}::uuid AND active AND item_id IS NULL`,
    listProblems(prisma, merchantId, connectionId),
  ]);
  return {
    ...row,
    ordersSeenUntil: seen?.ordersSeenUntil ?? null,
    listingsSeenUntil: seen?.listingsSeenUntil ?? null,
    webhooksCheckedAt: seen?.webhooksCheckedAt ?? null,
    matched: row.listings - (counts[0]?.without ?? 0),
    setAside: counts[0]?.setAside ?? 0,
    problems,
  };
}

async function listProblems(
  prisma: Prisma,
  merchantId: string,
  connectionId: string,
): Promise<ConnectionProblem[]> {
  return prisma.$queryRaw<ConnectionProblem[]>`
    SELECT * FROM (
      (SELECT p.id::text, 'number' AS kind, p.sent_at AS at, li.title AS about,
          p.last_error AS what, li.item_id AS "itemId"
        FROM publication p JOIN listing li ON li.id = p.listing_id
        WHERE p.connection_id = ${connectionId}::uuid AND p.last_error IS NOT NULL
          AND p.dirty_seq > p.sent_seq AND li.item_id IS NOT NULL AND li.active
        ORDER BY p.sent_at DESC NULLS LAST LIMIT ${PROBLEMS_MAX})
      UNION ALL
      (SELECT j.id::text, 'job', j.finished_at, j.kind, COALESCE(j.last_error, ''), NULL
        FROM job j WHERE j.connection_id = ${connectionId}::uuid AND j.state = 'failed'
          AND j.merchant_id = ${merchantId}::uuid ORDER BY j.id DESC LIMIT ${PROBLEMS_MAX})
      UNION ALL
      (SELECT e.id::text, 'message', e.received_at, e.topic, COALESCE(e.detail, ''), NULL
        FROM inbox_event e WHERE e.connection_id = ${connectionId}::uuid AND e.state = 'failed'
          AND e.merchant_id = ${merchantId}::uuid
        ORDER BY e.received_at DESC LIMIT ${PROBLEMS_MAX})) problem
    ORDER BY at DESC NULLS LAST LIMIT ${PROBLEMS_MAX}`;
}
