/**
 * A hundred thousand listings compared with a channel that keeps to its limit, and a channel that
 * comes back after an hour away. The far side is an array behind a bucket of calls: what is
 * measured is ours.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelConnector, StockPublished } from '../../app/contracts/channel';
import type { Outcome } from '../../app/contracts/outcome';
import { inside, outside } from '../../app/domain/stock/cell';
import { systemActor } from '../../app/domain/shared/actor';
import type { OperationContext } from '../../app/operations/context';
import { publishStock } from '../../app/operations/sync/publish-stock';
import { reconcileStock } from '../../app/operations/sync/reconcile-stock';
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { createLog } from '../../app/platform/log';
import { postMovements } from '../../app/store/movements';
import { brokenPromises } from './ledger-database';
import { type BenchReport, none, times } from './report';

const OPENING = 50;
const BATCH = 100;
/** Calls the far side takes at once, and per second after that. */
const BURST = 40;
const CALLS_PER_SECOND = 25;
const LIMIT = 'what the limit of calls allows';
const MEMORY_LOOK_MS = 100;

type FarSide = {
  readonly numbers: Int32Array;
  away: boolean;
  calls: number;
  refused: number;
  readonly channel: ChannelConnector;
};

type Bench = { readonly db: Database; readonly merchantId: string; readonly connectionId: string };

export async function benchReconcile(
  db: Database,
  listings: number,
  report: BenchReport,
): Promise<void> {
  const bench = await seed(db, listings);
  const far = createFarSide(listings);
  const context = contextOf(db, far);
  // One in fifty was edited, half of them up; the brake is not what is measured.
  for (let at = 0; at < listings; at += 50) far.numbers[at] = at % 100 === 0 ? 90 : 30;
  const memory = watchMemory();
  const startedAt = performance.now();
  await reconcileAll(context, bench);
  await publishAll(context, bench);
  const seconds = (performance.now() - startedAt) / 1_000;
  const peak = memory();
  report.rows.push({
    what: `Reconciling ${listings.toLocaleString('en-US')} listings`,
    ours: `${seconds.toFixed(1)} s`,
    bound: `${secondsAllowed(far.calls).toFixed(1)} s`,
    boundIs: LIMIT,
    ratio: times(seconds / secondsAllowed(far.calls)),
    target: null,
    note: `${String(far.calls)} calls, ${String(far.refused)} refused; ${peak.toFixed(0)} MB beyond the start`,
  });
  await addDifference(report, bench, far, 'after reconciling');
  await benchOutage(context, bench, far, listings, report);
  report.broken.push(...(await brokenPromises(db, bench.merchantId, 'reconcile')));
}

/** The channel is away while an hour's sales happen elsewhere; then it answers again. */
async function benchOutage(
  context: OperationContext,
  bench: Bench,
  far: FarSide,
  listings: number,
  report: BenchReport,
): Promise<void> {
  far.away = true;
  const sold = Math.floor(listings / 5);
  await sell(bench, sold);
  await publishStock(context, bench);
  [far.away, far.calls, far.refused] = [false, 0, 0];
  const startedAt = performance.now();
  await publishAll(context, bench);
  const seconds = (performance.now() - startedAt) / 1_000;
  report.rows.push({
    what: `After an outage, ${sold.toLocaleString('en-US')} numbers`,
    ours: `${seconds.toFixed(1)} s`,
    bound: `${secondsAllowed(far.calls).toFixed(1)} s`,
    boundIs: LIMIT,
    ratio: times(seconds / secondsAllowed(far.calls)),
    target: null,
    note: `${String(far.calls)} calls of at most ${String(BATCH)} numbers, ${String(far.refused)} refused`,
  });
  await addDifference(report, bench, far, 'after the outage');
}

/** The shortest time in which the limit lets so many calls through. */
function secondsAllowed(calls: number): number {
  return Math.max(0, calls - BURST) / CALLS_PER_SECOND;
}

async function addDifference(
  report: BenchReport,
  { db, connectionId }: Bench,
  far: FarSide,
  when: string,
): Promise<void> {
  const { rows } = await db.query<{ ref: string; wanted: number }>(
    `SELECT stock_ref AS ref, wanted FROM wanted_numbers($1)`,
    [connectionId],
  );
  const differing = rows.filter(({ ref, wanted }) => far.numbers[Number(ref)] !== wanted).length;
  report.rows.push({
    what: `Numbers that differ ${when}`,
    ours: `${String(differing)} of ${rows.length.toLocaleString('en-US')}`,
    bound: '',
    boundIs: '',
    ratio: '',
    target: none(differing),
    note: 'the far side against the ledger',
  });
  if (differing > 0) report.broken.push(`reconcile: ${String(differing)} differ ${when}`);
}

