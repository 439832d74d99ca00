/**
 * Worker processes that fight over hot items: both stores sell every unit there is at the same
 * moment, so that twice the stock is wanted, and each message comes twice.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../app/platform/database';
import type { DemoProduct } from '../demo/catalog';
import type { DemoWorld } from '../demo/world';
import type { ControlledStore, Random } from '../sandbox/core';
import { believableAddress, createRandom } from '../sandbox/core';
import { findProblems } from './check-books';
import { createPatience, lookAtStores } from './storm';
import { makeProduct } from './storm-catalog';
import { type Dispatcher, type Fleet, startFleet } from './storm-fleet';

/** At the three locations, so that routing has something to choose. */
const UNITS = [8, 5, 2] as const;
const UNITS_EACH = UNITS.reduce((sum, units) => sum + units, 0);
const UNITS_PER_ORDER_MAX = 3;
/** So long nothing may get better. */
const WAIT_MS_MAX = 120_000;
const LOOK_MS = 200;
const COMPARE_EVERY_MS = 15_000;

export type FightReport = {
  readonly workers: number;
  readonly orders: number;
  readonly wanted: number;
  readonly stock: number;
  readonly accepted: number;
  readonly short: number;
  /** Worker processes that were seen with a job of an order in hand. */
  readonly tookPart: number;
  readonly milliseconds: number;
  /** What is wrong, in sentences. */
  readonly problems: readonly string[];
};

export type FightSettings = {
  readonly dispatcher: Dispatcher;
  /** Of the data folder. */
  readonly name: string;
  /** In rising order: so many worker processes fight in each fight. */
  readonly fights: readonly number[];
  /** Hot items of each fight. */
  readonly items: number;
  readonly seed: number;
};

/** One world, and a fight over fresh items for each number of workers. */
export async function fightOverHotItems(settings: FightSettings): Promise<readonly FightReport[]> {
  const { dispatcher, name, fights, items, seed } = settings;
  const products = fights.map((workers, kind) => hotProduct(workers, kind, items));
  const fleet = await startFleet({ name, dispatcher, products, seed });
  const reports: FightReport[] = [];
  try {
    await fleet.start('web');
    let started = 0;
    for (const workers of fights) {
      for (; started < workers; started += 1) await fleet.start(`worker-${started + 1}`);
      if (reports.length === 0) await fleet.prepare();
      await calm(fleet);
      reports.push(await fight(fleet, workers, createRandom(seed).fork(String(workers))));
    }
    return reports;
  } finally {
    await fleet.close();
  }
}

function hotProduct(workers: number, kind: number, items: number): DemoProduct {
  const title = `Fight ${String(workers)}`;
  const skus = Array.from({ length: items }, (_, index) => skuOf(workers, index));
  return makeProduct({ title, skus, kind, units: UNITS, onWooCommerce: true });
}

function skuOf(workers: number, index: number): string {
  return `HOT-${String(workers)}-${String(index + 1)}`;
}

async function fight(fleet: Fleet, workers: number, random: Random): Promise<FightReport> {
  const { db, world } = fleet;
  const prefix = `HOT-${String(workers)}-`;
  for (const [faults, account] of [
    [world.shopify.faults, world.shop.domain],
    [world.woo.faults, world.woo.id],
  ] as const) {
    faults.set(account, 'duplicateWebhooks');
    faults.set(account, 'reorderWebhooks', { probability: 0.3 });
  }
  const startedAt = Date.now();
  const orders = storesOf(world).reduce((sum, store) => sum + sellAll(store, prefix, random), 0);
  const seen = watchWorkers(db);
  const problems = await booksRight(fleet, prefix, orders);
  const tookPart = await seen.stop();
  const lines = await linesOf(db, prefix);
  return { ...lines, workers, tookPart, milliseconds: Date.now() - startedAt, problems };
}

function storesOf(world: DemoWorld): readonly ControlledStore[] {
  return [...world.shopify.controlledStores(), world.woo.control];
}

/** Buyers take all that the store shows, in one go: nothing can come between. */
function sellAll(store: ControlledStore, prefix: string, random: Random): number {
  let orders = 0;
  const items = store.items().filter(({ sku }) => sku.startsWith(prefix));
  for (;;) {
    const left = store
      .items()
      .filter(({ id }) => items.some((item) => item.id === id))
      .map(({ id, stock }) => ({ id, most: Math.max(...stock.map((place) => place.available)) }))
      .filter(({ most }) => most > 0);
    if (left.length === 0) return orders;
    const chosen = random.shuffle(left).slice(0, random.integer(1, 2));
    const lines = chosen.map(({ id, most }) => ({
      itemId: id,
      quantity: Math.min(most, random.integer(1, UNITS_PER_ORDER_MAX)),
    }));
    store.placeOrder({ lines, address: believableAddress(random), email: 'buyer@example.com' });
    orders += 1;
  }
}

