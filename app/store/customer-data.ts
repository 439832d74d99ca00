/** Where data of buyers lies, to be shown to them and to be erased. */
import type { Queryable } from '../platform/database';
import { eraseFromBulkActions, eraseFromJobs } from './erase-notes';

/** What a stored privacy message asks for. */
export type PrivacyMessage = {
  readonly eventId: string;
  readonly topic: string;
  readonly receivedAt: Date;
  /** Null: the message has been blanked since, so it was carried out. */
  readonly asked: {
    /** The channel's number of the request, where it has one. */
    readonly requestRef: string | null;
    readonly customerRef: string | null;
    /** Of the address, by which their other orders are found; the address itself is not kept. */
    readonly emailHash: string | null;
    readonly orderRefs: readonly string[];
  } | null;
};

const GID = `'gid://shopify/Order/' || value`;

/** Ids are taken as text from the bodies, since they can exceed what a double holds exactly. */
export async function readPrivacyMessages(
  q: Queryable,
  eventIds: readonly string[],
): Promise<readonly PrivacyMessage[]> {
  const { rows } = await q.query<{
    eventId: string;
    topic: string;
    receivedAt: Date;
    blank: boolean;
    requestRef: string | null;
    customerRef: string | null;
    emailHash: string | null;
    orderRefs: string[];
  }>(
    `SELECT e.id AS "eventId", topic, received_at AS "receivedAt", b.body IS NULL AS blank,
        b.body #>> '{data_request,id}' AS "requestRef", b.body #>> '{customer,id}' AS "customerRef",
        COALESCE(b.body #>> '{customer,email_hash}', email_hash(e.connection_id,
          NULLIF(btrim(b.body #>> '{customer,email}'), ''))) AS "emailHash",
        ARRAY(SELECT DISTINCT ${GID} FROM jsonb_array_elements_text(
          CASE WHEN jsonb_typeof(o.ids) = 'array' THEN o.ids ELSE '[]' END)) AS "orderRefs"
       FROM inbox_event e
       CROSS JOIN LATERAL (SELECT NULLIF(e.body, '')::jsonb AS body) b
       CROSS JOIN LATERAL (SELECT COALESCE(b.body -> 'orders_to_redact',
         b.body -> 'orders_requested') AS ids) o
      WHERE e.id = ANY($1::uuid[]) ORDER BY received_at, e.id`,
    [eventIds],
  );
  return rows.map(({ eventId, topic, receivedAt, blank, ...asked }) => ({
    eventId,
    topic,
    receivedAt,
    asked: blank ? null : asked,
  }));
}

/** Orders of a buyer on one connection: those named, and those whose e-mail has the hash. */
export async function findCustomerOrders(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  orderRefs: readonly string[],
  emailHash: string | null,
): Promise<readonly { readonly id: string; readonly ref: string }[]> {
  const { rows } = await q.query<{ id: string; ref: string }>(
    `SELECT id, external_ref AS ref FROM customer_order
      WHERE merchant_id = $1 AND connection_id = $2
        AND (external_ref = ANY($3::text[]) OR ($4::text IS NOT NULL AND email IS NOT NULL
          AND email_hash(connection_id, email) = $4)) ORDER BY placed_at, id`,
    [merchantId, connectionId, orderRefs, emailHash],
  );
  return rows;
}

