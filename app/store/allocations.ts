import type { Queryable } from '../platform/database';
import type { TableRows } from './rows';

export type NewFulfillmentOrder = {
  readonly id: string;
  readonly merchantId: string;
  readonly orderId: string;
  readonly locationId: string;
  readonly decisionId: string | null;
};

export type NewAllocation = {
  readonly id: string;
  readonly merchantId: string;
  readonly fulfillmentOrderId: string;
  readonly orderLineId: string;
  readonly itemId: string;
  readonly locationId: string;
  readonly quantity: number;
  readonly shippedQuantity: number;
};

/** How an allocation's units change: shipped and released ones leave `quantity`. */
export type AllocationChange = {
  readonly id: string;
  readonly shipped: number;
  readonly released: number;
};

/** Open fulfillment orders of these orders, by order and location. */
export async function openFulfillmentOrders(
  q: Queryable,
  orderIds: readonly string[],
): Promise<readonly { id: string; orderId: string; locationId: string }[]> {
  if (orderIds.length === 0) return [];
  const { rows } = await q.query<{ id: string; orderId: string; locationId: string }>(
    `SELECT id, order_id AS "orderId", location_id AS "locationId" FROM fulfillment_order
      WHERE order_id = ANY($1::uuid[]) AND status = 'open' ORDER BY id`,
    [orderIds],
  );
  return rows;
}

/** For writeTables. */
export function fulfillmentOrderRows(orders: readonly NewFulfillmentOrder[], now: Date): TableRows {
  return {
    table: 'fulfillment_order',
    rows: orders.map((order) => ({
      id: order.id,
      merchant_id: order.merchantId,
      order_id: order.orderId,
      location_id: order.locationId,
      decision_id: order.decisionId,
      status: 'open',
      created_at: now,
    })),
  };
}

/** For writeTables. */
export function allocationRows(allocations: readonly NewAllocation[], now: Date): TableRows {
  return {
    table: 'allocation',
    rows: allocations.map((allocation) => ({
      id: allocation.id,
      merchant_id: allocation.merchantId,
      fulfillment_order_id: allocation.fulfillmentOrderId,
      order_line_id: allocation.orderLineId,
      item_id: allocation.itemId,
      location_id: allocation.locationId,
      quantity: allocation.quantity,
      shipped_quantity: allocation.shippedQuantity,
      released_quantity: 0,
      created_at: now,
    })),
  };
}

/** Moves units from `quantity` to shipped or released; the CHECK refuses more than there is. */
export async function changeAllocations(
  q: Queryable,
  changes: readonly AllocationChange[],
): Promise<void> {
  if (changes.length === 0) return;
  await q.query(
    `UPDATE allocation a SET quantity = a.quantity - c.shipped - c.released,
        shipped_quantity = a.shipped_quantity + c.shipped,
        released_quantity = a.released_quantity + c.released
       FROM (SELECT id, sum(shipped)::int AS shipped, sum(released)::int AS released
               FROM unnest($1::uuid[], $2::int[], $3::int[]) AS u(id, shipped, released) GROUP BY id) c
      WHERE a.id = c.id`,
    [
      changes.map((change) => change.id),
      changes.map((change) => change.shipped),
      changes.map((change) => change.released),
    ],
  );
}

/**
 * Closes fulfillment orders with nothing left to ship: shipped if anything ever left, else
 * cancelled.
 */
export async function closeFinishedFulfillmentOrders(
  q: Queryable,
  orderIds: readonly string[],
  now: Date,
): Promise<void> {
  if (orderIds.length === 0) return;
  await q.query(
    `UPDATE fulfillment_order f SET closed_at = $2, status = CASE WHEN EXISTS (
          SELECT 1 FROM allocation a WHERE a.fulfillment_order_id = f.id AND a.shipped_quantity > 0)
        THEN 'shipped' ELSE 'cancelled' END
      WHERE f.order_id = ANY($1::uuid[]) AND f.status = 'open' AND NOT EXISTS (
        SELECT 1 FROM allocation a WHERE a.fulfillment_order_id = f.id AND a.quantity > 0)`,
    [orderIds, now],
  );
}
