import { type MerchantSettings, settingsOf } from '#app/domain/merchants/settings';
import type { Prisma } from '#app/platform/prisma';

/** What a merchant has chosen, with defaults for the rest. */
export async function getSettings(prisma: Prisma, merchantId: string): Promise<MerchantSettings> {
  const { settings } = await prisma.merchant.findUniqueOrThrow({
    where: { id: merchantId },
    select: { settings: true },
  });
  return settingsOf(settings);
}
