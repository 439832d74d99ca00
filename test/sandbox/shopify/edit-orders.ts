import { holdFulfillmentOrder } from './fulfill-orders';
import { notify } from './notify';
import { openFulfillmentOrders, commitStock, newLine } from './place-orders';
import { changeQuantities, findLevel, type QuantityChange } from './stock';
import { must, newId, newUuid } from './state';
import type { FulfillmentOrder, Order, OrderLine, Refund, RefundLine, ShopState } from './state';

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
  /** Where returned units are put back; where they left from unless given. */
  locationId?: string;
  /** Money given back, in minor units; the price of the lines unless given. */
  amountMinor?: number;
};

export type ExchangeRequest = {
  /** Shipped units that come back, restocked. */
  back: { sku: string; quantity: number }[];
  /** What the buyer gets instead: new lines of the same order. */
  instead: { sku: string; quantity: number }[];
  /** Holds the new lines until the old ones are back. */
  hold?: boolean;
  locationId?: string;
};

/** Units taken out of a line, and what that does to stock. */
type Taken = {
  readonly changes: QuantityChange[];
  readonly parts: {
    quantity: number;
    restockType: RefundLine['restockType'];
    locationId: string | null;
  }[];
};

/** The merchant changes an order in the admin. */
export function editOrder(shop: ShopState, orderId: string, edit: OrderEdit): Order {
  const order = must(shop.orders, orderId);
  const eventId = newUuid(shop);
  order.note = edit.note ?? order.note;
  order.tags = edit.tags ?? order.tags;
  order.updatedAt = shop.clock.now();
  const changes = (edit.remove ?? []).flatMap(
    ({ sku, quantity }) =>
      takeUnits(shop, order, lineBySku(order, sku), { quantity, restock: true }).changes,
  );
  changeQuantities(shop, changes, eventId);
  addLines(shop, order, edit.add ?? [], eventId);
  if (edit.add !== undefined || edit.remove !== undefined) {
    notify.order(shop, 'edited', order, eventId);
  }
  notify.order(shop, 'updated', order, eventId);
  return order;
}

function addLines(
  shop: ShopState,
  order: Order,
  added: readonly { sku: string; quantity: number }[],
  eventId: string,
): FulfillmentOrder[] {
  if (added.length === 0) return [];
  const lines = added.map((line) => newLine(shop, order.id, line));
  order.lines.push(...lines);
  const work = openFulfillmentOrders(shop, order, lines);
  commitStock(shop, work, eventId);
  for (const one of work) notify.routingComplete(shop, one, eventId);
  return work;
}

/** The merchant refunds units in the admin: not yet shipped ones first, unless it is a return. */
export function refundOrder(shop: ShopState, orderId: string, request: RefundRequest): Order {
  const order = must(shop.orders, orderId);
  const eventId = newUuid(shop);
  order.updatedAt = shop.clock.now();
  const taken = request.lines.map(({ sku, quantity }) => {
    const line = lineBySku(order, sku);
    return { line, quantity, ...takeUnits(shop, order, line, { ...request, quantity }) };
  });
  const price = taken.reduce((sum, { line, quantity }) => sum + line.priceMinor * quantity, 0);
  const refund = recordRefund(shop, order, taken, request.amountMinor ?? price);
  const nothingLeft = order.lines.every((line) => line.currentQuantity === 0);
  order.financialStatus = nothingLeft ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  notify.refund(shop, order, refund, eventId);
  notify.order(shop, 'updated', order, eventId);
  changeQuantities(
    shop,
    taken.flatMap(({ changes }) => changes),
    eventId,
  );
  return order;
}

