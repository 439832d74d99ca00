/**
 * What an account still lets us ask, shared by every process that calls it: a bucket that refills
 * with time, as the channel's own does. Points are taken before a call is sent, so that calls of
 * different processes never reach the channel with more than is there.
 */
import type { Queryable } from '../platform/database';

/** What a channel says of its bucket with an answer. */
export type BudgetReport = {
  /** Points that were taken for the call. */
  readonly taken: number;
  /** Points it cost in the end; 0 when it was turned away. */
  readonly cost: number;
  readonly available: number;
  readonly maximum: number;
  readonly restorePerSecond: number;
};

export type CallBudget = {
  /**
   * Takes points; the caller then waits `waitMs` and calls. Not taken where that would be too
   * long: try again after `waitMs`. `leave`: the share of the bucket (0 to 1) that must be left
   * over, for calls that can wait until nobody else is in a hurry.
   */
  take(cost: number, leave?: number): Promise<{ readonly taken: boolean; readonly waitMs: number }>;
  report(report: BudgetReport): Promise<void>;
};

/** Until the channel has told us: the smallest bucket Shopify gives any shop. */
const MAXIMUM_ASSUMED = 1_000;
const RESTORE_ASSUMED = 50;
/** Whose turn is later than this gives its worker to other work. */
const WAIT_SECONDS_MAX = 5;

/** The bucket now. A row nobody touched for long is simply full: nothing can be stuck in it. */
const REFILLED = `LEAST(b.maximum, b.available + b.restore_per_second
  * GREATEST(0, extract(epoch FROM clock_timestamp() - b.updated_at)::float8))`;
const TOUCHED = `GREATEST(b.updated_at, clock_timestamp())`;

// May go below zero, which is a place in the queue: whoever takes next waits behind it.
const TAKE = `
INSERT INTO call_budget AS b (account, available, maximum, restore_per_second, updated_at)
VALUES ($1, $3::float8 - LEAST($2::float8, $3::float8), $3::float8, $4::float8, clock_timestamp())
ON CONFLICT (account) DO UPDATE SET
  available = ${REFILLED} - LEAST($2::float8, b.maximum), updated_at = ${TOUCHED}
WHERE ${REFILLED} - LEAST($2::float8, b.maximum) >= CASE WHEN $6::float8 > 0
  THEN LEAST($6::float8 * b.maximum, b.maximum - LEAST($2::float8, b.maximum))
  ELSE -$5::float8 * b.restore_per_second END
RETURNING available, restore_per_second AS "restorePerSecond"`;

const REPORT = `
UPDATE call_budget b SET maximum = $2::float8, restore_per_second = $3::float8, updated_at = ${TOUCHED},
  available = LEAST($4::float8, $2::float8,
    ${REFILLED} + $5::float8 + GREATEST(0, $2::float8 - b.maximum))
WHERE account = $1`;

/** The budget of one account, `kind:account`. */
export function createCallBudget(q: Queryable, account: string): CallBudget {
  return {
    async take(cost, leave = 0) {
      const { rows } = await q.query<{ available: number; restorePerSecond: number }>(
        TAKE,
        [account, cost, MAXIMUM_ASSUMED, RESTORE_ASSUMED, WAIT_SECONDS_MAX, leave],
        { name: 'budget_take' },
      );
      const [row] = rows;
      if (row === undefined) return { taken: false, waitMs: WAIT_SECONDS_MAX * 1_000 };
      const owed = Math.max(0, -row.available);
      return { taken: true, waitMs: Math.ceil((owed / row.restorePerSecond) * 1_000) };
    },
    async report({ taken, cost, available, maximum, restorePerSecond }) {
      if (!(maximum > 0) || !(restorePerSecond > 0)) return;
      const params = [account, maximum, restorePerSecond, available, taken - cost];
      await q.query(REPORT, params, { name: 'budget_report' });
    },
  };
}
