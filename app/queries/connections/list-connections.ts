import { Prisma as Sql } from '../../../generated/prisma/client';
import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

export type ConnectionRow = {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly account: string;
  /** connected | needs_attention | disconnected */
  readonly status: string;
  readonly statusReason: string | null;
  readonly bufferUnits: number;
  readonly sharePercent: number;
  readonly capUnits: number | null;
  /** never | backorder */
  readonly oversell: string;
  /** Null while its products and orders are read for the first time. */
  readonly importedAt: Date | null;
  /** Numbers are sent: a person has said so. */
  readonly publishing: boolean;
  /** Since when a push waits for a person, because it would change very many numbers at once. */
  readonly brakedAt: Date | null;
  /** The import or catalog reading under way. */
  readonly reading: ReadingProgress | null;
  readonly lastEventAt: Date | null;
  readonly lastPublishAt: Date | null;
  readonly lastErrorAt: Date | null;
  readonly lastError: string | null;
  readonly listings: number;
  readonly unmatchedListings: number;
  /** Numbers the channel has not been told yet, and since when the oldest waits. */
  readonly unsent: number;
  readonly oldestUnsentAt: Date | null;
  readonly feedingLocationIds: readonly string[];
};

/** How far a reading of a channel is; figures are null where they are not known. */
export type ReadingProgress = {
  /** import-catalog | refresh-catalog | import-orders */
  readonly kind: string;
  readonly listings: number | null;
  readonly expected: number | null;
  readonly orders: number | null;
};

/** A merchant's connections with their health; disconnected ones last. */
export async function listConnections(
  prisma: Prisma,
  merchantId: string,
): Promise<ConnectionRow[]> {
  return readConnections(prisma, merchantId, Sql.empty);
}

/** One of them; null when it is not this merchant's. */
export async function findConnectionRow(
  prisma: Prisma,
  merchantId: string,
  connectionId: string,
): Promise<ConnectionRow | null> {
  if (!isId(connectionId)) return null;
  const one = Sql.sql`AND c.id = ${connectionId}::uuid`;
  return (await readConnections(prisma, merchantId, one))[0] ?? null;
}

async function readConnections(
  prisma: Prisma,
  merchantId: string,
  which: Sql.Sql,
): Promise<ConnectionRow[]> {
  return prisma.$queryRaw<ConnectionRow[]>`
    SELECT c.id, c.kind, c.name, c.account, c.status, c.status_reason AS "statusReason",
      c.buffer_units AS "bufferUnits", c.share_percent AS "sharePercent",
      c.cap_units AS "capUnits", c.oversell, c.imported_at AS "importedAt",
      c.braked_at AS "brakedAt", reading.reading, c.publishing, c.last_event_at AS "lastEventAt",
      c.last_publish_at AS "lastPublishAt", c.last_error_at AS "lastErrorAt",
      c.last_error AS "lastError", li.listings, li.unmatched AS "unmatchedListings",
      d.unsent, d.oldest AS "oldestUnsentAt",
      ARRAY(SELECT cl.location_id::text FROM connection_location cl
        WHERE cl.connection_id = c.id ORDER BY cl.location_id) AS "feedingLocationIds"
    FROM connection c
    CROSS JOIN LATERAL (
      SELECT (SELECT count(*)::int FROM listing l WHERE l.connection_id = c.id AND l.active)
          AS listings,
        (SELECT count(*)::int FROM listing l WHERE l.merchant_id = c.merchant_id
          AND l.connection_id = c.id AND l.item_id IS NULL AND NOT l.ignored AND l.active)
          AS unmatched) li
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS unsent, min(p.dirty_since) AS oldest
      FROM publication p JOIN listing l ON l.id = p.listing_id
      WHERE p.connection_id = c.id AND p.dirty_since IS NOT NULL AND p.dirty_seq > p.sent_seq
        AND l.item_id IS NOT NULL AND l.active AND l.tracked) d
    LEFT JOIN LATERAL (
      SELECT jsonb_build_object('kind', j.kind, 'listings', j.progress->'listings',
        'expected', j.progress->'expected', 'orders', j.progress->'orders') AS reading
      FROM job j WHERE j.serial_key = 'import:' || c.id AND j.state IN ('queued', 'running')
        AND j.kind IN ('import-catalog', 'refresh-catalog', 'import-orders')
      ORDER BY j.id LIMIT 1) reading ON true
    WHERE c.merchant_id = ${merchantId}::uuid ${which}
    ORDER BY (c.status = 'disconnected'), c.created_at, c.id`;
}
