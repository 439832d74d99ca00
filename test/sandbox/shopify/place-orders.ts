import type { SandboxAddress } from '../core';
import { notify } from './notify';
import { changeQuantities, findLevel, levelsOf, type QuantityChange } from './stock';
import { must, newId, newUuid } from './state';
import type { FulfillmentOrder, InventoryItem, Order, OrderLine, ShopState } from './state';

export type PlaceOrderInput = {
  /** By variant id or by SKU. */
  lines: { variantId?: string; sku?: string; quantity: number }[];
  shippingAddress?: SandboxAddress | null;
  email?: string | null;
  phone?: string | null;
  tags?: string[];
  note?: string | null;
  /** 'web', 'pos', … */
  sourceName?: string;
  shippingTitle?: string;
  shippingMinor?: number;
  financialStatus?: Order['financialStatus'];
  risk?: NonNullable<Order['risk']>;
  /** Two buyers at the same instant: take the order although the shop says it is sold out. */
  evenIfSoldOut?: boolean;
  /** For past orders: when it was placed. No webhook, no stock is touched. */
  past?: { placedAt: Date; fulfilled: boolean; cancelled?: boolean };
};

/** The checkout's refusal: the shop does not sell what it has not. */
export class SoldOutError extends Error {}

type Share = { line: OrderLine; itemId: string | null; locationId: string; quantity: number };

/** Takes an order as the storefront's checkout does. Throws SoldOutError. */
export function placeOrder(shop: ShopState, input: PlaceOrderInput): Order {
  if (input.past === undefined && input.evenIfSoldOut !== true) refuseSoldOut(shop, input);
  const order = newOrder(shop, input);
  shop.orders.set(order.id, order);
  if (input.past !== undefined) {
    settlePastOrder(shop, order, input.past);
    return order;
  }
  const eventId = newUuid(shop);
  const work = openFulfillmentOrders(shop, order);
  notify.order(shop, 'create', order, eventId);
  commitStock(shop, work, eventId);
  for (const one of work) notify.routingComplete(shop, one, eventId);
  return order;
}

function refuseSoldOut(shop: ShopState, input: PlaceOrderInput): void {
  const wanted = new Map<string, number>();
  for (const line of input.lines) {
    const variant = findVariant(shop, line);
    wanted.set(variant.id, (wanted.get(variant.id) ?? 0) + line.quantity);
  }
  for (const [variantId, quantity] of wanted) {
    const variant = must(shop.variants, variantId);
    if (variant.inventoryPolicy === 'CONTINUE') continue;
    if (!must(shop.items, variant.itemId).tracked) continue;
    const available = sellable(shop, variant.itemId);
    if (available < quantity) {
      throw new SoldOutError(`${variant.sku}: ${quantity} wanted, ${available} available`);
    }
  }
}

const sellable = (shop: ShopState, itemId: string): number =>
  onlineLevels(shop, itemId).reduce((sum, level) => sum + level.quantities.available, 0);

const onlineLevels = (shop: ShopState, itemId: string) =>
  levelsOf(shop, itemId).filter((level) => {
    const location = must(shop.locations, level.locationId);
    return level.isActive && location.isActive && location.fulfillsOnlineOrders;
  });

function findVariant(shop: ShopState, line: { variantId?: string; sku?: string }) {
  if (line.variantId !== undefined) return must(shop.variants, line.variantId);
  for (const variant of shop.variants.values()) if (variant.sku === line.sku) return variant;
  throw new Error(`no variant with SKU ${line.sku ?? '(none)'}`);
}

