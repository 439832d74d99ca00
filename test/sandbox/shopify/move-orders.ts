import { UserError } from './fulfill-orders';
import { notify } from './notify';
import { changeQuantities, findLevel, type QuantityChange } from './stock';
import { must, newId, newUuid } from './state';
import type { FulfillmentOrder, FulfillmentOrderLine, ShopState } from './state';

export type MoveResult = {
  moved: FulfillmentOrder;
  original: FulfillmentOrder;
};

type Part = { line: FulfillmentOrderLine; quantity: number };

/**
 * Reassigns work to another location, as the mutation's own description tells it: the whole of an
 * untouched order keeps its id; a part, or what remains of a started one, lands on a new id; and
 * if the destination already works on this order, that work is closed and recreated too.
 */
export function moveFulfillmentOrder(
  shop: ShopState,
  id: string,
  newLocationId: string,
  named: readonly { id: string; quantity: number }[] | null,
): MoveResult {
  const work = shop.fulfillmentOrders.get(id);
  if (work === undefined) throw new UserError(['id'], 'Fulfillment order does not exist.');
  refuseMove(shop, work, newLocationId);
  const parts = chooseParts(work, named);
  for (const { line } of parts) {
    if (line.itemId !== null && findLevel(shop, line.itemId, newLocationId) === undefined) {
      throw new UserError(['newLocationId'], "The location doesn't stock the requested item.");
    }
  }
  const eventId = newUuid(shop);
  const from = work.locationId;
  const untouched = work.lines.every((line) => line.remainingQuantity === line.totalQuantity);
  const whole = work.lines.every((line) =>
    parts.some((part) => part.line === line && part.quantity === line.remainingQuantity),
  );
  const moved = whole && untouched ? work : splitOff(shop, work, newLocationId, parts);
  moved.locationId = newLocationId;
  moved.updatedAt = work.updatedAt = shop.clock.now();
  must(shop.orders, work.orderId).updatedAt = shop.clock.now();
  shiftCommitment(shop, parts, from, newLocationId, eventId);
  notify.fulfillmentOrder(shop, 'moved', movedBody(work, moved, from, newLocationId), eventId);
  return { moved, original: work };
}

const movedBody = (
  work: FulfillmentOrder,
  moved: FulfillmentOrder,
  from: string,
  to: string,
): Record<string, unknown> => ({
  original_fulfillment_order: { id: work.id, status: work.status.toLowerCase() },
  moved_fulfillment_order: { id: moved.id, status: moved.status.toLowerCase() },
  destination_location_id: to,
  source_location: { id: from },
  fulfillment_order_line_items_requested: [],
});

function refuseMove(shop: ShopState, work: FulfillmentOrder, newLocationId: string): void {
  if (work.status === 'SCHEDULED') {
    throw new UserError(['id'], 'Fulfillment order is scheduled.');
  }
  if (work.status === 'CLOSED' || work.status === 'CANCELLED') {
    throw new UserError(['id'], `Cannot move a ${work.status.toLowerCase()} fulfillment order.`);
  }
  if (work.progressReported) {
    throw new UserError(
      ['id'],
      'Cannot move a fulfillment order that has had progress reported.',
      'CANNOT_MOVE_FULFILLMENT_ORDER_WITH_REPORTED_PROGRESS',
    );
  }
  const location = shop.locations.get(newLocationId);
  if (location === undefined || !location.isActive) {
    throw new UserError(['newLocationId'], 'Location does not exist or is not active.');
  }
  if (work.locationId === newLocationId) {
    throw new UserError(['newLocationId'], 'The fulfillment order is already at this location.');
  }
}

function chooseParts(
  work: FulfillmentOrder,
  named: readonly { id: string; quantity: number }[] | null,
): Part[] {
  if (named === null || named.length === 0) {
    return work.lines
      .filter((line) => line.remainingQuantity > 0)
      .map((line) => ({ line, quantity: line.remainingQuantity }));
  }
  return named.map(({ id, quantity }) => {
    const line = work.lines.find((candidate) => candidate.id === id);
    if (line === undefined || quantity <= 0 || quantity > line.remainingQuantity) {
      throw new UserError(['fulfillmentOrderLineItems'], 'Invalid line item or quantity.');
    }
    return { line, quantity };
  });
}

function splitOff(
  shop: ShopState,
  work: FulfillmentOrder,
  newLocationId: string,
  parts: readonly Part[],
): FulfillmentOrder {
  const order = must(shop.orders, work.orderId);
  const now = shop.clock.now();
  const created: FulfillmentOrder = {
    ...work,
    id: newId(shop, 'FulfillmentOrder'),
    locationId: newLocationId,
    status: work.status === 'ON_HOLD' ? 'ON_HOLD' : 'OPEN',
    lines: parts.map((part) => newWorkLine(shop, part.line, part.quantity)),
    holds: [...work.holds],
    createdAt: now,
    updatedAt: now,
  };
  for (const { line, quantity } of parts) {
    line.remainingQuantity -= quantity;
    line.totalQuantity -= quantity;
  }
  work.lines = work.lines.filter((line) => line.totalQuantity > 0);
  if (work.lines.every((line) => line.remainingQuantity === 0)) work.status = 'CLOSED';
  absorbExisting(shop, created);
  shop.fulfillmentOrders.set(created.id, created);
  order.fulfillmentOrderIds.push(created.id);
  return created;
}

/** Work already open at the destination is closed and its lines are recreated in the new one. */
function absorbExisting(shop: ShopState, created: FulfillmentOrder): void {
  for (const id of must(shop.orders, created.orderId).fulfillmentOrderIds) {
    const other = must(shop.fulfillmentOrders, id);
    const active = other.status === 'OPEN' || other.status === 'IN_PROGRESS';
    if (!active || other.locationId !== created.locationId) continue;
    for (const line of other.lines.filter((one) => one.remainingQuantity > 0)) {
      created.lines.push(newWorkLine(shop, line, line.remainingQuantity));
      line.totalQuantity -= line.remainingQuantity;
      line.remainingQuantity = 0;
    }
    other.status = 'CLOSED';
    other.updatedAt = created.createdAt;
  }
}

export const newWorkLine = (
  shop: ShopState,
  line: FulfillmentOrderLine,
  quantity: number,
): FulfillmentOrderLine => ({
  ...line,
  id: newId(shop, 'FulfillmentOrderLineItem'),
  totalQuantity: quantity,
  remainingQuantity: quantity,
});

function shiftCommitment(
  shop: ShopState,
  parts: readonly Part[],
  from: string,
  to: string,
  eventId: string,
): void {
  const changes: QuantityChange[] = [];
  for (const { line, quantity } of parts) {
    if (line.itemId === null || !must(shop.items, line.itemId).tracked) continue;
    const { itemId } = line;
    if (findLevel(shop, itemId, from) !== undefined) {
      const deltas = { committed: -quantity, available: quantity };
      changes.push({ itemId, locationId: from, deltas });
    }
    const deltas = { committed: quantity, available: -quantity };
    changes.push({ itemId, locationId: to, deltas });
  }
  changeQuantities(shop, changes, eventId);
}
