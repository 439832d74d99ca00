import type { KitPart } from '../catalog/explode-kit';
import type { GeoPoint } from '../shared/address';
import {
  type RoutingAssignment,
  type RoutingCandidate,
  type RoutingPlan,
  type RoutingNeed,
  routeOrder,
} from '../routing/route-order';
import type { AllocationState } from './order-state';

/** Units of a line that may ship from elsewhere: promised, not shipped. */
export type MovableUnits = {
  readonly lineId: string;
  /** The kit this line is a component of. */
  readonly kit: KitPart | null;
  readonly allocation: AllocationState;
};

/** Where they should ship from: a location a person chose, or what the rules say now. */
export type RerouteTarget =
  { readonly kind: 'location'; readonly locationId: string } | { readonly kind: 'rules' };

export type ReroutePlan = {
  readonly releases: readonly { readonly allocation: AllocationState; readonly quantity: number }[];
  readonly assignments: readonly RoutingAssignment[];
  /** The same, as units that go from one location to another, line by line. */
  readonly moves: readonly {
    readonly lineId: string;
    readonly itemId: string;
    readonly from: string;
    readonly to: string;
    readonly quantity: number;
  }[];
  /** What the target does not have: with any of it, nothing is to be done. */
  readonly missing: readonly {
    readonly lineId: string;
    readonly itemId: string;
    readonly quantity: number;
  }[];
  readonly decision: RoutingPlan;
};

/**
 * Plans to ship units from elsewhere. Units that stay where they are keep their promise; the rest
 * is given back and promised anew. `candidates` show what is available before anything is given
 * back.
 */
export function planReroute(
  units: readonly MovableUnits[],
  candidates: readonly RoutingCandidate[],
  target: RerouteTarget,
  destination: GeoPoint | null,
): ReroutePlan {
  const free = candidates
    .filter(({ locationId }) => target.kind === 'rules' || locationId === target.locationId)
    .map((candidate) => withOwnUnits(candidate, units));
  const decision = routeOrder(needsOf(units), free, destination);
  const releases: ReroutePlan['releases'][number][] = [];
  const assignments: RoutingAssignment[] = [];
  const moves: ReroutePlan['moves'][number][] = [];
  for (const lineId of new Set(units.map((unit) => unit.lineId))) {
    const wanted = new Map(
      decision.assignments
        .filter((assigned) => assigned.lineId === lineId)
        .map((assigned) => [assigned.locationId, assigned]),
    );
    const leaving: { allocation: AllocationState; quantity: number }[] = [];
    for (const { allocation } of units.filter((unit) => unit.lineId === lineId)) {
      const there = wanted.get(allocation.locationId);
      const stays = Math.min(allocation.quantity, there?.quantity ?? 0);
      if (there !== undefined) {
        wanted.set(allocation.locationId, { ...there, quantity: there.quantity - stays });
      }
      if (allocation.quantity > stays) {
        leaving.push({ allocation, quantity: allocation.quantity - stays });
      }
    }
    const arriving = [...wanted.values()].filter(({ quantity }) => quantity > 0);
    releases.push(...leaving);
    assignments.push(...arriving);
    moves.push(...pairs(leaving, arriving));
  }
  return { releases, assignments, moves, missing: decision.short, decision };
}

/** What the place has for this order: what is available, and what it already set aside for it. */
function withOwnUnits(
  candidate: RoutingCandidate,
  units: readonly MovableUnits[],
): RoutingCandidate {
  const available = new Map(candidate.available);
  for (const { allocation } of units) {
    if (allocation.locationId !== candidate.locationId) continue;
    const { itemId, quantity } = allocation;
    available.set(itemId, (available.get(itemId) ?? 0) + quantity);
  }
  return { ...candidate, available };
}

function needsOf(units: readonly MovableUnits[]): RoutingNeed[] {
  const needs = new Map<string, RoutingNeed>();
  for (const { lineId, kit, allocation } of units) {
    const quantity = (needs.get(lineId)?.quantity ?? 0) + allocation.quantity;
    const need = { lineId, itemId: allocation.itemId, quantity };
    needs.set(lineId, kit === null ? need : { ...need, kit });
  }
  return [...needs.values()];
}

/** Which units go where: in the order of the lists, as many at a time as both sides have. */
function pairs(
  leaving: ReroutePlan['releases'],
  arriving: readonly RoutingAssignment[],
): ReroutePlan['moves'][number][] {
  const moves: ReroutePlan['moves'][number][] = [];
  const open = arriving.map((assigned) => ({ assigned, left: assigned.quantity }));
  for (const { allocation, quantity } of leaving) {
    let left = quantity;
    for (const place of open) {
      const units = Math.min(left, place.left);
      if (units === 0) continue;
      left -= units;
      place.left -= units;
      const { lineId, itemId, locationId: to } = place.assigned;
      moves.push({ lineId, itemId, from: allocation.locationId, to, quantity: units });
    }
  }
  return moves;
}
