import { type KitPart, wholeKits } from '../catalog/explode-kit';
import type { RoutingNeed } from '../routing/draw-units';
import type { LineState } from './order-state';

/** What a line still wants, beside what it has. */
export type LineWant = {
  readonly lineId: string;
  readonly itemId: string;
  /** Units the buyer wants, shipped ones included. */
  readonly wanted: number;
  /** Units that have left or are promised. */
  readonly covered: number;
  readonly kit: KitPart | null;
};

/**
 * Splits what lines want into what there is and what is missing, line by line. Of kits only whole
 * ones are taken: no component is promised to a kit that cannot leave.
 */
export function splitByStock(
  wants: readonly LineWant[],
  stock: ReadonlyMap<string, number>,
): { readonly needs: readonly RoutingNeed[]; readonly missing: readonly RoutingNeed[] } {
  const free = new Map(stock);
  const unitsFree = (itemId: string): number => Math.max(0, free.get(itemId) ?? 0);
  const needs: RoutingNeed[] = [];
  const missing: RoutingNeed[] = [];
  const split = (want: LineWant, units: number): void => {
    const { lineId, itemId, kit } = want;
    const line = { lineId, itemId, ...(kit === null ? {} : { kit }) };
    const lacking = Math.max(0, want.wanted - want.covered) - units;
    free.set(itemId, unitsFree(itemId) - units);
    if (units > 0) needs.push({ ...line, quantity: units });
    if (lacking > 0) missing.push({ ...line, quantity: lacking });
  };
  const kitsDone = new Set<string>();
  for (const want of wants) {
    const { kit } = want;
    if (kit === null) {
      split(want, Math.min(Math.max(0, want.wanted - want.covered), unitsFree(want.itemId)));
      continue;
    }
    if (kitsDone.has(kit.lineId)) continue;
    kitsDone.add(kit.lineId);
    const parts = wants.flatMap((other) =>
      other.kit?.lineId === kit.lineId ? [{ other, units: other.kit.units }] : [],
    );
    const kits = Math.min(
      ...parts.map(({ other, units }) =>
        Math.floor(Math.min(other.wanted, other.covered + unitsFree(other.itemId)) / units),
      ),
    );
    for (const { other, units } of parts) split(other, Math.max(0, kits * units - other.covered));
  }
  return { needs, missing };
}

type Figures = { readonly allocated: number; readonly shipped: number; readonly short: number };

/**
 * What became of a kit line, in kits: shipped when all of its parts have left, short when any part
 * is short; the others are promised (some of their parts may have left already).
 */
export function kitFigures(
  kit: LineState,
  parts: readonly (Figures & { readonly unitsPerKit: number })[],
  wanted: boolean,
): Figures {
  const kitsOf = (unitsOf: (part: Figures) => number): number =>
    wholeKits(parts.map((part) => ({ units: unitsOf(part), unitsPerKit: part.unitsPerKit })));
  const shipped = kitsOf((part) => part.shipped);
  const covered = Math.max(
    shipped,
    Math.min(
      kit.quantity,
      kitsOf((part) => part.shipped + part.allocated),
    ),
  );
  return {
    allocated: covered - shipped,
    shipped,
    short: wanted ? Math.max(0, kit.quantity - covered) : 0,
  };
}
