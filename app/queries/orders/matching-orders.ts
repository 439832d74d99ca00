import { Prisma } from '../../../generated/prisma/client';
import { isId } from '#app/platform/ids';
import type { Keyset } from '../paging';
import { containing, searchText, startingWith } from '../search-text';
import type { OrderFilter, OrderView } from './order-filter';

/**
 * Matches of one kind (name, customer, SKU) that are considered; more than anyone pages through.
 */
const SEARCH_CANDIDATES_MAX = 1000;
/** Parts inside a customer's name are looked for in this many of the newest orders. */
const SEARCH_NEWEST_ORDERS = 20_000;

/** The statuses of a view; null = any. Each is one walk of the (merchant, status, placed) index. */
const STATUSES: Readonly<Record<OrderView, readonly string[] | null>> = {
  all: null,
  'to-ship': ['open', 'partially_shipped'],
  held: null,
  short: null,
  unmatched: null,
  late: ['open', 'partially_shipped'],
  'awaiting-payment': ['awaiting_payment'],
  shipped: ['shipped'],
  cancelled: ['cancelled'],
};

/**
 * As many orders as the keys say, as `o.*`, each status read along its own index. What a text may
 * mean is looked up once, before them.
 */
export function matchingOrders(
  merchantId: string,
  filter: OrderFilter,
  keys: Pick<Keyset, 'condition' | 'order' | 'limit'>,
): Prisma.Sql {
  const walk = (status: Prisma.Sql) => Prisma.sql`
    SELECT o.* FROM customer_order o
    WHERE o.merchant_id = ${merchantId}::uuid ${status} ${conditions(merchantId, filter)}
      ${keys.condition}
    ORDER BY ${keys.order} LIMIT ${keys.limit}`;
  const statuses = STATUSES[filter.view];
  const walks =
    statuses === null
      ? [walk(Prisma.empty)]
      : statuses.map((status) => walk(Prisma.sql`AND o.status = ${status}`));
  const text = searchText(filter.search);
  const before =
    text === null
      ? Prisma.empty
      : Prisma.sql`WITH found AS MATERIALIZED (
          SELECT array_agg(f.id) AS ids FROM (${found(merchantId, text)}) f) `;
  return Prisma.sql`${before}${Prisma.join(
    walks.map((one) => Prisma.sql`(${one})`),
    ' UNION ALL ',
  )}`;
}

function conditions(merchantId: string, filter: OrderFilter): Prisma.Sql {
  const parts = viewConditions(filter);
  if (filter.connectionId !== null) {
    parts.push(
      isId(filter.connectionId)
        ? Prisma.sql`AND o.connection_id = ${filter.connectionId}::uuid`
        : Prisma.sql`AND false`,
    );
  }
  if (filter.locationId !== null) {
    parts.push(
      isId(filter.locationId)
        ? Prisma.sql`AND EXISTS (SELECT 1 FROM fulfillment_order f WHERE f.order_id = o.id
            AND f.location_id = ${filter.locationId}::uuid AND f.status <> 'cancelled')`
        : Prisma.sql`AND false`,
    );
  }
  if (filter.tag !== null) {
    // The first is cheap to check; the second is what the index knows.
    parts.push(Prisma.sql`AND o.tags @> ARRAY[${filter.tag}] AND o.tags <> '{}'
      AND tags_of(o.merchant_id, o.tags) @> tags_of(${merchantId}::uuid, ARRAY[${filter.tag}])`);
  }
  if (searchText(filter.search) !== null) {
    parts.push(Prisma.sql`AND o.id = ANY((SELECT ids FROM found)::uuid[])`);
  }
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ');
}

function viewConditions({ view, lateBefore }: OrderFilter): Prisma.Sql[] {
  switch (view) {
    case 'to-ship':
      return [
        Prisma.sql`AND NOT o.held
          AND o.units_ordered > o.units_short + o.units_unmatched + o.units_shipped`,
      ];
    case 'held':
      return [Prisma.sql`AND o.held AND o.status NOT IN ('cancelled', 'shipped')`];
    case 'short':
      return [Prisma.sql`AND o.units_short > 0 AND o.status <> 'cancelled'`];
    case 'unmatched':
      return [Prisma.sql`AND o.units_unmatched > 0 AND o.status <> 'cancelled'`];
    case 'late':
      return [Prisma.sql`AND o.placed_at < ${lateBefore}`];
    default:
      return [];
  }
}

/**
 * Ids of orders a text may mean: an order's name or customer starting with it, a customer among
 * the newest orders containing it, or an exact SKU; with an @ in it, the buyer's address starting
 * with it. Lines are read from the end of the index by item, where the newest are. Each part is
 * bounded, so a search over a million orders costs no more than over a
 * thousand.
 */
function found(merchantId: string, text: string): Prisma.Sql {
  if (text.includes('@')) {
    return Prisma.sql`SELECT s.id FROM customer_order s WHERE s.merchant_id = ${merchantId}::uuid
      AND lower(s.email) LIKE ${startingWith(text)} LIMIT ${SEARCH_CANDIDATES_MAX}`;
  }
  const names = text.startsWith('#') ? [text] : [text, `#${text}`];
  const byName = names.map(
    (name) => Prisma.sql`
      (SELECT s.id FROM customer_order s WHERE s.merchant_id = ${merchantId}::uuid
        AND lower(s.name) LIKE ${startingWith(name)}
        ORDER BY lower(s.name) DESC LIMIT ${SEARCH_CANDIDATES_MAX})`,
  );
  return Prisma.sql`${Prisma.join(byName, ' UNION ALL ')}
    UNION ALL
      (SELECT s.id FROM customer_order s WHERE s.merchant_id = ${merchantId}::uuid
        AND lower(s.customer_name) LIKE ${startingWith(text)} LIMIT ${SEARCH_CANDIDATES_MAX})
    UNION ALL
      (SELECT n.id FROM (
        SELECT s.id, s.customer_name FROM customer_order s
        WHERE s.merchant_id = ${merchantId}::uuid
        ORDER BY s.placed_at DESC LIMIT ${SEARCH_NEWEST_ORDERS}) n
      WHERE lower(n.customer_name) LIKE ${containing(text)} LIMIT ${SEARCH_CANDIDATES_MAX})
    UNION ALL
      (SELECT sold.order_id FROM item i CROSS JOIN LATERAL (
        SELECT ol.order_id FROM order_line ol WHERE ol.item_id >= i.id AND ol.item_id <= i.id
        ORDER BY ol.item_id DESC LIMIT ${SEARCH_CANDIDATES_MAX}) sold
      WHERE i.merchant_id = ${merchantId}::uuid AND lower(i.sku) = ${text}
      LIMIT ${SEARCH_CANDIDATES_MAX})`;
}