/**
 * Waits until all orders are taken and nothing is on its way; answers what is wrong then. Messages
 * overtake each other here, so that what the clock does about it belongs to the picture.
 */
async function booksRight(fleet: Fleet, prefix: string, orders: number): Promise<string[]> {
  const standsStill = createPatience(WAIT_MS_MAX);
  let compareAt = Date.now() + COMPARE_EVERY_MS;
  for (;;) {
    if (Date.now() > compareAt) {
      compareAt = Date.now() + COMPARE_EVERY_MS;
      await lookAtStores(fleet.db);
    }
    const problems = [
      ...(await findProblems(fleet.db, fleet.world, UNITS_EACH)),
      ...(await unfair(fleet.db, prefix, orders)),
      ...fleet.deaths,
    ];
    if (problems.length === 0 || standsStill(problems.length)) return problems;
    await sleep(LOOK_MS);
  }
}

/** Of each hot item every unit is promised, none twice, and what else was wanted is short. */
async function unfair(db: Database, prefix: string, orders: number): Promise<string[]> {
  const { rows } = await db.query<{
    sku: string;
    wanted: number;
    accepted: number;
    short: number;
    committed: number;
    available: number;
  }>(
    `SELECT i.sku, o.wanted, o.accepted, o.short, l.committed, l.available
     FROM item i
     JOIN (SELECT item_id, sum(quantity)::int AS wanted, sum(short_quantity)::int AS short,
         sum(allocated_quantity + shipped_quantity)::int AS accepted
       FROM order_line GROUP BY 1) o ON o.item_id = i.id
     JOIN (SELECT item_id, sum(committed)::int AS committed, sum(available)::int AS available
       FROM stock_level GROUP BY 1) l ON l.item_id = i.id
     WHERE i.sku LIKE $1 || '%' ORDER BY i.sku`,
    [prefix],
  );
  const taken = (await linesOf(db, prefix)).orders;
  return [
    ...(taken === orders ? [] : [`${String(taken)} of ${String(orders)} orders were taken`]),
    ...rows.flatMap(({ sku, wanted, accepted, short, committed, available }) =>
      accepted === UNITS_EACH &&
      committed === UNITS_EACH &&
      available === 0 &&
      short === wanted - UNITS_EACH
        ? []
        : [
            `${sku}: ${String(wanted)} wanted of ${String(UNITS_EACH)}; ${String(accepted)} ` +
              `accepted, ${String(committed)} committed, ${String(available)} left, ` +
              `${String(short)} short`,
          ],
    ),
  ];
}

async function linesOf(db: Database, prefix: string) {
  return db.one<{ orders: number; wanted: number; stock: number; accepted: number; short: number }>(
    `SELECT count(DISTINCT l.order_id)::int AS orders, COALESCE(sum(l.quantity), 0)::int AS wanted,
       COALESCE(sum(l.allocated_quantity + l.shipped_quantity), 0)::int AS accepted,
       COALESCE(sum(l.short_quantity), 0)::int AS short,
       (SELECT COALESCE(sum(s.available + s.committed), 0)::int FROM stock_level s
          JOIN item i ON i.id = s.item_id WHERE i.sku LIKE $1 || '%') AS stock
     FROM order_line l WHERE l.sku LIKE $1 || '%'`,
    [prefix],
  );
}

/** Nothing waits any more of what went before. */
async function calm({ db }: Fleet): Promise<void> {
  const deadline = Date.now() + WAIT_MS_MAX;
  while (Date.now() < deadline) {
    const { waiting } = await db.one<{ waiting: number }>(
      `SELECT count(*) AS waiting FROM job WHERE state IN ('queued', 'running')`,
    );
    if (waiting === 0) return;
    await sleep(LOOK_MS);
  }
}

function watchWorkers(db: Database): { stop(): Promise<number> } {
  const seen = new Set<string>();
  const closing = new AbortController();
  const watching = (async () => {
    while (!closing.signal.aborted) {
      const { rows } = await db.query<{ worker: string }>(
        `SELECT DISTINCT split_part(leased_by, '/', 1) AS worker FROM job WHERE state = 'running'`,
      );
      for (const { worker } of rows) seen.add(worker);
      await sleep(5);
    }
  })();
  return {
    async stop() {
      closing.abort();
      await watching;
      return seen.size;
    },
  };
}
