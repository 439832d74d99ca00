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
  /** Off until the first import has finished. */
  readonly publishing: boolean;
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

/** A merchant's connections with their health; disconnected ones last. */
export async function listConnections(
  prisma: Prisma,
  merchantId: string,
): Promise<ConnectionRow[]> {
  return prisma.$queryRaw<ConnectionRow[]>`
    SELECT c.id, c.kind, c.name, c.account, c.status, c.status_reason AS "statusReason",
      c.buffer_units AS "bufferUnits", c.publishing, c.last_event_at AS "lastEventAt",
      c.last_publish_at AS "lastPublishAt", c.last_error_at AS "lastErrorAt",
      c.last_error AS "lastError", li.listings, li.unmatched AS "unmatchedListings",
      d.unsent, d.oldest AS "oldestUnsentAt",
      ARRAY(SELECT cl.location_id::text FROM connection_location cl
        WHERE cl.connection_id = c.id ORDER BY cl.location_id) AS "feedingLocationIds"
    FROM connection c
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS listings,
        (count(*) FILTER (WHERE l.item_id IS NULL))::int AS unmatched
      FROM listing l WHERE l.connection_id = c.id AND l.active) li
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS unsent, min(p.dirty_since) AS oldest
      FROM publication p JOIN listing l ON l.id = p.listing_id
      WHERE p.connection_id = c.id AND p.dirty_seq > p.sent_seq
        AND l.item_id IS NOT NULL AND l.active AND l.tracked) d
    WHERE c.merchant_id = ${merchantId}::uuid
    ORDER BY (c.status = 'disconnected'), c.created_at, c.id`;
}

/** One connection's name; null when it is not this merchant's. */
export async function getConnection(
  prisma: Prisma,
  merchantId: string,
  connectionId: string,
): Promise<{ readonly id: string; readonly name: string } | null> {
  if (!isId(connectionId)) return null;
  return prisma.connection.findFirst({
    where: { id: connectionId, merchantId },
    select: { id: true, name: true },
  });
}
