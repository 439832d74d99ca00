import type { Queryable } from '../platform/database';

/**
 * Open orders with lines that no item was known for when they were read, and that these listings
 * (or another with the same SKU) would match now.
 */
export async function ordersOfUnmatchedListings(
  q: Queryable,
  merchantId: string,
  listingIds: readonly string[],
): Promise<readonly { readonly connectionId: string; readonly orderRef: string }[]> {
  if (listingIds.length === 0) return [];
  const { rows } = await q.query<{ connectionId: string; orderRef: string }>(
    `SELECT DISTINCT o.connection_id AS "connectionId", o.external_ref AS "orderRef"
       FROM listing li
       JOIN order_line l ON l.merchant_id = $1 AND l.item_id IS NULL
         AND (l.listing_ref = li.external_ref OR l.sku = li.sku)
       JOIN customer_order o ON o.id = l.order_id
      WHERE li.merchant_id = $1 AND li.id = ANY($2::uuid[]) AND o.units_unmatched > 0
        AND o.status IN ('open', 'partially_shipped')`,
    [merchantId, listingIds],
  );
  return rows;
}
