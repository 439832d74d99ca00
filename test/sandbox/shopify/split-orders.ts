import { UserError } from './fulfill-orders';
import { digitsOf } from './ids';
import { newWorkLine } from './move-orders';
import { notify } from './notify';
import { must, newId, newUuid } from './state';
import type { FulfillmentOrder, FulfillmentOrderLine, Order, ShopState } from './state';

export type NamedLine = { id: string; quantity: number };

const NOT_FOUND = 'FULFILLMENT_ORDER_NOT_FOUND';

function workBy(shop: ShopState, id: string): FulfillmentOrder {
  const work = shop.fulfillmentOrders.get(id);
  if (work !== undefined) return work;
  throw new UserError(['id'], 'Fulfillment order does not exist.', NOT_FOUND);
}

const reference = (work: FulfillmentOrder): Record<string, unknown> => ({
  id: work.id,
  status: work.status.toLowerCase(),
});

/**
 * Puts the named units into a fulfillment order of their own; the original keeps the rest.
 * Throws UserError with the codes of FulfillmentOrderSplitUserErrorCode.
 */
export function splitFulfillmentOrder(
  shop: ShopState,
  id: string,
  named: readonly NamedLine[],
): { original: FulfillmentOrder; split: FulfillmentOrder } {
  const original = workBy(shop, id);
  if (original.status !== 'OPEN' && original.status !== 'IN_PROGRESS') {
    throw new UserError(
      ['fulfillmentOrderSplits', '0', 'fulfillmentOrderId'],
      `Fulfillment order: ${id} is currently not in a splittable state.`,
    );
  }
  const split = takeApart(shop, original, named, ['fulfillmentOrderSplits', '0']);
  const body = {
    fulfillment_order: reference(original),
    remaining_fulfillment_order: reference(split),
    replacement_fulfillment_order: null,
    split_line_items: named.map((line) => ({ id: line.id, quantity: line.quantity })),
  };
  notify.fulfillmentOrder(shop, 'split', body, newUuid(shop));
  return { original, split };
}

/** The named units as a new fulfillment order at the same place, in the same state. */
export function takeApart(
  shop: ShopState,
  original: FulfillmentOrder,
  named: readonly NamedLine[],
  field: string[],
): FulfillmentOrder {
  const parts = namedParts(original, named, field);
  const now = shop.clock.now();
  const created: FulfillmentOrder = {
    ...original,
    id: newId(shop, 'FulfillmentOrder'),
    status: 'OPEN',
    lines: parts.map(({ line, quantity }) => newWorkLine(shop, line, quantity)),
    holds: [],
    createdAt: now,
    updatedAt: now,
  };
  for (const { line, quantity } of parts) {
    line.remainingQuantity -= quantity;
    line.totalQuantity -= quantity;
  }
  original.lines = original.lines.filter((line) => line.totalQuantity > 0);
  original.updatedAt = now;
  shop.fulfillmentOrders.set(created.id, created);
  must(shop.orders, original.orderId).fulfillmentOrderIds.push(created.id);
  return created;
}

function namedParts(
  work: FulfillmentOrder,
  named: readonly NamedLine[],
  field: string[],
): { line: FulfillmentOrderLine; quantity: number }[] {
  const path = [...field, 'fulfillmentOrderLineItems'];
  if (named.length === 0) {
    throw new UserError(path, 'Name at least one line item.', 'NO_LINE_ITEMS_PROVIDED_TO_SPLIT');
  }
  const parts = named.map(({ id, quantity }) => {
    const line = work.lines.find((candidate) => candidate.id === id);
    if (quantity <= 0) throw new UserError(path, 'Must be greater than 0.', 'GREATER_THAN');
    if (line === undefined || quantity > line.remainingQuantity) {
      throw new UserError(path, 'The quantity is invalid.', 'INVALID_LINE_ITEM_QUANTITY');
    }
    return { line, quantity };
  });
  const units = parts.reduce((sum, part) => sum + part.quantity, 0);
  const all = work.lines.reduce((sum, line) => sum + line.remainingQuantity, 0);
  if (units === all) {
    throw new UserError(path, 'Nothing would remain.', 'INVALID_LINE_ITEM_QUANTITY');
  }
  return parts;
}

