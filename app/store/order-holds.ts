import type { HoldReason, HoldState } from '../domain/orders/plan-holds';
import type { Queryable } from '../platform/database';
import { type TableRows, insertRows } from './rows';

/** What a channel that knows holds is to be told of one of ours. */
export type HoldReportState = 'not_needed' | 'pending' | 'acknowledged' | 'refused';

export type OrderHold = HoldState & { readonly orderId: string };

export type NewHold = {
  readonly id: string;
  readonly merchantId: string;
  readonly orderId: string;
  readonly reason: HoldReason;
  readonly note: string | null;
  readonly origin: 'crossdock' | 'channel';
  readonly externalRef: string | null;
  readonly reportState: HoldReportState;
  readonly createdBy: string;
};

/** All holds of these orders, released ones too, oldest first. */
export async function holdsOfOrders(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
): Promise<readonly OrderHold[]> {
  if (orderIds.length === 0) return [];
  const { rows } = await q.query<OrderHold>(
    `SELECT id, order_id AS "orderId", reason, origin, external_ref AS "externalRef",
        created_by AS "createdBy", released_at IS NULL AS active, released_by AS "releasedBy"
       FROM order_hold WHERE order_id = ANY($2::uuid[]) AND merchant_id = $1 ORDER BY id`,
    [merchantId, orderIds],
  );
  return rows;
}

/** For writeTables. */
export function holdRows(holds: readonly NewHold[], now: Date): TableRows {
  return {
    table: 'order_hold',
    rows: holds.map((hold) => ({
      id: hold.id,
      merchant_id: hold.merchantId,
      order_id: hold.orderId,
      reason: hold.reason,
      note: hold.note,
      origin: hold.origin,
      external_ref: hold.externalRef,
      report_state: hold.reportState,
      created_at: now,
      created_by: hold.createdBy,
    })),
  };
}

export async function insertHolds(
  q: Queryable,
  holds: readonly NewHold[],
  now: Date,
): Promise<void> {
  const { table, rows } = holdRows(holds, now);
  await insertRows(q, table, rows);
}

/** Lifts holds; those that were lifted before stay as they are. */
export async function releaseHolds(
  q: Queryable,
  merchantId: string,
  releases: readonly { readonly holdId: string; readonly by: string }[],
  now: Date,
): Promise<void> {
  if (releases.length === 0) return;
  await q.query(
    `UPDATE order_hold h SET released_at = $4, released_by = r.by
       FROM unnest($2::uuid[], $3::text[]) AS r(id, by)
      WHERE h.id = r.id AND h.merchant_id = $1 AND h.released_at IS NULL`,
    [merchantId, releases.map(({ holdId }) => holdId), releases.map(({ by }) => by), now],
  );
}
