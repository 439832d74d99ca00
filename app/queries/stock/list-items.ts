import { Prisma } from '../../../generated/prisma/client';
import { isId } from '#app/platform/ids';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';
import { SEARCH_CANDIDATES_MAX, containing, searchText } from '../search-text';

export const ITEM_VIEWS = ['all', 'low', 'out-of-stock', 'short', 'not-listed'] as const;
export type ItemView = (typeof ITEM_VIEWS)[number];

export const ITEM_SORTS = ['title', 'sku'] as const;
export type ItemSort = (typeof ITEM_SORTS)[number];

export type ItemListInput = PageInput & {
  readonly view: ItemView;
  readonly search: string | null;
  /** Only items held there, with that location's units. */
  readonly locationId: string | null;
  readonly sort: ItemSort;
  readonly descending: boolean;
  /** `low` are items with fewer available than this, but not none. */
  readonly lowUnits?: number;
};

export type ItemRow = {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  readonly variantTitle: string | null;
  readonly available: number;
  /** Some are available, but fewer than the merchant calls enough. */
  readonly low: boolean;
  readonly committed: number;
  readonly onHand: number;
  readonly unavailable: number;
  readonly incoming: number;
  /** Units that orders wait for. */
  readonly short: number;
  readonly listings: number;
  /** Per location, for adjusting in place. */
  readonly places: readonly ItemPlace[];
};

export type ItemPlace = { readonly locationId: string; readonly available: number };

/** One page of a merchant's items with their units, in all locations or in one. */
export async function listItems(
  prisma: Client,
  merchantId: string,
  input: ItemListInput,
): Promise<Page<ItemRow>> {
  const keys = keyset(input, {
    column: input.sort === 'sku' ? 'i.sku' : 'i.title',
    id: 'i.id',
    type: 'text',
    descending: input.descending,
  });
  const atLocation =
    input.locationId === null
      ? Prisma.empty
      : isId(input.locationId)
        ? Prisma.sql`AND l.location_id = ${input.locationId}::uuid`
        : Prisma.sql`AND false`;
  const rows = await prisma.$queryRaw<ItemRow[]>`
    SELECT i.id, i.sku, i.title, i.variant_title AS "variantTitle",
      level.available, level.committed, level.unavailable, level.incoming, level.places,
      level.available + level.committed + level.unavailable AS "onHand",
      level.available BETWEEN 1 AND ${(input.lowUnits ?? 0) - 1}::int AS low,
      (SELECT COALESCE(sum(ol.short_quantity), 0)::int FROM order_line ol
        WHERE ol.item_id = i.id AND ol.short_quantity > 0) AS short,
      (SELECT count(*)::int FROM listing li WHERE li.item_id = i.id AND li.active) AS listings
    FROM (
      SELECT i.* FROM (${matchingItems(merchantId, input, atLocation)}) i
      WHERE true ${keys.condition} ORDER BY ${keys.order} LIMIT ${keys.limit}) i
    CROSS JOIN LATERAL (
      SELECT COALESCE(sum(l.available), 0)::int AS available,
        COALESCE(sum(l.committed), 0)::int AS committed,
        COALESCE(sum(l.reserved + l.safety_stock + l.quality_control + l.damaged), 0)::int
          AS unavailable,
        COALESCE(sum(l.incoming), 0)::int AS incoming,
        COALESCE(jsonb_agg(jsonb_build_object('locationId', l.location_id,
          'available', l.available)), '[]') AS places
      FROM stock_level l WHERE l.item_id = i.id ${atLocation}) level
    ORDER BY ${keys.order}`;
  return toPage(rows, keys, (row) => ({
    value: input.sort === 'sku' ? row.sku : row.title,
    id: row.id,
  }));
}

/** Found by a text, or all: then they are walked in the order of the page. */
function matchingItems(
  merchantId: string,
  input: ItemListInput,
  atLocation: Prisma.Sql,
): Prisma.Sql {
  const found =
    searchText(input.search) === null ? Prisma.empty : Prisma.sql`LIMIT ${SEARCH_CANDIDATES_MAX}`;
  return Prisma.sql`SELECT i.* FROM item i WHERE i.merchant_id = ${merchantId}::uuid
    ${conditions(merchantId, input, atLocation)} ${found}`;
}

function conditions(merchantId: string, input: ItemListInput, atLocation: Prisma.Sql): Prisma.Sql {
  const parts: Prisma.Sql[] = [];
  const text = searchText(input.search);
  if (text !== null) {
    parts.push(Prisma.sql`AND search_text(i.sku, i.title, i.variant_title, i.barcode)
      LIKE ${containing(text)}`);
  }
  if (input.locationId !== null) {
    parts.push(Prisma.sql`AND EXISTS (SELECT 1 FROM stock_level l
      WHERE l.item_id = i.id ${atLocation})`);
  }
  if (input.view === 'low') {
    parts.push(Prisma.sql`AND (SELECT COALESCE(sum(l.available), 0) FROM stock_level l
      WHERE l.item_id = i.id ${atLocation}) BETWEEN 1 AND ${(input.lowUnits ?? 0) - 1}::int`);
  }
  if (input.view === 'out-of-stock') {
    parts.push(Prisma.sql`AND (SELECT COALESCE(max(l.available), 0) FROM stock_level l
      WHERE l.item_id = i.id ${atLocation}) = 0`);
  }
  if (input.view === 'short') {
    parts.push(Prisma.sql`AND i.id IN (SELECT ol.item_id FROM order_line ol
      WHERE ol.merchant_id = ${merchantId}::uuid AND ol.short_quantity > 0)`);
  }
  if (input.view === 'not-listed') {
    parts.push(Prisma.sql`AND NOT EXISTS (SELECT 1 FROM listing li
      WHERE li.item_id = i.id AND li.active)`);
  }
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ');
}

/** Whether the merchant has any item: an empty list and a search without match differ. */
export async function hasItems(prisma: Client, merchantId: string): Promise<boolean> {
  const item = await prisma.item.findFirst({ where: { merchantId }, select: { id: true } });
  return item !== null;
}