/** Runs the job again and again, as the queue does, until the run is over. */
async function reconcileAll(context: OperationContext, bench: Bench): Promise<void> {
  for (;;) {
    const outcome = await reconcileStock(context, bench);
    if (outcome.status === 'refused') throw new Error(outcome.reason.message);
    const waiting = await bench.db.query<{ runAt: Date }>(
      `DELETE FROM job WHERE kind = 'reconcile-stock' RETURNING run_at AS "runAt"`,
    );
    const next = outcome.status === 'retry_later' ? outcome.retryAt : waiting.rows[0]?.runAt;
    if (next === undefined) return;
    await until(next);
  }
}

async function publishAll(context: OperationContext, bench: Bench): Promise<void> {
  for (;;) {
    const run = await publishStock(context, bench);
    if (run.status === 'retry') {
      await until(run.at);
      continue;
    }
    const { rows } = await bench.db.query<{ due: Date | null }>(
      `SELECT min(COALESCE(retry_at, now())) AS due FROM publication WHERE dirty_seq > sent_seq`,
    );
    const due = rows[0]?.due ?? null;
    if (due === null) return;
    await until(due);
  }
}

async function until(at: Date): Promise<void> {
  await sleep(Math.max(0, at.getTime() - Date.now()));
}

/** Peak of the process's memory beyond now, in MB, when called. */
function watchMemory(): () => number {
  const start = process.memoryUsage().rss;
  let peak = start;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, MEMORY_LOOK_MS);
  return () => {
    clearInterval(timer);
    return (peak - start) / 1024 / 1024;
  };
}

function createFarSide(listings: number): FarSide {
  let left = BURST;
  let filledAt = performance.now();
  const far = {
    numbers: new Int32Array(listings).fill(OPENING),
    away: false,
    calls: 0,
    refused: 0,
  };
  const refusal = (): Extract<Outcome<never>, { status: 'retry_later' }> | null => {
    const now = performance.now();
    left = Math.min(BURST, left + ((now - filledAt) / 1_000) * CALLS_PER_SECOND);
    filledAt = now;
    if (!far.away && left >= 1) {
      left -= 1;
      far.calls += 1;
      return null;
    }
    far.refused += 1;
    const waitMs = far.away ? 60_000 : 250;
    return {
      status: 'retry_later',
      retryAt: new Date(Date.now() + waitMs),
      message: 'The channel asks us to slow down.',
    };
  };
  const notAsked = (): never => {
    throw new Error('The bench does not ask for this.');
  };
  const channel: ChannelConnector = {
    kind: 'woocommerce',
    capabilities: {
      stockBatchMax: BATCH,
      comparesBeforeSet: true,
      multiLocation: false,
      subscribesByConfiguration: true,
      ordersVisibleDays: null,
      holds: false,
      movesWork: false,
      setsBackorders: false,
    },
    identify: notAsked,
    listLocations: notAsked,
    listListings: notAsked,
    listOrdersChangedSince: () =>
      Promise.resolve(refusal() ?? { status: 'done', value: { entries: [], nextCursor: null } }),
    listOrderVersions: () =>
      Promise.resolve(refusal() ?? { status: 'done', value: { entries: [], nextCursor: null } }),
    getOrder: notAsked,
    getListing: notAsked,
    getProductListings: notAsked,
    listListingsChangedSince: notAsked,
    readStock: (asked) =>
      Promise.resolve(
        refusal() ?? {
          status: 'done',
          value: asked.map(({ stockRef }) => ({
            stockRef,
            locationRef: '',
            available: far.numbers[Number(stockRef)] ?? null,
            committed: 0,
          })),
        },
      ),
    publishStock: (entries) => {
      const refused = refusal();
      return Promise.resolve(
        entries.map(({ stockRef, quantity, expected }): Outcome<StockPublished> => {
          if (refused !== null) return refused;
          const actual = far.numbers[Number(stockRef)] ?? null;
          if (expected !== null && expected !== actual) {
            return { status: 'done', value: { kind: 'stale', actual } };
          }
          far.numbers[Number(stockRef)] = quantity;
          return { status: 'done', value: { kind: 'set', quantity } };
        }),
      );
    },
    reportFulfillment: notAsked,
    findFulfillment: notAsked,
    cancelOrder: notAsked,
    holdOrder: notAsked,
    releaseHolds: notAsked,
    moveWork: notAsked,
    annotateOrder: notAsked,
    setBackorders: notAsked,
    subscribe: notAsked,
    unsubscribe: notAsked,
    checkSubscription: notAsked,
    orderOfWork: notAsked,
    readWork: notAsked,
    readSignal: notAsked,
  };
  return Object.assign(far, { channel });
}

