/**
 * Bad weather: buyers and an operator at work while processes are killed and messages go astray.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../app/platform/database';
import { checkWebhooksJob } from '../../app/operations/connections/check-webhooks';
import { pollOrdersJob } from '../../app/operations/sync/poll-orders';
import { reconcileJob } from '../../app/operations/sync/reconcile-stock';
import { listConnected } from '../../app/store/connections';
import { enqueueJobs } from '../../app/store/jobs';
import { merchantBrowser } from '../demo/install';
import type { DemoWorld } from '../demo/world';
import type { Crossdock } from '../support/far-side';
import { type OpeningOf, findProblems } from './check-books';

/** All that weather needs to know of what it blows at. */
export type Stormed = Pick<Crossdock, 'appUrl' | 'world'>;

const ORDERS_PER_MINUTE = 480;
const SHIP_EVERY_MS = 400;
const SETTLE_LOOK_MS = 1_000;
const SETTLE_TRIGGER_MS = 5_000;
/**
 * So long nothing may get better. A job of a killed worker is taken back when its lease of half a
 * minute ends; all else is work that a busy machine takes its time for.
 */
const STANDSTILL_MS_MAX = 180_000;

export function playFaults({ shopify, shop, woo }: DemoWorld): void {
  for (const [faults, account] of [
    [shopify.faults, shop.domain],
    [woo.faults, woo.id],
  ] as const) {
    faults.set(account, 'duplicateWebhooks', { probability: 0.3 });
    faults.set(account, 'reorderWebhooks', { probability: 0.3 });
    faults.set(account, 'dropWebhooks', { probability: 0.1 });
    faults.set(account, 'delayWebhooks', { probability: 0.1, milliseconds: 2_500 });
    faults.set(account, 'serverError', { probability: 0.02 });
    faults.set(account, 'errorAfter', { probability: 0.02 });
    faults.set(account, 'throttle', { probability: 0.02 });
  }
}

export function endFaults({ shopify, shop, woo }: DemoWorld): void {
  shopify.faults.clear(shop.domain);
  woo.faults.clear(woo.id);
}

export type Traffic = { stop(): Promise<void> };

/** Buyers on both stores, and a merchant who marks as shipped what is open, with tracking. */
export function startTraffic(
  crossdock: Stormed,
  db: Database,
  { ordersPerMinute = ORDERS_PER_MINUTE, shipEveryMs = SHIP_EVERY_MS } = {},
): Traffic {
  const { world } = crossdock;
  const closing = new AbortController();
  world.traffic.start(ordersPerMinute);
  const operator = (async () => {
    while (!closing.signal.aborted) {
      await shipOne(crossdock, db, closing.signal).catch(() => undefined);
      await sleep(shipEveryMs);
    }
  })();
  return {
    async stop() {
      world.traffic.stop();
      closing.abort();
      await operator;
    },
  };
}

type OpenWork = {
  readonly id: string;
  readonly orderId: string;
  readonly lines: { readonly allocationId: string; readonly quantity: number }[];
};

/** As the form does it: one key per dialog, pressed again while nothing answers. */
async function shipOne(crossdock: Stormed, db: Database, closing: AbortSignal): Promise<void> {
  const work = await db.maybeOne<OpenWork>(
    `SELECT f.id, f.order_id AS "orderId", json_agg(json_build_object('allocationId', a.id,
       'quantity', a.quantity)) AS lines
     FROM fulfillment_order f JOIN allocation a ON a.fulfillment_order_id = f.id
     WHERE f.status = 'open' AND a.quantity > 0
     GROUP BY f.id ORDER BY f.created_at LIMIT 1`,
  );
  if (work === null) return;
  const key = randomUUID();
  const form = {
    intent: 'ship',
    key,
    fulfillmentOrderId: work.id,
    lines: JSON.stringify(work.lines),
    company: 'UPS',
    number: `1Z${key.slice(0, 8).toUpperCase()}`,
    url: '',
    notify: 'yes',
  };
  const browse = merchantBrowser(crossdock.appUrl, crossdock.world.shop);
  do {
    const answered = await browse(`/app/orders/${work.orderId}`, form).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await sleep(SHIP_EVERY_MS);
  } while (!closing.aborted);
}

/**
 * Fair weather: reads what was missed, and waits until the books are right, or nothing has become
 * better for as long as a merchant could be asked to wait. Answers what is still wrong then;
 * `watch` is told after each look.
 */
export async function settle(
  crossdock: Stormed,
  db: Database,
  opening: number | OpeningOf,
  watch: (problems: readonly string[]) => void = () => undefined,
): Promise<readonly string[]> {
  const standsStill = createPatience(STANDSTILL_MS_MAX);
  let triggered = 0;
  for (;;) {
    if (Date.now() - triggered > SETTLE_TRIGGER_MS) {
      triggered = Date.now();
      await lookAtStores(db);
    }
    await sleep(SETTLE_LOOK_MS);
    const problems = await findProblems(db, crossdock.world, opening);
    watch(problems);
    if (problems.length === 0 || standsStill(problems.length)) return problems;
  }
}

/** Answers whether the count, told again and again, has had no new low for so long. */
export function createPatience(milliseconds: number): (count: number) => boolean {
  let least = Infinity;
  let leastAt = Date.now();
  return (count) => {
    if (count < least) {
      least = count;
      leastAt = Date.now();
    }
    return Date.now() - leastAt > milliseconds;
  };
}

/** What the clock would bring about sooner or later. */
export async function lookAtStores(db: Database): Promise<void> {
  const connections = await listConnected(db);
  await enqueueJobs(
    db,
    connections.flatMap((one) => [
      pollOrdersJob(one, null),
      reconcileJob(one),
      ...(one.kind === 'woocommerce' ? [checkWebhooksJob(one)] : []),
    ]),
  );
}
