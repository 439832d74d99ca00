import { createHash } from 'node:crypto';
import {
  type ReroutePlan,
  type RerouteTarget,
  planReroute,
} from '../../domain/orders/plan-reroute';
import { pointOfAddress } from '../../domain/routing/place-points';
import type { RoutingCandidate } from '../../domain/routing/route-order';
import type { Queryable } from '../../platform/database';
import type { StoredLine, StoredOrder } from '../../store/orders';
import { lockAvailable, shippingLocations } from '../../store/routing';

/** Which units of an order may ship from elsewhere: of one fulfillment order, or of all. */
export type RerouteWish = {
  readonly fulfillmentOrderId: string | null;
  readonly target: RerouteTarget;
};

export type PlannedReroute = {
  readonly plan: ReroutePlan;
  readonly candidates: readonly RoutingCandidate[];
  /** Stands for exactly this plan: with another one, another text. */
  readonly token: string;
};

/** Why nothing of the order can be moved; null when something can. */
export function rerouteProblem(order: StoredOrder, wish: RerouteWish): string | null {
  if (order.status === 'cancelled') return 'This order was cancelled.';
  if (order.held) return 'The order is on hold: lift the hold first.';
  return movableUnits(order, wish).length === 0 ? 'Nothing is left to ship here.' : null;
}

/**
 * Plans a re-routing of a locked order on locked levels, which stay as they are until the
 * transaction ends.
 */
export async function readReroute(
  q: Queryable,
  order: StoredOrder,
  wish: RerouteWish,
): Promise<PlannedReroute> {
  const locations = await shippingLocations(q, order.merchantId, [order.connectionId]);
  const units = movableUnits(order, wish);
  const available = await lockAvailable(
    q,
    [...new Set(units.map(({ allocation }) => allocation.itemId))],
    [
      ...new Set([
        ...locations.map(({ locationId }) => locationId),
        ...units.map(({ allocation }) => allocation.locationId),
      ]),
    ],
  );
  const candidates = locations.map((location) => ({
    ...location,
    available: available.get(location.locationId) ?? new Map<string, number>(),
  }));
  const plan = planReroute(units, candidates, wish.target, pointOfAddress(order.shipTo));
  return { plan, candidates, token: tokenOf(plan) };
}

/**
 * Locks the levels of all that these orders may move, at once and in key order: locked order by
 * order, two such batches could wait for each other.
 */
export async function lockForReroutes(
  q: Queryable,
  merchantId: string,
  orders: readonly StoredOrder[],
): Promise<void> {
  const connectionIds = [...new Set(orders.map(({ connectionId }) => connectionId))];
  const locations = await shippingLocations(q, merchantId, connectionIds);
  const promised = orders.flatMap(({ lines }) => lines.flatMap(({ allocations }) => allocations));
  await lockAvailable(
    q,
    [...new Set(promised.map(({ itemId }) => itemId))],
    [...new Set([...locations, ...promised].map(({ locationId }) => locationId))],
  );
}

function movableUnits(order: StoredOrder, wish: RerouteWish) {
  return order.lines.flatMap((line) =>
    line.allocations
      .filter(({ fulfillmentOrderId }) =>
        wish.fulfillmentOrderId === null ? true : fulfillmentOrderId === wish.fulfillmentOrderId,
      )
      .map((allocation) => ({ lineId: line.id, kit: kitPartOf(line), allocation })),
  );
}

function kitPartOf({ parentLineId, unitsPerParent }: StoredLine) {
  return parentLineId === null || unitsPerParent === null
    ? null
    : { lineId: parentLineId, units: unitsPerParent };
}

function tokenOf(plan: ReroutePlan): string {
  const content = [plan.releases, plan.assignments, plan.missing];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);
}
