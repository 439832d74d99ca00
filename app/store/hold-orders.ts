/** Holds that people set and lift, and what their channel made of it. */
import type { HoldReason } from '../domain/orders/plan-holds';
import type { Queryable } from '../platform/database';
import { lockOrderHeads } from './order-heads';

export type Hold = {
  readonly id: string;
  readonly orderId: string;
  readonly reason: HoldReason;
  readonly note: string | null;
  /** crossdock | channel: who set it. */
  readonly origin: string;
  /** The channel's ids of it, with a space between: one hold here may be several there. */
  readonly externalRef: string | null;
  /** not_needed | pending | acknowledged | refused */
  readonly reportState: string;
  readonly releasedAt: Date | null;
};

const COLUMNS = `id, order_id AS "orderId", reason, note, origin, external_ref AS "externalRef",
  report_state AS "reportState", released_at AS "releasedAt"`;

/** Active holds of these orders, oldest first. */
export async function activeHoldsOf(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
): Promise<readonly Hold[]> {
  const { rows } = await q.query<Hold>(
    `SELECT ${COLUMNS} FROM order_hold WHERE merchant_id = $1 AND order_id = ANY($2::uuid[])
        AND released_at IS NULL ORDER BY created_at, id`,
    [merchantId, orderIds],
  );
  return rows;
}

/** Holds by id, whatever became of them. */
export async function findHolds(
  q: Queryable,
  merchantId: string,
  holdIds: readonly string[],
): Promise<readonly Hold[]> {
  const { rows } = await q.query<Hold>(
    `SELECT ${COLUMNS} FROM order_hold WHERE merchant_id = $1 AND id = ANY($2::uuid[])
      ORDER BY created_at, id`,
    [merchantId, holdIds],
  );
  return rows;
}

/** Ends holds. Those that the channel has to hear of wait for that with `pending`. */
export async function endHolds(
  q: Queryable,
  merchantId: string,
  ended: readonly { readonly id: string; readonly orderId: string; readonly tell: boolean }[],
  by: { readonly id: string; readonly at: Date },
): Promise<void> {
  if (ended.length === 0) return;
  await q.query(
    `UPDATE order_hold h SET released_at = $4, released_by = $5, report_detail = NULL,
        report_state = CASE WHEN e.tell THEN 'pending' ELSE 'not_needed' END
       FROM unnest($2::uuid[], $3::boolean[]) AS e(id, tell)
      WHERE h.id = e.id AND h.merchant_id = $1 AND h.released_at IS NULL`,
    [merchantId, ended.map(({ id }) => id), ended.map(({ tell }) => tell), by.at, by.id],
  );
  await refreshHeldOfMany(
    q,
    merchantId,
    ended.map(({ orderId }) => orderId),
  );
}

/** Notes the wish to lift the channel's own holds: they end when the channel says so. */
export async function askToEndHolds(
  q: Queryable,
  merchantId: string,
  holdIds: readonly string[],
  by: string,
): Promise<void> {
  if (holdIds.length === 0) return;
  await q.query(
    `UPDATE order_hold SET report_state = 'pending', report_detail = NULL, released_by = $3
      WHERE merchant_id = $1 AND id = ANY($2::uuid[]) AND released_at IS NULL`,
    [merchantId, holdIds, by],
  );
}

/** Brings `held` of locked orders up to date: an order is held while any hold of it is active. */
export async function refreshHeldOfMany(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
): Promise<void> {
  await q.query(
    `UPDATE customer_order o SET held = h.held
       FROM (SELECT id, EXISTS (SELECT 1 FROM order_hold h WHERE h.order_id = u.id
               AND h.released_at IS NULL) AS held FROM unnest($2::uuid[]) AS u(id)) h
      WHERE o.id = h.id AND o.merchant_id = $1 AND o.held <> h.held`,
    [merchantId, orderIds],
  );
}

/** Holds of an order that its channel has not heard of yet, set or ended, oldest first. */
export async function holdsToReport(
  q: Queryable,
  merchantId: string,
  orderId: string,
): Promise<readonly Hold[]> {
  const { rows } = await q.query<Hold>(
    `SELECT ${COLUMNS} FROM order_hold WHERE merchant_id = $1 AND order_id = $2
        AND report_state = 'pending' ORDER BY created_at, id`,
    [merchantId, orderId],
  );
  return rows;
}

export type HoldStanding = {
  readonly state: 'acknowledged' | 'refused';
  readonly detail: string | null;
  /** What the channel calls it now; null = as before. */
  readonly externalRef: string | null;
  /** It was told that the hold is set, not that it is lifted. */
  readonly wasSet: boolean;
};

/**
 * Writes what the channel said of a hold that waited for that. One that a person lifted while its
 * channel was being told of it goes on waiting: for the news that it is lifted.
 */
export async function settleHold(
  q: Queryable,
  merchantId: string,
  holdId: string,
  standing: HoldStanding,
): Promise<void> {
  await q.query(
    `UPDATE order_hold SET external_ref = COALESCE($5, external_ref), report_detail = $4,
        report_state = CASE WHEN $6 AND released_at IS NOT NULL THEN report_state ELSE $3 END
      WHERE merchant_id = $1 AND id = $2`,
    [merchantId, holdId, standing.state, standing.detail, standing.externalRef, standing.wasSet],
  );
}

/**
 * The channel has lifted its own hold because we asked. Call it first in its transaction: it locks
 * the order, so that a hold which is being set is not overlooked.
 */
export async function endChannelHold(
  q: Queryable,
  merchantId: string,
  hold: Pick<Hold, 'id' | 'orderId'>,
  at: Date,
): Promise<void> {
  await lockOrderHeads(q, merchantId, [hold.orderId]);
  await q.query(
    `UPDATE order_hold SET released_at = $3, report_state = 'acknowledged', report_detail = NULL
      WHERE merchant_id = $1 AND id = $2 AND released_at IS NULL`,
    [merchantId, hold.id, at],
  );
  await refreshHeldOfMany(q, merchantId, [hold.orderId]);
}
