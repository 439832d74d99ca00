import type { NumberPolicy } from './stock-policy';

/** The largest number a column holds. */
const QUANTITY_MAX = 2_147_483_647;

/** A number as its policy makes it, step by step. */
export type NumberSteps = {
  readonly sellable: number;
  /** The share of it, rounded down. */
  readonly shared: number;
  /** Less the buffer, never below zero. */
  readonly afterBuffer: number;
  /** At most the cap. */
  readonly shown: number;
};

/**
 * How a policy makes a number: the share of what its feeding locations can sell, rounded down, less
 * the buffer, never below zero, and at most the cap. 37 units at a share of 50 % with a buffer of 3
 * and a cap of 10: half of 37 is 18, less 3 is 15, and the cap makes it 10.
 *
 * The database says the same in `wanted_quantity` (migration 000640).
 */
export function numberSteps(
  sellableByLocation: readonly number[],
  { sharePercent, bufferUnits, capUnits }: NumberPolicy,
): NumberSteps {
  const sellable = sellableByLocation.reduce((sum, units) => sum + units, 0);
  const shared = Math.floor((Math.max(0, sellable) * sharePercent) / 100);
  const afterBuffer = Math.max(0, shared - Math.max(0, bufferUnits));
  const shown = Math.min(afterBuffer, capUnits ?? QUANTITY_MAX, QUANTITY_MAX);
  return { sellable, shared, afterBuffer, shown };
}

/** The number a channel should show; `numberSteps` says how it comes about. */
export function publishQuantity(
  sellableByLocation: readonly number[],
  policy: NumberPolicy,
): number {
  return numberSteps(sellableByLocation, policy).shown;
}

/** A late message about a number we set ourselves: by value, and only for a while. */
export function isEcho(
  claimed: number,
  sent: {
    readonly quantity: number | null;
    readonly previous: number | null;
    readonly at: Date | null;
  },
  now: Date,
): boolean {
  if (sent.at === null || now.getTime() - sent.at.getTime() > ECHO_WINDOW_MS) return false;
  return claimed === sent.quantity || claimed === sent.previous;
}

/**
 * Shopify may deliver late; two minutes covers its first retries, and reconciling covers the rest.
 */
export const ECHO_WINDOW_MS = 120_000;
