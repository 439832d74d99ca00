/**
 * What must be true when everything has settled, judged from the two stores and from the ledger's
 * own rows. Each function answers sentences about what is wrong; none when all is well.
 */
import type { Database } from '../../app/platform/database';
import type { DemoWorld } from '../demo/world';

type Wanted = {
  readonly sku: string;
  readonly quantity: number;
  readonly cancelled: boolean;
};

/** Units of an item that there ever were: at the start, and what has come in since. */
export type OpeningOf = (sku: string) => number;

export async function findProblems(
  db: Database,
  world: DemoWorld,
  opening: number | OpeningOf,
): Promise<readonly string[]> {
  const found = await Promise.all([
    ledgerProblems(db),
    orderProblems(db, world),
    numberProblems(db, world),
    conservationProblems(db, world, typeof opening === 'number' ? () => opening : opening),
    fulfillmentProblems(db, world),
    unfinishedWork(db),
  ]);
  return [
    ...found.flat(),
    ...deafness(world),
    ...world.shop.invariants(),
    ...world.woo.invariants(),
  ];
}

/** Levels are the fold of movements, all cells add up to nothing, promises have their units. */
async function ledgerProblems(db: Database): Promise<string[]> {
  const { rows: drift } = await db.query<{ readonly item: string }>(
    `SELECT d.item_id::text AS item FROM merchant m CROSS JOIN LATERAL ledger_drift(m.id) d`,
  );
  const { rows: sums } = await db.query<{ readonly item: string; readonly units: number }>(
    `SELECT item, sum(units)::int AS units FROM (
       SELECT item_id::text AS item, available + committed + reserved + safety_stock
         + quality_control + damaged + incoming AS units FROM stock_level
       UNION ALL SELECT item_id::text, quantity FROM movement WHERE to_location_id IS NULL
       UNION ALL SELECT item_id::text, -quantity FROM movement WHERE from_location_id IS NULL
     ) cells GROUP BY item HAVING sum(units) <> 0`,
  );
  const { rows: promises } = await db.query<{ readonly sku: string }>(
    `SELECT i.sku FROM stock_level l JOIN item i ON i.id = l.item_id
     LEFT JOIN LATERAL (SELECT sum(a.quantity) AS units
       FROM allocation a WHERE a.item_id = l.item_id AND a.location_id = l.location_id) p ON true
     WHERE l.committed <> COALESCE(p.units, 0)`,
  );
  return [
    ...drift.map(({ item }) => `the level of item ${item} is not the fold of its movements`),
    ...sums.map(({ item, units }) => `the cells of item ${item} add up to ${String(units)}`),
    ...promises.map(({ sku }) => `${sku}: committed units are not those of its allocations`),
  ];
}

type StoredLine = {
  readonly ref: string;
  readonly status: string;
  readonly sku: string;
  /** False: sold there only, and shown to the merchant as unmatched. */
  readonly matched: boolean;
  /** Promised, or short. */
  readonly open: number;
  readonly shipped: number;
};

/** Every order of the stores is here, and each of its units is promised, shipped or short. */
async function orderProblems(db: Database, world: DemoWorld): Promise<string[]> {
  const { rows } = await db.query<StoredLine>(
    `SELECT o.external_ref AS ref, o.status, l.sku, l.item_id IS NOT NULL AS matched,
       l.allocated_quantity + l.short_quantity AS open, l.shipped_quantity AS shipped
     FROM customer_order o JOIN order_line l ON l.order_id = o.id`,
  );
  const stored = new Map<string, StoredLine[]>();
  for (const line of rows) stored.set(line.ref, [...(stored.get(line.ref) ?? []), line]);
  const problems: string[] = [];
  for (const [ref, wanted] of ordersOfStores(world)) {
    const lines = stored.get(ref);
    if (lines === undefined) problems.push(`order ${ref} never arrived`);
    else problems.push(...wanted.flatMap((line) => lineProblem(ref, line, lines)));
  }
  return problems;
}

