/** Why a channel may hold another number than it should. */
export const EXPLANATIONS = [
  /** Ours has not got there: it waits, was refused, or was lost. */
  'not_arrived',
  /** An order in the channel that we had not read. */
  'unseen_sale',
  /** No order explains it: somebody, or another program, changed it there. */
  'edited_in_channel',
  'listing_gone',
  'not_tracked',
] as const;

export type Explanation = (typeof EXPLANATIONS)[number];

/** A number as we believe it to stand. */
export type BelievedNumber = {
  /** What the channel should show. */
  readonly wanted: number;
  /** It has changed since the channel was told, and since when; null = the channel was told all. */
  readonly waitsSince: Date | null;
  /** Why the channel did not take it. */
  readonly refused: string | null;
  /** What we had asked for before the number the channel last acknowledged. */
  readonly previous: number | null;
};

/**
 * What the channel answered. `absent`: it has the listing, but no number at this location. A
 * number that is null is not counted by the channel.
 */
export type HeldNumber =
  | { readonly kind: 'holds'; readonly quantity: number }
  | { readonly kind: 'untracked' | 'absent' | 'gone' };

export type Comparison =
  | { readonly kind: 'agrees' }
  /** It changed a moment ago and is being sent: no difference worth a word. */
  | { readonly kind: 'under_way' }
  | { readonly kind: 'differs'; readonly explanation: Explanation };

/** A number that waits longer than this has not arrived, whatever the reason. */
export const UNDER_WAY_MS = 60_000;

/**
 * Compares one number. Before the channel's newest orders were read, one that is lower counts as a
 * sale we may not have seen; afterwards, what still differs was changed in the channel.
 */
export function explainDifference(
  number: BelievedNumber,
  held: HeldNumber,
  at: { readonly now: Date; readonly ordersRead: boolean },
): Comparison {
  switch (held.kind) {
    case 'gone':
      return { kind: 'differs', explanation: 'listing_gone' };
    case 'untracked':
      return { kind: 'differs', explanation: 'not_tracked' };
    case 'absent':
      return number.wanted === 0
        ? { kind: 'agrees' }
        : { kind: 'differs', explanation: 'not_tracked' };
    case 'holds':
      return compareUnits(number, held.quantity, at);
  }
}

function compareUnits(
  number: BelievedNumber,
  quantity: number,
  { now, ordersRead }: { readonly now: Date; readonly ordersRead: boolean },
): Comparison {
  if (quantity === number.wanted) return { kind: 'agrees' };
  if (number.refused !== null) return { kind: 'differs', explanation: 'not_arrived' };
  if (number.waitsSince !== null) {
    return now.getTime() - number.waitsSince.getTime() > UNDER_WAY_MS
      ? { kind: 'differs', explanation: 'not_arrived' }
      : { kind: 'under_way' };
  }
  if (quantity < number.wanted && !ordersRead) {
    return { kind: 'differs', explanation: 'unseen_sale' };
  }
  return {
    kind: 'differs',
    // It shows what we had sent before: the newer number was acknowledged, and lost.
    explanation: quantity === number.previous ? 'not_arrived' : 'edited_in_channel',
  };
}

/** More units than a level is ever counted to hold. */
const UNITS_MAX = 1_000_000;

/**
 * The units a location must have for the channel to be right: the number nearest to what it has
 * now that the policy shows as `quantity`. Null when there is none (a share that skips it, a cap
 * below it, a negative number). `shows` must not fall when units rise.
 */
export function unitsThatShow(
  quantity: number,
  has: number,
  shows: (units: number) => number,
): number | null {
  if (quantity < 0) return null;
  const lowest = firstUnits((units) => shows(units) >= quantity);
  if (lowest === null || shows(lowest) !== quantity) return null;
  const beyond = firstUnits((units) => shows(units) > quantity);
  const highest = beyond === null ? UNITS_MAX : beyond - 1;
  return Math.min(Math.max(has, lowest), highest);
}

/** The fewest units, up to a million, for which it holds. It goes on holding once it does. */
function firstUnits(holds: (units: number) => boolean): number | null {
  if (!holds(UNITS_MAX)) return null;
  let [low, high] = [0, UNITS_MAX];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
