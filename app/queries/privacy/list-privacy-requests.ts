import type { Prisma } from '#app/platform/prisma';

export type PrivacyRequestRow = {
  readonly id: string;
  /** customer_data | customer_redact | shop_redact */
  readonly kind: string;
  /** received | done */
  readonly state: string;
  /** What the channel calls the buyer: a number of its own; null where it does not say. */
  readonly customerRef: string | null;
  readonly receivedAt: Date;
  readonly doneAt: Date | null;
  /** Orders collected or erased. */
  readonly orders: number;
  readonly messages: number;
  /** What was collected can still be downloaded. */
  readonly canDownload: boolean;
};

const ROWS_MAX = 20;

/** The latest requests under privacy law that a merchant's channels have passed on. */
export async function listPrivacyRequests(
  prisma: Prisma,
  merchantId: string,
): Promise<PrivacyRequestRow[]> {
  return prisma.$queryRaw<PrivacyRequestRow[]>`
    SELECT id::text AS id, kind, state, customer_ref AS "customerRef",
        received_at AS "receivedAt", done_at AS "doneAt", export IS NOT NULL AS "canDownload",
        COALESCE((summary ->> 'orders')::int, 0) AS orders,
        COALESCE((summary ->> 'messages')::int, 0) AS messages
      FROM privacy_request WHERE merchant_id = ${merchantId}::uuid
      ORDER BY received_at DESC, id DESC LIMIT ${ROWS_MAX}`;
}
