/**
 * What must be true once a storm is over and the world has settled, judged from the far sides, the
 * ledger's own rows and what people were told. Answers sentences about what is wrong.
 */
import type { Database } from '../../../app/platform/database';
import { numberProblems, orderProblems, parcelProblems } from './judge-stores';
import type { Judged } from './judged';
import { NEIGHBOR_DOMAIN, NEIGHBOR_UNITS } from './world';

export async function findViolations(judged: Judged): Promise<readonly string[]> {
  const { db, world } = judged;
  const found = await Promise.all([
    ledgerProblems(db),
    waitingProblems(db),
    formProblems(judged),
    orderProblems(judged),
    parcelProblems(judged),
    numberProblems(judged),
    messageProblems(judged),
    workProblems(db),
    auditProblems(db),
    tenancyProblems(db),
    neighborProblems(judged),
  ]);
  // All take their locks in one order: nobody should ever hold up whom they wait for.
  const circles = world.deadlocks();
  return [
    ...(circles === 0 ? [] : [`${String(circles)} times processes held each other up for ever`]),
    ...found.flat(),
    ...world.shopify.invariants(),
    ...world.woo.invariants(),
  ];
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

/** Nobody waits for units that lie free in a place their order may ship from. */
function waitingProblems(db: Database): Promise<string[]> {
  return sentences(
    db,
    `SELECT 'order ' || o.external_ref || ' is short of ' || i.sku || ', of which '
        || max(s.available) || ' lie free' AS sentence
       FROM order_line l JOIN customer_order o ON o.id = l.order_id JOIN item i ON i.id = l.item_id
       JOIN stock_level s ON s.item_id = l.item_id AND s.available > 0
       JOIN connection_location cl ON cl.location_id = s.location_id
         AND cl.connection_id = o.connection_id
      WHERE l.short_quantity > 0 AND o.status IN ('open', 'partially_shipped')
      GROUP BY o.external_ref, i.sku`,
  );
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
          AND c.status = 'connected' AND c.publishing`,
    )),
    ...(await sentences(
      db,
      `SELECT 'the connection to ' || kind || ' is ' || status AS sentence FROM connection
        WHERE status <> 'connected' OR imported_at IS NULL
           OR (NOT publishing AND account <> $1)`,
      [NEIGHBOR_DOMAIN],
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

/** The other merchant has what they had, and sees nothing of ours. */
async function neighborProblems({ db, world, plan, merchant }: Judged): Promise<string[]> {
  const { neighbor } = world;
  if (neighbor === null) return [];
  const problems = await sentences(
    db,
    `SELECT 'the other merchant has ' || l.available || ' of ' || i.sku AS sentence
       FROM stock_level l JOIN item i ON i.id = l.item_id
      WHERE l.merchant_id <> $1 AND (l.available <> $2 OR l.committed <> 0)
     UNION SELECT 'the other merchant has an order of ours' FROM customer_order
      WHERE merchant_id <> $1
     UNION SELECT 'the other merchant has ' || count(*) || ' items' FROM item
      WHERE merchant_id <> $1 HAVING count(*) <> $3`,
    [merchant.merchantId, NEIGHBOR_UNITS, plan.items.length],
  );
  for (const { sku } of plan.items) {
    for (const place of ['West', 'East']) {
      const shown = neighbor.available(sku, place);
      if (shown !== NEIGHBOR_UNITS)
        problems.push(`the other merchant shows ${String(shown)} ${sku}`);
    }
  }
  return problems;
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
