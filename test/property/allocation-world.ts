/** A merchant with two channels and four places, in the database and in the model. */
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { CONNECTED_AT } from '../integration/ledger/order-world';
import { received, seedMerchant } from '../integration/ledger/seed-ledger';
import { postMovements } from '../../app/store/movements';
import {
  type AllocationSetup,
  PRIORITIES,
  REFS,
  SHOP_REFS,
  SITES,
  SOLD,
} from './allocation-commands';
import type { Line, Order, Stock } from './allocation-model';

export type Seeded = {
  readonly id: string;
  readonly items: readonly string[];
  readonly places: readonly string[];
  readonly connections: Readonly<Record<'shop' | 'outlet', string>>;
};

export async function seedShops(db: Database, { stock, recipe }: AllocationSetup): Promise<Seeded> {
  const { merchantId, items, locations } = await seedMerchant(db, SOLD, SITES);
  await db.query(
    `UPDATE location lo SET priority = u.priority
       FROM unnest($1::uuid[], $2::int[]) AS u(id, priority) WHERE lo.id = u.id`,
    [locations, PRIORITIES],
  );
  await db.query(`UPDATE item SET kind = 'kit' WHERE id = $1`, [items[2]]);
  await db.query(
    `INSERT INTO kit_component (kit_id, component_id, merchant_id, quantity)
     SELECT $1, part, $2, units FROM unnest($3::uuid[], $4::int[]) AS u(part, units)`,
    [items[2], merchantId, items.slice(0, 2), recipe],
  );
  const connections = { shop: newId(), outlet: newId() };
  await db.query(
    `INSERT INTO connection (id, merchant_id, kind, account, name, created_at)
     VALUES ($1::uuid, $3, 'shopify', $1::text, 'Shop', $4),
            ($2::uuid, $3, 'woocommerce', $2::text, 'Outlet', $4)`,
    [connections.shop, connections.outlet, merchantId, CONNECTED_AT],
  );
  const feeds = [
    ...SHOP_REFS.map((ref, at) => [connections.shop, locations[at] ?? '', ref] as const),
    ...OUTLET_PLACES.map((at) => [connections.outlet, locations[at] ?? '', ''] as const),
  ];
  await db.query(
    `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
     SELECT gen_random_uuid(), $1, connection, location, ref
       FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS u(connection, location, ref)`,
    [merchantId, ...[0, 1, 2].map((column) => feeds.map((feed) => feed[column]))],
  );
  const opening = stock.flatMap((units, at) =>
    units.flatMap((quantity, item) =>
      quantity > 0 ? [received(items[item] ?? '', locations[at] ?? '', quantity)] : [],
    ),
  );
  await postMovements(db, merchantId, opening, 'all');
  return { id: merchantId, items, places: locations, connections };
}

/** Places that ship for the outlet at first. */
const OUTLET_PLACES = [0, 2] as const;

export function modelOf({ stock }: AllocationSetup): Stock {
  return {
    places: SITES.map((name, at) => ({
      name,
      priority: PRIORITIES[at] ?? 0,
      active: true,
      feeds: new Set([
        ...(at < SHOP_REFS.length ? ['shop'] : []),
        ...(OUTLET_PLACES.some((place) => place === at) ? ['outlet'] : []),
      ]),
    })),
    available: stock.map((units) => [...units]),
    orders: new Map(),
    gone: [0, 0],
  };
}

/** An order's age does not follow from its number. */
export function placedRank(ref: number): number {
  return [3, 1, 4, 2, 0][ref] ?? 0;
}

/** Placed before the connection was made: what had left by then took nothing from our stock. */
export function isHistory(ref: number): boolean {
  return placedRank(ref) === 0;
}

export function channelOf(ref: number): 'shop' | 'outlet' {
  return ref % 2 === 0 ? 'shop' : 'outlet';
}

export function newOrder(ref: number, recipe: readonly [number, number]): Order {
  const line = (name: string, item: number | null, kit: Line['kit']): Line => ({
    name,
    item,
    kit,
    quantity: 0,
    shipped: 0,
    allocated: 0,
    short: 0,
    returned: 0,
    promises: [],
  });
  return {
    ref: REFS[ref] ?? '',
    channel: channelOf(ref),
    placed: placedRank(ref),
    version: 0,
    stage: 'open',
    cancel: null,
    status: 'open',
    held: false,
    lines: [
      line('A', 0, null),
      line('B', 1, null),
      line('KIT', null, null),
      ...recipe.flatMap((units, item) =>
        units === 0 ? [] : [line(`KIT.${SOLD[item] ?? ''}`, item, { name: 'KIT', units })],
      ),
    ],
    refunds: new Set(),
  };
}

/** What the database has, in the words of the model. */
export type Seen = {
  readonly available: Record<string, number>;
  readonly committed: Record<string, number>;
  readonly orders: Record<string, string>;
  readonly lines: Record<string, string>;
  readonly promised: Record<string, number>;
  readonly work: Record<string, number>;
  readonly parcels: Record<string, number>;
  readonly gone: Record<string, number>;
};

const LINE_NAME = `CASE WHEN l.parent_line_id IS NULL THEN l.sku ELSE 'KIT.' || l.sku END`;

