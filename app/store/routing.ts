import type { RoutingCandidate, RoutingPlan } from '../domain/routing/route-order';
import type { Cause } from '../domain/shared/actor';
import type { Queryable } from '../platform/database';
import type { TableRows } from './rows';

/** A location that may ship a channel's orders. */
export type ShippingLocation = Omit<RoutingCandidate, 'available'> & {
  readonly connectionId: string;
  /** The channel's id of it; "" where the channel keeps one number for all its places. */
  readonly externalRef: string;
};

/** The active locations each of these connections is mapped to. */
export async function shippingLocations(
  q: Queryable,
  merchantId: string,
  connectionIds: readonly string[],
): Promise<readonly ShippingLocation[]> {
  const { rows } = await q.query<{
    connectionId: string;
    externalRef: string;
    locationId: string;
    name: string;
    priority: number;
    latitude: number | null;
    longitude: number | null;
  }>(
    `SELECT cl.connection_id AS "connectionId", cl.external_ref AS "externalRef",
        lo.id AS "locationId", lo.name, lo.priority, lo.latitude, lo.longitude
       FROM connection_location cl JOIN location lo ON lo.id = cl.location_id
      WHERE cl.merchant_id = $1 AND cl.connection_id = ANY($2::uuid[]) AND lo.active
      ORDER BY lo.priority, lo.id`,
    [merchantId, connectionIds],
    { name: 'shipping_locations' },
  );
  return rows.map(({ latitude, longitude, ...row }) => ({
    ...row,
    point: latitude === null || longitude === null ? null : { latitude, longitude },
  }));
}

/**
 * Locks the levels of these items at these locations, in key order, and reads what is available.
 * Until the transaction ends the numbers cannot change, so a plan made on them can be carried out.
 */
export async function lockAvailable(
  q: Queryable,
  itemIds: readonly string[],
  locationIds: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const byLocation = new Map<string, Map<string, number>>();
  if (itemIds.length === 0 || locationIds.length === 0) return byLocation;
  const { rows } = await q.query<{ itemId: string; locationId: string; available: number }>(
    `SELECT l.* FROM (SELECT item, location FROM unnest($1::uuid[]) AS item
          CROSS JOIN unnest($2::uuid[]) AS location ORDER BY item, location OFFSET 0) c
       CROSS JOIN LATERAL (SELECT item_id AS "itemId", location_id AS "locationId", available
         FROM stock_level WHERE item_id = c.item AND location_id = c.location FOR UPDATE) l`,
    [itemIds, locationIds],
    { name: 'lock_available' },
  );
  for (const row of rows) {
    const held = byLocation.get(row.locationId) ?? new Map<string, number>();
    held.set(row.itemId, row.available);
    byLocation.set(row.locationId, held);
  }
  return byLocation;
}

export type NewRoutingDecision = {
  readonly id: string;
  readonly merchantId: string;
  readonly orderId: string;
  readonly cause: Cause;
  readonly plan: RoutingPlan;
};

/** Why an order went where it went, to be kept by writeTables. */
export function routingDecisionRows(
  decisions: readonly NewRoutingDecision[],
  now: Date,
): TableRows {
  return {
    table: 'routing_decision',
    rows: decisions.map(({ id, merchantId, orderId, cause, plan }) => ({
      id,
      merchant_id: merchantId,
      order_id: orderId,
      decided_at: now,
      cause_kind: cause.kind,
      cause_id: cause.id,
      sentence: plan.sentence,
      detail: {
        assignments: plan.assignments,
        short: plan.short,
        considered: plan.considered,
        decidedBy: plan.decidedBy,
      },
    })),
  };
}