/** A return with other goods instead, in the same order; money is taken to be even. */
export function exchangeLines(shop: ShopState, orderId: string, request: ExchangeRequest): Order {
  const order = must(shop.orders, orderId);
  const eventId = newUuid(shop);
  order.updatedAt = shop.clock.now();
  const place = request.locationId === undefined ? {} : { locationId: request.locationId };
  const taken = request.back.map(({ sku, quantity }) => {
    const line = lineBySku(order, sku);
    const how = { quantity, restock: true, shippedFirst: true, ...place };
    return { line, ...takeUnits(shop, order, line, how) };
  });
  const refund = recordRefund(shop, order, taken, 0);
  const work = addLines(shop, order, request.instead, eventId);
  notify.refund(shop, order, refund, eventId);
  notify.order(shop, 'edited', order, eventId);
  notify.order(shop, 'updated', order, eventId);
  changeQuantities(
    shop,
    taken.flatMap(({ changes }) => changes),
    eventId,
  );
  if (request.hold === true) {
    const reason = 'AWAITING_RETURN_ITEMS';
    for (const { id } of work) holdFulfillmentOrder(shop, id, { reason }, false);
  }
  return order;
}

function recordRefund(
  shop: ShopState,
  order: Order,
  taken: readonly (Pick<Taken, 'parts'> & { line: OrderLine })[],
  amountMinor: number,
): Refund {
  const refund: Refund = {
    __typename: 'Refund',
    id: newId(shop, 'Refund'),
    orderId: order.id,
    amountMinor,
    lines: taken.flatMap(({ line, parts }) =>
      parts.map((part) => ({
        __typename: 'RefundLineItem' as const,
        id: newId(shop, 'RefundLineItem'),
        orderLineId: line.id,
        ...part,
      })),
    ),
    createdAt: order.updatedAt,
  };
  order.refunds.push(refund);
  return refund;
}

function lineBySku(order: Order, sku: string): OrderLine {
  const line = order.lines.find((one) => one.sku === sku && one.currentQuantity > 0);
  if (line === undefined) throw new Error(`${order.name} has no line ${sku}`);
  return line;
}

type HowTaken = {
  quantity: number;
  restock: boolean;
  shippedFirst?: boolean;
  locationId?: string;
};

function takeUnits(shop: ShopState, order: Order, line: OrderLine, how: HowTaken): Taken {
  const { quantity, restock } = how;
  if (quantity > line.currentQuantity) throw new Error(`${line.sku}: fewer than ${quantity} left`);
  line.currentQuantity -= quantity;
  const taken: Taken = { changes: [], parts: [] };
  const outside = line.fulfilledQuantity - line.returnedQuantity;
  const backFirst = how.shippedFirst === true ? Math.min(quantity, outside) : 0;
  let left = quantity - backFirst;
  for (const id of order.fulfillmentOrderIds) {
    const work = must(shop.fulfillmentOrders, id);
    for (const part of work.lines.filter((one) => one.orderLineId === line.id)) {
      const units = Math.min(left, part.remainingQuantity);
      if (units === 0) continue;
      left -= units;
      part.remainingQuantity -= units;
      part.totalQuantity -= units;
      work.updatedAt = order.updatedAt;
      const free = restock ? units : 0;
      taken.changes.push(...release(shop, part.itemId, work.locationId, -units, free));
      taken.parts.push({
        quantity: units,
        restockType: restock ? 'CANCEL' : 'NO_RESTOCK',
        locationId: restock ? work.locationId : null,
      });
    }
    const active = work.status !== 'CLOSED' && work.status !== 'CANCELLED';
    if (active && work.lines.every((one) => one.remainingQuantity === 0)) work.status = 'CLOSED';
  }
  const back = backFirst + left;
  line.returnedQuantity += back;
  if (back > 0) takeBack(shop, order, line, { ...how, quantity: back }, taken);
  return taken;
}

/** Shipped units come back: to the place they left from, unless another is named. */
function takeBack(
  shop: ShopState,
  order: Order,
  line: OrderLine,
  how: HowTaken,
  taken: Taken,
): void {
  const { quantity, restock } = how;
  const last = order.fulfillmentIds.at(-1);
  const left = last === undefined ? null : must(shop.fulfillments, last).locationId;
  const locationId = restock ? (how.locationId ?? left) : null;
  taken.parts.push({ quantity, restockType: restock ? 'RETURN' : 'NO_RESTOCK', locationId });
  if (locationId === null || line.variantId === null) return;
  const { itemId } = must(shop.variants, line.variantId);
  taken.changes.push(...release(shop, itemId, locationId, 0, quantity));
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
