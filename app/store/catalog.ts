import type { Queryable } from '../platform/database';

type FoundItem = {
  /** Null: found by SKU. */
  readonly connectionId: string | null;
  readonly ref: string;
  readonly itemId: string | null;
};

const FIND_ITEMS = `SELECT r.connection_id AS "connectionId", r.ref, li.item_id AS "itemId"
    FROM (SELECT DISTINCT * FROM unnest($2::uuid[], $3::text[]) AS u(connection_id, ref)) r
    JOIN listing li ON li.connection_id = r.connection_id AND li.external_ref = r.ref
      AND li.merchant_id = $1
  UNION ALL
  SELECT NULL, sku, id FROM item WHERE merchant_id = $1 AND sku = ANY($4::text[])`;

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
  const { rows } = await q.query<FoundItem>(FIND_ITEMS, [
    merchantId,
    listed.map((line) => line.connectionId),
    listed.map((line) => line.listingRef),
    skus,
  ]);
  const listings = new Map<string, string | null>();
  const items = new Map<string, string | null>();
  for (const { connectionId, ref, itemId } of rows) {
    if (connectionId === null) items.set(ref, itemId);
    else listings.set(`${connectionId} ${ref}`, itemId);
  }
  return (line) => {
    const listing =
      line.listingRef === null
        ? null
        : (listings.get(`${line.connectionId} ${line.listingRef}`) ?? null);
    return listing ?? (line.sku === null ? null : (items.get(line.sku) ?? null));
  };
}