/** All orders of a merchant. */
export async function findAllOrders(
  q: Queryable,
  merchantId: string,
): Promise<readonly { readonly id: string }[]> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT id FROM customer_order WHERE merchant_id = $1`,
    [merchantId],
  );
  return rows;
}

/** Everything that is kept of these orders, as it is handed to their buyer. */
export async function collectOrders(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
): Promise<readonly object[]> {
  const { rows } = await q.query<{ order: object }>(
    `SELECT jsonb_build_object('name', o.name, 'ref', o.external_ref, 'placedAt', o.placed_at,
        'status', o.status, 'customerName', o.customer_name, 'email', o.email,
        'shipTo', o.ship_to, 'shippingMethod', o.shipping_method, 'note', o.note,
        'tags', o.tags, 'currency', o.currency, 'totalMinor', o.total_minor,
        'lines', (SELECT COALESCE(jsonb_agg(jsonb_build_object('title', l.title, 'sku', l.sku,
            'quantity', l.quantity) ORDER BY l.position), '[]')
          FROM order_line l WHERE l.order_id = o.id),
        'parcels', (SELECT COALESCE(jsonb_agg(jsonb_build_object('shippedAt', f.shipped_at,
            'company', f.tracking_company, 'number', f.tracking_number, 'url', f.tracking_url)
            ORDER BY f.shipped_at), '[]') FROM fulfillment f WHERE f.order_id = o.id),
        'holds', (SELECT COALESCE(jsonb_agg(jsonb_build_object('reason', h.reason, 'note', h.note,
            'since', h.created_at) ORDER BY h.created_at), '[]')
          FROM order_hold h WHERE h.order_id = o.id),
        'refunds', (SELECT COALESCE(jsonb_agg(jsonb_build_object('at', r.refunded_at,
            'currency', r.currency, 'amountMinor', r.amount_minor) ORDER BY r.refunded_at), '[]')
          FROM order_refund r WHERE r.order_id = o.id)) AS "order"
       FROM customer_order o WHERE o.merchant_id = $1 AND o.id = ANY($2::uuid[])
      ORDER BY o.placed_at, o.id`,
    [merchantId, orderIds],
  );
  return rows.map((row) => row.order);
}

/** Messages about these orders as they came; kept for thirty days at most. */
export async function collectMessages(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  orderRefs: readonly string[],
): Promise<readonly object[]> {
  const { rows } = await q.query<object>(
    `SELECT topic, received_at AS "receivedAt", body FROM inbox_event
      WHERE merchant_id = $1 AND connection_id = $2 AND body <> ''
        AND concerns ->> 'orderRef' = ANY($3::text[]) ORDER BY received_at, id`,
    [merchantId, connectionId, orderRefs],
  );
  return rows;
}

/**
 * Empties what identifies the buyer on these orders. What was sold, shipped and moved stays, and
 * so do the country and province, which routing was decided by, and what a channel has yet to be
 * told of a parcel, unless the shop is gone (`shopIsGone`). Answers orders that had something.
 */
export async function redactOrders(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
  shopIsGone = false,
): Promise<number> {
  // First, as an action itself locks its results before its orders.
  await eraseFromBulkActions(q, merchantId, orderIds, shopIsGone);
  await eraseFromJobs(q, merchantId, orderIds);
  const { rowCount } = await q.query(
    `UPDATE customer_order SET customer_name = NULL, email = NULL, note = NULL, tags = '{}',
        ship_to = coarse_address(ship_to)
      WHERE merchant_id = $1 AND id = ANY($2::uuid[])
        AND (customer_name IS NOT NULL OR email IS NOT NULL OR note IS NOT NULL OR tags <> '{}'
          OR COALESCE(ship_to ->> 'name', ship_to ->> 'company', ship_to ->> 'address1',
            ship_to ->> 'address2', ship_to ->> 'city', ship_to ->> 'zip', ship_to ->> 'phone')
            IS NOT NULL)`,
    [merchantId, orderIds],
  );
  // A shop that comes back grants anew what it shows us; a buyer who was erased stays erased.
  if (!shopIsGone) {
    await q.query(
      `UPDATE customer_order SET redacted_at = now()
        WHERE merchant_id = $1 AND id = ANY($2::uuid[]) AND redacted_at IS NULL`,
      [merchantId, orderIds],
    );
  }
  await q.query(
    `UPDATE order_hold SET note = NULL
      WHERE merchant_id = $1 AND order_id = ANY($2::uuid[]) AND note IS NOT NULL`,
    [merchantId, orderIds],
  );
  await q.query(
    `UPDATE fulfillment SET tracking_number = NULL, tracking_url = NULL,
        report_content = report_content || '{"also": []}'
      WHERE merchant_id = $1 AND order_id = ANY($2::uuid[]) AND (report_state <> 'pending' OR $3)
        AND (tracking_number IS NOT NULL OR tracking_url IS NOT NULL
          OR report_content -> 'also' <> '[]')`,
    [merchantId, orderIds, shopIsGone],
  );
  return rowCount;
}

/** Forgets what messages about these orders said, keeping that they came. Answers how many. */
export async function blankMessagesOf(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  orderRefs: readonly string[],
): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE inbox_event SET body = '' WHERE merchant_id = $1 AND connection_id = $2 AND body <> ''
        AND concerns ->> 'orderRef' = ANY($3::text[])`,
    [merchantId, connectionId, orderRefs],
  );
  return rowCount;
}

/** The same for everything a merchant's channels have sent. */
export async function blankAllMessages(q: Queryable, merchantId: string): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE inbox_event SET body = '' WHERE merchant_id = $1 AND body <> ''`,
    [merchantId],
  );
  return rowCount;
}

/** Forgets what these messages said. */
export async function emptyBodies(
  q: Queryable,
  merchantId: string,
  eventIds: readonly string[],
): Promise<void> {
  await q.query(
    `UPDATE inbox_event SET body = '' WHERE merchant_id = $1 AND id = ANY($2::uuid[])`,
    [merchantId, eventIds],
  );
}
