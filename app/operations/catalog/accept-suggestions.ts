import type { Actor } from '../../domain/shared/actor';
import type { ListingLink } from '../../store/listings';
import { suggestedItems } from '../../store/match-suggestions';
import type { OperationContext, Refused } from '../context';
import { LISTINGS_MAX, type ListingsChanged, changeListings } from './link-listings';

/**
 * Links listings to the items that were suggested for them: those chosen, or (null) all there are
 * on one connection or on every one. A listing whose suggestion is not clear any more is left.
 */
export async function acceptSuggestions(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly listingIds: readonly string[] | null;
    readonly connectionId: string | null;
    readonly actor: Actor;
  },
): Promise<ListingsChanged | Refused> {
  const { merchantId, actor } = input;
  let changed = 0;
  let after: string | null = null;
  for (;;) {
    const batch = await suggestedItems(context.db, merchantId, {
      listingIds: input.listingIds,
      connectionId: input.connectionId,
      after,
      limit: LISTINGS_MAX,
    });
    const last = batch.at(-1);
    if (last === undefined) return { status: 'done', changed };
    const items = new Map(batch.map((row) => [row.listingId, row.itemId]));
    const listingIds = [...items.keys()];
    const answer = await changeListings(context, { merchantId, listingIds, actor }, (_, listings) =>
      Promise.resolve(
        listings
          .filter((listing) => listing.itemId === null && !listing.ignored)
          .map((listing): ListingLink => ({
            listingId: listing.id,
            itemId: items.get(listing.id) ?? null,
            by: 'hand',
          })),
      ),
    );
    if (answer.status === 'refused') return answer;
    changed += answer.changed;
    after = last.listingId;
  }
}
