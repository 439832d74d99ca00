/** A location as people describe it, which channels it feeds, and what is going on there. */
import type { LocationDetails } from '../domain/stock/location-details';
import type { Queryable } from '../platform/database';
import { markAllDirty } from './publications';
import { mapLocations } from './locations';

export type KnownLocation = LocationDetails & { readonly id: string; readonly active: boolean };

const COLUMNS = `id, name, kind, address1, city, province, zip, country_code AS "countryCode",
  latitude, longitude, priority, active`;

/** All locations of a merchant, locked against other changes until the commit. */
export async function lockLocations(
  q: Queryable,
  merchantId: string,
): Promise<readonly KnownLocation[]> {
  const { rows } = await q.query<KnownLocation>(
    `SELECT ${COLUMNS} FROM location WHERE merchant_id = $1 ORDER BY id FOR UPDATE`,
    [merchantId],
  );
  return rows;
}

/** Adds a location, or changes the one of this id. */
export async function writeLocation(
  q: Queryable,
  merchantId: string,
  id: string,
  location: LocationDetails,
): Promise<void> {
  await q.query(
    `INSERT INTO location (id, merchant_id, name, kind, address1, city, province, zip, country_code,
        latitude, longitude, priority) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind,
        address1 = excluded.address1, city = excluded.city, province = excluded.province,
        zip = excluded.zip, country_code = excluded.country_code, latitude = excluded.latitude,
        longitude = excluded.longitude, priority = excluded.priority
      WHERE location.merchant_id = $2`,
    [
      id,
      merchantId,
      location.name,
      location.kind,
      location.address1,
      location.city,
      location.province,
      location.zip,
      location.countryCode,
      location.latitude,
      location.longitude,
      location.priority,
    ],
  );
}

/** Switches a location on or off, and lets every channel it feeds be told its numbers anew. */
export async function switchLocation(
  q: Queryable,
  merchantId: string,
  id: string,
  active: boolean,
): Promise<void> {
  await q.query(`UPDATE location SET active = $3 WHERE id = $2 AND merchant_id = $1`, [
    merchantId,
    id,
    active,
  ]);
  const { rows } = await q.query<{ connectionId: string }>(
    `SELECT connection_id AS "connectionId" FROM connection_location
      WHERE merchant_id = $1 AND location_id = $2 ORDER BY connection_id`,
    [merchantId, id],
  );
  for (const { connectionId } of rows) await markAllDirty(q, connectionId);
}

/** Orders to be shipped from a location, and units that are or will be there. */
export async function locationLoad(
  q: Queryable,
  merchantId: string,
  id: string,
): Promise<{ readonly orders: number; readonly units: number }> {
  return q.one(
    `SELECT (SELECT count(DISTINCT order_id)::int FROM fulfillment_order
          WHERE merchant_id = $1 AND location_id = $2 AND status = 'open') AS orders,
        (SELECT COALESCE(sum(available + committed + reserved + safety_stock + quality_control
            + damaged + incoming), 0)::int FROM stock_level
          WHERE merchant_id = $1 AND location_id = $2) AS units`,
    [merchantId, id],
  );
}

/** A channel that keeps one number per listing, and the locations that feed it now. */
export type FedChannel = {
  readonly id: string;
  readonly name: string;
  readonly ref: string;
  readonly locationIds: readonly string[];
};

/** The merchant's channels whose feeding locations are the merchant's choice. */
export async function fedChannels(
  q: Queryable,
  merchantId: string,
): Promise<readonly FedChannel[]> {
  const { rows } = await q.query<FedChannel>(
    `SELECT c.id, c.name, COALESCE(min(cl.external_ref), '') AS ref,
        COALESCE(array_agg(cl.location_id) FILTER (WHERE cl.location_id IS NOT NULL), '{}')
          AS "locationIds"
       FROM connection c LEFT JOIN connection_location cl ON cl.connection_id = c.id
      WHERE c.merchant_id = $1 AND c.kind <> 'shopify' AND c.status <> 'disconnected'
      GROUP BY c.id ORDER BY c.id`,
    [merchantId],
  );
  return rows;
}

/** Lets a location feed a channel, or not any more; the channel is told all its numbers anew. */
export async function setFeeding(
  q: Queryable,
  merchantId: string,
  channel: FedChannel,
  locationId: string,
  feeds: boolean,
): Promise<void> {
  if (feeds) await mapLocations(q, merchantId, channel.id, [{ locationId, ref: channel.ref }]);
  else {
    await q.query(
      `DELETE FROM connection_location
        WHERE merchant_id = $1 AND connection_id = $2 AND location_id = $3`,
      [merchantId, channel.id, locationId],
    );
  }
  await markAllDirty(q, channel.id);
}
