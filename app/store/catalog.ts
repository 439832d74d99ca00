import type { Queryable } from '../platform/database';

/**
 * The items that order lines mean: by the channel's listing first, else by SKU within the
 * merchant. Keys of the answer are `<connectionId> <listingRef>` and `sku <sku>`.
 */
export async function findItemsForLines(
  q: Queryable,
  merchantId: string,
  lines: readonly {
    readonly connectionId: string;
    readonly listingRef: string | null;
    readonly sku: string | null;
  }[],
): Promise<
  (line: {
    readonly connectionId: string;
    readonly listingRef: string | null;
    readonly sku: string | null;
  }) => string | null
> {
  const listed = lines.filter((line) => line.listingRef !== null);
  const skus = [...new Set(lines.flatMap((line) => (line.sku === null ? [] : [line.sku])))];
  const byListing = await q.query<{ connectionId: string; ref: string; itemId: string | null }>(
    `SELECT li.connection_id AS "connectionId", li.external_ref AS ref, li.item_id AS "itemId"
       FROM (SELECT DISTINCT * FROM unnest($2::uuid[], $3::text[]) AS u(connection_id, ref)) r
       JOIN listing li ON li.connection_id = r.connection_id AND li.external_ref = r.ref
      WHERE li.merchant_id = $1`,
    [merchantId, listed.map((line) => line.connectionId), listed.map((line) => line.listingRef)],
  );
  const bySku = await q.query<{ sku: string; itemId: string }>(
    `SELECT sku, id AS "itemId" FROM item WHERE merchant_id = $1 AND sku = ANY($2::text[])`,
    [merchantId, skus],
  );
  const listings = new Map(
    byListing.rows.map((row) => [`${row.connectionId} ${row.ref}`, row.itemId]),
  );
  const items = new Map(bySku.rows.map((row) => [row.sku, row.itemId]));
  return (line) => {
    const listing =
      line.listingRef === null
        ? null
        : (listings.get(`${line.connectionId} ${line.listingRef}`) ?? null);
    return listing ?? (line.sku === null ? null : (items.get(line.sku) ?? null));
  };
}
