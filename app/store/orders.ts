import type { AllocationState, OrderStatus } from '../domain/orders/order-state';
import type { CancelState } from '../domain/orders/order-status';
import type { ChannelOrderStage } from '../domain/orders/stage';
import type { Address } from '../domain/shared/address';
import type { Queryable } from '../platform/database';
import type { Row, TableRows } from './rows';

/** An order as stored, with its lines and what is promised for them. */
export type StoredOrder = {
  readonly id: string;
  readonly merchantId: string;
  readonly connectionId: string;
  readonly externalRef: string;
  readonly name: string;
  readonly version: string;
  readonly status: OrderStatus;
  readonly stage: ChannelOrderStage;
  readonly paymentStatus: string;
  readonly placedAt: Date;
  readonly currency: string;
  readonly totalMinor: number;
  readonly customerName: string | null;
  readonly email: string | null;
  readonly shipTo: Address | null;
  readonly shippingMethod: string | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  /** A hold is active: nothing of it may leave. */
  readonly held: boolean;
  /** The channel's own judgement of fraud; null = it has none. */
  readonly risk: 'low' | 'medium' | 'high' | null;
  readonly cancelReason: string | null;
  readonly cancelState: CancelState;
  readonly cancelledAt: Date | null;
  /** When its buyer was erased; set by an erasure alone. */
  readonly redactedAt: Date | null;
  readonly createdAt: Date;
  readonly lines: readonly StoredLine[];
};

export type StoredLine = {
  readonly id: string;
  readonly externalRef: string;
  readonly position: number;
  readonly itemId: string | null;
  readonly listingRef: string | null;
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly requiresShipping: boolean;
  readonly unitPriceMinor: number;
  /** Sold as a kit: the lines of its components carry the stock. */
  readonly isKit: boolean;
  /** A component's line: the line of its kit, and units of it in one kit. */
  readonly parentLineId: string | null;
  readonly unitsPerParent: number | null;
  /** Not to be shipped before then. */
  readonly shipAfter: Date | null;
  readonly shippedQuantity: number;
  readonly shortQuantity: number;
  readonly allocations: readonly AllocationState[];
};

/** The figures that planning an order yields, kept on its row for lists and filters. */
export type OrderTotals = {
  readonly status: OrderStatus;
  readonly unitsOrdered: number;
  readonly unitsShort: number;
  readonly unitsUnmatched: number;
  readonly unitsShipped: number;
};

export type LineTotals = {
  readonly lineId: string;
  readonly allocated: number;
  readonly shipped: number;
  readonly short: number;
};

const ORDER_COLUMNS = `o.id, o.merchant_id AS "merchantId", o.connection_id AS "connectionId",
  o.external_ref AS "externalRef", o.name, o.version, o.status, o.stage,
  o.payment_status AS "paymentStatus", o.placed_at AS "placedAt", o.currency,
  o.total_minor AS "totalMinor", o.customer_name AS "customerName", o.email,
  o.ship_to AS "shipTo", o.shipping_method AS "shippingMethod", o.note, o.tags,
  o.held, o.risk,
  o.cancel_reason AS "cancelReason", o.cancel_state AS "cancelState",
  o.cancelled_at AS "cancelledAt", o.redacted_at AS "redactedAt", o.created_at AS "createdAt"`;

type OrderRow = Omit<StoredOrder, 'lines'>;
type LineRow = Omit<StoredLine, 'allocations'> & { readonly orderId: string };
type AllocationRow = AllocationState & { readonly orderLineId: string };

