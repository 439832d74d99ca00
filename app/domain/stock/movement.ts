import type { Actor, Cause } from '../shared/actor';
import type { Cell } from './cell';

/** More units than one movement may carry: beyond it a typing error is likelier than a truth. */
export const MOVEMENT_UNITS_MAX = 1_000_000;

/** A movement to be posted: `quantity` units (whole, > 0) of an item from one cell to another. */
export type MovementDraft = {
  readonly itemId: string;
  readonly quantity: number;
  readonly from: Cell;
  readonly to: Cell;
  /**
   * Unique per merchant. The same key with the same content is a no-op; with other content, an
   * error.
   */
  readonly key: string;
  /** A short code, for example `sale` or `count`. */
  readonly reason: string;
  readonly cause: Cause;
  readonly actor: Actor;
  readonly note: string | null;
  readonly occurredAt: Date;
};

/** What became of one draft. `short`: fewer units than asked were there. */
export type MovementResult = {
  readonly moved: number;
  readonly outcome: 'done' | 'duplicate' | 'short';
};

/** Why a quantity cannot be moved, or null when it can. */
export function quantityProblem(quantity: number): string | null {
  if (!Number.isInteger(quantity)) return 'Enter a whole number of units.';
  if (quantity <= 0) return 'Enter at least one unit.';
  if (quantity > MOVEMENT_UNITS_MAX) return 'That is more than a million units: check the number.';
  return null;
}

/** The key of the units an item begins with at a location, so that it begins there once. */
export function openingKey(itemId: string, locationId: string): string {
  return `opening:${itemId}:${locationId}`;
}
