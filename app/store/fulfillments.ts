import type { Queryable } from '../platform/database';
import { newId } from '../platform/ids';
import { insertRows } from './rows';

export type Tracking = {
  readonly company: string | null;
  readonly number: string | null;
  readonly url: string | null;
};

export type ReportState = 'pending' | 'acknowledged' | 'refused' | 'unknown' | 'not_needed';

/** A parcel whose number the channel learns with another one. */
export type ToldAlong = Tracking & { readonly id: string };

/** What the channel is told of a parcel, where that is not simply its lines. */
export type ReportContent = {
  readonly lines: readonly { readonly lineRef: string; readonly quantity: number }[];
  readonly also: readonly ToldAlong[];
};

export type NewFulfillment = {
  readonly id: string;
  readonly merchantId: string;
  readonly orderId: string;
  readonly fulfillmentOrderId: string;
  readonly idempotencyKey: string;
  readonly origin: 'crossdock' | 'channel';
  readonly tracking: Tracking;
  readonly notifyCustomer: boolean;
  readonly shippedAt: Date;
  readonly reportState: ReportState;
  readonly reportDetail: string | null;
  readonly reportContent: ReportContent | null;
  readonly lines: readonly {
    readonly allocationId: string;
    readonly orderLineId: string;
    readonly quantity: number;
  }[];
};

export async function insertFulfillments(
  q: Queryable,
  fulfillments: readonly NewFulfillment[],
): Promise<void> {
  await insertRows(
    q,
    'fulfillment',
    fulfillments.map((fulfillment) => ({
      id: fulfillment.id,
      merchant_id: fulfillment.merchantId,
      order_id: fulfillment.orderId,
      fulfillment_order_id: fulfillment.fulfillmentOrderId,
      idempotency_key: fulfillment.idempotencyKey,
      origin: fulfillment.origin,
      tracking_company: fulfillment.tracking.company,
      tracking_number: fulfillment.tracking.number,
      tracking_url: fulfillment.tracking.url,
      notify_customer: fulfillment.notifyCustomer,
      shipped_at: fulfillment.shippedAt,
      report_state: fulfillment.reportState,
      report_detail: fulfillment.reportDetail,
      report_content: fulfillment.reportContent,
    })),
  );
  await insertRows(
    q,
    'fulfillment_line',
    fulfillments.flatMap((fulfillment) =>
      fulfillment.lines.map((line) => ({
        id: newId(),
        merchant_id: fulfillment.merchantId,
        fulfillment_id: fulfillment.id,
        allocation_id: line.allocationId,
        order_line_id: line.orderLineId,
        quantity: line.quantity,
      })),
    ),
  );
}

/** A fulfillment and what its channel must be told. */
export type FulfillmentToReport = {
  readonly id: string;
  readonly merchantId: string;
  readonly orderId: string;
  readonly orderRef: string;
  readonly orderName: string;
  readonly connectionId: string;
  readonly locationRef: string | null;
  readonly tracking: Tracking;
  readonly notifyCustomer: boolean;
  readonly shippedAt: Date;
  readonly reportState: ReportState;
  readonly reportDetail: string | null;
  readonly lines: readonly { readonly lineRef: string; readonly quantity: number }[];
  /** Earlier parcels that the channel learns of with this one. */
  readonly also: readonly ToldAlong[];
  /** The channel's ids of the order's other fulfillments. */
  readonly otherRefs: readonly string[];
};

export async function findFulfillmentToReport(
  q: Queryable,
  merchantId: string,
  fulfillmentId: string,
): Promise<FulfillmentToReport | null> {
  return q.maybeOne<FulfillmentToReport>(
    `SELECT f.id, f.merchant_id AS "merchantId", f.order_id AS "orderId",
        o.external_ref AS "orderRef", o.name AS "orderName", o.connection_id AS "connectionId",
        NULLIF(cl.external_ref, '') AS "locationRef",
        jsonb_build_object('company', f.tracking_company, 'number', f.tracking_number,
          'url', f.tracking_url) AS tracking,
        f.notify_customer AS "notifyCustomer", f.shipped_at AS "shippedAt",
        f.report_state AS "reportState", f.report_detail AS "reportDetail",
        COALESCE(f.report_content -> 'also', '[]') AS also,
        COALESCE(f.report_content -> 'lines', (SELECT jsonb_agg(jsonb_build_object('lineRef', s.external_ref, 'quantity', s.quantity))
           FROM (SELECT ol.external_ref, sum(fl.quantity)::int AS quantity
                   FROM fulfillment_line fl JOIN order_line ol ON ol.id = fl.order_line_id
                  WHERE fl.fulfillment_id = f.id GROUP BY ol.external_ref) s)) AS lines,
        ARRAY(SELECT other.external_ref FROM fulfillment other
          WHERE other.order_id = f.order_id AND other.id <> f.id
            AND other.external_ref IS NOT NULL) AS "otherRefs"
       FROM fulfillment f
       JOIN customer_order o ON o.id = f.order_id
       JOIN fulfillment_order fo ON fo.id = f.fulfillment_order_id
       LEFT JOIN connection_location cl
         ON cl.connection_id = o.connection_id AND cl.location_id = fo.location_id
      WHERE f.id = $2 AND f.merchant_id = $1`,
    [merchantId, fulfillmentId],
  );
}

/** Records what the channel said. An acknowledged report stays acknowledged. */
export async function settleReport(
  q: Queryable,
  merchantId: string,
  fulfillmentId: string,
  settled: {
    readonly state: ReportState;
    readonly detail: string | null;
    readonly externalRef: string | null;
    readonly at: Date;
  },
): Promise<void> {
  await q.query(
    `UPDATE fulfillment SET report_state = $3, report_detail = $4,
        external_ref = COALESCE($5, external_ref),
        acknowledged_at = CASE WHEN $3 = 'acknowledged' THEN $6::timestamptz END
      WHERE merchant_id = $1 AND id = $2 AND report_state <> 'acknowledged'`,
    [merchantId, fulfillmentId, settled.state, settled.detail, settled.externalRef, settled.at],
  );
}

/** The fulfillment made under this key, if the key was used before. */
export async function findFulfillmentByKey(
  q: Queryable,
  merchantId: string,
  idempotencyKey: string,
): Promise<{ id: string; fulfillmentOrderId: string } | null> {
  return q.maybeOne(
    `SELECT id, fulfillment_order_id AS "fulfillmentOrderId" FROM fulfillment
      WHERE merchant_id = $1 AND idempotency_key = $2`,
    [merchantId, idempotencyKey],
  );
}

/**
 * A channel that comes back is asked once more about every parcel it would not hear of. Their
 * reports
 * are uncertain until then, so that it is looked up first what the channel has. Answers them.
 */
export async function reopenReports(
  q: Queryable,
  merchantId: string,
  connectionId: string,
): Promise<readonly { readonly id: string; readonly orderId: string }[]> {
  const { rows } = await q.query<{ id: string; orderId: string }>(
    `UPDATE fulfillment f SET report_state = 'unknown', report_detail = NULL
       FROM customer_order o
      WHERE o.id = f.order_id AND o.merchant_id = $1 AND o.connection_id = $2
        AND f.merchant_id = $1 AND f.report_state = 'refused'
    RETURNING f.id, f.order_id AS "orderId"`,
    [merchantId, connectionId],
  );
  return rows;
}
