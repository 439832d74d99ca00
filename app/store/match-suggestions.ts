import type { Queryable } from '../platform/database';

/** Why an item is suggested for a listing; the first that fits. */
export type SuggestionReason = 'sku' | 'barcode' | 'title';

/**
 * The item that seems to be meant by listing `li`, when exactly one does by its best key: a SKU
 * that is the same but for case, blanks, dashes or dots; the barcode; the very title. An item that
 * another listing of the channel sells is never suggested: that is for a person to see.
 */
export const SUGGESTION = `CROSS JOIN LATERAL (
    SELECT min(id::text)::uuid AS "itemId", min(reason) AS reason FROM (
      SELECT i.id, s.reason, rank() OVER (ORDER BY s.rank) AS best FROM item i
        CROSS JOIN LATERAL (SELECT CASE
            WHEN item_key(i.sku) = item_key(li.sku) THEN 1
            WHEN i.barcode = li.barcode THEN 2
            ELSE 3 END AS rank) r
        CROSS JOIN LATERAL (SELECT r.rank, (ARRAY['sku', 'barcode', 'title'])[r.rank] AS reason) s
      WHERE i.merchant_id = li.merchant_id
        AND (item_key(i.sku) = item_key(li.sku) OR i.barcode = li.barcode
          OR item_title(i.title, i.variant_title) = lower(li.title))
        AND NOT EXISTS (SELECT 1 FROM listing o WHERE o.connection_id = li.connection_id
          AND o.item_id = i.id AND o.active AND o.stock_ref <> li.stock_ref)) fit
    WHERE best = 1 HAVING count(*) = 1) suggested`;

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
    `SELECT li.id AS "listingId", suggested."itemId"
       FROM listing li ${SUGGESTION}
      WHERE li.merchant_id = $1 AND li.item_id IS NULL AND NOT li.ignored AND li.active
        AND ($2::uuid[] IS NULL OR li.id = ANY($2::uuid[]))
        AND ($3::uuid IS NULL OR li.connection_id = $3)
        AND ($4::uuid IS NULL OR li.id > $4)
      ORDER BY li.id LIMIT $5`,
    [merchantId, page.listingIds, page.connectionId, page.after, page.limit],
  );
  return rows;
}
