import { notify } from './notify';
import { openFulfillmentOrders, commitStock, newLine } from './place-orders';
import { changeQuantities, findLevel, type QuantityChange } from './stock';
import { must, newId, newUuid } from './state';
import type { Order, OrderLine, ShopState } from './state';

export type OrderEdit = {
  note?: string;
  tags?: string[];
  /** New lines, assigned as a new order's would be. */
  add?: { sku: string; quantity: number }[];
  /** Units taken out before they are shipped; they go back to available. */
  remove?: { sku: string; quantity: number }[];
};

export type RefundRequest = {
  lines: { sku: string; quantity: number }[];
  /** Puts the units back into available. */
  restock: boolean;
  /** A return: takes units that were shipped first, where a refund takes those that were not. */
  shippedFirst?: boolean;
};

/** The merchant changes an order in the admin. */
export function editOrder(shop: ShopState, orderId: string, edit: OrderEdit): Order {
  const order = must(shop.orders, orderId);
  const eventId = newUuid(shop);
  order.note = edit.note ?? order.note;
  order.tags = edit.tags ?? order.tags;
  order.updatedAt = shop.clock.now();
  const changes = (edit.remove ?? []).flatMap(({ sku, quantity }) =>
    takeUnits(shop, order, lineBySku(order, sku), quantity, true),
  );
  changeQuantities(shop, changes, eventId);
  if (edit.add !== undefined && edit.add.length > 0) {
    const lines = edit.add.map((line) => newLine(shop, order.id, line));
    order.lines.push(...lines);
    const work = openFulfillmentOrders(shop, order, lines);
    commitStock(shop, work, eventId);
    for (const one of work) notify.routingComplete(shop, one, eventId);
  }
  if (edit.add !== undefined || edit.remove !== undefined) {
    notify.order(shop, 'edited', order, eventId);
  }
  notify.order(shop, 'updated', order, eventId);
  return order;
}

/** The merchant refunds units in the admin: not yet shipped ones first, unless it is a return. */
export function refundOrder(shop: ShopState, orderId: string, request: RefundRequest): Order {
  const order = must(shop.orders, orderId);
  const eventId = newUuid(shop);
  order.updatedAt = shop.clock.now();
  const refunded = request.lines.map(({ sku, quantity }) => ({
    line: lineBySku(order, sku),
    quantity,
  }));
  const changes = refunded.flatMap(({ line, quantity }) =>
    takeUnits(shop, order, line, quantity, request.restock, request.shippedFirst),
  );
  const nothingLeft = order.lines.every((line) => line.currentQuantity === 0);
  order.financialStatus = nothingLeft ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  notify.refund(
    shop,
    { id: newId(shop, 'Refund'), order, lines: refunded, restock: request.restock },
    eventId,
  );
  notify.order(shop, 'updated', order, eventId);
  changeQuantities(shop, changes, eventId);
  return order;
}

function lineBySku(order: Order, sku: string): OrderLine {
  const line = order.lines.find((one) => one.sku === sku && one.currentQuantity > 0);
  if (line === undefined) throw new Error(`${order.name} has no line ${sku}`);
  return line;
}

function takeUnits(
  shop: ShopState,
  order: Order,
  line: OrderLine,
  quantity: number,
  restock: boolean,
  shippedFirst = false,
): QuantityChange[] {
  if (quantity > line.currentQuantity) throw new Error(`${line.sku}: fewer than ${quantity} left`);
  line.currentQuantity -= quantity;
  const changes: QuantityChange[] = [];
  const outside = line.fulfilledQuantity - line.returnedQuantity;
  const backFirst = shippedFirst ? Math.min(quantity, outside) : 0;
  let left = quantity - backFirst;
  for (const id of order.fulfillmentOrderIds) {
    const work = must(shop.fulfillmentOrders, id);
    for (const part of work.lines.filter((one) => one.orderLineId === line.id)) {
      const taken = Math.min(left, part.remainingQuantity);
      if (taken === 0) continue;
      left -= taken;
      part.remainingQuantity -= taken;
      part.totalQuantity -= taken;
      work.updatedAt = order.updatedAt;
      changes.push(...release(shop, part.itemId, work.locationId, -taken, restock ? taken : 0));
    }
    const active = work.status !== 'CLOSED' && work.status !== 'CANCELLED';
    if (active && work.lines.every((one) => one.remainingQuantity === 0)) work.status = 'CLOSED';
  }
  const back = backFirst + left;
  line.returnedQuantity += back;
  if (back > 0 && restock) changes.push(...returned(shop, order, line, back));
  return changes;
}

/** Shipped units come back to the place they left from. */
function returned(
  shop: ShopState,
  order: Order,
  line: OrderLine,
  quantity: number,
): QuantityChange[] {
  const last = order.fulfillmentIds.at(-1);
  if (last === undefined || line.variantId === null) return [];
  const { itemId } = must(shop.variants, line.variantId);
  return release(shop, itemId, must(shop.fulfillments, last).locationId, 0, quantity);
}

function release(
  shop: ShopState,
  itemId: string | null,
  locationId: string,
  committed: number,
  available: number,
): QuantityChange[] {
  if (itemId === null || !must(shop.items, itemId).tracked) return [];
  if (findLevel(shop, itemId, locationId) === undefined) return [];
  return [{ itemId, locationId, deltas: { committed, available } }];
}
