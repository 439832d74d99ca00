/**
 * What must be true once a storm is over and the world has settled, judged from the far sides, the
 * ledger's own rows and what people were told. Answers sentences about what is wrong.
 */
import type { Database } from '../../../app/platform/database';
import type { Plan } from './plan';
import type { Merchant } from './storm';
import type { SimWorld } from './world';

export type Judged = {
  readonly db: Database;
  readonly world: SimWorld;
  readonly merchant: Merchant;
  readonly plan: Plan;
};

export async function findViolations(judged: Judged): Promise<readonly string[]> {
  const { db, world } = judged;
  const found = await Promise.all([
    ledgerProblems(db),
    formProblems(judged),
    orderProblems(judged),
    parcelProblems(judged),
    numberProblems(judged),
    messageProblems(judged),
    workProblems(db),
    auditProblems(db),
    tenancyProblems(db),
  ]);
  return [...found.flat(), ...world.shopify.invariants(), ...world.woo.invariants()];
}

type Sentence = { readonly sentence: string };

async function sentences(db: Database, statement: string, params: unknown[] = []) {
  const { rows } = await db.query<Sentence>(statement, params);
  return rows.map(({ sentence }) => sentence);
}

/** Levels are the fold of movements, cells add up to nothing, promises have their units. */
async function ledgerProblems(db: Database): Promise<string[]> {
  return [
    ...(await sentences(
      db,
      `SELECT 'the level of ' || i.sku || ' is not the fold of its movements' AS sentence
         FROM merchant m CROSS JOIN LATERAL ledger_drift(m.id) d JOIN item i ON i.id = d.item_id`,
    )),
    ...(await sentences(
      db,
      `SELECT 'the cells of ' || i.sku || ' add up to ' || sum(units) AS sentence FROM (
         SELECT item_id, available + committed + reserved + safety_stock + quality_control
           + damaged + incoming AS units FROM stock_level
         UNION ALL SELECT item_id, quantity FROM movement WHERE to_location_id IS NULL
         UNION ALL SELECT item_id, -quantity FROM movement WHERE from_location_id IS NULL
       ) cells JOIN item i ON i.id = cells.item_id GROUP BY i.sku HAVING sum(units) <> 0`,
    )),
    ...(await sentences(
      db,
      `SELECT i.sku || ' has a level below zero' AS sentence FROM stock_level l
         JOIN item i ON i.id = l.item_id
        WHERE LEAST(l.available, l.committed, l.reserved, l.safety_stock, l.quality_control,
          l.damaged, l.incoming) < 0`,
    )),
    ...(await sentences(
      db,
      `SELECT i.sku || ': ' || l.committed || ' committed, ' || COALESCE(p.units, 0)
          || ' allocated' AS sentence
         FROM stock_level l JOIN item i ON i.id = l.item_id
         LEFT JOIN LATERAL (SELECT sum(a.quantity) AS units FROM allocation a
           WHERE a.item_id = l.item_id AND a.location_id = l.location_id) p ON true
        WHERE l.committed <> COALESCE(p.units, 0)`,
    )),
    ...(await sentences(
      db,
      `SELECT 'order ' || o.external_ref || ': a line says ' || l.allocated_quantity
          || ' promised and ' || l.shipped_quantity || ' shipped, its allocations '
          || COALESCE(a.open, 0) || ' and ' || COALESCE(a.shipped, 0) AS sentence
         FROM order_line l JOIN customer_order o ON o.id = l.order_id
         LEFT JOIN LATERAL (SELECT sum(quantity) AS open, sum(shipped_quantity) AS shipped
           FROM allocation WHERE order_line_id = l.id) a ON true
        WHERE l.allocated_quantity <> COALESCE(a.open, 0)
           OR l.shipped_quantity <> COALESCE(a.shipped, 0)`,
    )),
    ...(await sentences(
      db,
      `SELECT i.sku || ': ' || COALESCE(-c.units, 0) || ' left in the ledger, '
          || COALESCE(a.units, 0) || ' by allocations' AS sentence
         FROM item i
         LEFT JOIN LATERAL (SELECT sum(shipped_quantity) AS units FROM allocation
           WHERE item_id = i.id) a ON true
         LEFT JOIN LATERAL (SELECT sum(CASE WHEN to_state = 'customer' THEN -quantity
             WHEN reason <> 'return_restocked' THEN quantity ELSE 0 END) AS units
           FROM movement WHERE item_id = i.id
             AND 'customer' IN (to_state, from_state)) c ON true
        WHERE COALESCE(-c.units, 0) <> COALESCE(a.units, 0)`,
    )),
  ];
}

