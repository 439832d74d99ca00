/**
 * The brake: what a push would change that no order explains and nobody has agreed to, against how
 * much of the channel that may be. Decision 028 says why it is drawn this way.
 */
export type PushMeasure = {
  /** Listings whose numbers are kept in the channel. */
  readonly live: number;
  /** Listings the push would change. */
  readonly changes: number;
  /** Listings with a number that rises, and with one that falls; a listing can be both. */
  readonly raises: number;
  readonly drops: number;
  /** Listings with a number that falls to nothing. */
  readonly toZero: number;
};

/**
 * `raises`: numbers that rise wait, those that fall go, since falling cannot oversell.
 * `all`: so many fall that a mistake is likelier than a loss, so those wait too, but for those that
 * orders lower.
 */
export type BrakeHold = 'nothing' | 'raises' | 'all';

/** Below this many listings a push is never too large, however small the channel. */
export const BRAKE_LISTINGS_MIN = 20;

/** What the brake holds of a push. */
export function judgePush(measure: PushMeasure, brakePercent: number): BrakeHold {
  if (!isTooMany(measure.changes, measure.live, brakePercent)) return 'nothing';
  return isTooMany(measure.drops, measure.live, brakePercent) ? 'all' : 'raises';
}

function isTooMany(listings: number, live: number, brakePercent: number): boolean {
  return listings >= BRAKE_LISTINGS_MIN && listings * 100 > live * brakePercent;
}
