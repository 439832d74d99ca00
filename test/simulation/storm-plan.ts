/**
 * What is killed in a round, and when: drawn from a seed, so that a round can be asked for again.
 */
import { type Random, createRandom } from '../sandbox/core';
import type { Dispatcher } from './storm-fleet';

/** Kinds of jobs that are killed while they run. */
export const AIMED_AT = [
  'reconcile-stock',
  'refresh-catalog',
  'publish-stock',
  'look-again',
  'poll-orders',
  'report-fulfillment',
  'allocate-short',
] as const;
export type AimedAt = (typeof AIMED_AT)[number];

export type Blow = {
  /** From the start of the round. */
  readonly atMs: number;
  readonly downMs: number;
} & (
  | { readonly target: 'web' | 'postgres' | 'redis' | 'flush' }
  | { readonly target: 'worker'; readonly worker: number }
  /** The worker that runs a job of this kind, so long after the job was seen running. */
  | { readonly target: 'aimed'; readonly kind: AimedAt; readonly delayMs: number }
);

type Target = Blow['target'];

const FIRST_MS = 1_000;
const LAST_MS = 20_000;
const DOWN_MS = [200, 3_000] as const;
const AIM_DELAY_MS_MAX = 60;
const EXTRA = [1, 3] as const;

/** In the order of their time. Each thing that can die does so at least once a round. */
export function planBlows(
  seed: number,
  round: number,
  dispatcher: Dispatcher,
  workers: number,
): readonly Blow[] {
  const random = createRandom(seed).fork(`${dispatcher} round ${String(round)}`);
  const always: Target[] = ['web', 'worker', 'postgres', 'aimed', 'aimed'];
  if (dispatcher === 'bull') always.push('redis', 'flush');
  const extra = Array.from({ length: random.integer(...EXTRA) }, () => random.pick(always));
  // By round, so that a few rounds meet every kind.
  let aimed = round * always.filter((target) => target === 'aimed').length;
  return [...always, ...extra]
    .map((target) => {
      const when = {
        atMs: random.integer(FIRST_MS, LAST_MS),
        downMs: random.integer(...DOWN_MS),
      };
      if (target === 'worker') return { ...when, target, worker: random.integer(1, workers) };
      if (target !== 'aimed') return { ...when, target };
      aimed += 1;
      return { ...when, target, ...aim(random, aimed) };
    })
    .sort((left, right) => left.atMs - right.atMs);
}

function aim(random: Random, turn: number): { kind: AimedAt; delayMs: number } {
  const kind = AIMED_AT[turn % AIMED_AT.length] ?? 'publish-stock';
  return { kind, delayMs: random.integer(0, AIM_DELAY_MS_MAX) };
}
