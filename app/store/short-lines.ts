import type { Queryable } from '../platform/database';
import { enqueueJobs } from './jobs';

/** Short orders planned in one transaction. */
export const SHORT_ORDERS_PER_PAGE = 50;

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

export type WaitingOrder = { readonly id: string; readonly placedAt: Date };

/** A page of the orders that wait for an item, oldest first. */
export async function ordersShortOf(
  q: Queryable,
  merchantId: string,
  itemId: string,
  after: WaitingOrder | null,
): Promise<readonly WaitingOrder[]> {
  const { rows } = await q.query<WaitingOrder>(
    `SELECT o.id, o.placed_at AS "placedAt"
       FROM customer_order o JOIN order_line l ON l.order_id = o.id
      WHERE l.merchant_id = $1 AND l.item_id = $2 AND l.short_quantity > 0
        AND o.status IN ('open', 'partially_shipped')
        AND ($3::timestamptz IS NULL OR (o.placed_at, o.id) > ($3::timestamptz, $4::uuid))
      GROUP BY o.id ORDER BY o.placed_at, o.id LIMIT ${String(SHORT_ORDERS_PER_PAGE)}`,
    [merchantId, itemId, after?.placedAt ?? null, after?.id ?? null],
  );
  return rows;
}

/** Whether any location has units of an item that nobody was promised. */
export async function hasAvailable(
  q: Queryable,
  merchantId: string,
  itemId: string,
): Promise<boolean> {
  const row = await q.one<{ has: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM stock_level
        WHERE item_id = $2 AND merchant_id = $1 AND available > 0) AS has`,
    [merchantId, itemId],
  );
  return row.has;
}
