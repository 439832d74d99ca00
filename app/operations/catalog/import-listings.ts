import type { ChannelListing, ChannelStockLevel } from '../../contracts/channel';
import {
  type MatchCandidate,
  createMatcher,
  fallbackSku,
  skuKey,
} from '../../domain/catalog/match-listing';
import { systemActor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import { type MovementDraft, openingKey } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import { newId } from '../../platform/ids';
import { kitsAmong } from '../../store/catalog';
import {
  type ListingLink,
  findItems,
  insertItems,
  linkListings,
  noteDoubts,
  saveListings,
  savePublications,
  soldAs,
  waitingListings,
} from '../../store/listings';
import { mappedLocations } from '../../store/locations';
import { postMovements, postedKeys } from '../../store/movements';
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
 * What other channels have been waiting for is matched with the new items, too. Taking the same
 * page in again changes nothing.
 */
export async function importListings(
  tx: Transaction,
  importing: Importing,
  listings: readonly ChannelListing[],
  now: Date,
): Promise<ListingsImported> {
  const { merchantId, connectionId } = importing;
  const stored = await saveListings(tx, merchantId, connectionId, listings, now);
  const ids = new Map(stored.map((row) => [row.externalRef, row.id]));
  const toMatch = new Set(
    stored.filter((row) => row.itemId === null && !row.ignored).map((row) => row.externalRef),
  );
  const open = listings.filter((listing) => toMatch.has(listing.ref));
  const found = await matchPage(tx, importing, open, ids);
  await insertItems(
    tx,
    merchantId,
    found.created.map(({ id, listing }) => ({ ...listing, id, sku: skuOf(listing) })),
    now,
  );
  await savePublications(tx, merchantId, connectionId, numbersOf(listings, ids), now);
  await openStock(
    tx,
    importing,
    [
      ...found.created.map((item) => ({ ...item, isNew: true })),
      ...alreadyLinked(stored, listings).map((item) => ({ ...item, isNew: false })),
    ],
    now,
  );
  const elsewhere = await matchWaiting(
    tx,
    merchantId,
    found.created.map(({ id, listing }) => ({ ...listing, id, sku: skuOf(listing) })),
  );
  const links = [...found.links, ...elsewhere];
  await linkListings(tx, merchantId, links);
  await noteDoubts(tx, merchantId, found.doubts);
  await lookAtUnmatchedOrders(
    tx,
    merchantId,
    links.map((link) => link.listingId),
  );
  return {
    listings: listings.length,
    itemsCreated: found.created.length,
    unmatched: open.length - found.links.length,
  };
}

type PageMatches = {
  readonly links: ListingLink[];
  readonly created: NewItem[];
  /** Every listing that stays without an item, and what makes it doubtful. */
  readonly doubts: { readonly listingId: string; readonly by: 'sku' | 'barcode' | null }[];
};

/**
 * Finds (or, where the channel's listings make items, plans) the item of each listing of a page.
 */
async function matchPage(
  tx: Transaction,
  importing: Importing,
  listings: readonly ChannelListing[],
  ids: ReadonlyMap<string, string>,
): Promise<PageMatches> {
  const known = await candidates(tx, importing.merchantId, listings);
  const match = createMatcher(known);
  const sold = await soldAs(
    tx,
    importing.connectionId,
    known.map((item) => item.id),
  );
  const found: PageMatches = { links: [], created: [], doubts: [] };
  const newSkus = new Set<string>();
  for (const listing of listings) {
    const listingId = ids.get(listing.ref);
    if (listingId === undefined) continue;
    const soldElsewhere = (itemId: string): boolean =>
      [...(sold.get(itemId) ?? [])].some((stockRef) => stockRef !== listing.stockRef);
    const answer = match(matchKeys(importing, listing), soldElsewhere);
    if (answer.kind === 'matched') {
      found.links.push({ listingId, itemId: answer.itemId, by: answer.by });
      sold.set(answer.itemId, (sold.get(answer.itemId) ?? new Set()).add(listing.stockRef));
    } else if (
      answer.kind === 'none' &&
      importing.createsItems &&
      !newSkus.has(skuKeyOf(listing))
    ) {
      const id = newId();
      newSkus.add(skuKeyOf(listing));
      found.created.push({ id, listing });
      found.links.push({ listingId, itemId: id, by: 'created' });
    } else {
      const twice = answer.kind === 'none' && importing.createsItems;
      const by = answer.kind === 'ambiguous' ? answer.by : twice ? 'sku' : null;
      found.doubts.push({ listingId, by });
    }
  }
  return found;
}

/** Listings of any channel that had no item until these came. */
async function matchWaiting(
  tx: Transaction,
  merchantId: string,
  items: readonly MatchCandidate[],
): Promise<readonly ListingLink[]> {
  const waiting = await waitingListings(tx, merchantId, items);
  const match = createMatcher(items);
  const links: ListingLink[] = [];
  const taken = new Map<string, string>();
  for (const listing of waiting) {
    const answer = match(listing);
    if (answer.kind !== 'matched') continue;
    const place = `${listing.connectionId} ${answer.itemId}`;
    // The second listing of one channel is for a person to decide on.
    if ((taken.get(place) ?? listing.stockRef) !== listing.stockRef) continue;
    taken.set(place, listing.stockRef);
    links.push({ listingId: listing.id, itemId: answer.itemId, by: answer.by });
  }
  return links;
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

function skuKeyOf(listing: ChannelListing): string {
  return skuKey(skuOf(listing));
}

async function candidates(
  tx: Transaction,
  merchantId: string,
  listings: readonly ChannelListing[],
): Promise<readonly MatchCandidate[]> {
  const barcodes = listings.flatMap((listing) =>
    listing.barcode === null ? [] : [listing.barcode],
  );
  return findItems(tx, merchantId, listings.map(skuOf), barcodes);
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
 * open orders hold, since those orders are imported next and will commit them. Each place is opened
 * once: a page may be taken in twice, with other numbers the second time.
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
  const { merchantId, connectionId } = importing;
  const locations = await mappedLocations(tx, connectionId);
  const kits = await kitsAmong(
    tx,
    merchantId,
    opened.map(({ id }) => id),
  );
  const opening = new Map<string, OpeningUnits>();
  for (const { id, listing, isNew } of opened) {
    if (kits.has(id) || !listing.tracked) continue;
    for (const level of listing.stock) {
      const locationId = locations.get(level.locationRef);
      if (locationId === undefined || !(isNew || newLocations.has(locationId))) continue;
      const key = openingKey(id, locationId);
      const place = opening.get(key) ?? { itemId: id, locationId, counted: new Map() };
      place.counted.set(listing.stockRef, openingUnits(level));
      opening.set(key, place);
    }
  }
  const done = await postedKeys(tx, merchantId, [...opening.keys()]);
  const drafts = [...opening].flatMap(([key, { itemId, locationId, counted }]): MovementDraft[] => {
    const quantity = [...counted.values()].reduce((sum, units) => sum + units, 0);
    if (quantity === 0 || done.has(key)) return [];
    return [
      {
        itemId,
        quantity,
        from: outside('adjustment'),
        to: inside('available', locationId),
        key,
        reason: 'opening',
        cause: { kind: 'connection', id: connectionId },
        actor: systemActor('import'),
        note: null,
        occurredAt: now,
      },
    ];
  });
  await postMovements(tx, merchantId, drafts, 'all');
}

type OpeningUnits = {
  readonly itemId: string;
  readonly locationId: string;
  /** Units by stock ref: listings that share one are counted once. */
  readonly counted: Map<string, number>;
};

function openingUnits(level: ChannelStockLevel): number {
  return Math.max(0, (level.available ?? 0) + Math.max(0, level.committed));
}
