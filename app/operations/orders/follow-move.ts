import { type MovableUnits, planReroute } from '../../domain/orders/plan-reroute';
import { pointOfAddress } from '../../domain/routing/place-points';
import type { Transaction } from '../../platform/database';
import { type StoredLine, type StoredOrder, lockOrdersById } from '../../store/orders';
import { lockAvailable, shippingLocations } from '../../store/routing';
import { findLocationByRef } from '../../store/work';
import { type OperationContext, type Refused, refused } from '../context';
import { carryOutReroute } from './reroute-order';

export type FollowMove = {
  readonly merchantId: string;
  readonly orderId: string;
  readonly connectionId: string;
  /** The channel's location that has the work now. */
  readonly locationRef: string;
  /** In the channel's lines: units that are there and that we would ship from elsewhere. */
  readonly excess: readonly { readonly lineRef: string; readonly quantity: number }[];
};

/**
 * Ships from where staff of the channel moved the work to: all of the moved units, or none of
 * them if their new location does not have them or is not one of ours.
 */
export async function followMove(
  context: OperationContext,
  input: FollowMove,
): Promise<{ readonly status: 'done' } | Refused> {
  const answer = await context.db.transaction((tx) => follow(tx, context, input));
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

async function follow(
  tx: Transaction,
  context: OperationContext,
  input: FollowMove,
): Promise<{ readonly status: 'done' } | Refused> {
  const { merchantId, connectionId } = input;
  const [order] = await lockOrdersById(tx, merchantId, [input.orderId]);
  if (order === undefined) return refused('not_found', 'This order does not exist.');
  const locationId = await findLocationByRef(tx, connectionId, input.locationRef);
  const places = await shippingLocations(tx, merchantId, [connectionId]);
  const place = places.find((one) => one.locationId === locationId);
  if (place === undefined) {
    return refused('conflict', 'Its new location ships nothing for this channel.');
  }
  const units = input.excess.flatMap((one) => unitsOfLine(order, place.locationId, one));
  const available = await lockAvailable(
    tx,
    [...new Set(units.map(({ allocation }) => allocation.itemId))],
    [...new Set([place.locationId, ...units.map(({ allocation }) => allocation.locationId)])],
  );
  const candidate = {
    ...place,
    available: available.get(place.locationId) ?? new Map<string, number>(),
  };
  const target = { kind: 'location', locationId: place.locationId } as const;
  const plan = planReroute(units, [candidate], target, pointOfAddress(order.shipTo));
  if (plan.moves.length === 0 || plan.missing.length > 0) {
    return refused('conflict', `${place.name} does not have it.`);
  }
  await carryOutReroute(
    tx,
    {
      merchantId,
      orderIds: [order.id],
      actor: { kind: 'channel', id: connectionId },
      cause: { kind: 'order', id: order.id },
      now: context.clock.now(),
    },
    order,
    { fulfillmentOrderId: null, target },
    { plan, how: 'moved in the channel' },
  );
  return { status: 'done' };
}

/** Promises of a channel line (of a kit's: of its components) that are elsewhere, so many units. */
function unitsOfLine(
  order: StoredOrder,
  locationId: string,
  excess: FollowMove['excess'][number],
): readonly MovableUnits[] {
  const line = order.lines.find((one) => one.externalRef === excess.lineRef);
  if (line === undefined) return [];
  const parts = order.lines.filter((one) => one.parentLineId === line.id);
  if (parts.length === 0) return take(line, excess.quantity, locationId);
  return parts.flatMap((part) =>
    take(part, excess.quantity * (part.unitsPerParent ?? 1), locationId),
  );
}

function take(line: StoredLine, quantity: number, locationId: string): MovableUnits[] {
  const { parentLineId, unitsPerParent } = line;
  const kit =
    parentLineId === null || unitsPerParent === null
      ? null
      : { lineId: parentLineId, units: unitsPerParent };
  let left = quantity;
  return line.allocations.flatMap((allocation) => {
    const units = Math.min(left, allocation.quantity);
    if (units <= 0 || allocation.locationId === locationId) return [];
    left -= units;
    return [{ lineId: line.id, kit, allocation: { ...allocation, quantity: units } }];
  });
}
