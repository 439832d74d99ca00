import { distanceKm } from '../../domain/routing/distance';
import { pointOfAddress } from '../../domain/routing/place-points';
import type { RoutingCandidate } from '../../domain/routing/route-order';
import { findLocationNames } from '../../store/location-names';
import { type StoredOrder, lockOrdersById } from '../../store/orders';
import { type OperationContext, type Refused, refused } from '../context';
import { type PlannedReroute, type RerouteWish, readReroute, rerouteProblem } from './read-reroute';

export type RerouteLine = {
  readonly title: string;
  readonly sku: string | null;
  readonly units: number;
  readonly from: string;
  readonly to: string;
  /** Units that can be sold there now, before anything moves. */
  readonly available: number;
};

/** What a re-routing would change, for people to look at before they agree. */
export type ReroutePreview = {
  readonly status: 'done';
  /** To be sent back: only this very plan is carried out. */
  readonly token: string;
  readonly moves: readonly RerouteLine[];
  /** What the place does not have; with any of it, nothing can be moved. */
  readonly missing: readonly {
    readonly title: string;
    readonly sku: string | null;
    readonly units: number;
    /** What it has, this order's own units included. */
    readonly has: number;
  }[];
  readonly parcels: { readonly before: number; readonly after: number };
  /** Summed over the parcels, in whole kilometres; null = a position is unknown. */
  readonly distanceKm: { readonly before: number | null; readonly after: number | null };
  readonly sentence: string;
};

/** Looks at what shipping from elsewhere would change, and changes nothing. */
export async function previewReroute(
  context: OperationContext,
  input: RerouteWish & { readonly merchantId: string; readonly orderId: string },
): Promise<ReroutePreview | Refused> {
  return context.db.transaction(async (tx) => {
    const [order] = await lockOrdersById(tx, input.merchantId, [input.orderId]);
    if (order === undefined) return refused('not_found', 'This order does not exist.');
    const problem = rerouteProblem(order, input);
    if (problem !== null) return refused('conflict', problem);
    const planned = await readReroute(tx, order, input);
    const names = await findLocationNames(tx, input.merchantId);
    return toPreview(order, planned, (id) => names.get(id) ?? 'a removed location');
  });
}

function toPreview(
  order: StoredOrder,
  { plan, candidates, token }: PlannedReroute,
  nameOf: (locationId: string) => string,
): ReroutePreview {
  const lines = new Map(order.lines.map((line) => [line.id, line]));
  const words = (lineId: string) => {
    const line = lines.get(lineId);
    return { title: line?.title ?? '', sku: line?.sku ?? null };
  };
  const availableAt = (locationId: string, itemId: string): number =>
    candidates.find((place) => place.locationId === locationId)?.available.get(itemId) ?? 0;
  const before = places(order);
  const after = placesAfter(order, plan);
  const destination = pointOfAddress(order.shipTo);
  return {
    status: 'done',
    token,
    moves: plan.moves.map((move) => ({
      ...words(move.lineId),
      units: move.quantity,
      from: nameOf(move.from),
      to: nameOf(move.to),
      available: availableAt(move.to, move.itemId),
    })),
    missing: plan.missing.map(({ lineId, itemId, quantity }) => {
      const assigned = plan.decision.assignments
        .filter((one) => one.itemId === itemId && one.lineId === lineId)
        .reduce((sum, one) => sum + one.quantity, 0);
      return { ...words(lineId), units: assigned + quantity, has: assigned };
    }),
    parcels: { before: before.size, after: after.size },
    distanceKm: {
      before: distanceOf(before, candidates, destination),
      after: distanceOf(after, candidates, destination),
    },
    sentence: plan.decision.sentence,
  };
}

/** Where the order's open units are. */
function places(order: StoredOrder): Set<string> {
  return new Set(
    order.lines.flatMap((line) => line.allocations.map(({ locationId }) => locationId)),
  );
}

function placesAfter(order: StoredOrder, plan: PlannedReroute['plan']): Set<string> {
  const leaving = new Map(plan.releases.map((one) => [one.allocation.id, one.quantity]));
  const staying = order.lines.flatMap((line) =>
    line.allocations
      .filter(({ id, quantity }) => quantity > (leaving.get(id) ?? 0))
      .map(({ locationId }) => locationId),
  );
  return new Set([...staying, ...plan.assignments.map(({ locationId }) => locationId)]);
}

function distanceOf(
  locationIds: ReadonlySet<string>,
  candidates: readonly RoutingCandidate[],
  destination: ReturnType<typeof pointOfAddress>,
): number | null {
  let sum = 0;
  for (const id of locationIds) {
    const point = candidates.find(({ locationId }) => locationId === id)?.point ?? null;
    if (point === null || destination === null) return null;
    sum += distanceKm(point, destination);
  }
  return Math.round(sum);
}
