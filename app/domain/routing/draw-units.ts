import type { KitPart } from '../catalog/explode-kit';

/** Units of one item that one order line needs shipped. */
export type RoutingNeed = {
  readonly lineId: string;
  readonly itemId: string;
  readonly quantity: number;
  /** The kit this line is a component of; absent for what is sold as it is. */
  readonly kit?: KitPart;
};

export type RoutingAssignment = {
  readonly lineId: string;
  readonly itemId: string;
  readonly locationId: string;
  readonly quantity: number;
};

type Member = {
  readonly locationId: string;
  readonly available: ReadonlyMap<string, number>;
};

export type Drawn = {
  readonly assignments: readonly RoutingAssignment[];
  readonly short: readonly RoutingNeed[];
  /** Kits whose components come from more than one place (or are not all there). */
  readonly splitKits: number;
};

/**
 * Draws needs from locations in their order, splitting a line only when one runs out. Kits are
 * drawn first, each as a whole from one location as long as one has all of it.
 */
export function drawUnits(needs: readonly RoutingNeed[], members: readonly Member[]): Drawn {
  const left = members.map((member) => new Map(member.available));
  const wanted = new Map(needs.map((need) => [need.lineId, need.quantity]));
  const drawn = new Map<string, RoutingAssignment>();
  const inStock = (index: number, itemId: string): number =>
    Math.max(0, left[index]?.get(itemId) ?? 0);
  const take = (need: RoutingNeed, index: number, units: number): void => {
    const locationId = members[index]?.locationId;
    if (units <= 0 || locationId === undefined) return;
    const { lineId, itemId } = need;
    left[index]?.set(itemId, inStock(index, itemId) - units);
    wanted.set(lineId, (wanted.get(lineId) ?? 0) - units);
    const key = `${lineId} ${locationId}`;
    const quantity = (drawn.get(key)?.quantity ?? 0) + units;
    drawn.set(key, { lineId, itemId, locationId, quantity });
  };
  let splitKits = 0;
  for (const parts of kitsOf(needs)) {
    members.forEach((_, index) => {
      const kits = Math.min(
        ...parts.map(({ lineId, itemId, units }) =>
          Math.floor(Math.min(wanted.get(lineId) ?? 0, inStock(index, itemId)) / units),
        ),
      );
      for (const part of parts) take(part, index, kits * part.units);
    });
    splitKits += Math.max(
      ...parts.map(({ lineId, units }) => Math.ceil((wanted.get(lineId) ?? 0) / units)),
    );
  }
  for (const need of needs) {
    members.forEach((_, index) => {
      take(need, index, Math.min(wanted.get(need.lineId) ?? 0, inStock(index, need.itemId)));
    });
  }
  const short = needs.flatMap((need) => {
    const quantity = wanted.get(need.lineId) ?? 0;
    return quantity > 0 ? [{ ...need, quantity }] : [];
  });
  return { assignments: [...drawn.values()], short, splitKits };
}

function kitsOf(needs: readonly RoutingNeed[]): (RoutingNeed & { readonly units: number })[][] {
  const kits = new Map<string, (RoutingNeed & { readonly units: number })[]>();
  for (const need of needs) {
    if (need.kit === undefined) continue;
    const { lineId, units } = need.kit;
    kits.set(lineId, [...(kits.get(lineId) ?? []), { ...need, units }]);
  }
  return [...kits.values()];
}
