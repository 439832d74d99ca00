import type { GeoPoint } from '../shared/address';
import type { RoutingNeed } from '../routing/draw-units';
import { type RoutingCandidate, type RoutingPlan, routeOrder } from '../routing/route-order';
import type { AllocationState, LineState, OrderDemand } from './order-state';
import { kitFigures, splitByStock } from './plan-kits';

/** Units going back from committed to available. */
export type PlannedRelease = { readonly allocation: AllocationState; readonly quantity: number };

/**
 * Units the channel says have left although we did not ship them: out of an allocation, out of a
 * location's available units, or (both null) out of nowhere we know of.
 */
export type PlannedDeparture = {
  readonly lineId: string;
  readonly itemId: string;
  readonly allocation: AllocationState | null;
  readonly locationId: string | null;
  readonly quantity: number;
};

export type PlannedLine = {
  readonly lineId: string;
  readonly allocated: number;
  readonly shipped: number;
  readonly short: number;
};

export type OrderPlan = {
  readonly releases: readonly PlannedRelease[];
  readonly departures: readonly PlannedDeparture[];
  /** Null when there was nothing to route. Its assignments are the new allocations. */
  readonly routing: RoutingPlan | null;
  readonly lines: readonly PlannedLine[];
};

/**
 * Decides what one order does to stock, comparing what it wants with what is already promised and
 * shipped for it. Planning the same state again plans nothing: repeats and late messages are
 * harmless. `candidates` must show what is available after earlier orders of the same batch. Kit
 * lines come with their components' lines, which are what is planned.
 */
export function planOrder(
  lines: readonly LineState[],
  demand: OrderDemand,
  candidates: readonly RoutingCandidate[],
  destination: GeoPoint | null,
): OrderPlan {
  const work = lines.filter((line) => !line.isKit).map(startLine);
  for (const line of work) shipFromAllocations(line);
  for (const line of work) releaseExcess(line, demand);
  const releases = work.flatMap((line) => line.releases);
  const free = addReleased(candidates, releases);
  const taken = shipFromAvailable(work, free, destination);
  const routing = demand === 'ship' ? routeNeeds(work, taken, destination) : null;
  return {
    releases,
    departures: work.flatMap((line) => line.departures),
    routing,
    lines: finishLines(lines, work, routing, demand),
  };
}

type LineWork = {
  readonly line: LineState;
  /** Open units by allocation, as planned so far. */
  readonly open: Map<string, number>;
  readonly releases: PlannedRelease[];
  readonly departures: PlannedDeparture[];
  /** Units the channel shipped that no allocation covers yet. */
  uncovered: number;
  shipped: number;
};

function startLine(line: LineState): LineWork {
  return {
    line,
    open: new Map(line.allocations.map((allocation) => [allocation.id, allocation.quantity])),
    releases: [],
    departures: [],
    uncovered:
      line.itemId === null || !line.requiresShipping
        ? 0
        : Math.max(0, line.channelFulfilled - line.shippedQuantity),
    shipped: Math.max(line.shippedQuantity, line.requiresShipping ? line.channelFulfilled : 0),
  };
}

function shipFromAllocations(work: LineWork): void {
  for (const allocation of work.line.allocations) {
    const units = Math.min(work.uncovered, work.open.get(allocation.id) ?? 0);
    if (units === 0) continue;
    work.open.set(allocation.id, (work.open.get(allocation.id) ?? 0) - units);
    work.uncovered -= units;
    work.departures.push({
      lineId: work.line.id,
      itemId: allocation.itemId,
      allocation,
      locationId: allocation.locationId,
      quantity: units,
    });
  }
}

/** Gives back what the buyer no longer wants, newest promise first. */
function releaseExcess(work: LineWork, demand: OrderDemand): void {
  const wanted = demand === 'ship' ? Math.max(0, work.line.quantity - work.shipped) : 0;
  let excess = openUnits(work) - wanted;
  for (const allocation of [...work.line.allocations].reverse()) {
    const units = Math.min(excess, work.open.get(allocation.id) ?? 0);
    if (units <= 0) continue;
    work.open.set(allocation.id, (work.open.get(allocation.id) ?? 0) - units);
    work.releases.push({ allocation, quantity: units });
    excess -= units;
  }
}

function openUnits(work: LineWork): number {
  return [...work.open.values()].reduce((sum, units) => sum + units, 0);
}

