/** One component of a kit: the item, and units of it in one kit. */
export type KitComponent = {
  readonly itemId: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
};

/** What one kit is made of; never empty. */
export type KitRecipe = readonly KitComponent[];

/** A line's part in a kit: the kit's own line, and units of this one in one kit. */
export type KitPart = { readonly lineId: string; readonly units: number };

/** More units than this fit no column and no warehouse. */
const UNITS_MAX = 2_000_000_000;

/** Names a component's line within its order: channels' own references have no plus sign there. */
export function componentRef(kitLineRef: string, componentItemId: string): string {
  return `${kitLineRef}+${componentItemId}`;
}

/** Units of a component in so many kits. */
export function componentUnits(kits: number, unitsPerKit: number): number {
  return Math.min(UNITS_MAX, kits * unitsPerKit);
}

/** Whole kits that these units of its components make; 0 for no component at all. */
export function wholeKits(
  parts: readonly { readonly units: number; readonly unitsPerKit: number }[],
): number {
  if (parts.length === 0) return 0;
  return Math.min(...parts.map(({ units, unitsPerKit }) => Math.floor(units / unitsPerKit)));
}

/**
 * Counts units as the buyer does: a kit is one unit, and counts when any of its parts does.
 * `kit` absent: a line that is sold as it is.
 */
export function unitsOfBuyer(
  lines: readonly { readonly quantity: number; readonly kit?: KitPart }[],
): number {
  let units = 0;
  const kits = new Map<string, number>();
  for (const { quantity, kit } of lines) {
    if (kit === undefined) units += quantity;
    else {
      const counted = kits.get(kit.lineId) ?? 0;
      kits.set(kit.lineId, Math.max(counted, Math.ceil(quantity / kit.units)));
    }
  }
  return [...kits.values()].reduce((sum, count) => sum + count, units);
}
