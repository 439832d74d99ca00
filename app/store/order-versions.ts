import type { Queryable } from '../platform/database';

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
