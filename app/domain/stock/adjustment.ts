/** Why a person changes stock by hand. `other` wants a note. */
export const ADJUSTMENT_REASONS = [
  'count',
  'received',
  'damaged',
  'lost',
  'found',
  'returned',
  'promotion',
  'correction',
  'other',
] as const;

export type AdjustmentReason = (typeof ADJUSTMENT_REASONS)[number];

export function isAdjustmentReason(reason: string): reason is AdjustmentReason {
  return (ADJUSTMENT_REASONS as readonly string[]).includes(reason);
}