/** Several open fulfillment orders of one order and place become a new one; they are closed. */
export function mergeFulfillmentOrders(shop: ShopState, ids: readonly string[]): FulfillmentOrder {
  const works = ids.map((id) => workBy(shop, id));
  const [first] = works;
  const field = ['fulfillmentOrderMergeInputs', '0', 'mergeIntents'];
  if (first === undefined || works.length < 2) {
    throw new UserError(field, 'At least two fulfillment orders are needed.');
  }
  const fit = works.every(
    (work) =>
      work.status === 'OPEN' &&
      work.orderId === first.orderId &&
      work.locationId === first.locationId,
  );
  if (!fit) throw new UserError(field, 'Fulfillment orders cannot be merged.');
  const now = shop.clock.now();
  const merged: FulfillmentOrder = {
    ...first,
    id: newId(shop, 'FulfillmentOrder'),
    lines: [],
    holds: [],
    createdAt: now,
    updatedAt: now,
  };
  for (const work of works) mergeInto(shop, merged, work, now);
  shop.fulfillmentOrders.set(merged.id, merged);
  must(shop.orders, merged.orderId).fulfillmentOrderIds.push(merged.id);
  const body = {
    merge_intents: works.map((work) => ({ fulfillment_order_id: BigInt(digitsOf(work.id)) })),
    fulfillment_order_merges: [{ fulfillment_order: reference(merged) }],
  };
  notify.fulfillmentOrder(shop, 'merged', body, newUuid(shop));
  return merged;
}

function mergeInto(
  shop: ShopState,
  merged: FulfillmentOrder,
  work: FulfillmentOrder,
  now: Date,
): void {
  for (const line of work.lines.filter((one) => one.remainingQuantity > 0)) {
    const same = merged.lines.find((one) => one.orderLineId === line.orderLineId);
    if (same === undefined) merged.lines.push(newWorkLine(shop, line, line.remainingQuantity));
    else {
      same.totalQuantity += line.remainingQuantity;
      same.remainingQuantity += line.remainingQuantity;
    }
    line.totalQuantity -= line.remainingQuantity;
    line.remainingQuantity = 0;
  }
  work.status = 'CLOSED';
  work.updatedAt = now;
}

/**
 * Defers work, as a subscription's or a pre-order's is from the beginning (null: without a date).
 * Shopify's API can only give an already deferred one another date.
 */
export function scheduleWork(
  shop: ShopState,
  id: string,
  fulfillAt: Date | null,
): FulfillmentOrder {
  const work = workBy(shop, id);
  const deferred = work.status === 'SCHEDULED';
  if (!deferred && work.status !== 'OPEN') {
    throw new UserError(['id'], `Fulfillment order is ${work.status.toLowerCase()}.`);
  }
  work.status = 'SCHEDULED';
  work.fulfillAt = fulfillAt;
  work.updatedAt = shop.clock.now();
  const body = { fulfillment_order: { ...reference(work), fulfill_at: fulfillAt } };
  notify.fulfillmentOrder(shop, 'rescheduled', body, newUuid(shop));
  return work;
}

export function rescheduleWork(shop: ShopState, id: string, fulfillAt: Date): FulfillmentOrder {
  if (workBy(shop, id).status !== 'SCHEDULED') {
    throw new UserError(['id'], 'Fulfillment order is not scheduled.');
  }
  if (fulfillAt <= shop.clock.now()) {
    throw new UserError(['fulfillAt'], 'The date must be in the future.');
  }
  return scheduleWork(shop, id, fulfillAt);
}

/** The date has come, or the merchant does not wait for it. */
export function openScheduledWork(shop: ShopState, id: string): FulfillmentOrder {
  const work = workBy(shop, id);
  if (work.status !== 'SCHEDULED') {
    throw new UserError(['id'], 'Fulfillment order is not scheduled.');
  }
  work.status = 'OPEN';
  work.fulfillAt = shop.clock.now();
  work.updatedAt = shop.clock.now();
  const body = { fulfillment_order: reference(work) };
  notify.fulfillmentOrder(shop, 'scheduled_fulfillment_order_ready', body, newUuid(shop));
  return work;
}

/** Shopify's fraud analysis comes to a result. */
export function assessRisk(
  shop: ShopState,
  orderId: string,
  risk: NonNullable<Order['risk']>,
): Order {
  const order = must(shop.orders, orderId);
  order.risk = risk;
  order.updatedAt = shop.clock.now();
  const eventId = newUuid(shop);
  notify.riskAssessed(shop, order, eventId);
  notify.order(shop, 'updated', order, eventId);
  return order;
}