export async function readShops(db: Database, { id }: Seeded): Promise<Seen> {
  const pairs = (query: string): string =>
    `(SELECT COALESCE(json_object_agg(q.k, q.v), '{}') FROM (${query}) q)`;
  const { rows } = await db.query<Seen>(
    `SELECT ${pairs(`SELECT i.sku || ' ' || lo.name AS k, s.available AS v FROM stock_level s
         JOIN item i ON i.id = s.item_id JOIN location lo ON lo.id = s.location_id
         WHERE s.merchant_id = $1 AND s.available > 0`)} AS available,
       ${pairs(`SELECT i.sku || ' ' || lo.name AS k, s.committed AS v FROM stock_level s
         JOIN item i ON i.id = s.item_id JOIN location lo ON lo.id = s.location_id
         WHERE s.merchant_id = $1 AND s.committed > 0`)} AS committed,
       ${pairs(`SELECT external_ref AS k, status || CASE WHEN held THEN ' held' ELSE '' END
           || ' short ' || units_short || ' shipped ' || units_shipped AS v
         FROM customer_order WHERE merchant_id = $1`)} AS orders,
       ${pairs(`SELECT o.external_ref || ' ' || ${LINE_NAME} AS k,
           concat_ws('/', l.quantity, l.allocated_quantity, l.shipped_quantity, l.short_quantity) AS v
         FROM order_line l JOIN customer_order o ON o.id = l.order_id
         WHERE l.merchant_id = $1`)} AS lines,
       ${pairs(`SELECT o.external_ref || ' ' || ${LINE_NAME} || ' ' || lo.name AS k,
           sum(a.quantity) AS v
         FROM allocation a JOIN order_line l ON l.id = a.order_line_id
         JOIN customer_order o ON o.id = l.order_id JOIN location lo ON lo.id = a.location_id
         WHERE a.merchant_id = $1 AND a.quantity > 0 GROUP BY 1`)} AS promised,
       ${pairs(`SELECT o.external_ref || ' ' || lo.name AS k, count(*) AS v
         FROM fulfillment_order f JOIN customer_order o ON o.id = f.order_id
         JOIN location lo ON lo.id = f.location_id
         WHERE f.merchant_id = $1 AND f.status = 'open' GROUP BY 1`)} AS work,
       ${pairs(`SELECT o.external_ref || ' ' || ${LINE_NAME} AS k, sum(fl.quantity) AS v
         FROM fulfillment_line fl JOIN order_line l ON l.id = fl.order_line_id
         JOIN customer_order o ON o.id = l.order_id
         WHERE fl.merchant_id = $1 GROUP BY 1`)} AS parcels,
       ${pairs(`SELECT i.sku AS k, COALESCE(sum(CASE WHEN m.to_state = 'customer' THEN m.quantity
             WHEN m.from_state = 'customer' THEN -m.quantity END), 0) AS v
         FROM item i LEFT JOIN movement m ON m.item_id = i.id
         WHERE i.merchant_id = $1 AND i.kind = 'simple' GROUP BY 1`)} AS gone`,
    [id],
    { name: 'read_shops' },
  );
  const [seen] = rows;
  if (seen === undefined) throw new Error('Nothing was read.');
  return seen;
}

/** The same of the model. */
export function readModel({ available, orders, places, gone }: Stock): Seen {
  const seen = {
    available: {} as Record<string, number>,
    committed: {} as Record<string, number>,
    orders: {} as Record<string, string>,
    lines: {} as Record<string, string>,
    promised: {} as Record<string, number>,
    work: {} as Record<string, number>,
    parcels: {} as Record<string, number>,
    gone: {} as Record<string, number>,
  };
  const add = (to: Record<string, number>, key: string, units: number): void => {
    if (units > 0) to[key] = (to[key] ?? 0) + units;
  };
  available.forEach((row, at) => {
    row.forEach((units, item) => {
      add(seen.available, `${SOLD[item] ?? ''} ${places[at]?.name ?? ''}`, units);
    });
  });
  gone.forEach((units, item) => {
    seen.gone[SOLD[item] ?? ''] = units;
  });
  for (const order of orders.values()) {
    const buyers = order.lines.filter(({ kit }) => kit === null);
    const sum = (of: (line: Line) => number): number =>
      buyers.reduce((total, line) => total + of(line), 0);
    const short = sum((line) => line.short);
    const shipped = sum((line) => line.shipped);
    seen.orders[order.ref] =
      `${order.status}${order.held ? ' held' : ''} short ${String(short)} shipped ${String(shipped)}`;
    for (const line of order.lines) {
      const key = `${order.ref} ${line.name}`;
      seen.lines[key] = [line.quantity, line.allocated, line.shipped, line.short].join('/');
      for (const promise of line.promises) {
        const place = places[promise.at]?.name ?? '';
        add(seen.promised, `${key} ${place}`, promise.quantity);
        add(seen.committed, `${SOLD[line.item ?? 0] ?? ''} ${place}`, promise.quantity);
        if (promise.quantity > 0) seen.work[`${order.ref} ${place}`] = 1;
        add(seen.parcels, key, promise.shipped);
      }
    }
  }
  return seen;
}