function newOrder(shop: ShopState, input: PlaceOrderInput): Order {
  const now = input.past?.placedAt ?? shop.clock.now();
  const id = newId(shop, 'Order');
  const number = (shop.nextOrderNumber += 1);
  return {
    __typename: 'Order',
    id,
    number,
    name: `#${number}`,
    email: input.email ?? null,
    phone: input.phone ?? null,
    shippingAddress: input.shippingAddress ?? null,
    shippingMinor: input.shippingMinor ?? 500,
    shippingTitle: input.shippingTitle ?? 'Standard',
    lines: input.lines.map((line) => newLine(shop, id, line)),
    tags: input.tags ?? [],
    note: input.note ?? null,
    sourceName: input.sourceName ?? 'web',
    financialStatus: input.financialStatus ?? 'PAID',
    risk: input.risk ?? null,
    refunds: [],
    createdAt: now,
    processedAt: now,
    updatedAt: now,
    cancelledAt: null,
    cancelReason: null,
    closedAt: null,
    fulfillmentOrderIds: [],
    fulfillmentIds: [],
  };
}

/** A line of an order for a variant, by id or SKU. */
export function newLine(
  shop: ShopState,
  orderId: string,
  line: PlaceOrderInput['lines'][number],
): OrderLine {
  const variant = findVariant(shop, line);
  const product = must(shop.products, variant.productId);
  const item = must(shop.items, variant.itemId);
  return {
    __typename: 'LineItem',
    id: newId(shop, 'LineItem'),
    orderId,
    variantId: variant.id,
    productId: product.id,
    title: product.title,
    variantTitle: variant.title === 'Default Title' ? null : variant.title,
    sku: variant.sku,
    vendor: product.vendor,
    requiresShipping: item.requiresShipping,
    weightGrams: item.weightGrams,
    priceMinor: variant.priceMinor,
    quantity: line.quantity,
    currentQuantity: line.quantity,
    fulfilledQuantity: 0,
    returnedQuantity: 0,
  };
}

/**
 * Shopify's own assignment, in a plain form: one location that has the whole order if there is
 * one; else each line where it is whole; else spread; what nobody has goes to the first location.
 */
export function openFulfillmentOrders(
  shop: ShopState,
  order: Order,
  lines: readonly OrderLine[] = order.lines,
): FulfillmentOrder[] {
  const shares = assignLines(shop, lines);
  const now = order.updatedAt;
  const byLocation = new Map<string, FulfillmentOrder>();
  for (const share of shares) {
    const work = byLocation.get(share.locationId) ?? {
      __typename: 'FulfillmentOrder' as const,
      id: newId(shop, 'FulfillmentOrder'),
      orderId: order.id,
      locationId: share.locationId,
      status: 'OPEN' as const,
      requestStatus: 'UNSUBMITTED' as const,
      progressReported: false,
      lines: [],
      holds: [],
      fulfillAt: now,
      createdAt: now,
      updatedAt: now,
    };
    byLocation.set(share.locationId, work);
    work.lines.push({
      __typename: 'FulfillmentOrderLineItem',
      id: newId(shop, 'FulfillmentOrderLineItem'),
      orderId: order.id,
      orderLineId: share.line.id,
      itemId: share.itemId,
      totalQuantity: share.quantity,
      remainingQuantity: share.quantity,
    });
  }
  for (const work of byLocation.values()) {
    shop.fulfillmentOrders.set(work.id, work);
    order.fulfillmentOrderIds.push(work.id);
  }
  return [...byLocation.values()];
}

function assignLines(shop: ShopState, lines: readonly OrderLine[]): Share[] {
  const locations = [...shop.locations.values()].filter(
    (location) => location.isActive && location.fulfillsOnlineOrders,
  );
  const first = locations[0];
  if (first === undefined) throw new Error('no location fulfills online orders');
  const itemOf = (line: OrderLine): InventoryItem | null =>
    line.variantId === null ? null : must(shop.items, must(shop.variants, line.variantId).itemId);
  const has = (line: OrderLine, locationId: string): number => {
    const item = itemOf(line);
    if (item === null || !item.tracked) return Number.MAX_SAFE_INTEGER;
    return Math.max(0, findLevel(shop, item.id, locationId)?.quantities.available ?? 0);
  };
  const whole = locations.find((place) =>
    lines.every((line) => has(line, place.id) >= line.quantity),
  );
  return lines.flatMap((line) => {
    const itemId = itemOf(line)?.id ?? null;
    const single = whole ?? locations.find((place) => has(line, place.id) >= line.quantity);
    if (single !== undefined) {
      return [{ line, itemId, locationId: single.id, quantity: line.quantity }];
    }
    const stocking = itemId === null ? undefined : onlineLevels(shop, itemId)[0]?.locationId;
    return spreadLine(
      line,
      itemId,
      stocking ?? first.id,
      locations.map((place) => place.id),
      has,
    );
  });
}

