/**
 * What befalls a merchant in one simulated storm, drawn from a seed. A plan is plain data, so that
 * a run that fails can be played again with parts of it left out.
 */
import type { Random } from '../../sandbox/core';
import { CALL_FAULTS, type CallFault } from './gate-http';
import type { ItemPlan } from './world';

export type StoreName = 'shopify' | 'woo';

/** How often a form is sent: again while the first is under way, or after its answer. */
export type Presses = 'once' | 'twice at once' | 'again later';

export type Event =
  | { kind: 'order'; store: StoreName; lines: { sku: string; quantity: number }[]; blind: boolean }
  | { kind: 'cancel in store'; store: StoreName; order: number }
  | { kind: 'edit in store'; order: number; sku: string; by: number }
  | { kind: 'refund in store'; store: StoreName; order: number; restock: boolean }
  | { kind: 'trash in store'; order: number; forGood: boolean }
  | { kind: 'hold in store'; order: number }
  | { kind: 'type stock in store'; store: StoreName; sku: string; location: string; by: number }
  | { kind: 'ship'; pick: number; part: boolean; presses: Presses }
  | { kind: 'adjust'; sku: string; location: string; by: number; presses: Presses }
  | { kind: 'hold'; pick: number; lift: boolean }
  | { kind: 'cancel'; pick: number }
  | { kind: 'buffer'; units: number }
  | { kind: 'expire tokens' }
  | { kind: 'reinstall'; awayMs: number }
  | { kind: 'reconnect'; awayMs: number };

export type PlanPart =
  | { readonly at: 'time'; readonly ms: number; readonly event: Event }
  /** The nth call to a store, or the nth that changes something there, since the storm began. */
  | {
      readonly at: 'call';
      readonly of: 'all' | 'writes';
      readonly nth: number;
      readonly fault: CallFault;
    }
  /** The nth message of a store. */
  | {
      readonly at: 'message';
      readonly nth: number;
      readonly fate: 'lost' | 'twice' | 'late';
      readonly delayMs: number;
    }
  /** Before the nth step: at any place where it waits for the outside. */
  | { readonly at: 'step'; readonly nth: number; readonly crash: string };

export type Plan = {
  readonly items: readonly ItemPlan[];
  readonly workers: number;
  /** Another merchant uses the app, too, with items of the same names. */
  readonly neighbor: boolean;
  readonly skewMs: Readonly<Record<string, number>>;
  readonly stormMs: number;
  readonly parts: readonly PlanPart[];
};

const LOCATIONS = ['West', 'East'];
const STORM_MS = 25_000;
const ORDERS_MS = 18_000;
const EVENTS_MS = 2_000;
const SKEW_MS_MAX = 4_000;
const CALLS = 120;
const WRITES = 25;
const MESSAGES = 60;
const STEPS = 1_500;

export function drawPlan(random: Random): Plan {
  const items = Array.from({ length: random.integer(2, 3) }, (_, index): ItemPlan => {
    const units = (): number => (random.chance(0.4) ? random.integer(0, 3) : random.integer(3, 12));
    return { sku: `ITEM-${String(index + 1)}`, stock: { West: units(), East: units() } };
  });
  const workers = random.integer(1, 2);
  const names = ['web', ...Array.from({ length: workers }, (_, at) => `worker ${String(at + 1)}`)];
  const skew = (): number => (random.chance(0.3) ? random.integer(-SKEW_MS_MAX, SKEW_MS_MAX) : 0);
  const draw = { random, items, names };
  return {
    items,
    workers,
    neighbor: random.chance(0.25),
    skewMs: Object.fromEntries(names.map((name) => [name, skew()])),
    stormMs: STORM_MS,
    parts: [
      // Mostly bought first and troubled then, or most trouble would meet nothing.
      ...some(random, 4, 9, () => onTime(random, 0, ORDERS_MS, drawOrder(draw))),
      ...some(random, 4, 10, () => onTime(random, EVENTS_MS, STORM_MS, drawEvent(draw))),
      ...(random.chance(0.8) ? some(random, 0, 8, () => drawCallFault(random)) : []),
      ...(random.chance(0.8) ? some(random, 0, 8, () => drawMessageFault(random)) : []),
      ...(random.chance(0.6) ? some(random, 1, 3, () => drawCrash(draw)) : []),
    ],
  };
}

