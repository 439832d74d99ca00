/**
 * Shopify gives a shop points and takes some for every call. They are asked for in the shared
 * budget before a call is sent, and settled by what the answer says it cost.
 * https://shopify.dev/docs/api/usage/limits
 */

/** Points of the shop's bucket, shared by all processes that call it. */
export type CallBudget = {
  /** Not taken: try again after `waitMs`. Taken: call after `waitMs`. */
  take(cost: number, leave?: number): Promise<{ readonly taken: boolean; readonly waitMs: number }>;
  report(report: {
    readonly taken: number;
    readonly cost: number;
    readonly available: number;
    readonly maximum: number;
    readonly restorePerSecond: number;
  }): Promise<void>;
};

/** What Shopify says of points with every answer. */
export type CostExtensions = {
  readonly cost?: {
    readonly requestedQueryCost?: number;
    readonly actualQueryCost?: number | null;
    readonly throttleStatus?: {
      readonly maximumAvailable?: number;
      readonly currentlyAvailable?: number;
      readonly restoreRate?: number;
    };
  };
};

type Turn = {
  /** `extensions`: of the answer; undefined when there was none, and time will tell. */
  settle(extensions: unknown): Promise<void>;
};
type NoTurn = {
  readonly status: 'retry_later';
  readonly retryAt: Date;
  readonly message: string;
};

/** Waits for the turn of one call, or says when to come again. */
export type Spender = (operation: string, isWrite: boolean) => Promise<Turn | NoTurn>;

/** A mutation costs 10 points; what a query costs Shopify tells only with its answer. */
const WRITE_POINTS = 10;
const READ_POINTS_ASSUMED = 200;
/** What patient calls leave to the others. */
const PATIENT_LEAVES = 0.5;
/** A clock of another machine may be this much ahead of Shopify's. */
const MARGIN_MS = 25;

export function createSpender(parts: {
  readonly budget?: CallBudget;
  /** Calls that can wait: they leave half of the bucket to those that cannot. */
  readonly patient?: boolean;
  readonly now: () => Date;
  readonly wait: (milliseconds: number) => Promise<void>;
}): Spender {
  const { budget, patient = false, now, wait } = parts;
  const free: Turn = { settle: () => Promise.resolve() };
  if (budget === undefined) return () => Promise.resolve(free);
  /** The most each operation was ever said to cost: it depends on how much it asks for. */
  const costs = new Map<string, number>();
  return async (operation, isWrite) => {
    const taken = costs.get(operation) ?? (isWrite ? WRITE_POINTS : READ_POINTS_ASSUMED);
    const turn = await budget.take(taken, patient ? PATIENT_LEAVES : 0);
    if (!turn.taken) {
      const retryAt = new Date(now().getTime() + turn.waitMs);
      return { status: 'retry_later', retryAt, message: "The shop's points are used up." };
    }
    if (turn.waitMs > 0) await wait(turn.waitMs + MARGIN_MS);
    return {
      async settle(extensions) {
        const { cost } = (extensions ?? {}) as CostExtensions;
        const { throttleStatus: status, requestedQueryCost: requested } = cost ?? {};
        if (requested !== undefined) {
          const known = costs.get(operation) ?? 0;
          costs.set(operation, Math.max(requested, known));
        }
        if (cost === undefined || status === undefined) return;
        await budget.report({
          taken,
          cost: cost.actualQueryCost ?? 0,
          available: status.currentlyAvailable ?? 0,
          maximum: status.maximumAvailable ?? 0,
          restorePerSecond: status.restoreRate ?? 0,
        });
      },
    };
  };
}
