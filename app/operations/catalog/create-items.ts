import { fallbackSku } from '../../domain/catalog/match-listing';
import type { Actor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import type { MovementDraft } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import { newId } from '../../platform/ids';
import { findConnection } from '../../store/connections';
import {
  type ListingToOpen,
  freeSkus,
  listingsToOpen,
  noteCounted,
  numbersToRead,
} from '../../store/items-of-listings';
import { type ListingLink, insertItems } from '../../store/listings';
import { activeLocations } from '../../store/locations';
import { postMovements } from '../../store/movements';
import { type OperationContext, type Refused, refused } from '../context';
import { type ListingsChanged, changeListings } from './link-listings';

/** Listings asked about in one call to a channel. */
const READ_BATCH = 100;

type Input = {
  readonly merchantId: string;
  readonly listingIds: readonly string[];
  /** Where the units of a channel with one number lie; null: the items begin with none. */
  readonly locationId: string | null;
  readonly actor: Actor;
};

/**
 * Makes an item of each listing that has none, with what the channel counts as opening stock: its
 * number, and what its open orders still wait for, since those orders take their units next.
 */
export async function createItems(
  context: OperationContext,
  input: Input,
): Promise<ListingsChanged | Refused> {
  const { merchantId, locationId } = input;
  const unread = await readNumbers(context, input);
  if (unread !== null) return unread;
  return changeListings(context, input, async (tx, before) => {
    const ours = await activeLocations(tx, merchantId);
    if (locationId !== null && !ours.some((location) => location.id === locationId)) {
      return refused('not_found', 'This location does not exist any more: reload the page.');
    }
    const listings = await listingsToOpen(
      tx,
      merchantId,
      before.filter((listing) => listing.itemId === null).map((listing) => listing.id),
    );
    const items = await newItems(tx, merchantId, listings);
    const now = context.clock.now();
    await insertItems(
      tx,
      merchantId,
      items.map(({ id, sku, listing }) => ({ ...listing, id, sku, variantTitle: null })),
      now,
    );
    const drafts = items.flatMap((item) => openingDrafts(item, input, now));
    await postMovements(tx, merchantId, drafts, 'all');
    return items.map(({ id, listing }): ListingLink => ({
      listingId: listing.listingId,
      itemId: id,
      by: 'created',
    }));
  });
}

/** Asks the channels what they count right now: a listing without item is not kept up to date. */
async function readNumbers(
  context: OperationContext,
  { merchantId, listingIds }: Input,
): Promise<Refused | null> {
  const asked = await numbersToRead(context.db, merchantId, listingIds);
  for (const connectionId of new Set(asked.map((listing) => listing.connectionId))) {
    const connection = await findConnection(context.db, merchantId, connectionId);
    if (connection === null) continue;
    const channel = await context.channelFor(connection);
    const listings = asked.filter((listing) => listing.connectionId === connectionId);
    for (let from = 0; from < listings.length; from += READ_BATCH) {
      const read = await channel.readStock(listings.slice(from, from + READ_BATCH));
      if (read.status !== 'done' && read.status !== 'duplicate') {
        return refused('unavailable', `${connection.name} does not say what it counts: try again.`);
      }
      await noteCounted(context.db, connectionId, read.value, context.clock.now());
    }
  }
  return null;
}

type NewItem = { readonly id: string; readonly sku: string; readonly listing: ListingToOpen };

/** A SKU that an item has already gets a number behind it: "TEE-RED-2". */
async function newItems(
  tx: Transaction,
  merchantId: string,
  listings: readonly ListingToOpen[],
): Promise<readonly NewItem[]> {
  const wished = listings.map((listing) => listing.sku ?? fallbackSku(listing.externalRef));
  const free = await freeSkus(tx, merchantId, wished);
  return listings.map((listing, index) => ({
    id: newId(),
    sku: free[index] ?? fallbackSku(listing.externalRef),
    listing,
  }));
}

function openingDrafts(item: NewItem, input: Input, now: Date): MovementDraft[] {
  return item.listing.numbers.flatMap((number, index): MovementDraft[] => {
    const locationId = number.locationId ?? input.locationId;
    const waiting = index === 0 ? item.listing.unitsWaiting : 0;
    const quantity = Math.max(0, (number.known ?? 0) + waiting);
    if (locationId === null || quantity === 0 || !item.listing.tracked) return [];
    return [
      {
        itemId: item.id,
        quantity,
        from: outside('adjustment'),
        to: inside('available', locationId),
        key: `opening:${item.id}:${locationId}`,
        reason: 'opening',
        cause: { kind: 'listing', id: item.listing.listingId },
        actor: input.actor,
        note: null,
        occurredAt: now,
      },
    ];
  });
}