function lineProblem(ref: string, wanted: Wanted, lines: readonly StoredLine[]): string[] {
  const line = lines.find(({ sku }) => sku === wanted.sku);
  if (line === undefined) return [`order ${ref} lacks ${wanted.sku}`];
  if (wanted.cancelled !== (line.status === 'cancelled')) {
    return [
      `order ${ref} is ${line.status}, its store says cancelled: ${String(wanted.cancelled)}`,
    ];
  }
  // Cancelled while the parcel was on its way out: what has left has left, and no more is promised.
  const gone = wanted.cancelled ? line.shipped : 0;
  const units = wanted.cancelled || !line.matched ? gone : wanted.quantity;
  const held = line.open + line.shipped;
  return held === units
    ? []
    : [`order ${ref}, ${wanted.sku}: ${String(held)} of ${String(units)} units accounted for`];
}

function ordersOfStores({ shop, woo }: DemoWorld): Map<string, readonly Wanted[]> {
  const orders = new Map<string, readonly Wanted[]>();
  for (const order of shop.state.orders.values()) {
    const cancelled = order.cancelledAt !== null;
    orders.set(
      order.id,
      order.lines.map(({ sku, currentQuantity }) => ({
        sku,
        quantity: currentQuantity,
        cancelled,
      })),
    );
  }
  for (const order of woo.state.orders.values()) {
    const cancelled = order.status === 'cancelled';
    orders.set(
      String(order.id),
      order.lines.map(({ sku, quantity }) => ({ sku, quantity, cancelled })),
    );
  }
  return orders;
}

type LevelRow = {
  readonly sku: string;
  readonly location: string;
  readonly available: number;
  readonly onHand: number;
};

async function readLevels(db: Database): Promise<readonly LevelRow[]> {
  const { rows } = await db.query<LevelRow>(
    `SELECT i.sku, lo.name AS location, l.available, (l.available + l.committed + l.reserved
       + l.safety_stock + l.quality_control + l.damaged) AS "onHand"
     FROM stock_level l JOIN item i ON i.id = l.item_id JOIN location lo ON lo.id = l.location_id`,
  );
  return rows;
}

/** Each store shows what is available: by location in Shopify, the sum in WooCommerce. */
async function numberProblems(db: Database, { shop, woo }: DemoWorld): Promise<string[]> {
  const levels = await readLevels(db);
  const problems = levels.flatMap(({ sku, location, available }) => {
    const shown = shop.available(sku, location);
    return shown === available
      ? []
      : [`Shopify shows ${String(shown)} of ${sku} in ${location}, not ${String(available)}`];
  });
  for (const product of woo.state.products.values()) {
    const ours = levels.filter(({ sku }) => sku === product.sku);
    if (ours.length === 0 || product.stockQuantity === null) continue;
    const wanted = ours.reduce((sum, { available }) => sum + available, 0);
    if (product.stockQuantity !== wanted) {
      const shown = String(product.stockQuantity);
      problems.push(`WooCommerce shows ${shown} of ${product.sku}, not ${String(wanted)}`);
    }
  }
  return problems;
}

/** What was there at the start is here, or a store has been told that it left. */
async function conservationProblems(
  db: Database,
  world: DemoWorld,
  openingOf: OpeningOf,
): Promise<string[]> {
  const levels = await readLevels(db);
  const left = shippedUnits(world);
  for (const { sku, units } of await cancelledUnderWay(db, world)) {
    left.set(sku, (left.get(sku) ?? 0) + units);
  }
  const skus = [...new Set(levels.map(({ sku }) => sku))];
  return skus.flatMap((sku) => {
    const onHand = levels
      .filter((level) => level.sku === sku)
      .reduce((sum, level) => sum + level.onHand, 0);
    const gone = left.get(sku) ?? 0;
    const opening = openingOf(sku);
    return onHand + gone === opening
      ? []
      : [`${sku}: ${String(onHand)} on hand, ${String(gone)} shipped, of ${String(opening)}`];
  });
}

