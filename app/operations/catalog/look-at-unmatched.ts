import type { Transaction } from '../../platform/database';
import { lookAgainJob } from '../../store/inbox';
import { enqueueJobs } from '../../store/jobs';
import { holdListings } from '../../store/publications';
import { ordersOfUnmatchedListings } from '../../store/unmatched-orders';

/**
 * Listings have just been matched: open orders that were waiting for that are looked at again, and
 * the listings' numbers are not raised until those orders have had their units.
 */
export async function lookAtUnmatchedOrders(
  tx: Transaction,
  merchantId: string,
  listingIds: readonly string[],
): Promise<void> {
  const orders = await ordersOfUnmatchedListings(tx, merchantId, listingIds);
  if (orders.length === 0) return;
  await holdListings(tx, listingIds);
  await enqueueJobs(
    tx,
    orders.map(({ connectionId, orderRef }) =>
      lookAgainJob(merchantId, connectionId, { kind: 'order', orderRef }),
    ),
  );
}
