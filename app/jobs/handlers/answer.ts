import type { JobAnswer } from '../../contracts/job-queue';
import type { Outcome } from '../../contracts/outcome';

/** An uncertain outcome is looked into again this soon. */
const UNKNOWN_RETRY_MS = 2_000;
/** A channel that refuses our access is asked again this seldom. */
const ACCESS_RETRY_MS = 60_000;

/**
 * What a channel's outcome means for the job. `refused` ends it: done when the refusal is kept
 * where people see it (`refusedIsKept`), else failed, to be seen among the jobs.
 */
export function answerOf(
  outcome: Outcome<unknown>,
  now: Date,
  options: { readonly refusedIsKept?: boolean; readonly attempts?: number } = {},
): JobAnswer {
  const soonest = new Date(now.getTime() + patience(options.attempts ?? 1));
  switch (outcome.status) {
    case 'done':
    case 'duplicate':
      return { status: 'done' };
    case 'refused':
      if (outcome.reason.code === 'unauthorized' && options.refusedIsKept !== true) {
        // Not the job's fault: it waits for the merchant to give us access again.
        const at = later(new Date(now.getTime() + ACCESS_RETRY_MS), soonest);
        return { status: 'retry', at, reason: outcome.reason.message };
      }
      return options.refusedIsKept === true
        ? { status: 'done', detail: outcome.reason.message }
        : { status: 'failed', reason: outcome.reason.message };
    case 'retry_later':
      return { status: 'retry', at: later(outcome.retryAt, soonest), reason: outcome.message };
    case 'unknown':
      return {
        status: 'retry',
        at: later(new Date(now.getTime() + UNKNOWN_RETRY_MS), soonest),
        reason: outcome.message,
      };
  }
}

/**
 * A channel that says "in two seconds" for an hour is down: each try waits longer, up to a quarter
 * of an hour, so that two hundred tries outlast any outage a merchant would sit through.
 */
function patience(attempts: number): number {
  return Math.min(PATIENCE_MS_MAX, PATIENCE_MS_BASE * 2 ** Math.max(0, attempts - PATIENT_TRIES));
}

/** The first tries come as soon as the channel allows. */
const PATIENT_TRIES = 4;
const PATIENCE_MS_BASE = 1_000;
const PATIENCE_MS_MAX = 15 * 60_000;

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}
