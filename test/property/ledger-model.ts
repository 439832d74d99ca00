/** The ledger said as simply as can be: cells, the movements between them, and keys used once. */
import type { MovementDraft, MovementResult } from '../../app/domain/stock/movement';
import { type Cell, INSIDE_STATES } from '../../app/domain/stock/cell';

/** A number in a channel, of one listing at one of the channel's places. */
export type ModelNumber = {
  readonly id: string;
  readonly connection: string;
  readonly itemId: string | null;
  readonly tracked: boolean;
  readonly ref: string;
};

/** What belongs to one merchant and does not change. */
export type ModelWorld = {
  readonly items: readonly string[];
  readonly locations: readonly string[];
  readonly kits: ReadonlyMap<string, readonly string[]>;
  readonly numbers: readonly ModelNumber[];
  /** Location by location: the ref it has in each connection it feeds. */
  readonly feeds: ReadonlyMap<string, ReadonlyMap<string, string>>;
};

/** A movement that was recorded: what was asked, and how much of it moved. */
export type Moved = { readonly draft: MovementDraft; readonly moved: number };

export type Verdict = { readonly code: string } | { readonly results: readonly MovementResult[] };

export type LedgerModel = {
  readonly world: ModelWorld;
  readonly cells: Map<string, number>;
  readonly movements: Moved[];
  /** How often each number was marked. */
  readonly marked: Map<string, number>;
};

export function emptyLedger(world: ModelWorld): LedgerModel {
  return { world, cells: new Map(), movements: [], marked: new Map() };
}

export function unitsIn(model: LedgerModel, itemId: string, cell: Cell): number {
  return model.cells.get(cellKey(itemId, cell)) ?? 0;
}

/** Posts to the model. Nothing changes where the answer is the code of an error. */
export function post(
  model: LedgerModel,
  drafts: readonly MovementDraft[],
  mode: 'all' | 'partial',
): Verdict {
  if (drafts.length === 0) return { results: [] };
  if (drafts.some(({ quantity }) => quantity <= 0)) return { code: 'CD004' };
  if (drafts.some((draft) => !owns(model.world, draft))) return { code: 'CD002' };
  const before = drafts.map((draft) => model.movements.find((m) => m.draft.key === draft.key));
  if (before.some((known, i) => known !== undefined && !sameContent(known.draft, drafts[i]))) {
    return { code: 'CD001' };
  }
  const take = taken(model, drafts, before, mode);
  const fresh = drafts.flatMap((draft, i) =>
    before[i] === undefined && (take[i] ?? 0) > 0 ? [{ draft, moved: take[i] ?? 0 }] : [],
  );
  const keys = new Set<string>();
  for (const { draft } of fresh) {
    if (cellKey(draft.itemId, draft.from) === cellKey(draft.itemId, draft.to)) {
      return { code: '23514' };
    }
    if (keys.has(draft.key)) return { code: '23505' };
    keys.add(draft.key);
  }
  for (const moved of fresh) move(model, moved);
  mark(model, fresh);
  return {
    results: drafts.map((draft, i) => {
      const known = before[i];
      if (known !== undefined) return { moved: known.moved, outcome: 'duplicate' };
      const moved = take[i] ?? 0;
      return { moved, outcome: moved < draft.quantity ? 'short' : 'done' };
    }),
  };
}

function owns({ items, locations }: ModelWorld, { itemId, from, to }: MovementDraft): boolean {
  const places = [from, to].flatMap(({ locationId }) => locationId ?? []);
  return places.every((place) => items.includes(itemId) && locations.includes(place));
}

function taken(
  model: LedgerModel,
  drafts: readonly MovementDraft[],
  before: readonly (Moved | undefined)[],
  mode: 'all' | 'partial',
): number[] {
  const left = new Map(model.cells);
  const add = (itemId: string, cell: Cell, units: number): void => {
    const key = cellKey(itemId, cell);
    if (cell.locationId !== null) left.set(key, (left.get(key) ?? 0) + units);
  };
  if (mode === 'partial') {
    return drafts.map(({ itemId, from, quantity }, i) => {
      if (before[i] !== undefined) return 0;
      if (from.locationId === null) return quantity;
      const units = Math.min(quantity, left.get(cellKey(itemId, from)) ?? 0);
      add(itemId, from, -units);
      return units;
    });
  }
  drafts.forEach(({ itemId, from, to, quantity }, i) => {
    if (before[i] !== undefined) return;
    add(itemId, from, -quantity);
    add(itemId, to, quantity);
  });
  const enough = [...left.values()].every((units) => units >= 0);
  return drafts.map(({ quantity }, i) => (enough && before[i] === undefined ? quantity : 0));
}

function move(model: LedgerModel, moved: Moved): void {
  const { itemId, from, to } = moved.draft;
  const add = (cell: Cell, units: number): void => {
    if (cell.locationId === null) return;
    model.cells.set(cellKey(itemId, cell), unitsIn(model, itemId, cell) + units);
  };
  add(from, -moved.moved);
  add(to, moved.moved);
  model.movements.push(moved);
}

/** Every number that the touched available cells feed, that of a kit by its parts too: once. */
function mark({ world, marked }: LedgerModel, moved: readonly Moved[]): void {
  const hit = new Set<string>();
  for (const { draft } of moved) {
    for (const cell of [draft.from, draft.to]) {
      if (cell.state !== 'available') continue;
      for (const number of world.numbers) {
        const sold = number.itemId ?? '';
        const feeding =
          sold === draft.itemId || (world.kits.get(sold) ?? []).includes(draft.itemId);
        const ref = world.feeds.get(cell.locationId)?.get(number.connection);
        if (feeding && number.tracked && ref === number.ref) hit.add(number.id);
      }
    }
  }
  for (const id of hit) marked.set(id, (marked.get(id) ?? 0) + 1);
}

/** "item location state" of a cell that is inside a location. */
export function cellKey(itemId: string, { state, locationId }: Cell): string {
  return `${itemId} ${locationId ?? '-'} ${state}`;
}

function sameContent(a: MovementDraft, b: MovementDraft | undefined): boolean {
  return (
    b !== undefined &&
    a.quantity === b.quantity &&
    a.reason === b.reason &&
    cellKey(a.itemId, a.from) === cellKey(b.itemId, b.from) &&
    cellKey(a.itemId, a.to) === cellKey(b.itemId, b.to)
  );
}

/** What came to a place or left it, in all that is on hand there, corrections left out. */
export function flowSince(
  movements: readonly Moved[],
  since: number,
  itemId: string,
  locationId: string,
): number {
  const onHand = (cell: Cell): boolean =>
    cell.locationId === locationId && cell.state !== 'incoming';
  return movements.slice(since).reduce((sum, { draft, moved }) => {
    const correction = draft.from.state === 'adjustment' || draft.to.state === 'adjustment';
    if (draft.itemId !== itemId || correction) return sum;
    return sum + (onHand(draft.to) ? moved : 0) - (onHand(draft.from) ? moved : 0);
  }, 0);
}

/** Units of an item at a place, of all that lies there. */
export function onHandAt(model: LedgerModel, itemId: string, locationId: string): number {
  return INSIDE_STATES.filter((state) => state !== 'incoming').reduce(
    (sum, state) => sum + unitsIn(model, itemId, { state, locationId }),
    0,
  );
}
