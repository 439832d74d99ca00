import type { ChannelStockLevel } from '../contracts/channel';
import type { Queryable } from '../platform/database';

/** A listing of which an item is to be made, with what its channel counts. */
export type ListingToOpen = {
  readonly listingId: string;
  readonly connectionId: string;
  /** Listings of a connection with the same one share their numbers. */
  readonly stockRef: string;
  readonly externalRef: string;
  readonly sku: string | null;
  readonly barcode: string | null;
  readonly title: string;
  readonly weightGrams: null;
  readonly tracked: boolean;
  /** Its numbers; `locationId` null where the channel keeps a single one. */
  readonly numbers: readonly {
    readonly known: number | null;
    readonly locationId: string | null;
  }[];
  /** Units that open orders still want of it. */
  readonly unitsWaiting: number;
  /** An order of it has come since its numbers were read. */
  readonly hasNewOrder: boolean;
  /** The item that was made of another listing with the same numbers. */
  readonly sharedItemId: string | null;
};

/** Of these listings, what an item is made of; their numbers were asked for at `readAt`. */
export async function listingsToOpen(
  q: Queryable,
  merchantId: string,
  listingIds: readonly string[],
  readAt: Date,
): Promise<readonly ListingToOpen[]> {
  const { rows } = await q.query<ListingToOpen>(
    `SELECT li.id AS "listingId", li.connection_id AS "connectionId",
        li.stock_ref AS "stockRef", li.external_ref AS "externalRef", li.sku, li.barcode, li.title,
        NULL AS "weightGrams", li.tracked,
        COALESCE((SELECT jsonb_agg(jsonb_build_object('known', p.known_quantity, 'locationId',
            CASE WHEN p.location_ref <> '' THEN (SELECT cl.location_id FROM connection_location cl
              WHERE cl.connection_id = p.connection_id AND cl.external_ref = p.location_ref
              LIMIT 1) END) ORDER BY p.known_quantity DESC NULLS LAST, p.id)
          FROM publication p WHERE p.listing_id = li.id
            AND (p.location_ref = '' OR EXISTS (SELECT 1 FROM connection_location cl
              WHERE cl.connection_id = p.connection_id AND cl.external_ref = p.location_ref))),
          '[]') AS numbers,
        COALESCE((SELECT sum(GREATEST(0, l.quantity - l.shipped_quantity))::int
          FROM order_line l JOIN customer_order o ON o.id = l.order_id
          WHERE l.merchant_id = $1 AND l.item_id IS NULL AND l.listing_ref = li.external_ref
            AND o.connection_id = li.connection_id AND o.stage = 'open'), 0) AS "unitsWaiting",
        EXISTS (SELECT 1 FROM order_line l JOIN customer_order o ON o.id = l.order_id
          WHERE l.merchant_id = $1 AND l.item_id IS NULL AND l.listing_ref = li.external_ref
            AND o.connection_id = li.connection_id AND o.created_at >= $3) AS "hasNewOrder",
        (SELECT twin.item_id FROM listing twin WHERE twin.connection_id = li.connection_id
            AND twin.stock_ref = li.stock_ref AND twin.item_id IS NOT NULL
            AND twin.matched_by = 'created' ORDER BY twin.id LIMIT 1) AS "sharedItemId"
       FROM listing li WHERE li.merchant_id = $1 AND li.id = ANY($2::uuid[]) ORDER BY li.id`,
    [merchantId, listingIds, readAt],
  );
  return rows;
}

/** The listings without an item among these, with what their channels are asked by. */
export async function numbersToRead(
  q: Queryable,
  merchantId: string,
  listingIds: readonly string[],
): Promise<
  readonly {
    readonly connectionId: string;
    readonly listingRef: string;
    readonly stockRef: string;
  }[]
> {
  const { rows } = await q.query<{ connectionId: string; listingRef: string; stockRef: string }>(
    `SELECT connection_id AS "connectionId", external_ref AS "listingRef", stock_ref AS "stockRef"
       FROM listing WHERE merchant_id = $1 AND id = ANY($2::uuid[]) AND item_id IS NULL
      ORDER BY connection_id, id`,
    [merchantId, listingIds],
  );
  return rows;
}

/** What a channel has just said that it counts. */
export async function noteCounted(
  q: Queryable,
  connectionId: string,
  levels: readonly ChannelStockLevel[],
  now: Date,
): Promise<void> {
  await q.query(
    `WITH counted AS MATERIALIZED (SELECT p.id, u.quantity
        FROM unnest($2::text[], $3::text[], $4::int[]) AS u(stock_ref, location_ref, quantity)
        JOIN listing li ON li.connection_id = $1 AND li.stock_ref = u.stock_ref
        JOIN publication p ON p.listing_id = li.id AND p.location_ref = u.location_ref
        ORDER BY p.id FOR UPDATE OF p)
     UPDATE publication p SET known_quantity = counted.quantity, known_at = $5
       FROM counted WHERE counted.id = p.id`,
    [
      connectionId,
      levels.map((level) => level.stockRef),
      levels.map((level) => level.locationRef),
      levels.map((level) => level.available),
      now,
    ],
  );
}

/** Numbers tried behind a SKU that is taken. */
const SUFFIX_MAX = 1_000;

/** For each wished SKU one that no item has, in order; two wishes for one SKU get two. */
export async function freeSkus(
  q: Queryable,
  merchantId: string,
  wished: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await q.query<{ sku: string }>(
    `SELECT sku FROM item WHERE merchant_id = $1 AND EXISTS (
        SELECT 1 FROM unnest($2::text[]) AS w(sku)
        WHERE item.sku = w.sku OR starts_with(item.sku, w.sku || '-'))`,
    [merchantId, [...new Set(wished)]],
  );
  const taken = new Set(rows.map((row) => row.sku));
  return wished.map((sku) => {
    let free = sku;
    for (let number = 2; taken.has(free) && number < SUFFIX_MAX; number += 1) {
      free = `${sku}-${String(number)}`;
    }
    taken.add(free);
    return free;
  });
}
