/** From what a handler answered, or threw, to what becomes of the job. */
import type { JobAnswer } from '../contracts/job-queue';
import { redactText } from '../platform/redaction';
import type { ClaimedJob, JobSettlement } from '../store/job-claims';

export type JobEnd = JobAnswer | { readonly status: 'threw'; readonly problem: unknown };

const BACK_OFF_MS_BASE = 1_000;
const BACK_OFF_MS_MAX = 15 * 60_000;
/** A retry asked for "now" would spin. */
const RETRY_WAIT_MS_MIN = 100;
/** No channel's limit lasts longer; a date beyond is a mistake of theirs or ours. */
const RETRY_WAIT_MS_MAX = 24 * 60 * 60_000;
/** Tries at a channel's request that end a job all the same: about a day of rate limits. */
const TRIES_MAX_ASKED_FOR = 200;
const REASON_CHARS_MAX = 300;

/** `random` in [0, 1). */
export function settleJob(
  job: ClaimedJob,
  end: JobEnd,
  now: Date,
  random: () => number,
): JobSettlement {
  const { id, attempts, leasedBy } = job;
  const same = { lease: { id, attempts, leasedBy }, runAt: null, detail: null, counts: true };
  const failed = (reason: string): JobSettlement => ({
    ...same,
    state: 'failed',
    error: shortText(reason),
  });
  switch (end.status) {
    case 'done':
      return {
        ...same,
        state: 'done',
        error: null,
        detail: end.detail === undefined ? null : shortText(end.detail),
      };
    case 'failed':
      return failed(end.reason);
    case 'retry': {
      if (attempts >= TRIES_MAX_ASKED_FOR) return failed(`Given up: ${end.reason}`);
      const wanted = end.at.getTime() - now.getTime();
      const waitMs = Math.min(Math.max(wanted, RETRY_WAIT_MS_MIN), RETRY_WAIT_MS_MAX);
      const runAt = new Date(now.getTime() + (Number.isNaN(waitMs) ? BACK_OFF_MS_BASE : waitMs));
      return { ...same, state: 'queued', runAt, error: shortText(end.reason), counts: false };
    }
    case 'threw': {
      const reason = describe(end.problem);
      if (attempts >= job.maxAttempts) return failed(reason);
      const runAt = new Date(now.getTime() + backOffMs(attempts, random));
      return { ...same, state: 'queued', runAt, error: shortText(reason) };
    }
  }
}

/** Doubles from one second to a quarter of an hour; between half and all of it, so crowds part. */
export function backOffMs(attempts: number, random: () => number): number {
  const full = Math.min(BACK_OFF_MS_BASE * 2 ** (attempts - 1), BACK_OFF_MS_MAX);
  return Math.round(full * (0.5 + random() / 2));
}

/** One line, bounded, nothing in it that looks like a credential or an e-mail address. */
function shortText(text: string): string {
  const line = redactText(text).split('\n', 1)[0]?.trim() ?? '';
  return line.length > REASON_CHARS_MAX ? `${line.slice(0, REASON_CHARS_MAX - 1)}…` : line;
}

function describe(problem: unknown): string {
  if (!(problem instanceof Error)) return 'The handler threw something that is not an error.';
  return problem.name === 'Error' ? problem.message : `${problem.name}: ${problem.message}`;
}
