/** Plays one seed: a merchant moves in, a storm passes, the world settles, and is looked at. */
import { goLive } from '../../../app/operations/connections/go-live';
import { pollOrdersJob } from '../../../app/operations/sync/poll-orders';
import { reconcileJob } from '../../../app/operations/sync/reconcile-stock';
import { type Database, createDatabase } from '../../../app/platform/database';
import { listConnected } from '../../../app/store/connections';
import { enqueueJobs } from '../../../app/store/jobs';
import { type Delivery, createRandom } from '../../sandbox/core';
import type { AppWebhook } from '../../sandbox/shopify';
import { markOurs } from './gate-postgres';
import { findViolations } from './invariants';
import { type Plan, drawPlan } from './plan';
import { type Scheduler, createScheduler } from './scheduler';
import { type Merchant, STAFF, untilDone } from './person';
import { carryOut, moveIn } from './storm';
import { startTime, stopTime, worldMs } from './virtual-time';
import { type SimWorld, createSimWorld } from './world';

export type SeedSettings = {
  readonly seed: number;
  readonly databaseUrl: string;
  readonly appConfiguration: { readonly scopes: string[]; readonly appWebhooks: AppWebhook[] };
  /** Parts of the plan to play, by their number; all when left out. */
  readonly keep?: readonly number[];
  /** A question to the world's database when all is over, for whoever looks into a failure. */
  readonly ask?: string;
};

export type SeedResult = {
  readonly seed: number;
  readonly plan: Plan;
  readonly violations: readonly string[];
  readonly steps: number;
  readonly fingerprint: number;
  readonly trace: readonly string[];
  readonly answer: readonly object[];
  /** What the storm held, for the summary. */
  readonly counts: { readonly calls: number; readonly messages: number; readonly crashes: number };
};

const START_MS = Date.parse('2026-07-01T12:00:00Z');
const MOVE_IN_MS_MAX = 300_000;
/** Long enough for what was asked for; leases, repeats and pauses may take several rounds. */
const SETTLE_MS = 25_000;
/** Shopify repeats a message that nobody took after 12 s, 1 and 5 minutes. */
const SETTLE_ROUNDS_ALONE = 22;
const SETTLE_ROUNDS_COMPARED = 12;
/** People who got no answer go on trying meanwhile. */
const STORM_TAIL_MS = 120_000;

export async function runSeed(settings: SeedSettings): Promise<SeedResult> {
  const random = createRandom(settings.seed);
  const whole = drawPlan(random.fork('plan'));
  const { keep } = settings;
  const parts = keep === undefined ? whole.parts : whole.parts.filter((_, at) => keep.includes(at));
  const plan: Plan = { ...whole, parts };
  const chance = random.fork('chance');
  startTime(START_MS, () => chance.next());
  const scheduler = createScheduler(random.fork('schedule'));
  const storm = createWeather(plan);
  const world = await createSimWorld({
    databaseUrl: settings.databaseUrl,
    random: random.fork('world'),
    scheduler,
    items: plan.items,
    workers: plan.workers,
    neighbor: plan.neighbor,
    skewMs: (name) => plan.skewMs[name] ?? 0,
    appConfiguration: settings.appConfiguration,
    drawFault: storm.drawFault,
    drawDelivery: storm.drawDelivery,
  });
  const db = createDatabase(settings.databaseUrl, { max: 1 });
  markOurs(db.pool);
  let violations: readonly string[];
  try {
    violations = await play({ plan, world, db, scheduler, storm });
  } catch (problem) {
    violations = [`it ended with ${problem instanceof Error ? String(problem.stack) : 'nothing'}`];
  }
  await world.close();
  stopTime();
  const answer = settings.ask === undefined ? [] : (await db.query(settings.ask)).rows;
  await db.close();
  return {
    seed: settings.seed,
    plan,
    violations,
    steps: scheduler.steps,
    fingerprint: scheduler.fingerprint,
    trace: scheduler.trace,
    answer,
    counts: storm.counts,
  };
}

type Parts = {
  readonly plan: Plan;
  readonly world: SimWorld;
  readonly db: Database;
  readonly scheduler: Scheduler;
  readonly storm: Weather;
};

async function play({ plan, world, db, scheduler, storm }: Parts): Promise<readonly string[]> {
  const merchant = await goUntilDone(world, moveInAndGoLive(world), MOVE_IN_MS_MAX);
  storm.begin(scheduler.steps);
  world.acknowledged.length = 0;
  scheduler.beforeStep = async (step) => {
    for (const name of storm.crashesAt(step)) await world.crash(name);
  };
  const acts: Promise<void>[] = [];
  const problems: string[] = [];
  for (const part of plan.parts) {
    if (part.at !== 'time') continue;
    acts.push(
      after(part.ms)
        .then(() => {
          scheduler.note(`people: ${part.event.kind}`);
          return carryOut(world, merchant, part.event);
        })
        .catch((problem: unknown) => {
          problems.push(`${part.event.kind}: ${problem instanceof Error ? problem.message : ''}`);
        }),
    );
  }
  await scheduler.run({ untilMs: worldMs() + plan.stormMs, done: () => false });
  storm.end();
  world.restartAll();
  if ((await runUntilEnded(scheduler, Promise.all(acts), STORM_TAIL_MS)) === 'not yet') {
    problems.push('somebody still waits for an answer');
  }
  return [...problems, ...(await settle({ plan, world, db, merchant }))];
}

