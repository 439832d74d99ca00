import { csvLine } from '#app/domain/shared/csv-cell';
import { formatMoneyDecimal } from '#app/domain/shared/money';
import type { Prisma as Client } from '#app/platform/prisma';
import { keyset } from '../paging';
import { matchingOrders } from './matching-orders';
import type { OrderFilter } from './order-filter';

/** Rows read at a time: memory does not grow with the file. */
const ROWS_AT_A_TIME = 1000;

type Row = {
  readonly id: string;
  readonly name: string;
  readonly placedAt: Date;
  readonly channel: string;
  readonly status: string;
  readonly held: boolean;
  readonly payment: string;
  readonly customer: string | null;
  readonly city: string | null;
  readonly country: string | null;
  readonly units: number;
  readonly short: number;
  readonly unmatched: number;
  readonly shipped: number;
  readonly totalMinor: bigint;
  readonly currency: string;
  readonly tags: string[];
  readonly locations: string[];
};

const HEADINGS = [
  'Order',
  'Placed at',
  'Channel',
  'Status',
  'On hold',
  'Payment',
  'Customer',
  'City',
  'Country',
  'Units',
  'Units short',
  'Units unmatched',
  'Units shipped',
  'Total',
  'Currency',
  'Tags',
  'Ships from',
];

/**
 * The matching orders as a CSV file, newest first, in pieces. Of the buyer only what a person needs
 * to tell orders apart: name, city, country. Nothing in it runs as a formula.
 */
export async function* exportOrders(
  prisma: Client,
  merchantId: string,
  filter: OrderFilter,
): AsyncGenerator<string> {
  yield csvLine(HEADINGS);
  let after: string | null = null;
  do {
    const rows: Row[] = await readRows(prisma, merchantId, filter, after);
    if (rows.length > 0) yield rows.map(toLine).join('');
    const last = rows.at(-1);
    after =
      rows.length < ROWS_AT_A_TIME || last === undefined
        ? null
        : Buffer.from(JSON.stringify([last.placedAt.toISOString(), last.id])).toString('base64url');
  } while (after !== null);
}

function readRows(
  prisma: Client,
  merchantId: string,
  filter: OrderFilter,
  after: string | null,
): Promise<Row[]> {
  const keys = keyset(
    { after, before: null },
    {
      column: 'o.placed_at',
      id: 'o.id',
      type: 'timestamptz',
      descending: true,
      // The keys ask for one row more, to know whether there are any.
      size: ROWS_AT_A_TIME - 1,
    },
  );
  return prisma.$queryRaw<Row[]>`
    SELECT o.id, o.name, o.placed_at AS "placedAt", c.name AS channel, o.status, o.held,
      o.payment_status AS payment, o.customer_name AS customer, o.ship_to->>'city' AS city,
      o.ship_to->>'countryCode' AS country, o.units_ordered AS units, o.units_short AS short,
      o.units_unmatched AS unmatched, o.units_shipped AS shipped, o.total_minor AS "totalMinor",
      o.currency, o.tags,
      ARRAY(SELECT DISTINCT l.name FROM fulfillment_order f JOIN location l ON l.id = f.location_id
        WHERE f.order_id = o.id AND f.status <> 'cancelled' ORDER BY l.name) AS locations
    FROM (${matchingOrders(merchantId, filter, keys)}) o
    JOIN connection c ON c.id = o.connection_id
    ORDER BY ${keys.order} LIMIT ${keys.limit}`;
}

function toLine(row: Row): string {
  return csvLine([
    row.name,
    row.placedAt.toISOString(),
    row.channel,
    row.status,
    row.held ? 'yes' : 'no',
    row.payment,
    row.customer,
    row.city,
    row.country,
    row.units,
    row.short,
    row.unmatched,
    row.shipped,
    formatMoneyDecimal({ minor: Number(row.totalMinor), currency: row.currency }),
    row.currency,
    row.tags.join(', '),
    row.locations.join(', '),
  ]);
}