/** Locks and loads orders by their channel's ids; those not stored yet are simply absent. */
export async function lockOrdersByRef(
  q: Queryable,
  merchantId: string,
  refs: readonly { readonly connectionId: string; readonly externalRef: string }[],
): Promise<StoredOrder[]> {
  const { rows } = await q.query<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM unnest($2::uuid[], $3::text[]) AS r(connection_id, external_ref)
       CROSS JOIN LATERAL (SELECT * FROM customer_order o WHERE o.connection_id = r.connection_id
         AND o.external_ref = r.external_ref AND o.merchant_id = $1 FOR UPDATE) o
      ORDER BY o.id`,
    [merchantId, refs.map((ref) => ref.connectionId), refs.map((ref) => ref.externalRef)],
    { name: 'lock_orders' },
  );
  return withLines(q, rows);
}

/** Locks and loads orders by our ids, scoped to the merchant. */
export async function lockOrdersById(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
): Promise<StoredOrder[]> {
  const { rows } = await q.query<OrderRow>(
    `SELECT ${ORDER_COLUMNS} FROM customer_order o
      WHERE o.merchant_id = $1 AND o.id = ANY($2::uuid[]) ORDER BY o.id FOR UPDATE`,
    [merchantId, orderIds],
  );
  return withLines(q, rows);
}

async function withLines(q: Queryable, orders: readonly OrderRow[]): Promise<StoredOrder[]> {
  if (orders.length === 0) return [];
  const ids = orders.map((order) => order.id);
  const lines = await q.query<LineRow>(
    `SELECT id, order_id AS "orderId", external_ref AS "externalRef", position,
        item_id AS "itemId", listing_ref AS "listingRef", sku, title, quantity,
        requires_shipping AS "requiresShipping", unit_price_minor AS "unitPriceMinor",
        is_kit AS "isKit", parent_line_id AS "parentLineId", units_per_parent AS "unitsPerParent",
        ship_after AS "shipAfter",
        shipped_quantity AS "shippedQuantity", short_quantity AS "shortQuantity"
       FROM order_line WHERE order_id = ANY($1::uuid[]) ORDER BY order_id, position`,
    [ids],
  );
  const allocations = await q.query<AllocationRow>(
    `SELECT a.id, a.order_line_id AS "orderLineId", a.fulfillment_order_id AS "fulfillmentOrderId",
        a.item_id AS "itemId", a.location_id AS "locationId", a.quantity
       FROM allocation a JOIN order_line l ON l.id = a.order_line_id
      WHERE l.order_id = ANY($1::uuid[]) AND a.quantity > 0 ORDER BY a.id`,
    [ids],
  );
  const byLine = groupBy(allocations.rows, (row) => row.orderLineId);
  const byOrder = groupBy(lines.rows, (row) => row.orderId);
  return orders.map((order) => ({
    ...order,
    lines: (byOrder.get(order.id) ?? []).map((line) => ({
      ...line,
      allocations: byLine.get(line.id) ?? [],
    })),
  }));
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** Orders and their lines as they are now, for writeTables. */
export function orderRows(
  written: readonly {
    readonly order: StoredOrder;
    readonly totals: OrderTotals;
    readonly lines: readonly LineTotals[];
  }[],
  now: Date,
): readonly TableRows[] {
  const lines = written.flatMap(({ order, lines: planned }) => {
    const totals = new Map(planned.map((line) => [line.lineId, line]));
    return order.lines.map((line) => lineRow(order, line, totals.get(line.id)));
  });
  return [
    {
      table: 'customer_order',
      key: ['id'],
      rows: written.map(({ order, totals }) => orderRow(order, totals, now)),
    },
    { table: 'order_line', key: ['id'], rows: lines },
  ];
}

function orderRow(order: StoredOrder, totals: OrderTotals, now: Date): Row {
  return {
    id: order.id,
    merchant_id: order.merchantId,
    connection_id: order.connectionId,
    external_ref: order.externalRef,
    name: order.name,
    version: order.version,
    status: totals.status,
    stage: order.stage,
    payment_status: order.paymentStatus,
    placed_at: order.placedAt,
    currency: order.currency,
    total_minor: order.totalMinor,
    customer_name: order.customerName,
    email: order.email,
    ship_to: order.shipTo,
    shipping_method: order.shippingMethod,
    note: order.note,
    tags: order.tags,
    held: order.held,
    risk: order.risk,
    units_ordered: totals.unitsOrdered,
    units_short: totals.unitsShort,
    units_unmatched: totals.unitsUnmatched,
    units_shipped: totals.unitsShipped,
    cancel_reason: order.cancelReason,
    cancel_state: order.cancelState,
    cancelled_at: order.cancelledAt,
    created_at: order.createdAt,
    updated_at: now,
  };
}

function lineRow(order: StoredOrder, line: StoredLine, totals: LineTotals | undefined): Row {
  return {
    id: line.id,
    merchant_id: order.merchantId,
    order_id: order.id,
    external_ref: line.externalRef,
    position: line.position,
    item_id: line.itemId,
    listing_ref: line.listingRef,
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    requires_shipping: line.requiresShipping,
    unit_price_minor: line.unitPriceMinor,
    is_kit: line.isKit,
    parent_line_id: line.parentLineId,
    units_per_parent: line.unitsPerParent,
    ship_after: line.shipAfter,
    allocated_quantity: totals?.allocated ?? 0,
    shipped_quantity: totals?.shipped ?? line.shippedQuantity,
    short_quantity: totals?.short ?? 0,
  };
}
