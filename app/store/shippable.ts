import type { Queryable } from '../platform/database';
import type { ToldAlong } from './fulfillments';

export type ShippableOrder = {
  readonly id: string;
  readonly orderId: string;
  readonly orderStatus: string;
  readonly connectionId: string;
  readonly locationId: string;
  /** Reasons of the holds that keep it from leaving; empty when it may. */
  readonly holdReasons: readonly string[];
  readonly allocations: readonly {
    readonly id: string;
    readonly orderLineId: string;
    readonly itemId: string;
    readonly quantity: number;
    readonly lineRef: string;
    /** Part of a kit: the kit's line. */
    readonly parentLineId: string | null;
    /** Not to be shipped before then. */
    readonly shipAfter: Date | null;
  }[];
};

/** Kits that became complete: of a kit line, with the channel's id of it. */
export type CompletedKits = {
  readonly lineId: string;
  readonly lineRef: string;
  readonly quantity: number;
};

/**
 * Locks a fulfillment order through its order (the same first lock as everything that changes an
 * order, so the two cannot deadlock) and reads what is promised. Null for another merchant's.
 */
export async function lockFulfillmentOrder(
  q: Queryable,
  merchantId: string,
  fulfillmentOrderId: string,
): Promise<ShippableOrder | null> {
  const row = await q.maybeOne<Omit<ShippableOrder, 'allocations' | 'holdReasons'>>(
    `SELECT f.id, f.order_id AS "orderId", o.status AS "orderStatus",
        o.connection_id AS "connectionId", f.location_id AS "locationId"
       FROM fulfillment_order f JOIN customer_order o ON o.id = f.order_id
      WHERE f.merchant_id = $1 AND f.id = $2 FOR UPDATE OF o`,
    [merchantId, fulfillmentOrderId],
  );
  if (row === null) return null;
  // In a statement of its own: the one above sees what there was before it had to wait.
  const { holdReasons } = await q.one<Pick<ShippableOrder, 'holdReasons'>>(
    `SELECT ARRAY(SELECT DISTINCT reason FROM order_hold
        WHERE order_id = $1 AND released_at IS NULL) AS "holdReasons"`,
    [row.orderId],
  );
  const { rows } = await q.query<ShippableOrder['allocations'][number]>(
    `SELECT a.id, a.order_line_id AS "orderLineId", a.item_id AS "itemId", a.quantity,
        l.external_ref AS "lineRef", l.parent_line_id AS "parentLineId",
        l.ship_after AS "shipAfter"
       FROM allocation a JOIN order_line l ON l.id = a.order_line_id
      WHERE a.fulfillment_order_id = $1 ORDER BY a.id`,
    [fulfillmentOrderId],
  );
  return { ...row, holdReasons, allocations: rows };
}

/**
 * Brings shipped and allocated figures and the status of an order up to date with its allocations.
 * Answers the kits that became complete by it. Figures mean what `kitFigures` says.
 */
export async function refreshShippedFigures(
  q: Queryable,
  merchantId: string,
  orderId: string,
  now: Date,
): Promise<readonly CompletedKits[]> {
  await q.query(
    `UPDATE order_line l SET allocated_quantity = s.open, shipped_quantity = l.shipped_quantity
          + (l.allocated_quantity - s.open)
       FROM (SELECT order_line_id, sum(quantity)::int AS open FROM allocation
              WHERE order_line_id IN (SELECT id FROM order_line WHERE order_id = $2)
              GROUP BY order_line_id) s
      WHERE l.id = s.order_line_id AND l.merchant_id = $1 AND l.allocated_quantity <> s.open`,
    [merchantId, orderId],
  );
  const kits = await q.query<CompletedKits>(
    `UPDATE order_line l SET shipped_quantity = s.shipped,
        allocated_quantity = GREATEST(s.shipped, LEAST(l.quantity, s.covered)) - s.shipped
       FROM (SELECT k.id, k.shipped_quantity AS before,
                min(p.shipped_quantity / p.units_per_parent) AS shipped,
                min((p.shipped_quantity + p.allocated_quantity) / p.units_per_parent) AS covered
               FROM order_line k JOIN order_line p ON p.parent_line_id = k.id
              WHERE k.order_id = $2 AND k.is_kit GROUP BY k.id) s
      WHERE l.id = s.id AND l.merchant_id = $1
      RETURNING l.id AS "lineId", l.external_ref AS "lineRef",
        l.shipped_quantity - s.before AS quantity`,
    [merchantId, orderId],
  );
  await q.query(
    `UPDATE customer_order o SET units_shipped = s.shipped, updated_at = $3,
        status = CASE WHEN s.open = 0 THEN 'shipped' ELSE 'partially_shipped' END
       FROM (SELECT sum(shipped_quantity) FILTER (WHERE parent_line_id IS NULL)::int AS shipped,
                sum(GREATEST(0, quantity - shipped_quantity)) FILTER (WHERE NOT is_kit)::int AS open
               FROM order_line WHERE order_id = $2 AND requires_shipping) s
      WHERE o.merchant_id = $1 AND o.id = $2`,
    [merchantId, orderId, now],
  );
  return kits.rows.filter(({ quantity }) => quantity > 0);
}

/** Earlier parcels with parts of these kits of which the channel has not been told. */
export async function parcelsToTellAlong(
  q: Queryable,
  merchantId: string,
  orderId: string,
  kitLineIds: readonly string[],
): Promise<readonly ToldAlong[]> {
  if (kitLineIds.length === 0) return [];
  const { rows } = await q.query<ToldAlong>(
    `SELECT f.id, f.tracking_company AS company, f.tracking_number AS number,
        f.tracking_url AS url
       FROM fulfillment f
      WHERE f.merchant_id = $1 AND f.order_id = $2 AND f.origin = 'crossdock'
        AND f.report_state = 'not_needed' AND f.tracking_number IS NOT NULL
        AND EXISTS (SELECT 1 FROM fulfillment_line fl JOIN order_line l ON l.id = fl.order_line_id
          WHERE fl.fulfillment_id = f.id AND l.parent_line_id = ANY($3::uuid[]))
        AND NOT EXISTS (SELECT 1 FROM fulfillment told WHERE told.order_id = f.order_id
          AND told.report_content -> 'also' @> jsonb_build_array(jsonb_build_object('id', f.id)))
      ORDER BY f.shipped_at, f.id`,
    [merchantId, orderId, kitLineIds],
  );
  return rows;
}
