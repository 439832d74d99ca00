import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

export type LocationRow = {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly active: boolean;
  readonly priority: number;
  readonly address1: string | null;
  readonly city: string | null;
  readonly province: string | null;
  readonly zip: string | null;
  readonly countryCode: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly onHand: number;
  readonly available: number;
  /** Orders to be shipped from it. */
  readonly orders: number;
  readonly feeds: readonly FedChannelRow[];
};

export type FedChannelRow = {
  readonly id: string;
  readonly name: string;
  /** The channel has a number for this very location, so the channel decides. */
  readonly ownNumber: boolean;
};

/** The merchant's locations in the order they ship in, those switched off last. */
export async function listLocations(
  prisma: Prisma,
  merchantId: string,
): Promise<readonly LocationRow[]> {
  return prisma.$queryRaw<LocationRow[]>`
    SELECT lo.id, lo.name, lo.kind, lo.active, lo.priority, lo.address1, lo.city, lo.province, lo.zip,
      lo.country_code AS "countryCode", lo.latitude, lo.longitude,
      COALESCE(s.on_hand, 0)::int AS "onHand", COALESCE(s.available, 0)::int AS available,
      (SELECT count(DISTINCT f.order_id)::int FROM fulfillment_order f
        WHERE f.location_id = lo.id AND f.status = 'open') AS orders,
      COALESCE((SELECT jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'ownNumber',
          c.kind = 'shopify') ORDER BY c.created_at, c.id)
        FROM connection_location cl JOIN connection c ON c.id = cl.connection_id
        WHERE cl.location_id = lo.id AND c.status <> 'disconnected'), '[]') AS feeds
    FROM location lo
    LEFT JOIN (SELECT location_id, sum(available) AS available, sum(available + committed + reserved
          + safety_stock + quality_control + damaged) AS on_hand
        FROM stock_level WHERE merchant_id = ${merchantId}::uuid GROUP BY location_id) s
      ON s.location_id = lo.id
    WHERE lo.merchant_id = ${merchantId}::uuid
    ORDER BY lo.active DESC, lo.priority, lo.name, lo.id`;
}

/** One of them, or null. */
export async function getLocation(
  prisma: Prisma,
  merchantId: string,
  locationId: string,
): Promise<LocationRow | null> {
  if (!isId(locationId)) return null;
  const locations = await listLocations(prisma, merchantId);
  return locations.find(({ id }) => id === locationId) ?? null;
}

/** Channels with one number per listing, which any location may feed. */
export async function listFeedableChannels(
  prisma: Prisma,
  merchantId: string,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return prisma.connection.findMany({
    where: { merchantId, kind: { not: 'shopify' }, status: { not: 'disconnected' } },
    select: { id: true, name: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
}
