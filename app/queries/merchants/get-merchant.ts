import type { Prisma } from '#app/platform/prisma';

export type MerchantSetting = {
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
  /** For filters and forms: channels that were not disconnected, active locations. */
  readonly channels: readonly NamedChoice[];
  readonly locations: readonly NamedChoice[];
};

export type NamedChoice = { readonly id: string; readonly name: string };

/** What every page needs to know about the merchant it is for. */
export async function getMerchant(prisma: Prisma, merchantId: string): Promise<MerchantSetting> {
  const [merchant, channels, locations] = await Promise.all([
    prisma.merchant.findUniqueOrThrow({ where: { id: merchantId } }),
    prisma.connection.findMany({
      where: { merchantId, status: { not: 'disconnected' } },
      select: { id: true, name: true },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    }),
    prisma.location.findMany({
      where: { merchantId, active: true },
      select: { id: true, name: true },
      orderBy: [{ priority: 'asc' }, { name: 'asc' }, { id: 'asc' }],
    }),
  ]);
  const { name, currency, timezone } = merchant;
  return { name, currency, timezone: usableTimezone(timezone), channels, locations };
}

/** A zone this machine does not know must not take every page down. */
function usableTimezone(timezone: string): string {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: timezone });
    return timezone;
  } catch {
    return 'UTC';
  }
}

/** The merchant's time zone, in which its days begin. */
export async function getTimezone(prisma: Prisma, merchantId: string): Promise<string> {
  const { timezone } = await prisma.merchant.findUniqueOrThrow({
    where: { id: merchantId },
    select: { timezone: true },
  });
  return usableTimezone(timezone);
}
