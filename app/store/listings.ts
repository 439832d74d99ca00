import type { ChannelListing } from '../contracts/channel';
import { type MatchCandidate, skuKey } from '../domain/catalog/match-listing';
import type { Queryable } from '../platform/database';
import { newId } from '../platform/ids';
import { upsertRows } from './rows';

export type StoredListing = {
  readonly id: string;
  readonly externalRef: string;
  readonly itemId: string | null;
  readonly tracked: boolean;
  readonly active: boolean;
  /** The merchant does not want it matched. */
  readonly ignored: boolean;
};

/**
 * Stores listings as their channel describes them, keeping what they were matched with. Answers
 * them with our ids, in no particular order.
 */
export async function saveListings(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  listings: readonly ChannelListing[],
  now: Date,
): Promise<readonly StoredListing[]> {
  if (listings.length === 0) return [];
  await upsertRows(
    q,
    'listing',
    ['connection_id', 'external_ref'],
    listings.map((listing) => ({
      id: newId(),
      merchant_id: merchantId,
      connection_id: connectionId,
      external_ref: listing.ref,
      product_ref: listing.productRef,
      stock_ref: listing.stockRef,
      sku: listing.sku,
      barcode: listing.barcode,
      title: titleOf(listing),
      tracked: listing.tracked,
      active: listing.active,
      backorders: listing.backorders,
      updated_at: now,
    })),
    ['id', 'merchant_id'],
  );
  const { rows } = await q.query<StoredListing>(
    `SELECT id, external_ref AS "externalRef", item_id AS "itemId", tracked, active, ignored
       FROM listing WHERE connection_id = $1 AND external_ref = ANY($2::text[])`,
    [connectionId, listings.map((listing) => listing.ref)],
  );
  return rows;
}

export function titleOf(listing: Pick<ChannelListing, 'title' | 'variantTitle'>): string {
  return listing.variantTitle === null
    ? listing.title
    : `${listing.title}, ${listing.variantTitle}`;
}

export type ListingLink = {
  readonly listingId: string;
  /** Null: it sells no item of ours. */
  readonly itemId: string | null;
  readonly by: 'sku' | 'barcode' | 'created' | 'hand';
};

/** Links listings to items, by listing id. Their numbers are to be sent anew. */
export async function linkListings(
  q: Queryable,
  merchantId: string,
  links: readonly ListingLink[],
): Promise<void> {
  if (links.length === 0) return;
  await q.query(
    `UPDATE listing li SET item_id = u.item_id, updated_at = now(), ambiguous_by = NULL,
        matched_by = CASE WHEN u.item_id IS NOT NULL THEN u.matched_by END,
        ignored = u.item_id IS NULL AND u.matched_by = 'hand'
       FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS u(id, item_id, matched_by)
      WHERE li.id = u.id AND li.merchant_id = $1`,
    [
      merchantId,
      links.map((link) => link.listingId),
      links.map((link) => link.itemId),
      links.map((link) => link.by),
    ],
  );
  await q.query(
    `WITH locked AS MATERIALIZED (SELECT id FROM publication WHERE listing_id = ANY($1::uuid[])
        ORDER BY id FOR UPDATE)
     UPDATE publication p SET dirty_seq = p.dirty_seq + 1, retry_at = NULL,
        dirty_since = COALESCE(p.dirty_since, now()) FROM locked WHERE locked.id = p.id`,
    [links.map((link) => link.listingId)],
  );
}

/** The merchant's listings by id, locked in that order; others' are simply absent. */
export async function lockListings(
  q: Queryable,
  merchantId: string,
  listingIds: readonly string[],
): Promise<
  readonly {
    readonly id: string;
    readonly itemId: string | null;
    readonly ignored: boolean;
  }[]
> {
  const { rows } = await q.query<{ id: string; itemId: string | null; ignored: boolean }>(
    `SELECT id, item_id AS "itemId", ignored FROM listing
      WHERE merchant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE`,
    [merchantId, listingIds],
  );
  return rows;
}

/** Puts listings aside, or brings them back. Answers those that changed. */
export async function setIgnored(
  q: Queryable,
  merchantId: string,
  listingIds: readonly string[],
  ignored: boolean,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>(
    `UPDATE listing SET ignored = $3, updated_at = now()
      WHERE merchant_id = $1 AND id = ANY($2::uuid[]) AND ignored <> $3 RETURNING id`,
    [merchantId, listingIds, ignored],
  );
  return rows.map((row) => row.id);
}

