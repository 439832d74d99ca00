import type { Queryable } from '../platform/database';

/** Listings without an item that have a clear suggestion, in the order of their ids. */
export async function suggestedItems(
  q: Queryable,
  merchantId: string,
  page: {
    readonly listingIds: readonly string[] | null;
    readonly connectionId: string | null;
    readonly after: string | null;
    readonly limit: number;
  },
): Promise<readonly { readonly listingId: string; readonly itemId: string }[]> {
  const { rows } = await q.query<{ listingId: string; itemId: string }>(
    `SELECT li.id AS "listingId", suggested.item_id AS "itemId"
       FROM listing li CROSS JOIN LATERAL suggested_item(li) suggested
      WHERE li.merchant_id = $1 AND li.item_id IS NULL AND NOT li.ignored AND li.active
        AND ($2::uuid[] IS NULL OR li.id = ANY($2::uuid[]))
        AND ($3::uuid IS NULL OR li.connection_id = $3)
        AND ($4::uuid IS NULL OR li.id > $4)
      ORDER BY li.id LIMIT $5`,
    [merchantId, page.listingIds, page.connectionId, page.after, page.limit],
  );
  return rows;
}
