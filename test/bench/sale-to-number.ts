/**
 * From a sale on one store to the number it makes, written at the other store: measured where it
 * arrives, by the sandbox that keeps the other store.
 */
import type { Database } from '../../app/platform/database';
import { believableAddress, believableEmail } from '../sandbox/core';
import type { AppWorld } from './app-world';
import { brokenPromises } from './ledger-database';
import { percentile } from './measure';
import { type BenchReport, ms, none, under } from './report';
import { type SaleWatch, callsOf, createSaleWatch, levelsOf } from './sale-watch';
import { steadily } from './steady-load';

const ORDERS_PER_SECOND = 20;

export async function benchSaleToNumber(
  world: AppWorld,
  settings: { readonly milliseconds: number },
  report: BenchReport,
): Promise<void> {
  const watch = createSaleWatch(world);
  world.witnesses.add(watch.witness);
  const placedAt = new Map<string, number>();
  await steadily(ORDERS_PER_SECOND, settings.milliseconds, (index) => {
    const at = Date.now();
    placedAt.set(placeOrder(world, watch, index % 2 === 0 ? 'shopify' : 'woocommerce'), at);
    return Promise.resolve(true);
  });
  const drainedMs = await world.settle();
  world.witnesses.delete(watch.witness);

  const times = await timesOf(world.db, placedAt, watch);
  for (const from of ['shopify', 'woocommerce'] as const) addRow(report, from, times);
  addLimits(report, watch, placedAt.size, drainedMs, settings.milliseconds);
  await addAgreement(world, report);
  if (times.missing > 0) {
    report.broken.push(`sales: ${String(times.missing)} numbers never reached the other store`);
  }
  if (times.orders < placedAt.size) {
    report.broken.push(`sales: ${String(placedAt.size - times.orders)} orders never arrived`);
  }
  const stores = [...world.shopify.invariants(), ...world.woo.invariants()];
  report.broken.push(...stores.map((sentence) => `sales: ${sentence}`));
  report.broken.push(...(await brokenPromises(world.db, world.merchantId, 'sales')));
}

/** One to three lines, a few items selling most. Answers the order's reference as we know it. */
function placeOrder(world: AppWorld, watch: SaleWatch, store: 'shopify' | 'woocommerce'): string {
  const { shop, woo, random, skus } = world;
  const lines = new Map<string, number>();
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  while (lines.size < count) {
    lines.set(skus[random.zipf(skus.length)] ?? '', random.pick([1, 1, 1, 2]));
  }
  const address = believableAddress(random);
  const email = believableEmail(random, address);
  const order = { lines: [...lines].map(([sku, quantity]) => ({ sku, quantity })), email };
  if (store === 'woocommerce') return String(woo.placeOrder({ ...order, address }).id);
  const { id } = shop.placeOrder({ ...order, shippingAddress: address });
  watch.noteOwn();
  return id;
}

type Times = {
  readonly shopify: number[];
  readonly woocommerce: number[];
  /** Numbers the other store had come down to, or below, by sales of its own. */
  already: number;
  missing: number;
  orders: number;
};

type SaleRow = {
  readonly orderRef: string;
  readonly soldOn: string;
  readonly toldOn: string;
  readonly stockRef: string;
  readonly locationRef: string;
  /** What the other store should show once it knows of this sale. */
  readonly wanted: number;
};

/**
 * Each sale's movement, with the number it left for every other store: of its location where the
 * store keeps one per location, else of all. Stock only falls here, so the first number written
 * that is not higher is the one that tells of the sale.
 */
const SALES = `
WITH ends AS (
  SELECT seq, item_id, from_location_id AS location_id, -quantity AS units FROM movement
    WHERE from_state = 'available'
  UNION ALL
  SELECT seq, item_id, to_location_id, quantity FROM movement WHERE to_state = 'available'
), folded AS (
  SELECT seq, item_id, location_id,
    sum(units) OVER (PARTITION BY item_id, location_id ORDER BY seq) AS here,
    sum(units) OVER (PARTITION BY item_id ORDER BY seq) AS everywhere
  FROM ends
)
SELECT o.external_ref AS "orderRef", sold.kind AS "soldOn", told.kind AS "toldOn",
  li.stock_ref AS "stockRef", p.location_ref AS "locationRef",
  (CASE WHEN p.location_ref = '' THEN f.everywhere ELSE f.here END)::int AS wanted
FROM movement m
JOIN folded f ON f.seq = m.seq
JOIN customer_order o ON o.id = m.cause_id::uuid
JOIN connection sold ON sold.id = o.connection_id
JOIN connection told ON told.merchant_id = m.merchant_id AND told.id <> sold.id
JOIN listing li ON li.connection_id = told.id AND li.item_id = m.item_id
JOIN connection_location cl ON cl.connection_id = told.id AND cl.location_id = m.from_location_id
JOIN publication p ON p.listing_id = li.id AND p.location_ref = cl.external_ref
WHERE m.reason = 'sale' AND m.cause_kind = 'order'`;

