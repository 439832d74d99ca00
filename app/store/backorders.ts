import type { Queryable } from '../platform/database';

export type SoldListing = {
  readonly id: string;
  readonly listingRef: string;
  readonly productRef: string;
};

/** The next listings after `after` that the channel is not known to sell as `allowed` says. */
export async function otherwiseSold(
  q: Queryable,
  connectionId: string,
  allowed: boolean,
  after: string | null,
  limit: number,
): Promise<readonly SoldListing[]> {
  const { rows } = await q.query<SoldListing>(
    `SELECT id, external_ref AS "listingRef", COALESCE(product_ref, external_ref) AS "productRef"
       FROM listing WHERE connection_id = $1 AND item_id IS NOT NULL AND tracked
        AND backorders IS DISTINCT FROM $2 AND ($3::uuid IS NULL OR id > $3)
      ORDER BY id LIMIT $4`,
    [connectionId, allowed, after, limit],
  );
  return rows;
}

/** The channel has been told so. */
export async function noteBackorders(
  q: Queryable,
  listingIds: readonly string[],
  allowed: boolean,
): Promise<void> {
  await q.query(`UPDATE listing SET backorders = $2 WHERE id = ANY($1::uuid[])`, [
    listingIds,
    allowed,
  ]);
}
