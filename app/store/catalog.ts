import type { Queryable } from '../platform/database';

type FoundItem = {
  /** Null: found by SKU. */
  readonly connectionId: string | null;
  readonly ref: string;
  readonly itemId: string | null;
  /** A person has yet to say what it is, or has said that it is none of ours. */
  readonly undecided: boolean;
  readonly kit: boolean;
};

/** Each look-up is by its key whatever the planner thinks of the tables (OFFSET 0 is a fence). */
const FIND_ITEMS = `SELECT r.connection_id AS "connectionId", r.ref, li.item_id AS "itemId",
    li.item_id IS NULL AND (li.ignored OR li.ambiguous_by IS NOT NULL) AS undecided,
    COALESCE((SELECT i.kind = 'kit' FROM item i WHERE i.id = li.item_id), false) AS kit
    FROM (SELECT DISTINCT * FROM unnest($2::uuid[], $3::text[]) AS u(connection_id, ref)) r
    CROSS JOIN LATERAL (SELECT item_id, ignored, ambiguous_by FROM listing
      WHERE connection_id = r.connection_id AND external_ref = r.ref AND merchant_id = $1
      OFFSET 0) li
  UNION ALL
  SELECT NULL, s.sku, i.id, false, i.kind = 'kit' FROM unnest($4::text[]) AS s(sku)
    CROSS JOIN LATERAL (SELECT id, kind FROM item WHERE merchant_id = $1 AND sku = s.sku
      OFFSET 0) i`;

type LineRef = {
  readonly connectionId: string;
  readonly listingRef: string | null;
  readonly sku: string | null;
};

/** What lines mean, and which of those items are kits. */
export type FoundItems = {
  readonly itemOf: (line: LineRef) => string | null;
  readonly kits: ReadonlySet<string>;
};

/**
 * The items that order lines mean: by the channel's listing first, else by SKU within the
 * merchant, but not where a person is asked what the listing is.
 */
export async function findItemsForLines(
  q: Queryable,
  merchantId: string,
  lines: readonly LineRef[],
): Promise<FoundItems> {
  const listed = lines.filter((line) => line.listingRef !== null);
  const skus = [...new Set(lines.flatMap((line) => (line.sku === null ? [] : [line.sku])))];
  const { rows } = await q.query<FoundItem>(
    FIND_ITEMS,
    [
      merchantId,
      listed.map((line) => line.connectionId),
      listed.map((line) => line.listingRef),
      skus,
    ],
    { name: 'find_items' },
  );
  const listings = new Map<string, FoundItem>();
  const items = new Map<string, string | null>();
  for (const row of rows) {
    if (row.connectionId === null) items.set(row.ref, row.itemId);
    else listings.set(`${row.connectionId} ${row.ref}`, row);
  }
  const itemOf = (line: LineRef): string | null => {
    const listing =
      line.listingRef === null
        ? undefined
        : listings.get(`${line.connectionId} ${line.listingRef}`);
    if (listing !== undefined && (listing.itemId !== null || listing.undecided)) {
      return listing.itemId;
    }
    return line.sku === null ? null : (items.get(line.sku) ?? null);
  };
  const kits = rows.flatMap(({ itemId, kit }) => (kit && itemId !== null ? [itemId] : []));
  return { itemOf, kits: new Set(kits) };
}

/** Which of these items are kits: they have no stock of their own. */
export async function kitsAmong(
  q: Queryable,
  merchantId: string,
  itemIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT id FROM item WHERE merchant_id = $1 AND id = ANY($2::uuid[]) AND kind = 'kit'`,
    [merchantId, itemIds],
  );
  return new Set(rows.map((row) => row.id));
}

/**
 * Whether an item was made of a listing after `since` and has had nothing but opening stock, so
 * that what its channel counts is still how it begins.
 */
export async function isUntouched(
  q: Queryable,
  merchantId: string,
  itemId: string,
  since: Date,
): Promise<boolean> {
  const row = await q.maybeOne(
    `SELECT i.id FROM item i WHERE i.id = $2 AND i.merchant_id = $1 AND i.created_at >= $3
        AND i.kind = 'simple'
        AND EXISTS (SELECT 1 FROM listing li WHERE li.item_id = i.id AND li.matched_by = 'created')
        AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.item_id = i.id AND m.reason <> 'opening')
        AND NOT EXISTS (SELECT 1 FROM order_line l WHERE l.item_id = i.id)`,
    [merchantId, itemId, since],
  );
  return row !== null;
}
