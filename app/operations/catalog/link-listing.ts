import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { linkListings } from '../../store/listings';
import { markListingDirty } from '../../store/publications';
import { type OperationContext, type Refused, refused } from '../context';
import { lookAtUnmatchedOrders } from './look-at-unmatched';

/** Says which item a listing sells (null: none). Its numbers are sent at once. */
export async function linkListing(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly listingId: string;
    readonly itemId: string | null;
    readonly actor: Actor;
  },
): Promise<{ readonly status: 'done' } | Refused> {
  const { merchantId, listingId, itemId } = input;
  const answer = await context.db.transaction(async (tx) => {
    const found = await tx.maybeOne<{ before: string | null }>(
      `SELECT item_id AS before FROM listing WHERE id = $2 AND merchant_id = $1 FOR UPDATE`,
      [merchantId, listingId],
    );
    if (found === null) return refused('not_found', 'This listing does not exist.');
    if (itemId !== null) {
      const item = await tx.maybeOne(`SELECT id FROM item WHERE id = $2 AND merchant_id = $1`, [
        merchantId,
        itemId,
      ]);
      if (item === null) return refused('not_found', 'This item does not exist.');
    }
    await linkListings(tx, merchantId, [{ listingId, itemId }]);
    await markListingDirty(tx, listingId);
    if (itemId !== null) await lookAtUnmatchedOrders(tx, merchantId, [listingId]);
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: itemId === null ? 'listing.unlinked' : 'listing.linked',
        subject: { kind: 'listing', id: listingId },
        cause: { kind: 'listing', id: listingId },
        data: { before: found.before, itemId },
      },
    ]);
    return { status: 'done' as const };
  });
  context.afterCommit(merchantId);
  return answer;
}