function shippedUnits({ shop, woo }: DemoWorld): Map<string, number> {
  const left = new Map<string, number>();
  const count = (sku: string, units: number) => left.set(sku, (left.get(sku) ?? 0) + units);
  for (const order of shop.state.orders.values()) {
    for (const line of order.lines) count(line.sku, line.fulfilledQuantity);
  }
  for (const order of woo.state.orders.values()) {
    for (const fulfillment of order.fulfillments) {
      const items = fulfillment.meta.find(({ key }) => key === '_items')?.value;
      if (!Array.isArray(items)) continue;
      for (const item of items as { item_id: number; qty: number }[]) {
        const line = order.lines.find(({ id }) => id === item.item_id);
        if (line !== undefined) count(line.sku, item.qty);
      }
    }
  }
  return left;
}

/** Every tracking number that was entered reached its store exactly once. */
async function fulfillmentProblems(db: Database, world: DemoWorld): Promise<string[]> {
  const { rows } = await db.query<{ readonly number: string; readonly state: string }>(
    `SELECT tracking_number AS number, report_state AS state FROM fulfillment
     WHERE origin = 'crossdock'`,
  );
  const told = trackingNumbers(world);
  const underWay = new Set((await cancelledUnderWay(db, world)).map(({ number }) => number));
  return rows.flatMap(({ number, state }) => {
    if (underWay.has(number)) return [];
    const times = told.filter((one) => one === number).length;
    return times === 1
      ? []
      : [`${number} (${state}) reached its store ${String(times)} times instead of once`];
  });
}

type UnderWay = { readonly number: string; readonly sku: string; readonly units: number };

/**
 * Parcels that left while their order was cancelled in its store: the store refuses to hear of
 * them, which a person sees with the order.
 */
async function cancelledUnderWay(db: Database, world: DemoWorld): Promise<readonly UnderWay[]> {
  const { rows } = await db.query<UnderWay & { readonly ref: string }>(
    `SELECT f.tracking_number AS number, o.external_ref AS ref, i.sku, fl.quantity AS units
       FROM fulfillment f JOIN customer_order o ON o.id = f.order_id
       JOIN fulfillment_line fl ON fl.fulfillment_id = f.id
       JOIN allocation a ON a.id = fl.allocation_id JOIN item i ON i.id = a.item_id
      WHERE f.origin = 'crossdock' AND f.report_state = 'refused'`,
  );
  const orders = ordersOfStores(world);
  return rows.filter(({ ref }) => orders.get(ref)?.some(({ cancelled }) => cancelled) === true);
}

export function trackingNumbers({ shop, woo }: DemoWorld): readonly string[] {
  return [
    ...[...shop.state.fulfillments.values()].flatMap((one) => one.trackingNumbers),
    ...[...woo.state.orders.values()].flatMap((order) =>
      order.fulfillments.map(({ meta }) =>
        String(meta.find(({ key }) => key === '_tracking_number')?.value),
      ),
    ),
  ];
}

/** A store that switched its webhooks off while nobody answered has switched them on again. */
function deafness({ woo }: DemoWorld): string[] {
  return [...woo.state.webhooks.values()]
    .filter(({ status }) => status !== 'active')
    .map(({ topic, status }) => `the webhook ${topic} is ${status}`);
}

/** Nothing waits for ever: every event has an answer, no job is stuck, no number is unsent. */
async function unfinishedWork(db: Database): Promise<string[]> {
  const { rows: events } = await db.query<{ readonly topic: string }>(
    `SELECT topic FROM inbox_event WHERE state = 'received'`,
  );
  const { rows: jobs } = await db.query<{ readonly kind: string; readonly state: string }>(
    `SELECT kind, state || COALESCE(': ' || last_error, '') AS state FROM job
     WHERE state IN ('running', 'queued', 'failed')`,
  );
  const { rows: unsent } = await db.query<{ readonly sku: string }>(
    `SELECT li.sku FROM publication p JOIN listing li ON li.id = p.listing_id
     WHERE p.dirty_seq > p.sent_seq AND li.item_id IS NOT NULL`,
  );
  return [
    ...events.map(({ topic }) => `an event ${topic} was never processed`),
    ...jobs.map(({ kind, state }) => `a job ${kind} is ${state}`),
    ...unsent.map(({ sku }) => `a number of ${sku} was never sent`),
  ];
}
