import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';

export type UnmatchedListing = {
  readonly id: string;
  readonly title: string;
  readonly sku: string | null;
  readonly barcode: string | null;
};

const LISTINGS_PER_PAGE = 25;

/** A connection's active listings that belong to no item yet, by title. */
export async function listUnmatchedListings(
  prisma: Prisma,
  merchantId: string,
  connectionId: string,
  page: PageInput,
): Promise<Page<UnmatchedListing>> {
  if (!isId(connectionId)) return { rows: [], next: null, previous: null };
  const keys = keyset(page, {
    column: 'li.title',
    id: 'li.id',
    type: 'text',
    descending: false,
    size: LISTINGS_PER_PAGE,
  });
  const rows = await prisma.$queryRaw<UnmatchedListing[]>`
    SELECT li.id, li.title, li.sku, li.barcode FROM listing li
    WHERE li.connection_id = ${connectionId}::uuid AND li.merchant_id = ${merchantId}::uuid
      AND li.item_id IS NULL AND li.active ${keys.condition}
    ORDER BY ${keys.order} LIMIT ${keys.limit}`;
  return toPage(rows, keys, ({ title, id }) => ({ value: title, id }));
}
