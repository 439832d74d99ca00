import type { Queryable } from '../platform/database';

/**
 * Open orders of a connection that nobody has looked at for a while, longest first. A store that
 * deletes an order for good may never say so: only asking for it tells.
 */
export async function ordersUnseenSince(
  q: Queryable,
  connectionId: string,
  before: Date,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ ref: string }>(
    `SELECT external_ref AS ref FROM customer_order
      WHERE connection_id = $1 AND status IN ('open', 'partially_shipped', 'awaiting_payment')
        AND updated_at < $2 ORDER BY updated_at LIMIT $3`,
    [connectionId, before, limit],
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
