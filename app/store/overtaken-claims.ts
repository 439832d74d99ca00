import type { Queryable } from '../platform/database';

/** Messages overtake each other by less than this; the rest is found by comparing numbers. */
const OVERTAKEN = `interval '30 seconds'`;

/**
 * Whether the channel has said something newer of the same number, by its own clock, in a message
 * that was read before this one.
 */
export async function isOvertaken(
  q: Queryable,
  connection: { readonly id: string; readonly merchantId: string },
  claim: { readonly stockRef: string; readonly locationRef: string; readonly saidAt: string },
): Promise<boolean> {
  const row = await q.one<{ overtaken: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM inbox_event
       WHERE merchant_id = $1 AND received_at > now() - ${OVERTAKEN} AND connection_id = $2
         AND concerns->>'stockRef' = $3 AND concerns->>'locationRef' = $4
         AND state = 'processed' AND concerns->>'saidAt' COLLATE "C" > $5) AS overtaken`,
    [connection.merchantId, connection.id, claim.stockRef, claim.locationRef, claim.saidAt],
  );
  return row.overtaken;
}