/** Each form acted once, however often it was pressed and whoever died meanwhile. */
async function formProblems({ db, merchant }: Judged): Promise<string[]> {
  const wanted = new Map<string, number>();
  for (const { sku, by } of merchant.adjusted) wanted.set(sku, (wanted.get(sku) ?? 0) + by);
  const { rows } = await db.query<{ sku: string; units: number }>(
    `SELECT i.sku, COALESCE(sum(CASE WHEN m.to_location_id IS NULL THEN -m.quantity
        ELSE m.quantity END), 0)::int AS units
       FROM item i LEFT JOIN movement m ON m.item_id = i.id AND m.reason = 'found'
      WHERE i.merchant_id = $1 GROUP BY i.sku`,
    [merchant.merchantId],
  );
  const problems = rows
    .filter(({ sku, units }) => units !== (wanted.get(sku) ?? 0))
    .map(
      ({ sku, units }) =>
        `staff changed ${sku} by ${String(wanted.get(sku) ?? 0)}, the ledger by ${String(units)}`,
    );
  return [
    ...problems,
    ...(await sentences(
      db,
      `SELECT 'form ' || idempotency_key || ' made ' || count(*) || ' parcels' AS sentence
         FROM fulfillment WHERE origin = 'crossdock' GROUP BY idempotency_key HAVING count(*) > 1`,
    )),
  ];
}

type Wanted = {
  readonly ref: string;
  readonly sku: string;
  /** Units the store wants in all, and of these not given back. */
  readonly ordered: number;
  readonly current: number;
  readonly cancelled: boolean;
  readonly gone: boolean;
};

function wantedOf({ shop, woo }: SimWorld): readonly Wanted[] {
  const shopLines = [...shop.state.orders.values()].flatMap((order) =>
    order.lines.map((line) => ({
      ref: order.id,
      sku: line.sku,
      ordered: line.quantity,
      current: line.currentQuantity,
      cancelled: order.cancelledAt !== null,
      gone: false,
    })),
  );
  const wooLines = [...woo.state.orders.values()].flatMap((order) =>
    order.lines.map((line) => ({
      ref: String(order.id),
      sku: line.sku,
      ordered: line.quantity,
      current:
        line.quantity -
        order.refunds
          .flatMap((refund) => refund.lines)
          .filter(({ line: refunded }) => refunded.id === line.id)
          .reduce((sum, { quantity }) => sum + quantity, 0),
      cancelled: ['cancelled', 'failed', 'refunded'].includes(order.status),
      gone: order.status === 'trash',
    })),
  );
  return [...shopLines, ...wooLines];
}

type StoredLine = {
  readonly ref: string;
  readonly sku: string;
  readonly status: string;
  readonly cancelState: string | null;
  readonly open: number;
  readonly shipped: number;
};

/** Every order of the stores is here, each of its units promised, shipped, or short. */
async function orderProblems({ db, world }: Judged): Promise<string[]> {
  const { rows } = await db.query<StoredLine>(
    `SELECT o.external_ref AS ref, l.sku, o.status, o.cancel_state AS "cancelState",
        sum(l.allocated_quantity + l.short_quantity)::int AS open,
        sum(l.shipped_quantity)::int AS shipped
       FROM customer_order o JOIN order_line l ON l.order_id = o.id
      GROUP BY o.id, l.sku`,
  );
  const stored = new Map(rows.map((row) => [`${row.ref} ${row.sku}`, row]));
  const wanted = new Map<string, Wanted>();
  for (const line of wantedOf(world)) {
    const key = `${line.ref} ${line.sku}`;
    const same = wanted.get(key);
    wanted.set(key, {
      ...line,
      ordered: line.ordered + (same?.ordered ?? 0),
      current: line.current + (same?.current ?? 0),
    });
  }
  const problems = [...wanted].flatMap(([key, line]) => lineProblem(line, stored.get(key)));
  for (const [key, { open }] of stored) {
    if (open > 0 && !wanted.has(key)) problems.push(`${key} is still promised; no store has it`);
  }
  return problems;
}