function spreadLine(
  line: OrderLine,
  itemId: string | null,
  fallback: string,
  locationIds: readonly string[],
  has: (line: OrderLine, locationId: string) => number,
): Share[] {
  const shares: Share[] = [];
  let left = line.quantity;
  for (const locationId of locationIds) {
    const quantity = Math.min(left, has(line, locationId));
    if (quantity <= 0) continue;
    shares.push({ line, itemId, locationId, quantity });
    left -= quantity;
  }
  const last = shares.find((share) => share.locationId === fallback);
  if (left > 0 && last !== undefined) last.quantity += left;
  else if (left > 0) shares.push({ line, itemId, locationId: fallback, quantity: left });
  return shares;
}

/** Promises the units of new work to it: available down, committed up. */
export function commitStock(
  shop: ShopState,
  work: readonly FulfillmentOrder[],
  eventId: string,
): void {
  const changes: QuantityChange[] = [];
  for (const one of work) {
    for (const line of one.lines) {
      if (line.itemId === null || !must(shop.items, line.itemId).tracked) continue;
      const level = findLevel(shop, line.itemId, one.locationId);
      if (level === undefined) continue;
      const quantity = line.totalQuantity;
      const before = Math.max(0, level.quantities.available);
      shop.oversoldUnits += Math.max(0, quantity - before);
      changes.push({
        itemId: line.itemId,
        locationId: one.locationId,
        deltas: { available: -quantity, committed: quantity },
      });
    }
  }
  changeQuantities(shop, changes, eventId);
}

/** History is given as it ended; only orders of old are kept this way, so nothing is announced. */
function settlePastOrder(
  shop: ShopState,
  order: Order,
  past: NonNullable<PlaceOrderInput['past']>,
): void {
  const work = openFulfillmentOrders(shop, order);
  const later = new Date(past.placedAt.getTime() + shop.random.integer(2, 40) * 3_600_000);
  const end = later < shop.clock.now() ? later : shop.clock.now();
  for (const one of work) {
    one.status = past.cancelled === true ? 'CANCELLED' : past.fulfilled ? 'CLOSED' : 'OPEN';
    one.updatedAt = end;
    for (const line of one.lines) if (one.status !== 'OPEN') line.remainingQuantity = 0;
  }
  order.updatedAt = end;
  if (past.cancelled === true) {
    order.cancelledAt = end;
    order.cancelReason = 'CUSTOMER';
    order.financialStatus = 'REFUNDED';
    for (const line of order.lines) line.currentQuantity = 0;
  } else if (past.fulfilled) {
    order.closedAt = end;
    for (const one of work) recordPastFulfillment(shop, order, one, end);
  } else {
    commitStock(shop, work, newUuid(shop));
  }
}

function recordPastFulfillment(
  shop: ShopState,
  order: Order,
  work: FulfillmentOrder,
  at: Date,
): void {
  const id = newId(shop, 'Fulfillment');
  for (const line of order.lines) line.fulfilledQuantity = line.quantity;
  order.fulfillmentIds.push(id);
  shop.fulfillments.set(id, {
    __typename: 'Fulfillment',
    id,
    orderId: order.id,
    name: `${order.name}.${order.fulfillmentIds.length}`,
    locationId: work.locationId,
    fulfillmentOrderIds: [work.id],
    lines: work.lines.map((line) => ({
      id: newId(shop, 'FulfillmentLineItem'),
      orderLineId: line.orderLineId,
      quantity: line.totalQuantity,
    })),
    status: 'SUCCESS',
    trackingCompany: 'UPS',
    trackingNumbers: [`1Z${shop.random.hex(16).toUpperCase()}`],
    trackingUrls: [],
    notifyCustomer: false,
    createdAt: at,
    updatedAt: at,
  });
}
