/** Which units Shopify has at another location than they should be shipped from: pure. */
import type { ChannelWork } from '../../../contracts/channel';
import type { ExternalRef } from '../../../contracts/outcome';
import type { Work } from './choose-work';
import { INPUT_LIST_MAX } from './client';
import { isActive } from './read-work-state';

/** Units of one fulfillment order that belong to another location. */
export type WorkMove = {
  readonly workRef: ExternalRef;
  readonly locationRef: ExternalRef;
  readonly lines: readonly {
    readonly ref: ExternalRef;
    readonly orderLineRef: ExternalRef;
    readonly quantity: number;
  }[];
};

/** `stuck`: units that should move and cannot, or were refused before. */
export type WorkMoves = { readonly next: WorkMove | null; readonly stuck: number };

type Surplus = {
  readonly work: Work;
  readonly ref: ExternalRef;
  readonly lineRef: ExternalRef;
  units: number;
};

/**
 * The next move towards `wanted`. Only one: every move may give all that follows new ids. Units
 * nobody told us about (more than `wanted` names) stay where they are. `given` holds the moves
 * asked for already, as {@link signMove} names them.
 */
export function chooseWorkMoves(
  works: readonly Work[],
  wanted: readonly ChannelWork[],
  given: ReadonlySet<string>,
): WorkMoves {
  const missing = new Map<string, { readonly at: ChannelWork; units: number }>();
  for (const at of wanted) {
    const key = keyOf(at.lineRef, at.locationRef);
    const known = missing.get(key);
    if (known === undefined) missing.set(key, { at, units: at.quantity });
    else known.units += at.quantity;
  }
  const elsewhere = takeWhatIsThere(works, missing);
  const moves = new Map<string, WorkMove>();
  let stuck = 0;
  for (const { at, units } of missing.values()) {
    let left = units;
    for (const surplus of elsewhere) {
      const quantity = Math.min(left, surplus.units);
      if (surplus.lineRef !== at.lineRef || quantity <= 0) continue;
      surplus.units -= quantity;
      left -= quantity;
      if (!surplus.work.actions.includes('MOVE')) stuck += quantity;
      else addLine(moves, surplus, at.locationRef, quantity);
    }
  }
  const untried = (move: WorkMove): boolean => !given.has(signMove(move));
  let next: WorkMove | null = null;
  for (const move of [...moves.values()].flatMap(inShortLists)) {
    // What was refused as a whole may be possible line by line.
    const parts = untried(move) ? [move] : move.lines.map((line) => ({ ...move, lines: [line] }));
    next ??= parts.find(untried) ?? null;
    stuck += parts.filter((part) => !untried(part)).reduce((sum, part) => sum + unitsOf(part), 0);
  }
  return { next, stuck };
}

function inShortLists(move: WorkMove): readonly WorkMove[] {
  const count = Math.ceil(move.lines.length / INPUT_LIST_MAX);
  return Array.from({ length: count }, (_, index) => ({
    ...move,
    lines: move.lines.slice(index * INPUT_LIST_MAX, (index + 1) * INPUT_LIST_MAX),
  }));
}

/** Names a move, so that one Shopify refused is not asked for again. */
export function signMove({ workRef, locationRef, lines }: WorkMove): string {
  const units = lines.map(({ ref, quantity }) => `${ref}=${String(quantity)}`);
  return [workRef, locationRef, ...units].join(' ');
}

/** Takes units that are right off what is missing; answers those that are somewhere else. */
function takeWhatIsThere(
  works: readonly Work[],
  missing: ReadonlyMap<string, { units: number }>,
): Surplus[] {
  const surplus: Surplus[] = [];
  for (const work of works.filter(({ status }) => isActive(status))) {
    for (const line of work.lines) {
      const here = missing.get(keyOf(line.orderLineRef, work.locationRef ?? ''));
      const right = Math.min(line.remaining, here?.units ?? 0);
      if (here !== undefined) here.units -= right;
      const units = line.remaining - right;
      if (units > 0) surplus.push({ work, ref: line.ref, lineRef: line.orderLineRef, units });
    }
  }
  // Work that can be moved goes first.
  const rank = ({ work }: Surplus): number => (work.actions.includes('MOVE') ? 0 : 1);
  return surplus.sort((one, other) => rank(one) - rank(other));
}

function addLine(
  moves: Map<string, WorkMove>,
  surplus: Surplus,
  locationRef: ExternalRef,
  quantity: number,
): void {
  const workRef = surplus.work.ref;
  const key = keyOf(workRef, locationRef);
  const line = { ref: surplus.ref, orderLineRef: surplus.lineRef, quantity };
  const lines = [...(moves.get(key)?.lines ?? []), line];
  moves.set(key, { workRef, locationRef, lines });
}

function unitsOf({ lines }: WorkMove): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

function keyOf(ref: string, locationRef: string): string {
  return `${ref} ${locationRef}`;
}