function lineProblem(wanted: Wanted, line: StoredLine | undefined): string[] {
  const { ref, sku } = wanted;
  if (line === undefined) {
    // What was over before it was ever seen need not have been taken in.
    return wanted.gone || wanted.cancelled || wanted.current === 0
      ? []
      : [`order ${ref} lacks ${sku}`];
  }
  if (wanted.gone || wanted.cancelled) {
    return line.open === 0 ? [] : [`order ${ref} is over, but ${String(line.open)} ${sku} wait`];
  }
  if (line.status === 'cancelled' && line.cancelState !== 'refused' && wanted.current > 0) {
    return [`order ${ref} is cancelled here, and not in its store`];
  }
  const least = Math.max(0, wanted.current - line.shipped);
  const most = Math.max(least, Math.min(wanted.current, wanted.ordered - line.shipped));
  return line.open >= least && line.open <= most
    ? []
    : [
        `order ${ref}, ${sku}: ${String(line.open)} promised or short and ${String(line.shipped)} ` +
          `shipped of ${String(wanted.current)}`,
      ];
}

type Parcel = {
  readonly number: string;
  readonly state: string;
  readonly ref: string;
  readonly detail: string | null;
};

/** Every parcel of ours reached its store once; or a person sees why not. */
async function parcelProblems({ db, world }: Judged): Promise<string[]> {
  const { rows } = await db.query<Parcel>(
    `SELECT f.tracking_number AS number, f.report_state AS state, f.report_detail AS detail,
        o.external_ref AS ref
       FROM fulfillment f JOIN customer_order o ON o.id = f.order_id
      WHERE f.origin = 'crossdock'`,
  );
  const told = trackingNumbersOf(world);
  const over = new Set(
    wantedOf(world)
      .filter(({ cancelled, gone, current }) => cancelled || gone || current === 0)
      .map(({ ref }) => ref),
  );
  const existing = new Set(wantedOf(world).map(({ ref }) => ref));
  return rows.flatMap(({ number, state, ref, detail }) => {
    const times = told.filter((one) => one === number).length;
    if (times === 1) return state === 'refused' ? [`${number} arrived, but says refused`] : [];
    if (times > 1) return [`${number} reached its store ${String(times)} times`];
    const excused = (over.has(ref) || !existing.has(ref)) && state !== 'pending';
    return excused ? [] : [`${number} (${state} ${detail ?? ''}) never reached its store`];
  });
}

function trackingNumbersOf({ shop, woo }: SimWorld): readonly string[] {
  const numbers = [
    ...[...shop.state.fulfillments.values()].flatMap((one) => one.trackingNumbers),
    ...[...woo.state.orders.values()].flatMap((order) =>
      order.fulfillments.map(({ meta }) =>
        String(meta.find(({ key }) => key === '_tracking_number')?.value),
      ),
    ),
  ];
  return numbers.flatMap((number) => number.split(/[,\s]+/));
}

/** Each store shows what the ledger has for it. */
async function numberProblems({ db, world, merchant }: Judged): Promise<string[]> {
  const { rows } = await db.query<{ sku: string; location: string; available: number }>(
    `SELECT i.sku, lo.name AS location, l.available FROM stock_level l
       JOIN item i ON i.id = l.item_id JOIN location lo ON lo.id = l.location_id
      WHERE l.merchant_id = $1`,
    [merchant.merchantId],
  );
  const { buffer } = await db.one<{ buffer: number }>(
    `SELECT buffer_units AS buffer FROM connection WHERE id = $1`,
    [merchant.wooId],
  );
  const problems = rows.flatMap(({ sku, location, available }) => {
    const shown = world.shop.available(sku, location);
    return shown === available
      ? []
      : [`Shopify shows ${String(shown)} ${sku} in ${location}, not ${String(available)}`];
  });
  for (const { sku, stockQuantity } of world.woo.state.products.values()) {
    const sum = rows
      .filter((row) => row.sku === sku)
      .reduce((units, { available }) => units + available, 0);
    const wanted = Math.max(0, sum - buffer);
    if (stockQuantity !== wanted) {
      problems.push(`WooCommerce shows ${String(stockQuantity)} ${sku}, not ${String(wanted)}`);
    }
  }
  return problems;
}

