import type { Queryable } from '../platform/database';

/**
 * Open orders of a connection that nobody has looked at for a while, longest first. A store that
 * deletes an order for good may never say so: only asking for it tells.
 */
export async function ordersUnseenSince(
  q: Queryable,
  connectionId: string,
  before: Date,
  placedAfter: Date,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ ref: string }>(
    `SELECT external_ref AS ref FROM customer_order
      WHERE connection_id = $1 AND status IN ('open', 'partially_shipped', 'awaiting_payment')
        AND updated_at < $2 AND placed_at > $3 ORDER BY updated_at LIMIT $4`,
    [connectionId, before, placedAfter, limit],
  );
  return rows.map((row) => row.ref);
}

/** The versions we hold of a connection's orders; those never seen are absent. */
export async function storedVersions(
  q: Queryable,
  connectionId: string,
  refs: readonly string[],
): Promise<Map<string, string>> {
  const { rows } = await q.query<{ ref: string; version: string }>(
    `SELECT external_ref AS ref, version FROM customer_order
      WHERE connection_id = $1 AND external_ref = ANY($2::text[])`,
    [connectionId, refs],
  );
  return new Map(rows.map((row) => [row.ref, row.version]));
}

/** When an order was placed; null when we do not have it. */
export async function placedAtOf(
  q: Queryable,
  connectionId: string,
  orderRef: string,
): Promise<Date | null> {
  const row = await q.maybeOne<{ placedAt: Date }>(
    `SELECT placed_at AS "placedAt" FROM customer_order
      WHERE connection_id = $1 AND external_ref = $2`,
    [connectionId, orderRef],
  );
  return row?.placedAt ?? null;
}
