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

/** As many orders as the keys say, as `o.*`, each status read along its own index. */
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
  if (statuses === null) return walk(Prisma.empty);
  const walks = statuses.map(
    (status) => Prisma.sql`(${walk(Prisma.sql`AND o.status = ${status}`)})`,
  );
  return Prisma.join(walks, ' UNION ALL ');
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
  if (filter.tag !== null) parts.push(Prisma.sql`AND o.tags @> ARRAY[${filter.tag}]`);
  const text = searchText(filter.search);
  if (text !== null) parts.push(Prisma.sql`AND o.id IN (${found(merchantId, text)})`);
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
 * the newest orders containing it, or an exact SKU. Each part is bounded, so a search over a
 * million orders costs no more than over a thousand.
 */
function found(merchantId: string, text: string): Prisma.Sql {
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
      (SELECT ol.order_id FROM item i JOIN order_line ol ON ol.item_id = i.id
      WHERE i.merchant_id = ${merchantId}::uuid AND lower(i.sku) = ${text}
      ORDER BY ol.id DESC LIMIT ${SEARCH_CANDIDATES_MAX})`;
}
