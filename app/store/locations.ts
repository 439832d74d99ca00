import type { ChannelLocation } from '../contracts/channel';
import type { Queryable } from '../platform/database';
import { newId } from '../platform/ids';
import { insertRows, upsertRows } from './rows';
import { enqueueShortLines } from './short-lines';

export type StoredLocation = { readonly id: string; readonly name: string };

/** The merchant's active locations. */
export async function activeLocations(
  q: Queryable,
  merchantId: string,
): Promise<readonly StoredLocation[]> {
  const { rows } = await q.query<StoredLocation>(
    `SELECT id, name FROM location WHERE merchant_id = $1 AND active ORDER BY priority, id`,
    [merchantId],
  );
  return rows;
}

/** Our location for each of a connection's own locations, by the channel's ref. */
export async function mappedLocations(
  q: Queryable,
  connectionId: string,
): Promise<Map<string, string>> {
  const { rows } = await q.query<{ ref: string; locationId: string }>(
    `SELECT external_ref AS ref, location_id AS "locationId" FROM connection_location
      WHERE connection_id = $1 AND external_ref <> ''`,
    [connectionId],
  );
  return new Map(rows.map((row) => [row.ref, row.locationId]));
}

/**
 * Own places come first, and are equal until the merchant says otherwise: then the closest ships.
 */
const PRIORITY_OWN = 100;
const PRIORITY_THIRD_PARTY = 200;

/**
 * Makes a location of ours for each of a channel's locations that is not mapped yet, and maps it.
 * Answers the ids of those made.
 */
export async function adoptLocations(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  locations: readonly ChannelLocation[],
  now: Date,
): Promise<readonly string[]> {
  const mapped = await mappedLocations(q, connectionId);
  const fresh = locations.filter((location) => location.active && !mapped.has(location.ref));
  const adopted = fresh.map((location) => ({ location, id: newId() }));
  await insertRows(
    q,
    'location',
    adopted.map(({ id, location }) => ({
      id,
      merchant_id: merchantId,
      name: location.name,
      kind: location.thirdParty ? 'virtual' : 'own',
      address1: location.address.address1,
      city: location.address.city,
      province: location.address.province,
      zip: location.address.zip,
      country_code: location.address.countryCode,
      latitude: location.latitude,
      longitude: location.longitude,
      priority: location.thirdParty ? PRIORITY_THIRD_PARTY : PRIORITY_OWN,
      active: true,
      created_at: now,
    })),
  );
  await mapLocations(
    q,
    merchantId,
    connectionId,
    adopted.map(({ id, location }) => ({ locationId: id, ref: location.ref })),
  );
  return adopted.map(({ id }) => id);
}

/** Those of a connection's own locations that were made here since then. */
export async function locationsMadeSince(
  q: Queryable,
  connectionId: string,
  since: Date,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT lo.id FROM connection_location cl JOIN location lo ON lo.id = cl.location_id
      WHERE cl.connection_id = $1 AND cl.external_ref <> '' AND lo.created_at >= $2`,
    [connectionId, since],
  );
  return rows.map((row) => row.id);
}

/** Our locations that feed a connection. */
export async function mappedLocationIds(
  q: Queryable,
  connectionId: string,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ id: string }>(
    `SELECT location_id AS id FROM connection_location WHERE connection_id = $1`,
    [connectionId],
  );
  return rows.map((row) => row.id);
}

/** Lets locations feed a channel, each under the channel's ref ("" where it has one number). */
export async function mapLocations(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  pairs: readonly { readonly locationId: string; readonly ref: string }[],
): Promise<void> {
  await upsertRows(
    q,
    'connection_location',
    ['connection_id', 'location_id'],
    pairs.map((pair) => ({
      id: newId(),
      merchant_id: merchantId,
      connection_id: connectionId,
      location_id: pair.locationId,
      external_ref: pair.ref,
    })),
    ['id', 'merchant_id', 'external_ref'],
  );
}

/** Stops locations from feeding a channel, but for those kept. */
export async function unmapLocationsExcept(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  keptIds: readonly string[],
): Promise<void> {
  await q.query(
    `DELETE FROM connection_location
      WHERE merchant_id = $1 AND connection_id = $2 AND location_id <> ALL($3::uuid[])`,
    [merchantId, connectionId, keptIds],
  );
}

/**
 * Wakes orders that wait for what lies at these locations: a channel may ship from them from now
 * on. Call as the last statement of the transaction (see enqueueJobs).
 */
export async function wakeOrdersShortAt(
  q: Queryable,
  merchantId: string,
  locationIds: readonly string[],
): Promise<void> {
  if (locationIds.length === 0) return;
  const { rows } = await q.query<{ itemId: string }>(
    `SELECT DISTINCT ol.item_id AS "itemId" FROM order_line ol
      WHERE ol.merchant_id = $1 AND ol.short_quantity > 0 AND EXISTS (SELECT 1 FROM stock_level l
        WHERE l.item_id = ol.item_id AND l.location_id = ANY($2::uuid[]) AND l.available > 0)`,
    [merchantId, locationIds],
  );
  await enqueueShortLines(
    q,
    merchantId,
    rows.map((row) => row.itemId),
  );
}