async function timesOf(
  db: Database,
  placedAt: ReadonlyMap<string, number>,
  watch: SaleWatch,
): Promise<Times> {
  const times: Times = { shopify: [], woocommerce: [], already: 0, missing: 0, orders: 0 };
  const { rows } = await db.query<SaleRow>(SALES);
  const seen = new Set<string>();
  for (const row of rows) {
    const at = placedAt.get(row.orderRef);
    if (at === undefined) continue;
    seen.add(row.orderRef);
    const numbers = watch.written.get(`${row.toldOn} ${row.stockRef} ${row.locationRef}`) ?? [];
    const shows = numbers.findLast((number) => number.at < at);
    const told =
      shows !== undefined && shows.quantity <= row.wanted
        ? { ...shows, own: true }
        : numbers.find((number) => number.at >= at && number.quantity <= row.wanted);
    if (told === undefined) times.missing += 1;
    else if (told.own) times.already += 1;
    else times[row.soldOn === 'shopify' ? 'shopify' : 'woocommerce'].push(told.at - at);
  }
  times.orders = seen.size;
  return times;
}

function addRow(report: BenchReport, from: 'shopify' | 'woocommerce', all: Times): void {
  const times = all[from];
  const [p50, p99, max] = [50, 99, 100].map((percent) => ms(percentile(times, percent)));
  const already = `; ${String(all.already)} more were there by the store's own sales`;
  report.rows.push({
    what: from === 'shopify' ? 'Sale on Shopify to WooCommerce' : 'Sale on WooCommerce to Shopify',
    ours: `p50 ${p50 ?? ''}, p99 ${p99 ?? ''}, max ${max ?? ''}`,
    bound: '',
    boundIs: '',
    ratio: '',
    target: under(percentile(times, 99), 1_000, ' ms', 'p99'),
    note: `${String(times.length)} numbers, timed by the other store${from === 'shopify' ? '' : already}`,
  });
}

/** In the end both stores should show what the ledger has; what does not, reconciling repairs. */
async function addAgreement(world: AppWorld, report: BenchReport): Promise<void> {
  const { rows } = await world.db.query<{ stockRef: string; locationRef: string; wanted: number }>(
    `SELECT li.stock_ref AS "stockRef", p.location_ref AS "locationRef",
        sum(l.available)::int AS wanted
       FROM publication p JOIN listing li ON li.id = p.listing_id
       JOIN connection_location cl ON cl.connection_id = p.connection_id
         AND cl.external_ref = p.location_ref
       JOIN stock_level l ON l.item_id = li.item_id AND l.location_id = cl.location_id
      GROUP BY p.id, li.id`,
  );
  const levels = levelsOf(world);
  const differing = rows.filter(({ stockRef, locationRef, wanted }) => {
    const shows =
      locationRef === ''
        ? world.woo.stockOf(Number(/(\d+)$/.exec(stockRef)?.[1]))
        : levels.get(`${stockRef} ${locationRef}`);
    return shows !== wanted;
  });
  report.rows.push({
    what: 'Numbers that differ in the end',
    ours: `${String(differing.length)} of ${String(rows.length)}`,
    bound: '',
    boundIs: '',
    ratio: '',
    target: none(differing.length),
    note: 'both stores against the ledger, once the queues are empty and before any reconciling',
  });
}

function addLimits(
  report: BenchReport,
  watch: SaleWatch,
  orders: number,
  drainedMs: number,
  milliseconds: number,
): void {
  const points = callsOf(watch, /^shopify /).points / ((milliseconds + drainedMs) / 1_000);
  report.rows.push({
    what: 'Channel limits meanwhile',
    ours: `${String(watch.throttled)} throttled; ${String(Math.round(points))} Shopify points/s`,
    bound: '200 points/s',
    boundIs: 'what the Advanced plan gives back a second',
    ratio: '',
    target: { words: '0 throttled', reached: watch.throttled === 0 },
    note: `drained in ${ms(drainedMs)}`,
  });
  // Every other order is of the one store, and the rest of the other.
  addCalls(report, watch, Math.ceil(orders / 2), 'Shopify', {
    order: /^shopify (Order|MoreLinesOfOrder)/,
    work: /^shopify .*(Fulfillment|Works?)/,
    numbers: /^shopify (SetInventory|LevelsOfItems|MoreLevels|ActivateInventory)/,
  });
  addCalls(report, watch, Math.floor(orders / 2), 'WooCommerce', {
    order: /^woocommerce GET orders/,
    work: /^$/,
    numbers: /^woocommerce (GET (variations|products)|POST products)/,
  });
  for (const [what, { calls }] of [...watch.requests].sort((a, b) => b[1].calls - a[1].calls)) {
    console.log(`  ${String(calls).padStart(6)} ${what}`);
  }
}

type Purposes = { readonly order: RegExp; readonly work: RegExp; readonly numbers: RegExp };

/** What one order costs its store in calls, and what the sales of the other store cost it. */
function addCalls(
  report: BenchReport,
  watch: SaleWatch,
  orders: number,
  store: string,
  { order, work, numbers }: Purposes,
): void {
  const each = (fits: RegExp): string => (callsOf(watch, fits).calls / orders).toFixed(1);
  const both = new RegExp(`${order.source}|${work.source}`);
  const { calls, points } = callsOf(watch, new RegExp(`^${store.toLowerCase()} `));
  const cost = points > 0 ? `, ${(points / orders).toFixed(0)} points` : '';
  report.rows.push({
    what: `Calls to ${store} per order of its own`,
    ours: `${(calls / orders).toFixed(1)} calls${cost}`,
    bound: '1',
    boundIs: 'reading the order once',
    ratio: each(both),
    target: null,
    note: `the order ${each(order)}, where it ships from ${each(work)}, numbers of the other store's sales ${each(numbers)}`,
  });
}
