/**
 * What has served its purpose goes by itself: rows that nobody will look at, and what names buyers.
 */
import type { Queryable } from '../../platform/database';
import { endForgottenIntents } from '../../store/connect-intents';
import { emptyFailedJobs } from '../../store/erase-notes';
import { deleteOldIntents, deleteOldResults } from '../../store/spent-rows';
import { deleteOldChunks, deleteOldLines } from '../../store/stock-counts';

const DAY_MS = 24 * 60 * 60_000;
const HOUR_MS = 60 * 60_000;
/** Rows in one statement. */
const BATCH_MAX = 1_000;
/** Pieces of a file have up to 256 KB each. */
const CHUNKS_MAX = 100;
/** How long the lines of a count that is over can be looked at. */
const COUNT_DAYS = 365;
/** Days that it is known what an action on many orders came to, and how a store was connected. */
const RESULT_DAYS = 90;
const INTENT_DAYS = 7;

const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * DAY_MS);

/** Lines of counts that are long over, and what broken uploads have left. */
export async function deleteSpentCounts(q: Queryable, now: Date): Promise<void> {
  while ((await deleteOldLines(q, daysBefore(now, COUNT_DAYS), BATCH_MAX)) === BATCH_MAX);
  while ((await deleteOldChunks(q, daysBefore(now, 1), CHUNKS_MAX)) === CHUNKS_MAX);
}

/** What became of each order of an old action, and old attempts to connect. */
export async function deleteSpentActions(q: Queryable, now: Date): Promise<void> {
  while ((await deleteOldResults(q, daysBefore(now, RESULT_DAYS), BATCH_MAX)) === BATCH_MAX);
  while ((await deleteOldIntents(q, daysBefore(now, INTENT_DAYS), BATCH_MAX)) === BATCH_MAX);
}

/** Keys that a store has sent and that nobody proved within an hour. */
export async function forgetUnprovenKeys(q: Queryable, now: Date): Promise<void> {
  await endForgottenIntents(q, new Date(now.getTime() - HOUR_MS));
}

/** Takes what may name a buyer out of jobs that failed before then. Answers how many. */
export async function emptySpentJobs(
  q: Queryable,
  before: Date,
  limit: number,
  merchantIds?: readonly string[] | null,
): Promise<number> {
  return emptyFailedJobs(q, before, limit, merchantIds ?? null);
}