/** Notes which listings a person has to decide on, and by what; null: nothing is in doubt. */
export async function noteDoubts(
  q: Queryable,
  merchantId: string,
  doubts: readonly { readonly listingId: string; readonly by: 'sku' | 'barcode' | null }[],
): Promise<void> {
  if (doubts.length === 0) return;
  await q.query(
    `UPDATE listing li SET ambiguous_by = u.ambiguous_by
       FROM unnest($2::uuid[], $3::text[]) AS u(id, ambiguous_by)
      WHERE li.id = u.id AND li.merchant_id = $1 AND li.ambiguous_by IS DISTINCT FROM u.ambiguous_by`,
    [merchantId, doubts.map((doubt) => doubt.listingId), doubts.map((doubt) => doubt.by)],
  );
}

/** The stock refs that sell each of these items on a connection already, by item id. */
export async function soldAs(
  q: Queryable,
  connectionId: string,
  itemIds: readonly string[],
): Promise<Map<string, Set<string>>> {
  const { rows } = await q.query<{ itemId: string; stockRef: string }>(
    `SELECT item_id AS "itemId", stock_ref AS "stockRef" FROM listing
      WHERE connection_id = $1 AND item_id = ANY($2::uuid[]) AND active`,
    [connectionId, itemIds],
  );
  const sold = new Map<string, Set<string>>();
  for (const { itemId, stockRef } of rows) {
    sold.set(itemId, (sold.get(itemId) ?? new Set()).add(stockRef));
  }
  return sold;
}

/** A listing that waits for an item, with what it may be matched by. */
export type WaitingListing = {
  readonly id: string;
  readonly connectionId: string;
  readonly stockRef: string;
  readonly sku: string | null;
  readonly barcode: string | null;
};

/** Listings without an item that one of these items could be, over all connections. */
export async function waitingListings(
  q: Queryable,
  merchantId: string,
  items: readonly MatchCandidate[],
): Promise<readonly WaitingListing[]> {
  if (items.length === 0) return [];
  const { rows } = await q.query<WaitingListing>(
    `SELECT id, connection_id AS "connectionId", stock_ref AS "stockRef", sku, barcode
       FROM listing WHERE merchant_id = $1 AND item_id IS NULL AND NOT ignored AND active
        AND (lower(btrim(sku)) = ANY($2::text[]) OR barcode = ANY($3::text[])) ORDER BY id`,
    [
      merchantId,
      items.map((item) => skuKey(item.sku)),
      items.flatMap((item) => (item.barcode === null ? [] : [item.barcode])),
    ],
  );
  return rows;
}

/** The numbers a channel holds for listings; rows that exist keep their history. */
export async function savePublications(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  numbers: readonly {
    readonly listingId: string;
    readonly locationRef: string;
    readonly known: number | null;
  }[],
  now: Date,
): Promise<void> {
  await upsertRows(
    q,
    'publication',
    ['listing_id', 'location_ref'],
    numbers.map((number) => ({
      id: newId(),
      merchant_id: merchantId,
      connection_id: connectionId,
      listing_id: number.listingId,
      location_ref: number.locationRef,
      known_quantity: number.known,
      known_at: now,
      dirty_seq: 0,
      sent_seq: 0,
      failures: 0,
    })),
    // What we know since is newer than a page of the catalogue.
    [
      ...['id', 'merchant_id', 'connection_id', 'dirty_seq', 'sent_seq', 'failures'],
      ...['known_quantity', 'known_at'],
    ],
  );
}

/** Items with one of these SKUs (whatever their case and outer blanks) or barcodes. */
export async function findItems(
  q: Queryable,
  merchantId: string,
  skus: readonly string[],
  barcodes: readonly string[],
): Promise<readonly MatchCandidate[]> {
  const { rows } = await q.query<MatchCandidate>(
    `SELECT id, sku, barcode FROM item WHERE merchant_id = $1 AND (sku = ANY($2::text[])
        OR lower(sku) = ANY($3::text[]) OR barcode = ANY($4::text[])) ORDER BY id`,
    [merchantId, skus, skus.map(skuKey), barcodes],
  );
  return rows;
}

/** Makes items; one whose SKU exists already is left as it is. */
export async function insertItems(
  q: Queryable,
  merchantId: string,
  items: readonly {
    readonly id: string;
    readonly sku: string;
    readonly barcode: string | null;
    readonly title: string;
    readonly variantTitle: string | null;
    readonly weightGrams: number | null;
  }[],
  now: Date,
): Promise<void> {
  await upsertRows(
    q,
    'item',
    ['merchant_id', 'sku'],
    items.map((item) => ({
      id: item.id,
      merchant_id: merchantId,
      sku: item.sku,
      barcode: item.barcode,
      title: item.title,
      variant_title: item.variantTitle,
      weight_grams: item.weightGrams,
      created_at: now,
    })),
    ['id', 'created_at'],
  );
}
