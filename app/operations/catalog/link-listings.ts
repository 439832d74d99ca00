import type { Actor } from '../../domain/shared/actor';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { type ListingLink, linkListings, lockListings, setIgnored } from '../../store/listings';
import { type OperationContext, type Refused, refused } from '../context';
import { lookAtUnmatchedOrders } from './look-at-unmatched';

type Asked = {
  readonly merchantId: string;
  readonly listingIds: readonly string[];
  readonly actor: Actor;
};

/** `changed`: listings that were not so before. */
export type ListingsChanged = { readonly status: 'done'; readonly changed: number };

/** Listings one call may name: a page of them, or what a person can mean to select. */
export const LISTINGS_MAX = 500;

/**
 * Says which item listings sell (null: none of ours, and they are left aside from then on). Their
 * numbers are sent at once, and open orders that waited for this are looked at again. All or none.
 */
export async function linkToItem(
  context: OperationContext,
  input: Asked & { readonly itemId: string | null },
): Promise<ListingsChanged | Refused> {
  const { merchantId, itemId } = input;
  return changeListings(context, input, async (tx, before) => {
    if (itemId !== null) {
      const item = await tx.maybeOne(`SELECT id FROM item WHERE id = $2 AND merchant_id = $1`, [
        merchantId,
        itemId,
      ]);
      if (item === null) return refused('not_found', 'This item does not exist.');
    }
    const links = before
      .filter((listing) => listing.itemId !== itemId || (itemId === null && !listing.ignored))
      .map((listing): ListingLink => ({ listingId: listing.id, itemId, by: 'hand' }));
    return links;
  });
}

/** Matches listings that were left aside anew with whatever fits; they are shown again. */
export async function bringBack(
  context: OperationContext,
  input: Asked,
): Promise<ListingsChanged | Refused> {
  const { merchantId, actor } = input;
  if (input.listingIds.length > LISTINGS_MAX) return tooMany();
  const changed = await context.db.transaction(async (tx) => {
    const back = await setIgnored(tx, merchantId, input.listingIds, false);
    await writeAudit(
      tx,
      back.map((id) => ({
        merchantId,
        at: context.clock.now(),
        actor,
        action: 'listing.brought_back',
        subject: { kind: 'listing', id },
        cause: { kind: 'listing', id },
        data: {},
      })),
    );
    return back.length;
  });
  context.afterCommit(merchantId);
  return { status: 'done', changed };
}

/**
 * Locks the listings, asks `decide` for the links to make, and makes them with everything that
 * follows: numbers to send, waiting orders, audit.
 */
export async function changeListings(
  context: OperationContext,
  { merchantId, listingIds, actor }: Asked,
  decide: (
    tx: Transaction,
    listings: Awaited<ReturnType<typeof lockListings>>,
  ) => Promise<readonly ListingLink[] | Refused>,
): Promise<ListingsChanged | Refused> {
  if (listingIds.length > LISTINGS_MAX) return tooMany();
  const answer = await context.db.transaction(async (tx) => {
    const before = await lockListings(tx, merchantId, listingIds);
    if (before.length === 0) return refused('not_found', 'This listing does not exist.');
    const links = await decide(tx, before);
    if ('status' in links) return links;
    await linkListings(tx, merchantId, links);
    const linked = links.filter((link) => link.itemId !== null).map((link) => link.listingId);
    await lookAtUnmatchedOrders(tx, merchantId, linked);
    const itemBefore = new Map(before.map((listing) => [listing.id, listing.itemId]));
    await writeAudit(
      tx,
      links.map(({ listingId, itemId, by }) => ({
        merchantId,
        at: context.clock.now(),
        actor,
        action: itemId === null ? 'listing.unlinked' : 'listing.linked',
        subject: { kind: 'listing', id: listingId },
        cause: { kind: 'listing', id: listingId },
        data: { before: itemBefore.get(listingId) ?? null, itemId, by },
      })),
    );
    return { status: 'done' as const, changed: links.length };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}

function tooMany(): Refused {
  return refused('validation', `Choose at most ${String(LISTINGS_MAX)} listings at a time.`);
}
