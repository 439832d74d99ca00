import type { Queryable } from '../platform/database';
import { enqueueJobs } from './jobs';

/** Short orders handled by one job; the job goes on with the rest by itself. */
export const SHORT_ORDERS_PER_JOB_MAX = 50;

/**
 * Wakes whoever waits for these items: one job per item that an open order is short of. Called in
 * the transaction that made units available, as its last statement (see enqueueJobs).
 */
export async function enqueueShortLines(
  q: Queryable,
  merchantId: string,
  itemIds: readonly string[],
): Promise<void> {
  if (itemIds.length === 0) return;
  const { rows } = await q.query<{ itemId: string }>(
    `SELECT DISTINCT item_id AS "itemId" FROM order_line
      WHERE item_id = ANY($2::uuid[]) AND merchant_id = $1 AND short_quantity > 0`,
    [merchantId, itemIds],
  );
  await enqueueJobs(
    q,
    rows.map(({ itemId }) => ({
      kind: 'allocate-short',
      merchantId,
      payload: { merchantId, itemId },
      serialKey: `short:${itemId}`,
      dedupeKey: `allocate-short:${itemId}`,
      causeKind: 'item',
      causeId: itemId,
    })),
  );
}

/** Orders that wait for an item, oldest first. */
export async function ordersShortOf(
  q: Queryable,
  merchantId: string,
  itemId: string,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT o.id FROM customer_order o JOIN order_line l ON l.order_id = o.id
      WHERE l.merchant_id = $1 AND l.item_id = $2 AND l.short_quantity > 0
        AND o.status IN ('open', 'partially_shipped')
      GROUP BY o.id ORDER BY o.placed_at, o.id LIMIT ${String(SHORT_ORDERS_PER_JOB_MAX)}`,
    [merchantId, itemId],
  );
  return rows.map((row) => row.id);
}
