import type { RefundEntry } from '../domain/orders/plan-refunds';
import type { Queryable } from '../platform/database';
import type { TableRows } from './rows';

export type StoredRefund = {
  readonly orderId: string;
  readonly externalRef: string;
  readonly lines: readonly RefundEntry[];
};

export type NewRefund = StoredRefund & {
  readonly id: string;
  readonly merchantId: string;
  readonly refundedAt: Date;
  readonly currency: string;
  readonly amountMinor: number;
};

/** The refunds of these orders that were taken before. */
export async function refundsOfOrders(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
): Promise<readonly StoredRefund[]> {
  if (orderIds.length === 0) return [];
  const { rows } = await q.query<StoredRefund>(
    `SELECT order_id AS "orderId", external_ref AS "externalRef", lines
       FROM order_refund WHERE merchant_id = $1 AND order_id = ANY($2::uuid[])`,
    [merchantId, orderIds],
  );
  return rows;
}

/** For writeTables. Of a refund that is there already only the lines change. */
export function refundRows(refunds: readonly NewRefund[], now: Date): TableRows {
  return {
    table: 'order_refund',
    key: ['order_id', 'external_ref'],
    onlyOnInsert: ['id', 'merchant_id', 'refunded_at', 'currency', 'amount_minor', 'created_at'],
    rows: refunds.map((refund) => ({
      id: refund.id,
      merchant_id: refund.merchantId,
      order_id: refund.orderId,
      external_ref: refund.externalRef,
      refunded_at: refund.refundedAt,
      currency: refund.currency,
      amount_minor: refund.amountMinor,
      lines: refund.lines,
      created_at: now,
    })),
  };
}

/** Where goods may come back to: by the channel's id of a place, and where lines left from. */
export type ReturnPlaces = {
  /** By "connection location-ref". */
  readonly named: ReadonlyMap<string, string>;
  /** By connection: the first place that ships its orders. */
  readonly first: ReadonlyMap<string, string>;
  /** By line: where its latest units left from. */
  readonly leftFrom: ReadonlyMap<string, string>;
};

export async function findReturnPlaces(
  q: Queryable,
  merchantId: string,
  connectionIds: readonly string[],
  orderIds: readonly string[],
): Promise<ReturnPlaces> {
  const mapped = await q.query<{ connectionId: string; ref: string; locationId: string }>(
    `SELECT cl.connection_id AS "connectionId", cl.external_ref AS ref, lo.id AS "locationId"
       FROM connection_location cl JOIN location lo ON lo.id = cl.location_id
      WHERE cl.merchant_id = $1 AND cl.connection_id = ANY($2::uuid[])
      ORDER BY lo.active DESC, lo.priority, lo.id`,
    [merchantId, connectionIds],
  );
  const left = await q.query<{ lineId: string; locationId: string }>(
    `SELECT a.order_line_id AS "lineId", a.location_id AS "locationId"
       FROM order_line l JOIN allocation a ON a.order_line_id = l.id
      WHERE l.merchant_id = $1 AND l.order_id = ANY($2::uuid[]) AND a.shipped_quantity > 0
      ORDER BY a.id`,
    [merchantId, orderIds],
  );
  const named = new Map<string, string>();
  const first = new Map<string, string>();
  for (const { connectionId, ref, locationId } of mapped.rows) {
    if (ref !== '') named.set(`${connectionId} ${ref}`, locationId);
    if (!first.has(connectionId)) first.set(connectionId, locationId);
  }
  return {
    named,
    first,
    leftFrom: new Map(left.rows.map(({ lineId, locationId }) => [lineId, locationId])),
  };
}
