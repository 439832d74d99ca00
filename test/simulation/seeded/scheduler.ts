/**
 * Chooses, at every place where a process waits for the outside, who goes on. Only one call to the
 * outside is under way at a time, so the same choices make the same run.
 */
import type { Random } from '../../sandbox/core';
import type { SimNode } from './node';
import {
  advanceTo,
  fireTimer,
  immediatesWaiting,
  realTurn,
  timersOf,
  worldMs,
} from './virtual-time';

/** Somebody who waits to be let on. */
export type Gate = {
  readonly id: number;
  /** For the trace: what happens when it is chosen. */
  readonly label: string;
  readonly node: SimNode | null;
  /** Only the first in line of a connection may go. */
  readonly line: object | null;
  /** Does what was waited for; resolves when that is over, or cannot go on by itself. */
  go(): Promise<void>;
};

export type Scheduler = {
  readonly steps: number;
  /** The newest last; long runs keep only the end. */
  readonly trace: readonly string[];
  /** A number that depends on every step so far: equal for equal runs. */
  readonly fingerprint: number;
  wait(gate: Omit<Gate, 'id'>): void;
  /** Nobody goes on until this has ended; it must not wait at a gate. */
  hold(work: Promise<unknown>): void;
  note(line: string): void;
  /** Called before each step; may crash somebody. */
  beforeStep: (step: number) => Promise<void> | void;
  /** After each step: what the database has let go of meanwhile. */
  afterStep: () => Promise<void>;
  /** What waits without being able to go on (locks), for a world that has come to a stop. */
  isStuck: () => boolean;
  /** Steps until `done`, or until the world's time is `untilMs`, or nothing happens any more. */
  run(settings: { readonly untilMs: number; done(): boolean }): Promise<void>;
  /** Nobody waits any more: their processes are dead, or the world ends. */
  forget(node: SimNode | null): void;
};

/** How the next is chosen; one manner per run finds what another does not. */
type Manner = 'anyone' | 'go_on' | 'newest_first' | 'oldest_first' | 'favourite';
const MANNERS: readonly Manner[] = ['anyone', 'go_on', 'newest_first', 'oldest_first', 'favourite'];
const TRACE_MAX = 20_000;
const STEPS_MAX = 400_000;
/** Work takes time, so that deadlines cross with it: now and then the clock goes on by so much. */
const TICK_CHANCE = 0.15;
const TICK_MS_MAX = 30;

export function createScheduler(random: Random): Scheduler {
  const gates: Gate[] = [];
  const held = new Set<Promise<unknown>>();
  const trace: string[] = [];
  const manner = random.pick(MANNERS);
  let made = 0;
  let steps = 0;
  let fingerprint = 0;
  let last: Gate | null = null;

  async function quiet(): Promise<void> {
    for (let idle = 0; idle < 2; idle += 1) {
      while (held.size > 0) await Promise.all(held);
      const before = made;
      await realTurn();
      if (immediatesWaiting() > 0 || made !== before) idle = -1;
    }
  }

  function note(line: string): void {
    const text = `${(worldMs() / 1000).toFixed(3)} ${line}`;
    trace.push(text);
    if (trace.length > TRACE_MAX * 1.5) trace.splice(0, trace.length - TRACE_MAX);
    for (let index = 0; index < text.length; index += 1) {
      fingerprint = (Math.imul(fingerprint, 31) + text.charCodeAt(index)) >>> 0;
    }
  }

  function choose(ready: readonly Gate[]): Gate {
    const [first] = ready;
    const newest = ready.at(-1);
    if (first === undefined || newest === undefined) throw new Error('Nobody to choose from.');
    // Whatever the manner, anybody may come at times: nobody is kept waiting for ever.
    if (manner === 'anyone' || random.chance(0.25)) return random.pick(ready);
    if (manner === 'go_on') {
      return ready.find(({ line }) => line !== null && line === last?.line) ?? random.pick(ready);
    }
    if (manner === 'favourite') {
      return ready.find(({ node }) => node !== null && node === last?.node) ?? random.pick(ready);
    }
    return manner === 'newest_first' ? newest : first;
  }

  function ready(): Gate[] {
    const lines = new Set<object>();
    const able = gates.filter(({ line }) => {
      if (line === null) return true;
      const isFirst = !lines.has(line);
      lines.add(line);
      return isFirst;
    });
    const due = timersOf().filter(({ atMs }) => atMs <= worldMs());
    return [
      ...able,
      ...due.map((timer) => ({
        id: -timer.id,
        label: `timer`,
        node: timer.node,
        line: null,
        go: () => Promise.resolve(fireTimer(timer)),
      })),
    ];
  }

  /** False: nothing will ever happen any more, or not before `untilMs`. */
  function skipToNextTimer(untilMs: number): boolean {
    const next = Math.min(...timersOf().map(({ atMs }) => atMs));
    if (next > untilMs) {
      advanceTo(untilMs);
      return false;
    }
    advanceTo(next);
    return true;
  }

  const scheduler: Scheduler = {
    get steps() {
      return steps;
    },
    trace,
    get fingerprint() {
      return fingerprint;
    },
    wait(gate) {
      made += 1;
      gates.push({ ...gate, id: made });
    },
    hold(work) {
      held.add(work);
      void work.finally(() => held.delete(work));
    },
    note,
    beforeStep: () => undefined,
    afterStep: () => Promise.resolve(),
    isStuck: () => false,
    async run({ untilMs, done }) {
      for (;;) {
        await quiet();
        if (done() || worldMs() >= untilMs) return;
        await scheduler.beforeStep(steps);
        await quiet();
        const able = ready();
        if (able.length === 0) {
          if (scheduler.isStuck()) throw new Error('The world stands still, held by a lock.');
          if (!skipToNextTimer(untilMs)) return;
          continue;
        }
        steps += 1;
        if (steps > STEPS_MAX) throw new Error('The world does not come to rest.');
        const gate = choose(able);
        const at = gates.findIndex(({ id }) => id === gate.id);
        if (at >= 0) gates.splice(at, 1);
        last = gate;
        if (random.chance(TICK_CHANCE)) advanceTo(worldMs() + random.integer(1, TICK_MS_MAX));
        note(`${gate.node?.name ?? 'world'} ${gate.label}`);
        await gate.go();
        await quiet();
        await scheduler.afterStep();
      }
    },
    forget(node) {
      for (let index = gates.length - 1; index >= 0; index -= 1) {
        if (node === null || gates[index]?.node === node) gates.splice(index, 1);
      }
    },
  };
  return scheduler;
}
