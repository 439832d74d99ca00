import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

export type ItemDetail = {
  readonly id: string;
  readonly sku: string;
  readonly barcode: string | null;
  readonly title: string;
  readonly variantTitle: string | null;
  readonly weightGrams: number | null;
  /** Every active location, and others that still hold units; with zeros where it has none. */
  readonly levels: readonly ItemLevel[];
  readonly listings: readonly ItemListing[];
  /** Open orders waiting for units of this item. */
  readonly shortUnits: number;
};

export type ItemLevel = {
  readonly locationId: string;
  readonly locationName: string;
  readonly available: number;
  readonly committed: number;
  readonly reserved: number;
  readonly safetyStock: number;
  readonly qualityControl: number;
  readonly damaged: number;
  readonly incoming: number;
};

/** What one channel was told about the item, a row per number the channel keeps. */
export type ItemListing = {
  readonly listingId: string;
  readonly channelName: string;
  readonly channelStatus: string;
  readonly title: string;
  readonly tracked: boolean;
  readonly active: boolean;
  readonly publishing: boolean;
  /** Name of our location behind the channel's; null where the channel keeps one number. */
  readonly locationName: string | null;
  readonly knownQuantity: number | null;
  readonly knownAt: Date | null;
  /** What the channel's policy makes of the sellable units that feed it. */
  readonly shouldBe: number;
  /** The newest number was not sent yet. */
  readonly waiting: boolean;
  readonly lastError: string | null;
};

/** One item with its units per location and what channels hold; null when it is not theirs. */
export async function getItem(
  prisma: Prisma,
  merchantId: string,
  itemId: string,
): Promise<ItemDetail | null> {
  if (!isId(itemId)) return null;
  const item = await prisma.item.findFirst({ where: { id: itemId, merchantId } });
  if (item === null) return null;
  const [levels, listings, short] = await Promise.all([
    listLevels(prisma, merchantId, itemId),
    listItemListings(prisma, merchantId, itemId),
    prisma.orderLine.aggregate({
      where: { merchantId, itemId, shortQuantity: { gt: 0 } },
      _sum: { shortQuantity: true },
    }),
  ]);
  return {
    id: item.id,
    sku: item.sku,
    barcode: item.barcode,
    title: item.title,
    variantTitle: item.variantTitle,
    weightGrams: item.weightGrams,
    levels,
    listings,
    shortUnits: short._sum.shortQuantity ?? 0,
  };
}

async function listLevels(
  prisma: Prisma,
  merchantId: string,
  itemId: string,
): Promise<ItemLevel[]> {
  return prisma.$queryRaw<ItemLevel[]>`
    SELECT o.id AS "locationId", o.name AS "locationName",
      COALESCE(l.available, 0) AS available, COALESCE(l.committed, 0) AS committed,
      COALESCE(l.reserved, 0) AS reserved, COALESCE(l.safety_stock, 0) AS "safetyStock",
      COALESCE(l.quality_control, 0) AS "qualityControl", COALESCE(l.damaged, 0) AS damaged,
      COALESCE(l.incoming, 0) AS incoming
    FROM location o LEFT JOIN stock_level l ON l.location_id = o.id AND l.item_id = ${itemId}::uuid
    WHERE o.merchant_id = ${merchantId}::uuid AND (o.active OR l.available + l.committed
      + l.reserved + l.safety_stock + l.quality_control + l.damaged + l.incoming > 0)
    ORDER BY o.priority, o.name, o.id`;
}

async function listItemListings(
  prisma: Prisma,
  merchantId: string,
  itemId: string,
): Promise<ItemListing[]> {
  return prisma.$queryRaw<ItemListing[]>`
    SELECT li.id AS "listingId", c.name AS "channelName", c.status AS "channelStatus", li.title,
      li.tracked, li.active, c.publishing,
      CASE WHEN p.location_ref <> '' THEN feed.names END AS "locationName",
      p.known_quantity AS "knownQuantity", p.known_at AS "knownAt",
      COALESCE(wanted_of(p.id), 0) AS "shouldBe",
      COALESCE(p.dirty_seq > p.sent_seq, false) AS waiting, p.last_error AS "lastError"
    FROM listing li
    JOIN connection c ON c.id = li.connection_id
    LEFT JOIN publication p ON p.listing_id = li.id
    LEFT JOIN LATERAL (
      SELECT string_agg(o.name, ', ' ORDER BY o.name) AS names
      FROM connection_location cl
      JOIN location o ON o.id = cl.location_id
      WHERE cl.connection_id = li.connection_id
        AND (p.location_ref IS NULL OR cl.external_ref = p.location_ref)) feed ON true
    WHERE li.item_id = ${itemId}::uuid AND li.merchant_id = ${merchantId}::uuid
    ORDER BY c.name, li.title, li.id, p.location_ref`;
}
