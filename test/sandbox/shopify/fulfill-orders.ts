import { notify } from './notify';
import { orderFulfillmentStatus } from './webhook-bodies';
import { changeQuantities, findLevel, type QuantityChange } from './stock';
import { must, newId, newUuid } from './state';
import type {
  Fulfillment,
  FulfillmentOrder,
  FulfillmentOrderLine,
  Hold,
  Order,
  ShopState,
} from './state';

/** An error the API tells in userErrors: field path and sentence, with a code where it has one. */
export class UserError extends Error {
  constructor(
    readonly field: string[] | null,
    message: string,
    readonly code: string | null = null,
  ) {
    super(message);
  }
}

export type Tracking = {
  company?: string | null;
  number?: string | null;
  numbers?: string[] | null;
  url?: string | null;
  urls?: string[] | null;
};

export type FulfillInput = {
  lineItemsByFulfillmentOrder: {
    fulfillmentOrderId: string;
    fulfillmentOrderLineItems?: { id: string; quantity: number }[] | null;
  }[];
  trackingInfo?: Tracking | null;
  notifyCustomer?: boolean | null;
};

type Pick = { work: FulfillmentOrder; line: FulfillmentOrderLine; quantity: number };

const HOLDS_PER_APP_MAX = 10;

/**
 * Fulfills what the call names. Not idempotent: while units remain, every call makes a
 * fulfillment. Throws UserError where Shopify answers one.
 */
export function createFulfillment(shop: ShopState, input: FulfillInput): Fulfillment {
  const picks = choosePicks(shop, input);
  const [first] = picks;
  if (first === undefined) throw new UserError(['fulfillment'], 'There is nothing to fulfill.');
  const order = must(shop.orders, first.work.orderId);
  const eventId = newUuid(shop);
  const now = shop.clock.now();
  const fulfillment: Fulfillment = {
    __typename: 'Fulfillment',
    id: newId(shop, 'Fulfillment'),
    orderId: order.id,
    name: `${order.name}.${order.fulfillmentIds.length + 1}`,
    locationId: first.work.locationId,
    fulfillmentOrderIds: [...new Set(picks.map((pick) => pick.work.id))],
    lines: picks.map((pick) => ({
      id: newId(shop, 'FulfillmentLineItem'),
      orderLineId: pick.line.orderLineId,
      quantity: pick.quantity,
    })),
    status: 'SUCCESS',
    trackingCompany: input.trackingInfo?.company ?? null,
    trackingNumbers: trackingList(input.trackingInfo?.number, input.trackingInfo?.numbers),
    trackingUrls: trackingList(input.trackingInfo?.url, input.trackingInfo?.urls),
    notifyCustomer: input.notifyCustomer ?? false,
    createdAt: now,
    updatedAt: now,
  };
  shop.fulfillments.set(fulfillment.id, fulfillment);
  order.fulfillmentIds.push(fulfillment.id);
  takePicks(shop, order, picks, eventId);
  announceFulfillment(shop, order, fulfillment, eventId);
  return fulfillment;
}

function choosePicks(shop: ShopState, input: FulfillInput): Pick[] {
  const field = ['fulfillment', 'lineItemsByFulfillmentOrder'];
  const picks = input.lineItemsByFulfillmentOrder.flatMap((entry) => {
    const work = shop.fulfillmentOrders.get(entry.fulfillmentOrderId);
    if (work === undefined) throw new UserError(field, 'Fulfillment order does not exist.');
    if (work.status !== 'OPEN' && work.status !== 'IN_PROGRESS') {
      const status = work.status.toLowerCase();
      throw new UserError(
        field,
        `Fulfillment order ${work.id} has an unfulfillable status= ${status}.`,
      );
    }
    const named = entry.fulfillmentOrderLineItems ?? [];
    if (named.length === 0) {
      return work.lines
        .filter((line) => line.remainingQuantity > 0)
        .map((line) => ({ work, line, quantity: line.remainingQuantity }));
    }
    return named.map(({ id, quantity }) => ({ work, line: lineOf(work, id, field), quantity }));
  });
  refuseOverFulfilment(picks, field);
  if (new Set(picks.map((pick) => pick.work.locationId)).size > 1) {
    throw new UserError(field, 'All fulfillment orders must be assigned to the same location.');
  }
  if (new Set(picks.map((pick) => pick.work.orderId)).size > 1) {
    throw new UserError(field, 'All fulfillment orders must belong to the same order.');
  }
  return picks;
}

function lineOf(work: FulfillmentOrder, id: string, field: string[]): FulfillmentOrderLine {
  const line = work.lines.find((candidate) => candidate.id === id);
  if (line === undefined) throw new UserError(field, 'Fulfillment order line item does not exist.');
  return line;
}

