import type { Prisma } from '#app/platform/prisma';

export type WorkCounts = {
  readonly failedJobs: number;
  readonly waitingJobs: number;
  readonly runningJobs: number;
  readonly failedEvents: number;
};

/** Counting stops here; the screens say "1,000+". */
export const COUNT_MAX = 1000;

/** How much work a merchant has in each unfinished state, counted up to COUNT_MAX. */
export async function countWork(prisma: Prisma, merchantId: string): Promise<WorkCounts> {
  const [counts] = await prisma.$queryRaw<WorkCounts[]>`
    SELECT
      (SELECT count(*)::int FROM (SELECT 1 FROM job WHERE merchant_id = ${merchantId}::uuid
        AND state = 'failed' LIMIT ${COUNT_MAX}) j) AS "failedJobs",
      (SELECT count(*)::int FROM (SELECT 1 FROM job WHERE merchant_id = ${merchantId}::uuid
        AND state = 'queued' LIMIT ${COUNT_MAX}) j) AS "waitingJobs",
      (SELECT count(*)::int FROM (SELECT 1 FROM job WHERE merchant_id = ${merchantId}::uuid
        AND state = 'running' LIMIT ${COUNT_MAX}) j) AS "runningJobs",
      (SELECT count(*)::int FROM (SELECT 1 FROM inbox_event WHERE merchant_id = ${merchantId}::uuid
        AND state = 'failed' LIMIT ${COUNT_MAX}) e) AS "failedEvents"`;
  return counts ?? { failedJobs: 0, waitingJobs: 0, runningJobs: 0, failedEvents: 0 };
}
