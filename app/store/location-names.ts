import type { Queryable } from '../platform/database';

/** Names of a merchant's locations by id; there are only a few of them. */
export async function findLocationNames(
  q: Queryable,
  merchantId: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await q.query<{ id: string; name: string }>(
    `SELECT id, name FROM location WHERE merchant_id = $1`,
    [merchantId],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