function refuseOverFulfilment(picks: readonly Pick[], field: string[]): void {
  const wanted = new Map<FulfillmentOrderLine, number>();
  for (const pick of picks) {
    if (pick.quantity <= 0) throw new UserError(field, 'Quantity must be greater than 0.');
    wanted.set(pick.line, (wanted.get(pick.line) ?? 0) + pick.quantity);
  }
  for (const [line, quantity] of wanted) {
    if (quantity > line.remainingQuantity) {
      throw new UserError(field, 'Invalid fulfillment order line item quantity requested.');
    }
  }
}

function takePicks(shop: ShopState, order: Order, picks: readonly Pick[], eventId: string): void {
  const now = shop.clock.now();
  const changes: QuantityChange[] = [];
  for (const { work, line, quantity } of picks) {
    line.remainingQuantity -= quantity;
    work.updatedAt = now;
    const done = work.lines.every((other) => other.remainingQuantity === 0);
    work.status = done ? 'CLOSED' : 'IN_PROGRESS';
    const orderLine = order.lines.find((candidate) => candidate.id === line.orderLineId);
    if (orderLine !== undefined) orderLine.fulfilledQuantity += quantity;
    if (line.itemId !== null && tracksStock(shop, line.itemId, work.locationId)) {
      changes.push({
        itemId: line.itemId,
        locationId: work.locationId,
        deltas: { committed: -quantity },
      });
    }
  }
  order.updatedAt = now;
  changeQuantities(shop, changes, eventId);
}

const tracksStock = (shop: ShopState, itemId: string, locationId: string): boolean =>
  must(shop.items, itemId).tracked && findLevel(shop, itemId, locationId) !== undefined;

function announceFulfillment(
  shop: ShopState,
  order: Order,
  fulfillment: Fulfillment,
  eventId: string,
): void {
  const complete = orderFulfillmentStatus(order) === 'fulfilled';
  if (complete) order.closedAt = shop.clock.now();
  notify.fulfillment(shop, 'create', fulfillment, eventId);
  notify.order(shop, complete ? 'fulfilled' : 'partially_fulfilled', order, eventId);
  notify.order(shop, 'updated', order, eventId);
}

const trackingList = (one?: string | null, many?: string[] | null): string[] =>
  many !== undefined && many !== null && many.length > 0
    ? many
    : one !== undefined && one !== null
      ? [one]
      : [];

export function updateTracking(
  shop: ShopState,
  fulfillmentId: string,
  tracking: Tracking,
): Fulfillment {
  const fulfillment = shop.fulfillments.get(fulfillmentId);
  if (fulfillment === undefined) {
    throw new UserError(['fulfillmentId'], 'Fulfillment does not exist.');
  }
  if (fulfillment.status === 'CANCELLED') {
    throw new UserError(['fulfillmentId'], 'Fulfillment has been cancelled.');
  }
  fulfillment.trackingCompany = tracking.company ?? fulfillment.trackingCompany;
  const numbers = trackingList(tracking.number, tracking.numbers);
  if (numbers.length > 0) fulfillment.trackingNumbers = numbers;
  const urls = trackingList(tracking.url, tracking.urls);
  if (urls.length > 0) fulfillment.trackingUrls = urls;
  fulfillment.updatedAt = shop.clock.now();
  notify.fulfillment(shop, 'update', fulfillment, newUuid(shop));
  return fulfillment;
}

/** Cancels an order. Throws UserError with the codes of orderCancelUserErrors. */
export function cancelOrder(
  shop: ShopState,
  orderId: string,
  options: { restock: boolean; reason: string },
): Order {
  const order = shop.orders.get(orderId);
  if (order === undefined) {
    throw new UserError(['orderId'], 'Order does not exist', 'NOT_FOUND');
  }
  if (order.cancelledAt !== null) {
    throw new UserError(['orderId'], 'Order has already been cancelled', 'INVALID');
  }
  const standing = order.fulfillmentIds.some(
    (id) => must(shop.fulfillments, id).status === 'SUCCESS',
  );
  if (standing) {
    throw new UserError(['orderId'], 'Cannot cancel an order that has fulfillments', 'INVALID');
  }
  const eventId = newUuid(shop);
  const now = shop.clock.now();
  const changes: QuantityChange[] = [];
  const cancelled: FulfillmentOrder[] = [];
  for (const id of order.fulfillmentOrderIds) {
    const work = must(shop.fulfillmentOrders, id);
    if (work.status === 'CLOSED' || work.status === 'CANCELLED') continue;
    changes.push(...releaseLines(shop, work, options.restock));
    work.status = 'CANCELLED';
    work.updatedAt = now;
    cancelled.push(work);
  }
  for (const line of order.lines) line.currentQuantity = 0;
  order.cancelledAt = now;
  order.cancelReason = options.reason;
  order.financialStatus = order.financialStatus === 'PAID' ? 'REFUNDED' : 'VOIDED';
  order.updatedAt = now;
  notify.order(shop, 'cancelled', order, eventId);
  notify.order(shop, 'updated', order, eventId);
  changeQuantities(shop, changes, eventId);
  for (const work of cancelled) {
    const body = {
      fulfillment_order: { id: work.id, status: 'cancelled' },
      replacement_fulfillment_order: null,
    };
    notify.fulfillmentOrder(shop, 'cancelled', body, eventId);
  }
  return order;
}

