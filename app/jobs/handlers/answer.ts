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
  options: { readonly refusedIsKept?: boolean } = {},
): JobAnswer {
  switch (outcome.status) {
    case 'done':
    case 'duplicate':
      return { status: 'done' };
    case 'refused':
      if (outcome.reason.code === 'unauthorized' && options.refusedIsKept !== true) {
        // Not the job's fault: it waits for the merchant to give us access again.
        const at = new Date(now.getTime() + ACCESS_RETRY_MS);
        return { status: 'retry', at, reason: outcome.reason.message };
      }
      return options.refusedIsKept === true
        ? { status: 'done', detail: outcome.reason.message }
        : { status: 'failed', reason: outcome.reason.message };
    case 'retry_later':
      return { status: 'retry', at: outcome.retryAt, reason: outcome.message };
    case 'unknown':
      return {
        status: 'retry',
        at: new Date(now.getTime() + UNKNOWN_RETRY_MS),
        reason: outcome.message,
      };
  }
}
