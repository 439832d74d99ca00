import { Prisma } from '../../../generated/prisma/client';
import type { Money } from '#app/domain/shared/money';
import { isId } from '#app/platform/ids';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Keyset, type Page, type PageInput, keyset, toPage } from '../paging';
import { containing, searchText, startingWith } from '../search-text';

export const ORDER_VIEWS = [
  'all',
  'to-ship',
  'short',
  'unmatched',
  'awaiting-payment',
  'shipped',
  'cancelled',
] as const;
export type OrderView = (typeof ORDER_VIEWS)[number];

export type OrderListInput = PageInput & {
  readonly view: OrderView;
  readonly search: string | null;
  readonly connectionId: string | null;
  readonly locationId: string | null;
  readonly oldestFirst: boolean;
};

export type OrderRow = {
  readonly id: string;
  readonly name: string;
  readonly placedAt: Date;
  readonly channelName: string;
  readonly channelKind: string;
  readonly customerName: string | null;
  readonly status: string;
  readonly paymentStatus: string;
  readonly unitsOrdered: number;
  readonly unitsShort: number;
  readonly unitsUnmatched: number;
  readonly unitsShipped: number;
  readonly total: Money;
  /** Names of the locations that ship it, alphabetical. */
  readonly locations: readonly string[];
};

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
  short: null,
  unmatched: null,
  'awaiting-payment': ['awaiting_payment'],
  shipped: ['shipped'],
  cancelled: ['cancelled'],
};

type Row = Omit<OrderRow, 'total'> & { readonly totalMinor: bigint; readonly currency: string };

/** One page of a merchant's orders, newest first unless asked otherwise. */
export async function listOrders(
  prisma: Client,
  merchantId: string,
  input: OrderListInput,
): Promise<Page<OrderRow>> {
  const keys = keyset(input, {
    column: 'o.placed_at',
    id: 'o.id',
    type: 'timestamptz',
    descending: !input.oldestFirst,
  });
  const rows = await prisma.$queryRaw<Row[]>`
    SELECT o.id, o.name, o.placed_at AS "placedAt", c.name AS "channelName",
      c.kind AS "channelKind", o.customer_name AS "customerName", o.status,
      o.payment_status AS "paymentStatus", o.units_ordered AS "unitsOrdered",
      o.units_short AS "unitsShort", o.units_unmatched AS "unitsUnmatched",
      o.units_shipped AS "unitsShipped", o.total_minor AS "totalMinor", o.currency,
      ARRAY(SELECT DISTINCT l.name FROM fulfillment_order f JOIN location l ON l.id = f.location_id
        WHERE f.order_id = o.id AND f.status <> 'cancelled' ORDER BY l.name) AS locations
    FROM (${matching(merchantId, input, keys)}) o
    JOIN connection c ON c.id = o.connection_id
    ORDER BY ${keys.order} LIMIT ${keys.limit}`;
  const page = toPage(rows, keys, (row) => ({ value: row.placedAt.toISOString(), id: row.id }));
  return { ...page, rows: page.rows.map(toOrderRow) };
}

/** The rows of the page (and one more), each status read along its own index. */
function matching(merchantId: string, input: OrderListInput, keys: Keyset): Prisma.Sql {
  const walk = (status: Prisma.Sql) => Prisma.sql`
    SELECT o.* FROM customer_order o
    WHERE o.merchant_id = ${merchantId}::uuid ${status} ${conditions(merchantId, input)}
      ${keys.condition}
    ORDER BY ${keys.order} LIMIT ${keys.limit}`;
  const statuses = STATUSES[input.view];
  if (statuses === null) return walk(Prisma.empty);
  const walks = statuses.map(
    (status) => Prisma.sql`(${walk(Prisma.sql`AND o.status = ${status}`)})`,
  );
  return Prisma.join(walks, ' UNION ALL ');
}

function conditions(merchantId: string, input: OrderListInput): Prisma.Sql {
  const parts: Prisma.Sql[] = [];
  if (input.view === 'to-ship') {
    parts.push(
      Prisma.sql`AND o.units_ordered > o.units_short + o.units_unmatched + o.units_shipped`,
    );
  }
  if (input.view === 'short') {
    parts.push(Prisma.sql`AND o.units_short > 0 AND o.status <> 'cancelled'`);
  }
  if (input.view === 'unmatched') {
    parts.push(Prisma.sql`AND o.units_unmatched > 0 AND o.status <> 'cancelled'`);
  }
  if (input.connectionId !== null) {
    parts.push(
      isId(input.connectionId)
        ? Prisma.sql`AND o.connection_id = ${input.connectionId}::uuid`
        : Prisma.sql`AND false`,
    );
  }
  if (input.locationId !== null) {
    parts.push(
      isId(input.locationId)
        ? Prisma.sql`AND EXISTS (SELECT 1 FROM fulfillment_order f WHERE f.order_id = o.id
            AND f.location_id = ${input.locationId}::uuid AND f.status <> 'cancelled')`
        : Prisma.sql`AND false`,
    );
  }
  const text = searchText(input.search);
  if (text !== null) parts.push(Prisma.sql`AND o.id IN (${found(merchantId, text)})`);
  return parts.length === 0 ? Prisma.empty : Prisma.join(parts, ' ');
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

function toOrderRow({ totalMinor, currency, ...row }: Row): OrderRow {
  return { ...row, total: { minor: Number(totalMinor), currency } };
}

/** Whether the merchant ever had an order: an empty list and a search without match differ. */
export async function hasOrders(prisma: Client, merchantId: string): Promise<boolean> {
  const order = await prisma.order.findFirst({ where: { merchantId }, select: { id: true } });
  return order !== null;
}
