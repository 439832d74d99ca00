import type { Prisma } from '#app/platform/prisma';

/** What a merchant who has just installed still has to decide; null once that is behind them. */
export type SetupProgress = {
  /** Listings of connected channels that have no item and were not set aside. */
  readonly toMatch: number;
} | null;

/** The first steps of a merchant; the channels' own standing says the rest. */
export async function setupProgress(prisma: Prisma, merchantId: string): Promise<SetupProgress> {
  const merchant = await prisma.merchant.findUnique({
    where: { id: merchantId },
    select: { onboardedAt: true },
  });
  if (merchant === null || merchant.onboardedAt !== null) return null;
  const [count] = await prisma.$queryRaw<{ toMatch: number }[]>`
    SELECT count(*)::int AS "toMatch" FROM listing li
    JOIN connection c ON c.id = li.connection_id AND c.status <> 'disconnected'
    WHERE li.merchant_id = ${merchantId}::uuid AND li.item_id IS NULL AND NOT li.ignored
      AND li.active`;
  return { toMatch: count?.toMatch ?? 0 };
}
