import type { Money } from '#app/domain/shared/money';
import type { Prisma as Client } from '#app/platform/prisma';
import { type Page, type PageInput, keyset, toPage } from '../paging';
import type { OrderFilter } from './order-filter';
import { matchingOrders } from './matching-orders';

export type OrderListInput = PageInput & OrderFilter & { readonly oldestFirst: boolean };

export type OrderRow = {
  readonly id: string;
  readonly name: string;
  readonly placedAt: Date;
  readonly channelName: string;
  readonly channelKind: string;
  readonly customerName: string | null;
  readonly status: string;
  readonly held: boolean;
  readonly paymentStatus: string;
  readonly unitsOrdered: number;
  readonly unitsShort: number;
  readonly unitsUnmatched: number;
  readonly unitsShipped: number;
  readonly total: Money;
  /** Names of the locations that ship it, alphabetical. */
  readonly locations: readonly string[];
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
      c.kind AS "channelKind", o.customer_name AS "customerName", o.status, o.held,
      o.payment_status AS "paymentStatus", o.units_ordered AS "unitsOrdered",
      o.units_short AS "unitsShort", o.units_unmatched AS "unitsUnmatched",
      o.units_shipped AS "unitsShipped", o.total_minor AS "totalMinor", o.currency,
      ARRAY(SELECT DISTINCT l.name FROM fulfillment_order f JOIN location l ON l.id = f.location_id
        WHERE f.order_id = o.id AND f.status <> 'cancelled' ORDER BY l.name) AS locations
    FROM (${matchingOrders(merchantId, input, keys)}) o
    JOIN connection c ON c.id = o.connection_id
    ORDER BY ${keys.order} LIMIT ${keys.limit}`;
  const page = toPage(rows, keys, (row) => ({ value: row.placedAt.toISOString(), id: row.id }));
  return { ...page, rows: page.rows.map(toOrderRow) };
}

function toOrderRow({ totalMinor, currency, ...row }: Row): OrderRow {
  return { ...row, total: { minor: Number(totalMinor), currency } };
}

/** Whether the merchant ever had an order: an empty list and a search without match differ. */
export async function hasOrders(prisma: Client, merchantId: string): Promise<boolean> {
  const order = await prisma.order.findFirst({ where: { merchantId }, select: { id: true } });
  return order !== null;
}
