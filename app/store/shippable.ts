import type { Queryable } from '../platform/database';

export type ShippableOrder = {
  readonly id: string;
  readonly orderId: string;
  readonly orderStatus: string;
  readonly connectionId: string;
  readonly locationId: string;
  readonly allocations: readonly {
    readonly id: string;
    readonly orderLineId: string;
    readonly itemId: string;
    readonly quantity: number;
  }[];
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
  const row = await q.maybeOne<Omit<ShippableOrder, 'allocations'>>(
    `SELECT f.id, f.order_id AS "orderId", o.status AS "orderStatus",
        o.connection_id AS "connectionId", f.location_id AS "locationId"
       FROM fulfillment_order f JOIN customer_order o ON o.id = f.order_id
      WHERE f.merchant_id = $1 AND f.id = $2 FOR UPDATE OF o`,
    [merchantId, fulfillmentOrderId],
  );
  if (row === null) return null;
  const { rows } = await q.query<ShippableOrder['allocations'][number]>(
    `SELECT id, order_line_id AS "orderLineId", item_id AS "itemId", quantity
       FROM allocation WHERE fulfillment_order_id = $1 ORDER BY id`,
    [fulfillmentOrderId],
  );
  return { ...row, allocations: rows };
}

/**
 * Brings shipped and allocated figures and the status of an order up to date with its allocations.
 */
export async function refreshShippedFigures(
  q: Queryable,
  merchantId: string,
  orderId: string,
  now: Date,
): Promise<void> {
  await q.query(
    `UPDATE order_line l SET allocated_quantity = s.open, shipped_quantity = l.shipped_quantity
          + (l.allocated_quantity - s.open)
       FROM (SELECT order_line_id, sum(quantity)::int AS open FROM allocation
              WHERE order_line_id IN (SELECT id FROM order_line WHERE order_id = $2)
              GROUP BY order_line_id) s
      WHERE l.id = s.order_line_id AND l.merchant_id = $1 AND l.allocated_quantity <> s.open`,
    [merchantId, orderId],
  );
  await q.query(
    `UPDATE customer_order o SET units_shipped = s.shipped, updated_at = $3,
        status = CASE WHEN s.open = 0 THEN 'shipped' ELSE 'partially_shipped' END
       FROM (SELECT sum(shipped_quantity)::int AS shipped,
                sum(GREATEST(0, quantity - shipped_quantity))::int AS open
               FROM order_line WHERE order_id = $2 AND requires_shipping) s
      WHERE o.merchant_id = $1 AND o.id = $2`,
    [merchantId, orderId, now],
  );
}
