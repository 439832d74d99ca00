import { Prisma } from '../../../generated/prisma/client';
import { isId } from '#app/platform/ids';
import type { Prisma as Client } from '#app/platform/prisma';
import { COUNT_MAX } from '../jobs/count-work';
import { type Page, type PageInput, keyset, toPage } from '../paging';
import { SEARCH_CANDIDATES_MAX, containing, searchText } from '../search-text';

export const LISTING_VIEWS = ['to-match', 'twice', 'matched', 'aside', 'all'] as const;
export type ListingView = (typeof LISTING_VIEWS)[number];

export type ListingRow = {
  readonly id: string;
  readonly connectionId: string;
  readonly channelName: string;
  readonly title: string;
  readonly sku: string | null;
  readonly barcode: string | null;
  readonly active: boolean;
  readonly tracked: boolean;
  readonly ignored: boolean;
  /** sku | barcode: more than one answer is possible. */
  readonly ambiguousBy: string | null;
  /** sku | barcode | created | hand */
  readonly matchedBy: string | null;
  /** What the channel shows, over its places; null = it does not count. */
  readonly channelUnits: number | null;
  readonly item: ListedItem | null;
  readonly suggestion: (ListedItem & { readonly reason: string }) | null;
};

export type ListedItem = {
  readonly id: string;
  readonly sku: string;
  readonly title: string;
};

export type ListingListInput = PageInput & {
  readonly view: ListingView;
  readonly connectionId: string | null;
  readonly search: string | null;
};

/** One page of what the merchant's channels sell, by title, with what each is matched with. */
export async function listListings(
  prisma: Client,
  merchantId: string,
  input: ListingListInput,
): Promise<Page<ListingRow>> {
  const keys = keyset(input, { column: 'li.title', id: 'li.id', type: 'text', descending: false });
  const found =
    searchText(input.search) === null ? Prisma.empty : Prisma.sql`LIMIT ${SEARCH_CANDIDATES_MAX}`;
  const rows = await prisma.$queryRaw<ListingRow[]>`
    SELECT li.id, li.connection_id AS "connectionId", c.name AS "channelName", li.title, li.sku,
      li.barcode, li.active, li.tracked, li.ignored, li.ambiguous_by AS "ambiguousBy",
      li.matched_by AS "matchedBy",
      (SELECT sum(p.known_quantity)::int FROM publication p WHERE p.listing_id = li.id)
        AS "channelUnits",
      CASE WHEN i.id IS NOT NULL THEN jsonb_build_object('id', i.id, 'sku', i.sku,
        'title', i.title || COALESCE(', ' || i.variant_title, '')) END AS item,
      CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('id', s.id, 'sku', s.sku,
        'title', s.title || COALESCE(', ' || s.variant_title, ''), 'reason', g.reason) END
        AS suggestion
    FROM (SELECT li.* FROM (SELECT li.* FROM listing li
      WHERE li.merchant_id = ${merchantId}::uuid AND li.connection_id = ANY(ARRAY(
          SELECT c.id FROM connection c WHERE c.merchant_id = ${merchantId}::uuid
            AND c.status <> 'disconnected'))
        ${conditions(input)} ${found}) li
      WHERE true ${keys.condition}
      ORDER BY ${keys.order} LIMIT ${keys.limit}) li
    JOIN connection c ON c.id = li.connection_id
    LEFT JOIN item i ON i.id = li.item_id
    LEFT JOIN LATERAL suggested_item(ROW(li.*)::listing) g ON li.item_id IS NULL AND NOT li.ignored
    LEFT JOIN item s ON s.id = g.item_id
    ORDER BY ${keys.order}`;
  return toPage(rows, keys, ({ title, id }) => ({ value: title, id }));
}

function conditions(input: ListingListInput): Prisma.Sql {
  const parts = [viewCondition(input.view)];
  if (input.connectionId !== null) {
    parts.push(
      isId(input.connectionId)
        ? Prisma.sql`AND li.connection_id = ${input.connectionId}::uuid`
        : Prisma.sql`AND false`,
    );
  }
  const text = searchText(input.search);
  if (text !== null) {
    parts.push(Prisma.sql`AND search_text(li.sku, li.title, NULL, li.barcode)
      LIKE ${containing(text)}`);
  }
  return Prisma.join(parts, ' ');
}

function viewCondition(view: ListingView): Prisma.Sql {
  switch (view) {
    case 'to-match':
      return Prisma.sql`AND li.item_id IS NULL AND NOT li.ignored AND li.active`;
    case 'twice':
      return Prisma.sql`AND li.item_id IS NULL AND NOT li.ignored AND li.active
        AND li.ambiguous_by IS NOT NULL`;
    case 'matched':
      return Prisma.sql`AND li.item_id IS NOT NULL`;
    case 'aside':
      return Prisma.sql`AND li.item_id IS NULL AND li.ignored`;
    case 'all':
      return Prisma.empty;
  }
}

export type MatchCounts = {
  /** Each counted up to COUNT_MAX. */
  readonly toMatch: number;
  readonly suggested: number;
  readonly listings: number;
};

/** Suggestions are looked up for so many listings at most: the button says "at least". */
const SUGGESTED_MAX = 1000;

/** How much there is to match, for the page's head and the first steps. */
export async function countMatches(
  prisma: Client,
  merchantId: string,
  connectionId: string | null,
): Promise<MatchCounts> {
  const place =
    connectionId !== null && isId(connectionId)
      ? Prisma.sql`AND li.connection_id = ${connectionId}::uuid`
      : Prisma.empty;
  const [counts] = await prisma.$queryRaw<MatchCounts[]>`
    WITH waiting AS MATERIALIZED (
      SELECT li FROM listing li JOIN connection c ON c.id = li.connection_id
      WHERE li.merchant_id = ${merchantId}::uuid AND li.item_id IS NULL AND NOT li.ignored
        AND li.active AND c.status <> 'disconnected' ${place} LIMIT ${COUNT_MAX})
    SELECT (SELECT count(*)::int FROM waiting) AS "toMatch",
      (SELECT count(*)::int FROM (SELECT li FROM waiting LIMIT ${SUGGESTED_MAX}) w
        CROSS JOIN LATERAL suggested_item(w.li) s) AS suggested,
      (SELECT count(*)::int FROM (SELECT 1 FROM listing li JOIN connection c
          ON c.id = li.connection_id WHERE li.merchant_id = ${merchantId}::uuid
          AND c.status <> 'disconnected' ${place} LIMIT ${COUNT_MAX}) l) AS listings`;
  return counts ?? { toMatch: 0, suggested: 0, listings: 0 };
}
