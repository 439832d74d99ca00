import type { LineState } from '../../domain/orders/order-state';
import { orderDemand, orderStatus } from '../../domain/orders/order-status';
import { type OrderPlan, planOrder } from '../../domain/orders/plan-order';
import { pointOfAddress } from '../../domain/routing/place-points';
import type { RoutingCandidate } from '../../domain/routing/route-order';
import type { MovementDraft, MovementResult } from '../../domain/stock/movement';
import type { Transaction } from '../../platform/database';
import { newId } from '../../platform/ids';
import {
  allocationRows,
  changeAllocations,
  closeFinishedFulfillmentOrders,
  fulfillmentOrderRows,
  openFulfillmentOrders,
} from '../../store/allocations';
import { auditRows } from '../../store/audit';
import { insertFulfillments } from '../../store/fulfillments';
import { type NewJob, enqueuingOf } from '../../store/jobs';
import { postingOf } from '../../store/movements';
import { holdRows, releaseHolds } from '../../store/order-holds';
import { refundRows } from '../../store/order-refunds';
import { type StoredOrder, orderRows } from '../../store/orders';
import {
  type ShippingLocation,
  lockAvailable,
  routingDecisionRows,
  shippingLocations,
} from '../../store/routing';
import { type TableRows, writeTogether } from '../../store/rows';
import { enqueueShortLines } from '../../store/short-lines';
import { moveWorkJob } from '../../store/work';
import { auditOfHolds } from './apply-channel-holds';
import { auditOfPlan } from './describe-plan';
import type { PlanEntry, Planned } from './plan-entry';
import { stockWorkOf } from './stock-work';
import { returnLocations, takeRefunds } from './take-refunds';

export type CarriedOut = { readonly order: StoredOrder; readonly plan: OrderPlan };

/**
 * Plans orders one after another against locked stock and writes everything that follows: orders,
 * lines, allocations, fulfillment orders, holds, refunds, routing decisions and audit records in
 * one
 * statement, the movements in another. Levels are locked before planning, so what was planned can
 * be posted. What refunds bring back is for whoever waits longest, not for this batch.
 */
export async function carryOutPlans(
  tx: Transaction,
  merchantId: string,
  entries: readonly PlanEntry[],
  now: Date,
): Promise<readonly CarriedOut[]> {
  const locations = await shippingLocations(tx, merchantId, [
    ...new Set(entries.map((entry) => entry.order.connectionId)),
  ]);
  const available = await lockAvailable(tx, itemsOf(entries), locationsOf(entries, locations));
  const planned = entries.map((entry) => planEntry(entry, locations, available));

  const openOrders = await openFulfillmentOrders(
    tx,
    entries.filter((entry) => !entry.isNew).map((entry) => entry.order.id),
  );
  const work = stockWorkOf(planned, openOrders, now);
  const refunded = planned.map((one) => takeRefunds(one, now));
  const returns = refunded.flatMap(({ movements }) => movements);
  const tables = [
    ...orderRows(planned.map(writtenOrder), now),
    routingDecisionRows(work.decisions, now),
    fulfillmentOrderRows(work.fulfillmentOrders, now),
    allocationRows(work.allocations, now),
    holdRows(
      planned.flatMap(({ entry }) => entry.holds?.add ?? []),
      now,
    ),
    refundRows(
      refunded.flatMap(({ rows }) => rows),
      now,
    ),
    auditRows([
      ...planned.flatMap(({ entry, plan }) => [
        ...auditOfPlan(merchantId, entry, plan, now),
        ...auditOfHolds(entry, now),
      ]),
      ...refunded.flatMap(({ audits }) => audits),
    ]),
  ];
  const jobs = planned
    .filter((one) => movesWork(one) && hasPlaces(one.entry.order.connectionId, locations))
    .map(({ entry: { order } }) =>
      moveWorkJob(merchantId, { orderId: order.id, connectionId: order.connectionId }, null, now),
    );
  await writePosted(tx, merchantId, tables, [...work.movements, ...returns], jobs);
  await releaseHolds(
    tx,
    merchantId,
    planned.flatMap(({ entry }) => entry.holds?.release ?? []),
    now,
  );
  await changeAllocations(tx, work.allocationChanges);
  await insertFulfillments(tx, work.fulfillments);
  await closeFinishedFulfillmentOrders(
    tx,
    planned.filter(({ plan }) => changesPromises(plan)).map(({ entry }) => entry.order.id),
    now,
  );
  const freed = [...work.freedItemIds, ...returns.map(({ itemId }) => itemId)];
  await enqueueShortLines(tx, merchantId, [...new Set(freed)]);
  return planned.map(({ entry, plan }) => ({ order: entry.order, plan }));
}

function itemsOf(entries: readonly PlanEntry[]): string[] {
  const items = entries.flatMap(({ order }) =>
    order.lines.flatMap((line) => (line.itemId === null || line.isKit ? [] : [line.itemId])),
  );
  return [...new Set(items)];
}

function locationsOf(
  entries: readonly PlanEntry[],
  locations: readonly ShippingLocation[],
): string[] {
  const promised = entries.flatMap(({ order }) =>
    order.lines.flatMap((line) => line.allocations.map((allocation) => allocation.locationId)),
  );
  const returned = entries.flatMap(({ refunds }) => returnLocations(refunds));
  const shipping = locations.map((location) => location.locationId);
  return [...new Set([...promised, ...returned, ...shipping])];
}

