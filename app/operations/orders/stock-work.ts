import { inside, outside } from '../../domain/stock/cell';
import type { MovementDraft } from '../../domain/stock/movement';
import { newId } from '../../platform/ids';
import type { AllocationChange, NewAllocation, NewFulfillmentOrder } from '../../store/allocations';
import type { NewFulfillment } from '../../store/fulfillments';
import type { NewRoutingDecision } from '../../store/routing';
import type { PlanEntry, Planned } from './plan-entry';

/** Rows and movements that plans come down to, collected over a batch of orders. */
export type StockWork = {
  readonly decisions: NewRoutingDecision[];
  readonly fulfillmentOrders: NewFulfillmentOrder[];
  readonly allocations: NewAllocation[];
  readonly allocationChanges: AllocationChange[];
  readonly fulfillments: NewFulfillment[];
  readonly movements: MovementDraft[];
  /** Items of which units became available: someone may be waiting for them. */
  readonly freedItemIds: readonly string[];
};

type OpenFulfillmentOrder = {
  readonly id: string;
  readonly orderId: string;
  readonly locationId: string;
};

/** Turns plans into rows and movements. New promises join the order's open work at a location. */
export function stockWorkOf(
  planned: readonly Planned[],
  openOrders: readonly OpenFulfillmentOrder[],
  now: Date,
): StockWork {
  const work: Mutable = {
    decisions: [],
    fulfillmentOrders: [],
    allocations: [],
    allocationChanges: [],
    fulfillments: [],
    movements: [],
    open: new Map(openOrders.map((row) => [`${row.orderId} ${row.locationId}`, row.id])),
    freed: new Set(),
  };
  for (const { entry, plan } of planned) {
    addReleases(work, entry, plan, now);
    addDepartures(work, entry, plan, now);
    addAllocations(work, entry, plan, now);
  }
  return { ...work, freedItemIds: [...work.freed] };
}

type Mutable = Omit<StockWork, 'freedItemIds'> & {
  /** Open fulfillment orders by "order location". */
  readonly open: Map<string, string>;
  readonly freed: Set<string>;
};

type MovementParts = Pick<MovementDraft, 'itemId' | 'quantity' | 'from' | 'to' | 'reason'>;

function move(
  work: Mutable,
  entry: PlanEntry,
  subjectId: string,
  parts: MovementParts,
  now: Date,
): void {
  work.movements.push({
    ...parts,
    // A fresh id: planning is what makes this happen once, and it saw the state under lock.
    key: `${parts.reason}:${subjectId}:${newId()}`,
    cause: { kind: 'order', id: entry.order.id },
    actor: entry.actor,
    note: null,
    occurredAt: now,
  });
}

function addReleases(work: Mutable, entry: PlanEntry, plan: Planned['plan'], now: Date): void {
  for (const { allocation, quantity } of plan.releases) {
    work.allocationChanges.push({ id: allocation.id, shipped: 0, released: quantity });
    work.freed.add(allocation.itemId);
    move(
      work,
      entry,
      allocation.id,
      {
        itemId: allocation.itemId,
        quantity,
        from: inside('committed', allocation.locationId),
        to: inside('available', allocation.locationId),
        reason: 'release',
      },
      now,
    );
  }
}

function addAllocations(work: Mutable, entry: PlanEntry, plan: Planned['plan'], now: Date): void {
  if (plan.routing === null) return;
  const decisionId = newId();
  const { merchantId, id: orderId } = entry.order;
  work.decisions.push({
    id: decisionId,
    merchantId,
    orderId,
    cause: entry.cause,
    plan: plan.routing,
  });
  for (const assigned of plan.routing.assignments) {
    const allocationId = newId();
    work.allocations.push({
      id: allocationId,
      merchantId,
      fulfillmentOrderId: fulfillmentOrderAt(work, entry, assigned.locationId, decisionId),
      orderLineId: assigned.lineId,
      itemId: assigned.itemId,
      locationId: assigned.locationId,
      quantity: assigned.quantity,
      shippedQuantity: 0,
    });
    move(
      work,
      entry,
      allocationId,
      {
        itemId: assigned.itemId,
        quantity: assigned.quantity,
        from: inside('available', assigned.locationId),
        to: inside('committed', assigned.locationId),
        reason: 'sale',
      },
      now,
    );
  }
}

function fulfillmentOrderAt(
  work: Mutable,
  entry: PlanEntry,
  locationId: string,
  decisionId: string | null,
): string {
  const key = `${entry.order.id} ${locationId}`;
  const open = work.open.get(key);
  if (open !== undefined) return open;
  const id = newId();
  work.open.set(key, id);
  work.fulfillmentOrders.push({
    id,
    merchantId: entry.order.merchantId,
    orderId: entry.order.id,
    locationId,
    decisionId,
  });
  return id;
}

/** What left through the channel itself: one fulfillment per location, nothing to report back. */
function addDepartures(work: Mutable, entry: PlanEntry, plan: Planned['plan'], now: Date): void {
  const { merchantId, id: orderId } = entry.order;
  const lines = new Map<string, NewFulfillment['lines'][number][]>();
  for (const shipped of plan.departures) {
    const { allocation, locationId, quantity, itemId, lineId } = shipped;
    const subjectId = allocation?.id ?? newId();
    const from =
      allocation !== null
        ? inside('committed', allocation.locationId)
        : locationId !== null
          ? inside('available', locationId)
          : outside('adjustment');
    const reason = from.locationId === null ? 'channel_shipped_unknown' : 'channel_shipped';
    move(work, entry, subjectId, { itemId, quantity, from, to: outside('customer'), reason }, now);
    if (locationId === null) continue;
    const fulfillmentOrderId =
      allocation?.fulfillmentOrderId ?? fulfillmentOrderAt(work, entry, locationId, null);
    if (allocation !== null) {
      work.allocationChanges.push({ id: allocation.id, shipped: quantity, released: 0 });
    } else {
      work.allocations.push({
        id: subjectId,
        merchantId,
        fulfillmentOrderId,
        orderLineId: lineId,
        itemId,
        locationId,
        quantity: 0,
        shippedQuantity: quantity,
      });
    }
    const list = lines.get(fulfillmentOrderId) ?? [];
    list.push({ allocationId: subjectId, orderLineId: lineId, quantity });
    lines.set(fulfillmentOrderId, list);
  }
  for (const [fulfillmentOrderId, shippedLines] of lines) {
    const id = newId();
    work.fulfillments.push({
      id,
      merchantId,
      orderId,
      fulfillmentOrderId,
      idempotencyKey: `channel:${id}`,
      origin: 'channel',
      tracking: { company: null, number: null, url: null },
      notifyCustomer: false,
      shippedAt: now,
      reportState: 'not_needed',
      reportDetail: null,
      reportContent: null,
      lines: shippedLines,
    });
  }
}
