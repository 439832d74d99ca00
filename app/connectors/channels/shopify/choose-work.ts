/** Which of Shopify's fulfillment orders a parcel's lines come from: pure. */
import type { ExternalRef } from '../../../contracts/outcome';
import type {
  FulfillmentHoldReason,
  FulfillmentOrderAction,
  FulfillmentOrderStatus,
} from './operations/admin.generated';

/** One of Shopify's fulfillment orders: the work of one location. */
export type Work = {
  readonly ref: ExternalRef;
  readonly status: FulfillmentOrderStatus;
  /** Null when Shopify's location was deleted. */
  readonly locationRef: ExternalRef | null;
  readonly actions: readonly FulfillmentOrderAction[];
  readonly holds: readonly ShopifyHold[];
  /** When it may be done; null = scheduled without a date. */
  readonly fulfillAt: Date | null;
  readonly lines: readonly WorkLine[];
};

export type ShopifyHold = {
  readonly id: string;
  readonly reason: FulfillmentHoldReason;
  readonly reasonNotes: string | null;
  readonly handle: string | null;
  readonly heldByRequestingApp: boolean;
};

export type WorkLine = {
  readonly ref: ExternalRef;
  readonly orderLineRef: ExternalRef;
  /** Units not fulfilled yet. */
  readonly remaining: number;
};

/** Units wanted per order line. */
export type Wanted = ReadonlyMap<ExternalRef, number>;

export type Take = {
  readonly workRef: ExternalRef;
  readonly locationRef: ExternalRef | null;
  readonly lines: readonly {
    readonly ref: ExternalRef;
    readonly orderLineRef: ExternalRef;
    readonly quantity: number;
  }[];
};

/** Adds up lines given more than once; lines of nothing are left out. */
export function sumByLine(
  lines: readonly { readonly lineRef: ExternalRef; readonly quantity: number }[],
): Map<ExternalRef, number> {
  const sums = new Map<ExternalRef, number>();
  for (const { lineRef, quantity } of lines) {
    if (quantity > 0) sums.set(lineRef, (sums.get(lineRef) ?? 0) + quantity);
  }
  return sums;
}

/** What is left of `wanted` when `reported` is taken off. */
export function subtract(wanted: Wanted, reported: Wanted): Map<ExternalRef, number> {
  const left = new Map<ExternalRef, number>();
  for (const [lineRef, quantity] of wanted) {
    const rest = quantity - (reported.get(lineRef) ?? 0);
    if (rest > 0) left.set(lineRef, rest);
  }
  return left;
}

/**
 * Takes the wanted units from the works that may do `action`, those at `preferredLocation` first,
 * never more than a line has remaining. One entry per work it takes from.
 */
export function takeFrom(
  works: readonly Work[],
  wanted: Wanted,
  preferredLocation: ExternalRef | null,
  action: 'CREATE_FULFILLMENT' | 'MOVE',
): readonly Take[] {
  const left = new Map(wanted);
  const at = (work: Work): number => (work.locationRef === preferredLocation ? 0 : 1);
  const able = works
    .filter((work) => isWorkable(work) && work.actions.includes(action))
    .sort((one, other) => at(one) - at(other));
  const takes: Take[] = [];
  for (const work of able) {
    const lines = work.lines.flatMap((line) => {
      const quantity = Math.min(line.remaining, left.get(line.orderLineRef) ?? 0);
      if (quantity <= 0) return [];
      left.set(line.orderLineRef, (left.get(line.orderLineRef) ?? 0) - quantity);
      return [{ ref: line.ref, orderLineRef: line.orderLineRef, quantity }];
    });
    if (lines.length > 0) takes.push({ workRef: work.ref, locationRef: work.locationRef, lines });
  }
  return takes;
}

/**
 * The moves that bring wanted units to the location they really left from: only units its own
 * works cannot cover, and only from works Shopify lets us move.
 */
export function chooseMoves(
  works: readonly Work[],
  wanted: Wanted,
  locationRef: ExternalRef,
): readonly Take[] {
  const here = works.filter((work) => work.locationRef === locationRef);
  const covered = sumByLine(
    takeFrom(here, wanted, locationRef, 'CREATE_FULFILLMENT').flatMap((take) =>
      take.lines.map((line) => ({ lineRef: line.orderLineRef, quantity: line.quantity })),
    ),
  );
  const elsewhere = works.filter((work) => work.locationRef !== locationRef);
  return takeFrom(elsewhere, subtract(wanted, covered), null, 'MOVE');
}

/**
 * Takes as they can be reported: a fulfillment belongs to one location, and Shopify takes no longer
 * list than `linesMax` in one call.
 */
export function groupForReport(
  takes: readonly Take[],
  linesMax: number,
): readonly (readonly Take[])[] {
  return groupByLocation(takes).flatMap((group) => {
    const parts: Take[][] = [];
    let room = 0;
    for (const take of group) {
      let { lines } = take;
      while (lines.length > 0) {
        if (room === 0) {
          parts.push([]);
          room = linesMax;
        }
        const fitting = lines.slice(0, room);
        parts.at(-1)?.push({ ...take, lines: fitting });
        lines = lines.slice(fitting.length);
        room -= fitting.length;
      }
    }
    return parts;
  });
}

function groupByLocation(takes: readonly Take[]): readonly (readonly Take[])[] {
  const groups = new Map<ExternalRef | null, Take[]>();
  for (const take of takes) {
    const group = groups.get(take.locationRef);
    if (group === undefined) groups.set(take.locationRef, [take]);
    else group.push(take);
  }
  return [...groups.values()];
}

/**
 * Of the wanted units, those in work that must not leave: held, or waiting for its date. They are
 * counted only as far as other work does not cover them.
 */
export function countBlocked(works: readonly Work[], uncovered: Wanted): number {
  const left = new Map(uncovered);
  let blocked = 0;
  for (const work of works) {
    if (work.status !== 'ON_HOLD' && work.status !== 'SCHEDULED') continue;
    for (const line of work.lines) {
      const units = Math.min(line.remaining, left.get(line.orderLineRef) ?? 0);
      left.set(line.orderLineRef, (left.get(line.orderLineRef) ?? 0) - units);
      blocked += units;
    }
  }
  return blocked;
}

function isWorkable(work: Work): boolean {
  return work.status === 'OPEN' || work.status === 'IN_PROGRESS';
}