/** What was acknowledged is there, and has an end that a person can see. */
async function messageProblems({ db, world, plan }: Judged): Promise<string[]> {
  const waiting = await sentences(
    db,
    `SELECT 'a message ' || topic || ' was never worked on' AS sentence FROM inbox_event
      WHERE state = 'received'`,
  );
  // A shop that took the app off is nobody's: its messages are answered and not kept.
  const away = plan.parts.some(
    (part) => part.at === 'time' && ['reinstall', 'reconnect'].includes(part.event.kind),
  );
  if (away) return waiting;
  const { rows } = await db.query<{ key: string }>(`SELECT dedupe_key AS key FROM inbox_event`);
  const kept = rows.map(({ key }) => key).join('\n');
  const lost = world.acknowledged.flatMap(({ topic, headers }) => {
    const id = headers['x-shopify-webhook-id'];
    return id === undefined || kept.includes(id) ? [] : [`a message ${topic} was lost`];
  });
  return [...waiting, ...lost];
}

/** Nothing is stuck: no job that nobody runs, no number that nobody sends. */
async function workProblems(db: Database): Promise<string[]> {
  return [
    ...(await sentences(
      db,
      `SELECT 'a job ' || kind || ' is ' || state || COALESCE(': ' || last_error, '') AS sentence
         FROM job WHERE state = 'running'
           OR (state = 'queued' AND run_at < now() + interval '1 minute')`,
    )),
    ...(await sentences(
      db,
      `SELECT 'a number of ' || COALESCE(li.sku, '?') || ' waits to be sent' AS sentence
         FROM publication p JOIN listing li ON li.id = p.listing_id
         JOIN connection c ON c.id = p.connection_id
        WHERE p.dirty_seq > p.sent_seq AND li.item_id IS NOT NULL AND li.active
          AND c.status = 'connected'`,
    )),
    ...(await sentences(
      db,
      `SELECT 'the connection to ' || kind || ' is ' || status AS sentence FROM connection
        WHERE status <> 'connected' OR imported_at IS NULL OR NOT publishing`,
    )),
  ];
}

/** Every change says what caused it, and its cause can be looked up. */
async function auditProblems(db: Database): Promise<string[]> {
  return [
    ...(await sentences(
      db,
      `SELECT DISTINCT 'movements for ' || m.cause_kind || ' (' || m.reason
          || ') have no audit record' AS sentence
         FROM movement m WHERE NOT EXISTS (SELECT 1 FROM audit_record a
           WHERE a.merchant_id = m.merchant_id AND m.cause_id IN (a.cause_id, a.subject_id))`,
    )),
    ...(await sentences(
      db,
      `SELECT 'parcel ' || f.idempotency_key || ' has no audit record' AS sentence
         FROM fulfillment f WHERE NOT EXISTS (SELECT 1 FROM audit_record a
           WHERE a.merchant_id = f.merchant_id
             AND (f.order_id::text IN (a.subject_id, a.cause_id)
               OR f.id::text IN (a.subject_id, a.cause_id)))`,
    )),
  ];
}

/** No row belongs to one merchant and hangs on another's. */
async function tenancyProblems(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ child: string; parent: string; key: string }>(
    `SELECT c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
        a.attname AS key
       FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
        AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = c.conrelid
          AND attname = 'merchant_id')
        AND EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = c.confrelid
          AND attname = 'merchant_id')`,
  );
  const looks = rows.map(
    ({ child, parent, key }) =>
      `SELECT '${child} hangs on another merchant''s ${parent}' AS sentence
         FROM ${child} c JOIN ${parent} p ON p.id = c.${key} WHERE c.merchant_id <> p.merchant_id`,
  );
  return looks.length === 0 ? [] : sentences(db, looks.join(' UNION '));
}