function releaseLines(shop: ShopState, work: FulfillmentOrder, restock: boolean): QuantityChange[] {
  const changes: QuantityChange[] = [];
  for (const line of work.lines) {
    const quantity = line.remainingQuantity;
    line.remainingQuantity = 0;
    if (quantity === 0 || line.itemId === null) continue;
    if (!tracksStock(shop, line.itemId, work.locationId)) continue;
    changes.push({
      itemId: line.itemId,
      locationId: work.locationId,
      deltas: restock ? { committed: -quantity, available: quantity } : { committed: -quantity },
    });
  }
  return changes;
}

/** Holds a fulfillment order; its lines where only some are to be held were split off before. */
export function holdFulfillmentOrder(
  shop: ShopState,
  id: string,
  input: { reason: string; reasonNotes?: string | null; handle?: string | null },
  byApp = true,
): { hold: Hold; work: FulfillmentOrder } {
  const work = shop.fulfillmentOrders.get(id);
  if (work === undefined) {
    throw new UserError(['id'], 'Fulfillment order does not exist.', 'FULFILLMENT_ORDER_NOT_FOUND');
  }
  const own = work.holds.filter((hold) => hold.byApp === byApp);
  if (own.length >= HOLDS_PER_APP_MAX) {
    throw new UserError(
      ['id'],
      'The maximum number of holds has been reached.',
      'FULFILLMENT_ORDER_HOLD_LIMIT_REACHED',
    );
  }
  const handle = input.handle ?? '';
  if (own.some((hold) => hold.handle === handle)) {
    throw new UserError(
      ['fulfillmentHold', 'handle'],
      'The handle is already in use.',
      'DUPLICATE_FULFILLMENT_HOLD_HANDLE',
    );
  }
  if (!['OPEN', 'SCHEDULED', 'ON_HOLD'].includes(work.status)) {
    throw new UserError(['id'], `Fulfillment order is ${work.status.toLowerCase()}.`);
  }
  const hold: Hold = {
    __typename: 'FulfillmentHold',
    id: newId(shop, 'FulfillmentHold'),
    reason: input.reason,
    reasonNotes: input.reasonNotes ?? null,
    handle,
    byApp,
  };
  work.holds.push(hold);
  work.status = 'ON_HOLD';
  work.updatedAt = shop.clock.now();
  const eventId = newUuid(shop);
  const body = {
    fulfillment_order: { id: work.id, status: 'on_hold' },
    fulfillment_hold: { id: hold.id, reason: hold.reason.toLowerCase() },
  };
  notify.fulfillmentHold(shop, 'added', body, eventId);
  if (work.holds.length === 1) {
    const { fulfillment_order, fulfillment_hold: created_fulfillment_hold } = body;
    const first = { fulfillment_order, created_fulfillment_hold };
    notify.fulfillmentOrder(shop, 'placed_on_hold', first, eventId);
  }
  return { hold, work };
}

/** Releases named holds, or every hold when none is named. */
export function releaseHolds(
  shop: ShopState,
  id: string,
  holdIds: readonly string[] | null,
): FulfillmentOrder {
  const work = shop.fulfillmentOrders.get(id);
  if (work === undefined) {
    throw new UserError(['id'], 'Fulfillment order does not exist.', 'FULFILLMENT_ORDER_NOT_FOUND');
  }
  const leaving = work.holds.filter(({ id: one }) => holdIds === null || holdIds.includes(one));
  work.holds = work.holds.filter((hold) => !leaving.includes(hold));
  work.updatedAt = shop.clock.now();
  const eventId = newUuid(shop);
  const lifted = work.holds.length === 0 && work.status === 'ON_HOLD';
  if (lifted) {
    const waits = work.fulfillAt === null || work.fulfillAt > shop.clock.now();
    work.status = waits ? 'SCHEDULED' : 'OPEN';
  }
  const fulfillment_order = { id: work.id, status: work.status.toLowerCase() };
  for (const { id: one, reason } of leaving) {
    const fulfillment_hold = { id: one, reason: reason.toLowerCase() };
    notify.fulfillmentHold(shop, 'released', { fulfillment_order, fulfillment_hold }, eventId);
  }
  if (lifted) notify.fulfillmentOrder(shop, 'hold_released', { fulfillment_order }, eventId);
  return work;
}
