import { Prisma } from '../../../generated/prisma/client';
import type { Prisma as Client } from '#app/platform/prisma';
import { matchingOrders } from './matching-orders';
import type { OrderFilter, OrderView } from './order-filter';

/** Counted up to here: beyond it nobody counts orders one by one. */
const COUNT_MAX = 1000;

/** Views that are work for somebody. */
const COUNTED_VIEWS = ['held', 'short', 'unmatched', 'late'] as const;
export type ViewCounts = Readonly<Record<(typeof COUNTED_VIEWS)[number], number>>;

/**
 * All orders that wait for somebody, whatever a list is narrowed to: each view counted along its
 * own small index up to COUNT_MAX.
 */
export async function countViews(
  prisma: Client,
  merchantId: string,
  { lateBefore }: Pick<OrderFilter, 'lateBefore'>,
): Promise<ViewCounts> {
  const count = (view: OrderView) =>
    countOrders(prisma, merchantId, { ...everything, lateBefore, view }, COUNT_MAX);
  const [held, short, unmatched, late] = await Promise.all(COUNTED_VIEWS.map(count));
  return { held: held ?? 0, short: short ?? 0, unmatched: unmatched ?? 0, late: late ?? 0 };
}

const everything = { search: null, connectionId: null, locationId: null, tag: null } as const;

/** How many orders match, counted up to `most`. */
export async function countOrders(
  prisma: Client,
  merchantId: string,
  filter: OrderFilter,
  most: number,
): Promise<number> {
  const [count] = await prisma.$queryRaw<{ orders: number }[]>`
    SELECT count(*)::int AS orders
      FROM (SELECT 1 FROM (${matchingOrders(merchantId, filter, inAnyOrder(most))}) o LIMIT ${most}) c`;
  return count?.orders ?? 0;
}

/** Ids of the matching orders, newest first, at most so many. */
export async function matchingOrderIds(
  prisma: Client,
  merchantId: string,
  filter: OrderFilter,
  most: number,
): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT o.id FROM (${matchingOrders(merchantId, filter, newest(most))}) o
      ORDER BY o.placed_at DESC, o.id DESC LIMIT ${most}`;
  return rows.map(({ id }) => id);
}

/** Whichever is read fastest; a count needs no order. */
function inAnyOrder(limit: number) {
  return { condition: Prisma.empty, order: Prisma.sql`NULL::int`, limit };
}

function newest(limit: number) {
  return {
    condition: Prisma.empty,
    order: Prisma.sql`o.placed_at DESC, o.id DESC`,
    limit,
  };
}

/** Tags that are offered to filter by: the most used of the newest orders. */
const TAGS_OFFERED_MAX = 30;
const TAGS_FROM_NEWEST = 2000;

export async function listTags(prisma: Client, merchantId: string): Promise<string[]> {
  const rows = await prisma.$queryRaw<{ tag: string }[]>`
    SELECT tag FROM (SELECT tags FROM customer_order WHERE merchant_id = ${merchantId}::uuid
        ORDER BY placed_at DESC LIMIT ${TAGS_FROM_NEWEST}) o, unnest(o.tags) tag
      GROUP BY tag ORDER BY count(*) DESC, tag LIMIT ${TAGS_OFFERED_MAX}`;
  return rows.map(({ tag }) => tag);
}
