import type { ChannelListing } from '../contracts/channel';
import type { Queryable } from '../platform/database';
import { newId } from '../platform/ids';
import { upsertRows } from './rows';

export type StoredListing = {
  readonly id: string;
  readonly externalRef: string;
  readonly itemId: string | null;
  readonly tracked: boolean;
  readonly active: boolean;
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
      stock_ref: listing.stockRef,
      sku: listing.sku,
      barcode: listing.barcode,
      title: titleOf(listing),
      tracked: listing.tracked,
      active: listing.active,
      updated_at: now,
    })),
    ['id', 'merchant_id'],
  );
  const { rows } = await q.query<StoredListing>(
    `SELECT id, external_ref AS "externalRef", item_id AS "itemId", tracked, active
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

/** Links listings to items, by listing id. */
export async function linkListings(
  q: Queryable,
  merchantId: string,
  links: readonly { readonly listingId: string; readonly itemId: string | null }[],
): Promise<void> {
  if (links.length === 0) return;
  await q.query(
    `UPDATE listing li SET item_id = u.item_id, updated_at = now()
       FROM unnest($2::uuid[], $3::uuid[]) AS u(id, item_id)
      WHERE li.id = u.id AND li.merchant_id = $1`,
    [merchantId, links.map((link) => link.listingId), links.map((link) => link.itemId)],
  );
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

export type ItemKey = {
  readonly id: string;
  readonly sku: string;
  readonly barcode: string | null;
};

/** Items with one of these SKUs or barcodes. */
export async function findItems(
  q: Queryable,
  merchantId: string,
  skus: readonly string[],
  barcodes: readonly string[],
): Promise<readonly ItemKey[]> {
  const { rows } = await q.query<ItemKey>(
    `SELECT id, sku, barcode FROM item
      WHERE merchant_id = $1 AND (sku = ANY($2::text[]) OR barcode = ANY($3::text[])) ORDER BY id`,
    [merchantId, skus, barcodes],
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