/** One line for a person who replays it. */
export function describePart(part: PlanPart): string {
  if (part.at === 'time') {
    const { kind, ...how } = part.event;
    const details = Object.entries(how).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
    return `after ${(part.ms / 1000).toFixed(1)} s: ${[kind, ...details].join(', ')}`;
  }
  if (part.at === 'call') return `${part.of} ${String(part.nth)}: ${part.fault}`;
  if (part.at === 'step') return `before step ${String(part.nth)}: ${part.crash} is killed`;
  const late = part.fate === 'late' ? ` by ${String(part.delayMs)} ms` : '';
  return `message ${String(part.nth)}: ${part.fate}${late}`;
}

type Draw = {
  readonly random: Random;
  readonly items: readonly ItemPlan[];
  readonly names: readonly string[];
};

function some<T>(random: Random, min: number, max: number, make: () => T): T[] {
  return Array.from({ length: random.integer(min, max) }, make);
}

function onTime(random: Random, fromMs: number, toMs: number, event: Event): PlanPart {
  return { at: 'time', ms: random.integer(fromMs, toMs), event };
}

function drawOrder({ random, items }: Draw): Event {
  const count = random.chance(0.7) ? 1 : Math.min(2, items.length);
  const lines = random
    .shuffle(items)
    .slice(0, count)
    .map(({ sku }) => ({ sku, quantity: random.chance(0.5) ? 1 : random.integer(2, 5) }));
  return {
    kind: 'order',
    store: random.pick(['shopify', 'woo'] as const),
    lines,
    // Two buyers at the same instant: the store sells what it has not.
    blind: random.chance(0.25),
  };
}

function drawEvent({ random, items }: Draw): Event {
  const store = random.pick(['shopify', 'woo'] as const);
  const order = random.integer(0, 8);
  const pick = random.integer(0, 20);
  const { sku } = random.pick(items);
  const location = random.pick(LOCATIONS);
  const by = random.chance(0.5) ? random.integer(1, 4) : -random.integer(1, 4);
  const presses = random.pick(['once', 'twice at once', 'again later'] as const);
  const draws: readonly [number, () => Event][] = [
    [6, () => ({ kind: 'ship', pick, part: random.chance(0.5), presses })],
    [2, () => ({ kind: 'cancel in store', store, order })],
    [2, () => ({ kind: 'edit in store', order, sku, by })],
    [2, () => ({ kind: 'refund in store', store, order, restock: random.chance(0.6) })],
    [1, () => ({ kind: 'trash in store', order, forGood: random.chance(0.5) })],
    [1, () => ({ kind: 'hold in store', order })],
    [2, () => ({ kind: 'type stock in store', store, sku, location, by })],
    [3, () => ({ kind: 'adjust', sku, location, by, presses })],
    [1, () => ({ kind: 'hold', pick, lift: random.chance(0.5) })],
    [2, () => ({ kind: 'cancel', pick })],
    [1, () => ({ kind: 'buffer', units: random.integer(0, 2) })],
    [1, () => ({ kind: 'expire tokens' })],
    [0.5, () => ({ kind: 'reinstall', awayMs: random.integer(500, 8_000) })],
    [0.5, () => ({ kind: 'reconnect', awayMs: random.integer(500, 8_000) })],
  ];
  const total = draws.reduce((sum, [weight]) => sum + weight, 0);
  let at = random.next() * total;
  for (const [weight, make] of draws) {
    at -= weight;
    if (at < 0) return make();
  }
  return { kind: 'expire tokens' };
}

function drawCallFault(random: Random): PlanPart {
  const of = random.pick(['all', 'writes', 'writes'] as const);
  // A write of which nobody knows whether it acted is what hurts.
  const fault = random.chance(0.3) ? 'timeoutAfter' : random.pick(CALL_FAULTS);
  return { at: 'call', of, nth: random.integer(1, of === 'all' ? CALLS : WRITES), fault };
}

function drawMessageFault(random: Random): PlanPart {
  return {
    at: 'message',
    nth: random.integer(0, MESSAGES),
    fate: random.pick(['lost', 'twice', 'late'] as const),
    delayMs: random.integer(200, 20_000),
  };
}

function drawCrash({ random, names }: Draw): PlanPart {
  return { at: 'step', nth: random.integer(0, STEPS), crash: random.pick(names) };
}