function contextOf(db: Database, far: FarSide): OperationContext {
  const same = (text: string): string => text;
  return {
    db,
    clock: { now: () => new Date() },
    log: createLog('silent'),
    afterCommit: () => undefined,
    channelFor: () => Promise.resolve(far.channel),
    stores: {
      checkUrl: () => Promise.resolve({ ok: false, message: 'not asked' }),
      callbackUrl: same,
    } as unknown as OperationContext['stores'],
    secrets: { seal: same, open: same },
  };
}

/** Items with 50 units each, brought in by movements, listed on one channel that holds as many. */
async function seed(db: Database, listings: number): Promise<Bench> {
  const [merchantId, connectionId, locationId] = [newId(), newId(), newId()];
  await db.query(`INSERT INTO merchant (id, name, currency) VALUES ($1, 'Bench', 'USD')`, [
    merchantId,
  ]);
  await db.query(
    `INSERT INTO connection (id, merchant_id, kind, account, name, publishing, brake_percent, imported_at, orders_seen_until)
     VALUES ($1, $2, 'woocommerce', 'https://bench.example', 'Bench', true, 100, now(), now())`,
    [connectionId, merchantId],
  );
  await db.query(`INSERT INTO location (id, merchant_id, name) VALUES ($1, $2, 'Bench')`, [
    locationId,
    merchantId,
  ]);
  await db.query(
    `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
     VALUES ($1, $2, $3, $4, '')`,
    [newId(), merchantId, connectionId, locationId],
  );
  const statements = [
    `INSERT INTO item (id, merchant_id, sku, title)
       SELECT gen_random_uuid(), $1, 'B-' || n, 'Bench ' || n FROM generate_series(0, $4::int - 1) n`,
    `INSERT INTO movement (merchant_id, item_id, quantity, requested, from_state, to_state,
       to_location_id, reason, cause_kind, cause_id, actor_kind, actor_id, idempotency_key, occurred_at)
       SELECT $1, id, ${String(OPENING)}, ${String(OPENING)}, 'adjustment', 'available', $3, 'opening',
         'bench', 'seed', 'system', 'bench', 'seed:' || id, now() FROM item WHERE merchant_id = $1`,
    `INSERT INTO stock_level (merchant_id, item_id, location_id, available)
       SELECT $1, id, $3, ${String(OPENING)} FROM item WHERE merchant_id = $1`,
    `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, sku, title)
       SELECT gen_random_uuid(), $1, $2, id, substr(sku, 3), substr(sku, 3), sku, title
         FROM item WHERE merchant_id = $1`,
    `INSERT INTO publication (id, merchant_id, connection_id, listing_id, known_quantity, sent_quantity)
       SELECT gen_random_uuid(), $1, $2, id, ${String(OPENING)}, ${String(OPENING)}
         FROM listing WHERE merchant_id = $1`,
  ];
  for (const statement of statements) {
    const values = [merchantId, connectionId, locationId, listings];
    const used = values.map((value, index) =>
      statement.includes(`$${String(index + 1)}`) ? value : null,
    );
    await db.query(
      `WITH given AS (SELECT $1::uuid, $2::uuid, $3::uuid, $4::int) ${statement}`,
      used,
    );
  }
  await db.query('ANALYZE');
  return { db, merchantId, connectionId };
}

/** One unit of each of so many items is sold elsewhere. */
async function sell({ db, merchantId }: Bench, count: number): Promise<void> {
  const { rows } = await db.query<{ itemId: string; locationId: string }>(
    `SELECT item_id AS "itemId", location_id AS "locationId" FROM stock_level
      WHERE merchant_id = $1 ORDER BY item_id LIMIT $2`,
    [merchantId, count],
  );
  for (let at = 0; at < rows.length; at += 1_000) {
    const drafts = rows.slice(at, at + 1_000).map(({ itemId, locationId }) => ({
      itemId,
      quantity: 1,
      from: inside('available', locationId),
      to: outside('customer'),
      key: `sold:${newId()}`,
      reason: 'sale',
      cause: { kind: 'bench', id: 'outage' },
      actor: systemActor('bench'),
      note: null,
      occurredAt: new Date(),
    }));
    await db.transaction((tx) => postMovements(tx, merchantId, drafts, 'all'));
  }
}