type Looked = {
  readonly plan: Plan;
  readonly world: SimWorld;
  readonly db: Database;
  readonly merchant: Merchant;
};

/**
 * By itself it must become right in a while; what no message told of may take the comparison that
 * comes every quarter of an hour, which is asked for here.
 */
async function settle(judged: Looked): Promise<readonly string[]> {
  const alone = await waitUntilRight(judged, SETTLE_ROUNDS_ALONE);
  if (alone.length === 0) return [];
  const { world, db, plan } = judged;
  const connections = await listConnected(db);
  await enqueueJobs(
    db,
    connections.flatMap((one) => [pollOrdersJob(one, null), reconcileJob(one)]),
  );
  const violations = await waitUntilRight(judged, SETTLE_ROUNDS_COMPARED);
  if (violations.length > 0 || world.lostMessages() > 0 || plan.parts.some(isExcuse)) {
    return violations;
  }
  return alone.map((violation) => `only a comparison put it right: ${violation}`);
}

/** What happens while nobody is connected, or behind the back of every message, is found later. */
function isExcuse(part: Plan['parts'][number]): boolean {
  return part.at === 'time' && ['reinstall', 'reconnect'].includes(part.event.kind);
}

async function waitUntilRight(judged: Looked, rounds: number): Promise<readonly string[]> {
  const { world, db } = judged;
  let violations: readonly string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    await world.scheduler.run({ untilMs: worldMs() + SETTLE_MS, done: () => false });
    await tellTime(db);
    violations = await findViolations(judged);
    if (violations.length === 0) return [];
  }
  return violations;
}

async function tellTime(db: Database): Promise<void> {
  const moment = new Date(worldMs()).toISOString();
  await db.query(`SELECT set_config('sim.clock', $1, false), set_config('sim.now', $1, false)`, [
    moment,
  ]);
}

async function moveInAndGoLive(world: SimWorld): Promise<Merchant> {
  const merchant = await untilDone(world, (wiring) => moveIn(world, wiring));
  for (let waiting = 1; waiting > 0;) {
    await after(1_000);
    ({ waiting } = await untilDone(world, (wiring) =>
      wiring.db.one<{ waiting: number }>(
        `SELECT count(*) AS waiting FROM connection WHERE imported_at IS NULL`,
      ),
    ));
  }
  for (const connectionId of [merchant.shopifyId, merchant.wooId]) {
    await untilDone(world, async (wiring) => {
      const { merchantId } = merchant;
      const live = await goLive(wiring.ctx, { merchantId, connectionId, actor: STAFF });
      if (live.status !== 'done') throw new Error(live.message);
    });
  }
  return merchant;
}

const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

async function goUntilDone<T>(world: SimWorld, work: Promise<T>, msMax: number): Promise<T> {
  work.catch(() => undefined);
  const ended = await runUntilEnded(world.scheduler, work, msMax);
  if (ended === 'not yet') throw new Error('The merchant never moved in.');
  return work;
}

async function runUntilEnded(
  scheduler: Scheduler,
  work: Promise<unknown>,
  msMax: number,
): Promise<'ended' | 'not yet'> {
  const state = { ended: false };
  const end = (): void => {
    state.ended = true;
  };
  work.then(end, end);
  await scheduler.run({ untilMs: worldMs() + msMax, done: () => state.ended });
  return state.ended ? 'ended' : 'not yet';
}

type Weather = {
  readonly counts: { calls: number; writes: number; messages: number; crashes: number };
  begin(step: number): void;
  end(): void;
  drawFault(
    isWrite: boolean,
  ): Extract<Plan['parts'][number], { readonly at: 'call' }>['fault'] | null;
  drawDelivery(delivery: Delivery): { readonly delayMs: number; readonly copies: number };
  crashesAt(step: number): readonly string[];
};

/** What of the plan happens by count rather than by the clock. Before and after the storm: none. */
function createWeather(plan: Plan): Weather {
  const counts = { calls: 0, writes: 0, messages: 0, crashes: 0 };
  let firstStep: number | null = null;
  return {
    counts,
    begin(step) {
      firstStep = step;
    },
    end() {
      firstStep = null;
    },
    drawFault(isWrite) {
      if (firstStep === null) return null;
      counts.calls += 1;
      if (isWrite) counts.writes += 1;
      const struck = plan.parts.find(
        (part) =>
          part.at === 'call' &&
          (part.of === 'all' ? part.nth === counts.calls : isWrite && part.nth === counts.writes),
      );
      return struck?.at === 'call' ? struck.fault : null;
    },
    drawDelivery() {
      if (firstStep === null) return { delayMs: 0, copies: 1 };
      counts.messages += 1;
      const part = plan.parts.find((one) => one.at === 'message' && one.nth === counts.messages);
      if (part?.at !== 'message') return { delayMs: 0, copies: 1 };
      if (part.fate === 'lost') return { delayMs: 0, copies: 0 };
      return part.fate === 'twice'
        ? { delayMs: 0, copies: 2 }
        : { delayMs: part.delayMs, copies: 1 };
    },
    crashesAt(step) {
      const at = firstStep === null ? -1 : step - firstStep;
      const names = plan.parts.flatMap((part) =>
        part.at === 'step' && part.nth === at ? [part.crash] : [],
      );
      counts.crashes += names.length;
      return names;
    },
  };
}