/** Plans one order and takes its units out of `available`, for the orders after it. */
function planEntry(
  entry: PlanEntry,
  locations: readonly ShippingLocation[],
  available: Map<string, Map<string, number>>,
): Planned {
  const { order } = entry;
  const candidates: RoutingCandidate[] = locations
    .filter((location) => location.connectionId === order.connectionId)
    .map((location) => ({
      ...location,
      available: available.get(location.locationId) ?? new Map<string, number>(),
    }));
  const plan = planOrder(
    order.lines.map((line): LineState => lineState(entry, line)),
    orderDemand(order.stage, order.cancelState),
    candidates,
    pointOfAddress(order.shipTo),
  );
  const change = (locationId: string, itemId: string, units: number): void => {
    const held = available.get(locationId) ?? new Map<string, number>();
    held.set(itemId, (held.get(itemId) ?? 0) + units);
    available.set(locationId, held);
  };
  for (const { allocation, quantity } of plan.releases) {
    change(allocation.locationId, allocation.itemId, quantity);
  }
  for (const shipped of plan.departures) {
    if (shipped.allocation === null && shipped.locationId !== null) {
      change(shipped.locationId, shipped.itemId, -shipped.quantity);
    }
  }
  for (const assigned of plan.routing?.assignments ?? []) {
    change(assigned.locationId, assigned.itemId, -assigned.quantity);
  }
  return { entry, plan: worthKeeping(entry, plan) ? plan : { ...plan, routing: null } };
}

/** Looking again at an order that is still short of the same units decides nothing new. */
function worthKeeping(entry: PlanEntry, plan: OrderPlan): boolean {
  if (entry.isNew || plan.routing === null || plan.routing.assignments.length > 0) return true;
  const before = new Map(entry.order.lines.map((line) => [line.id, line.shortQuantity]));
  return plan.lines.some((line) => line.short !== before.get(line.lineId));
}

function lineState(entry: PlanEntry, line: StoredOrder['lines'][number]): LineState {
  const fulfilled = entry.channelFulfilled.get(line.id) ?? 0;
  return {
    id: line.id,
    itemId: line.itemId,
    quantity: line.quantity,
    requiresShipping: line.requiresShipping,
    shippedQuantity: entry.history
      ? Math.max(fulfilled, line.shippedQuantity)
      : line.shippedQuantity,
    channelFulfilled: fulfilled,
    isKit: line.isKit,
    kit:
      line.parentLineId === null || line.unitsPerParent === null
        ? null
        : { lineId: line.parentLineId, units: line.unitsPerParent },
    allocations: line.allocations,
  };
}

function writtenOrder({ entry, plan }: Planned): Parameters<typeof orderRows>[0][number] {
  const { order } = entry;
  const totals = new Map(plan.lines.map((line) => [line.lineId, line]));
  const demand = orderDemand(order.stage, order.cancelState);
  // Status goes by what lies on shelves; units are counted as the buyer does, a kit as one.
  const shippable = order.lines.filter(
    (line) => line.requiresShipping && line.parentLineId === null,
  );
  const status = orderStatus(
    demand,
    order.lines
      .filter((line) => !line.isKit)
      .map((line) => ({ ...line, shipped: totals.get(line.id)?.shipped ?? 0 })),
    order.stage,
  );
  const sum = (of: (line: StoredOrder['lines'][number]) => number): number =>
    shippable.reduce((total, line) => total + of(line), 0);
  const shipped = (line: StoredOrder['lines'][number]): number => totals.get(line.id)?.shipped ?? 0;
  return {
    order,
    lines: plan.lines,
    totals: {
      status,
      unitsOrdered: sum((line) => line.quantity),
      unitsShort: sum((line) => totals.get(line.id)?.short ?? 0),
      unitsUnmatched:
        demand === 'ship'
          ? sum((line) => (line.itemId === null ? Math.max(0, line.quantity - shipped(line)) : 0))
          : 0,
      unitsShipped: sum(shipped),
    },
  };
}

/** The channel knows several places of ours, so that it matters to it which one ships. */
function hasPlaces(connectionId: string, locations: readonly ShippingLocation[]): boolean {
  const named = locations.filter(
    (location) => location.connectionId === connectionId && location.externalRef !== '',
  );
  return named.length > 1;
}

/** Something of it ships from another place than before, which its channel may have to be told. */
function movesWork({ entry, plan }: Planned): boolean {
  const demand = orderDemand(entry.order.stage, entry.order.cancelState);
  const routed = (plan.routing?.assignments.length ?? 0) > 0;
  return demand === 'ship' && (routed || plan.releases.length > 0);
}

function changesPromises(plan: OrderPlan): boolean {
  return plan.releases.length > 0 || plan.departures.length > 0;
}

/** Rows, movements and jobs in one statement: most batches have nothing else to write. */
async function writePosted(
  tx: Transaction,
  merchantId: string,
  tables: readonly TableRows[],
  movements: readonly MovementDraft[],
  jobs: readonly NewJob[],
): Promise<void> {
  const added = enqueuingOf(jobs);
  const others = added === null ? [] : [added];
  if (movements.length === 0) {
    await writeTogether(tx, tables, others);
    return;
  }
  const posting = postingOf(merchantId, movements, 'all');
  const results = await writeTogether<MovementResult>(tx, tables, [...others, posting]);
  // The levels were locked before planning; anything else here is a mistake of ours, not a
  // shortage.
  if (results.some((result) => result.outcome === 'short')) {
    throw new Error(`Planned movements could not be posted (batch ${newId()}).`);
  }
}
