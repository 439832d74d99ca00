import { fallbackSku } from '../../domain/catalog/match-listing';
import type { Actor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import { type MovementDraft, openingKey } from '../../domain/stock/movement';
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

/** Orders that arrive while the numbers are read make them doubtful: then they are read again. */
const READS_MAX = 3;

/**
 * Makes an item of each listing that has none, with what the channel counts as opening stock: its
 * number, and what its open orders still wait for, since those orders take their units next.
 * Listings that share one number in their channel become one item, for they are the same units.
 */
export async function createItems(
  context: OperationContext,
  input: Input,
): Promise<ListingsChanged | Refused> {
  for (let reads = 1; ; reads += 1) {
    const readAt = context.clock.now();
    const unread = await readNumbers(context, input);
    if (unread !== null) return unread;
    const made = await makeItems(context, input, readAt);
    if (made !== 'read again') return made;
    if (reads === READS_MAX) {
      return refused('conflict', 'Orders of these listings are just coming in: try again.');
    }
  }
}

async function makeItems(
  context: OperationContext,
  input: Input,
  readAt: Date,
): Promise<ListingsChanged | Refused | 'read again'> {
  const { merchantId, locationId } = input;
  const read = { doubtful: false };
  const answer = await changeListings(context, input, async (tx, before) => {
    const ours = await activeLocations(tx, merchantId);
    if (locationId !== null && !ours.some((location) => location.id === locationId)) {
      return refused('not_found', 'This location does not exist any more: reload the page.');
    }
    const open = before.filter((listing) => listing.itemId === null).map((listing) => listing.id);
    const listings = await listingsToOpen(tx, merchantId, open, readAt);
    read.doubtful = listings.some((listing) => listing.hasNewOrder);
    if (read.doubtful) return refused('conflict', 'An order has come meanwhile.');
    const items = await newItems(
      tx,
      merchantId,
      listings.filter(({ sharedItemId }) => sharedItemId === null),
    );
    const now = context.clock.now();
    await insertItems(tx, merchantId, items.map(itemRow), now);
    const drafts = items.flatMap((item) => openingDrafts(item, input, now));
    await postMovements(tx, merchantId, drafts, 'all');
    const joining = listings.flatMap(({ listingId, sharedItemId }) =>
      sharedItemId === null ? [] : [{ listingId, itemId: sharedItemId }],
    );
    const first = items.flatMap(({ id, listings: own }) =>
      own.map(({ listingId }) => ({ listingId, itemId: id })),
    );
    return [...first, ...joining].map((link): ListingLink => ({ ...link, by: 'created' }));
  });
  return read.doubtful ? 'read again' : answer;
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

type NewItem = {
  readonly id: string;
  readonly sku: string;
  readonly listing: ListingToOpen;
  /** All that sell it: `listing` and those that share its number. */
  readonly listings: readonly ListingToOpen[];
};

/** A SKU that an item has already gets a number behind it: "TEE-RED-2". */
async function newItems(
  tx: Transaction,
  merchantId: string,
  listings: readonly ListingToOpen[],
): Promise<readonly NewItem[]> {
  const groups = new Map<string, [ListingToOpen, ...ListingToOpen[]]>();
  for (const listing of listings) {
    const key = `${listing.connectionId} ${listing.stockRef}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [listing]);
    else group.push(listing);
  }
  const sellers = [...groups.values()];
  const wished = sellers.map(([{ sku, externalRef }]) => sku ?? fallbackSku(externalRef));
  const free = await freeSkus(tx, merchantId, wished);
  return sellers.map((group, index) => ({
    id: newId(),
    sku: free[index] ?? fallbackSku(group[0].externalRef),
    listing: group[0],
    listings: group,
  }));
}

function itemRow({ id, sku, listing, listings }: NewItem): Parameters<typeof insertItems>[2][0] {
  const title = commonTitle(listings.map((one) => one.title)) || listing.title;
  const barcode = listings.length === 1 ? listing.barcode : null;
  return { id, sku, title, barcode, variantTitle: null, weightGrams: null };
}

/** "Tee" of "Tee, Small" and "Tee, Large". */
function commonTitle(titles: readonly string[]): string {
  const [first = [], ...rest] = titles.map((title) => title.split(', '));
  const differs = first.findIndex((part, at) => rest.some((other) => other[at] !== part));
  return (differs === -1 ? first : first.slice(0, differs)).join(', ');
}

function openingDrafts(
  { id, listing, listings }: NewItem,
  input: Input,
  now: Date,
): MovementDraft[] {
  const waiting = listings.reduce((sum, one) => sum + one.unitsWaiting, 0);
  if (!listings.some((one) => one.tracked)) return [];
  return listing.numbers.flatMap((number, index): MovementDraft[] => {
    const locationId = number.locationId ?? input.locationId;
    const quantity = Math.max(0, (number.known ?? 0) + (index === 0 ? waiting : 0));
    if (locationId === null || quantity === 0) return [];
    return [
      {
        itemId: id,
        quantity,
        from: outside('adjustment'),
        to: inside('available', locationId),
        key: openingKey(id, locationId),
        reason: 'opening',
        cause: { kind: 'listing', id: listing.listingId },
        actor: input.actor,
        note: null,
        occurredAt: now,
      },
    ];
  });
}
