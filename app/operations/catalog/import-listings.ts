import type { ChannelListing, ChannelStockLevel } from '../../contracts/channel';
import { fallbackSku, matchListing } from '../../domain/catalog/match-listing';
import { systemActor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import type { MovementDraft } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import { newId } from '../../platform/ids';
import {
  type ItemKey,
  findItems,
  insertItems,
  linkListings,
  saveListings,
  savePublications,
} from '../../store/listings';
import { mappedLocations } from '../../store/locations';
import { postMovements } from '../../store/movements';
import { lookAtUnmatchedOrders } from './look-at-unmatched';

export type ListingsImported = {
  readonly listings: number;
  readonly itemsCreated: number;
  readonly unmatched: number;
};

type Importing = {
  readonly merchantId: string;
  readonly connectionId: string;
  /**
   * The channel's stock is where the merchant counts: its listings make items, with their units.
   */
  readonly createsItems: boolean;
  /** Locations that are new in the channel: what it counts there is opening stock of every item. */
  readonly newLocationIds: readonly string[];
};

type NewItem = { readonly id: string; readonly listing: ChannelListing };

/**
 * Takes in one page of a channel's listings: stores them, matches them by SKU then barcode, makes
 * the items that are missing (with their opening stock) and the numbers that will be published.
 * Taking the same page in again changes nothing.
 */
export async function importListings(
  tx: Transaction,
  importing: Importing,
  listings: readonly ChannelListing[],
  now: Date,
): Promise<ListingsImported> {
  const { merchantId, connectionId } = importing;
  const stored = await saveListings(tx, merchantId, connectionId, listings, now);
  const unlinked = new Set(
    stored.filter((row) => row.itemId === null).map((row) => row.externalRef),
  );
  const open = listings.filter((listing) => unlinked.has(listing.ref));
  const known = await candidates(tx, merchantId, open);
  const created = importing.createsItems ? newItems(open, known) : [];
  await insertItems(
    tx,
    merchantId,
    created.map(({ id, listing }) => ({ ...listing, id, sku: skuOf(listing) })),
    now,
  );
  const items = [
    ...known,
    ...created.map(({ id, listing }) => ({ ...listing, id, sku: skuOf(listing) })),
  ];
  const ids = new Map(stored.map((row) => [row.externalRef, row.id]));
  const links = open.flatMap((listing) => {
    const match = matchListing(matchKeys(importing, listing), items);
    const listingId = ids.get(listing.ref);
    return match.kind === 'matched' && listingId !== undefined
      ? [{ listingId, itemId: match.itemId }]
      : [];
  });
  await linkListings(tx, merchantId, links);
  await savePublications(tx, merchantId, connectionId, numbersOf(listings, ids), now);
  await openStock(
    tx,
    importing,
    [
      ...created.map((item) => ({ ...item, isNew: true })),
      ...alreadyLinked(stored, listings).map((item) => ({ ...item, isNew: false })),
    ],
    now,
  );
  await lookAtUnmatchedOrders(
    tx,
    merchantId,
    links.map((link) => link.listingId),
  );
  return {
    listings: listings.length,
    itemsCreated: created.length,
    unmatched: open.length - links.length,
  };
}

/**
 * Where listings make items, a SKU says all: two products with one barcode (a case's, or "N/A")
 * are still two. Elsewhere, and without a SKU, the barcode helps.
 */
function matchKeys(
  importing: Importing,
  listing: ChannelListing,
): { readonly sku: string | null; readonly barcode: string | null } {
  if (!importing.createsItems) return listing;
  return { sku: skuOf(listing), barcode: listing.sku === null ? listing.barcode : null };
}

function skuOf(listing: ChannelListing): string {
  return listing.sku ?? fallbackSku(listing.ref);
}

async function candidates(
  tx: Transaction,
  merchantId: string,
  listings: readonly ChannelListing[],
): Promise<readonly ItemKey[]> {
  const barcodes = listings.flatMap((listing) =>
    listing.barcode === null ? [] : [listing.barcode],
  );
  return findItems(tx, merchantId, listings.map(skuOf), barcodes);
}

/** One item per SKU; a second listing with the same SKU sells the same item. */
function newItems(listings: readonly ChannelListing[], known: readonly ItemKey[]): NewItem[] {
  const taken = new Set(known.map((item) => item.sku));
  return listings.flatMap((listing) => {
    const sku = skuOf(listing);
    if (taken.has(sku)) return [];
    if (listing.sku === null && matchListing(listing, known).kind === 'matched') return [];
    taken.add(sku);
    return [{ id: newId(), listing }];
  });
}

/** Listings that were matched before, as items. */
function alreadyLinked(
  stored: Awaited<ReturnType<typeof saveListings>>,
  listings: readonly ChannelListing[],
): NewItem[] {
  const items = new Map(stored.map((row) => [row.externalRef, row.itemId]));
  return listings.flatMap((listing) => {
    const id = items.get(listing.ref) ?? null;
    return id === null ? [] : [{ id, listing }];
  });
}

function numbersOf(
  listings: readonly ChannelListing[],
  ids: ReadonlyMap<string, string>,
): { listingId: string; locationRef: string; known: number | null }[] {
  return listings.flatMap((listing) => {
    const listingId = ids.get(listing.ref);
    if (listingId === undefined) return [];
    return listing.stock.map((level) => ({
      listingId,
      locationRef: level.locationRef,
      known: level.available,
    }));
  });
}

/**
 * The first time an item is seen, its units are what the channel counts: available, and what its
 * open orders hold, since those orders are imported next and will commit them.
 */
async function openStock(
  tx: Transaction,
  importing: Importing,
  opened: readonly (NewItem & { readonly isNew: boolean })[],
  now: Date,
): Promise<void> {
  const newLocations = new Set(importing.newLocationIds);
  if (!importing.createsItems || opened.every(({ isNew }) => !isNew && newLocations.size === 0)) {
    return;
  }
  const locations = await mappedLocations(tx, importing.connectionId);
  const drafts = opened.flatMap(({ id, listing, isNew }) =>
    listing.stock.flatMap((level): MovementDraft[] => {
      const locationId = locations.get(level.locationRef);
      const quantity = openingUnits(level);
      if (locationId === undefined || quantity === 0 || !listing.tracked) return [];
      if (!isNew && !newLocations.has(locationId)) return [];
      return [
        {
          itemId: id,
          quantity,
          from: outside('adjustment'),
          to: inside('available', locationId),
          key: `opening:${id}:${locationId}`,
          reason: 'opening',
          cause: { kind: 'connection', id: importing.connectionId },
          actor: systemActor('import'),
          note: null,
          occurredAt: now,
        },
      ];
    }),
  );
  await postMovements(tx, importing.merchantId, drafts, 'all');
}

function openingUnits(level: ChannelStockLevel): number {
  return Math.max(0, (level.available ?? 0) + Math.max(0, level.committed));
}
