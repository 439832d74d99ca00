import type { Actor, Cause } from '../../domain/shared/actor';
import { type Refused, refused } from '../context';

/** What one order of many came to, when something was done with all of them. */
export type OrderStep = {
  /** `skipped`: there was nothing to do. `failed`: it was not possible, the message says why. */
  readonly state: 'done' | 'skipped' | 'failed';
  readonly message: string | null;
  /** What undoing it needs to know. */
  readonly before: Readonly<Record<string, unknown>> | null;
};

export type OrderSteps = Map<string, OrderStep>;

/** For whom something is done with orders, by whom, and because of what. */
export type StepInput = {
  readonly merchantId: string;
  readonly orderIds: readonly string[];
  readonly actor: Actor;
  readonly cause: Cause;
  readonly now: Date;
};

export function stepDone(before: OrderStep['before'] = null): OrderStep {
  return { state: 'done', message: null, before };
}

export function stepSkipped(message: string): OrderStep {
  return { state: 'skipped', message, before: null };
}

export function stepFailed(message: string): OrderStep {
  return { state: 'failed', message, before: null };
}

/** The step of a single order as an answer to the person who asked for it. */
export function answerOfStep(step: OrderStep | undefined): { readonly status: 'done' } | Refused {
  if (step === undefined) return refused('not_found', 'This order does not exist.');
  if (step.state === 'done') return { status: 'done' };
  return refused('conflict', step.message ?? 'There is nothing to do.');
}