function addReleased(
  candidates: readonly RoutingCandidate[],
  releases: readonly PlannedRelease[],
): RoutingCandidate[] {
  return candidates.map((candidate) => {
    const available = new Map(candidate.available);
    for (const { allocation, quantity } of releases) {
      if (allocation.locationId !== candidate.locationId) continue;
      available.set(allocation.itemId, (available.get(allocation.itemId) ?? 0) + quantity);
    }
    return { ...candidate, available };
  });
}

/** Takes what the channel already shipped from where we would have shipped it. */
function shipFromAvailable(
  lines: readonly LineWork[],
  candidates: readonly RoutingCandidate[],
  destination: GeoPoint | null,
): RoutingCandidate[] {
  const needs = lines.flatMap(({ line, uncovered }) =>
    uncovered > 0 && line.itemId !== null
      ? [{ ...needOf(line, line.itemId), quantity: uncovered }]
      : [],
  );
  if (needs.length === 0) return [...candidates];
  const plan = routeOrder(needs, candidates, destination);
  const lineOf = new Map(lines.map((work) => [work.line.id, work]));
  for (const taken of plan.assignments) {
    lineOf.get(taken.lineId)?.departures.push({ ...taken, allocation: null });
  }
  for (const missing of plan.short) {
    const { lineId, itemId, quantity } = missing;
    lineOf
      .get(lineId)
      ?.departures.push({ lineId, itemId, quantity, allocation: null, locationId: null });
  }
  return subtract(candidates, plan.assignments);
}

function subtract(
  candidates: readonly RoutingCandidate[],
  assignments: RoutingPlan['assignments'],
): RoutingCandidate[] {
  return candidates.map((candidate) => {
    const available = new Map(candidate.available);
    for (const taken of assignments) {
      if (taken.locationId !== candidate.locationId) continue;
      available.set(taken.itemId, (available.get(taken.itemId) ?? 0) - taken.quantity);
    }
    return { ...candidate, available };
  });
}

function needOf(line: LineState, itemId: string): Omit<RoutingNeed, 'quantity'> {
  return { lineId: line.id, itemId, ...(line.kit === null ? {} : { kit: line.kit }) };
}

function routeNeeds(
  lines: readonly LineWork[],
  candidates: readonly RoutingCandidate[],
  destination: GeoPoint | null,
): RoutingPlan | null {
  const wants = lines.flatMap((work) => {
    const { id, itemId, kit, quantity, requiresShipping } = work.line;
    return itemId === null || !requiresShipping
      ? []
      : [{ lineId: id, itemId, kit, wanted: quantity, covered: work.shipped + openUnits(work) }];
  });
  const stock = new Map<string, number>();
  for (const { available } of candidates) {
    for (const [itemId, units] of available) {
      stock.set(itemId, (stock.get(itemId) ?? 0) + Math.max(0, units));
    }
  }
  const { needs, missing } = splitByStock(wants, stock);
  if (needs.length + missing.length === 0) return null;
  return routeOrder(needs, candidates, destination, missing);
}

function finishLines(
  lines: readonly LineState[],
  work: readonly LineWork[],
  routing: RoutingPlan | null,
  demand: OrderDemand,
): PlannedLine[] {
  const done = new Map(work.map((one) => [one.line.id, finishLine(one, routing, demand)]));
  return lines.map((line) => {
    const plain = done.get(line.id);
    if (plain !== undefined) return plain;
    const parts = lines.flatMap((part) => {
      const figures = done.get(part.id);
      return part.kit?.lineId === line.id && figures !== undefined
        ? [{ ...figures, unitsPerKit: part.kit.units }]
        : [];
    });
    const wanted = demand === 'ship' && line.requiresShipping;
    return { lineId: line.id, ...kitFigures(line, parts, wanted) };
  });
}

function finishLine(work: LineWork, routing: RoutingPlan | null, demand: OrderDemand): PlannedLine {
  const assigned = (routing?.assignments ?? [])
    .filter((assignment) => assignment.lineId === work.line.id)
    .reduce((sum, assignment) => sum + assignment.quantity, 0);
  const allocated = openUnits(work) + assigned;
  const matters = demand === 'ship' && work.line.requiresShipping && work.line.itemId !== null;
  return {
    lineId: work.line.id,
    allocated,
    shipped: work.shipped,
    short: matters ? Math.max(0, work.line.quantity - work.shipped - allocated) : 0,
  };
}
