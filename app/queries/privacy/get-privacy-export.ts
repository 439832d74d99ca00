import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

/**
 * What was collected about a buyer, as JSON to pass on to them. Null when the merchant has no such
 * request, or when it was deleted since. `open` unseals it.
 */
export async function getPrivacyExport(
  prisma: Prisma,
  open: (sealed: string, context: string) => string,
  merchantId: string,
  requestId: string,
): Promise<string | null> {
  if (!isId(requestId)) return null;
  const row = await prisma.privacyRequest.findFirst({
    where: { id: requestId, merchantId },
    select: { export: true },
  });
  const sealed = row?.export ?? null;
  return sealed === null ? null : open(sealed, `privacy_request:${requestId}`);
}
