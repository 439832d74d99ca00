/** Plays ledger commands on the real operations and on the model, and compares after each. */
import { expect } from 'vitest';
import {
  type Cell,
  type OutsideState,
  inside,
  isInsideState,
  outside,
} from '../../app/domain/stock/cell';
import type { MovementDraft } from '../../app/domain/stock/movement';
import { rebuildLevels } from '../../app/operations/stock/rebuild-levels';
import { createReserveStock } from '../../app/operations/stock/reserve-stock';
import { type Database, isPostgresError } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { findDrift, postMovements } from '../../app/store/movements';
import type { LedgerCommand, PostLine, Side, Strange } from './ledger-commands';
import { playCounts } from './ledger-counts';
import { expectAdjusted, expectReserved } from './ledger-forms';
import { type Verdict, cellKey, post } from './ledger-model';
import { momentBetween } from './ledger-moments';
import {
  type Merchant,
  cellsOfModels,
  createLedgerMerchant,
  readLedger,
  tellMoved,
} from './ledger-world';
import { lonelyContext } from '../support/lonely-context';
import type { Play } from './sequences';

type Of<Kind extends LedgerCommand['kind']> = Extract<LedgerCommand, { kind: Kind }>;
type Posted = {
  readonly who: number;
  readonly mode: 'all' | 'partial';
  readonly drafts: readonly MovementDraft[];
};

const STAFF = { kind: 'staff', id: 'staff-1' } as const;
const OCCURRED_AT = new Date('2026-11-01T12:00:00.000Z');
/** Errors of PostgreSQL that the ledger answers with. */
const CODES = ['CD001', 'CD002', 'CD004', '23505', '23514'];

/** What lies at X and Y at first: some of each item to sell, and a little of it put aside. */
const OPENING: readonly PostLine[] = [0, 1, 2].flatMap((item) =>
  [0, 1].flatMap((at) =>
    ['available', 'committed', 'reserved', 'damaged'].map((state, index) => ({
      item,
      units: index === 0 ? 6 : 2,
      from: { state: 'supplier', at },
      to: { state, at },
      key: null,
    })),
  ),
);

export async function playLedger(db: Database): Promise<Play<LedgerCommand>> {
  const merchants = [await createLedgerMerchant(db), await createLedgerMerchant(db)];
  const merchantOf = (who: number): Merchant => {
    const merchant = merchants[who];
    if (merchant === undefined) throw new Error('There is no such merchant.');
    return merchant;
  };
  const context = lonelyContext(db);
  const reserve = createReserveStock(context);
  const counts = playCounts(db, context);
  const posted: Posted[] = [];
  const moments: { readonly at: Date; readonly cells: Record<string, number> }[] = [];
  let seen = (
    await db.one<{ seq: number }>('SELECT COALESCE(max(seq), 0)::int AS seq FROM movement')
  ).seq;
  let known = merchants.map(() => 0);

  const step = async (command: LedgerCommand): Promise<void> => {
    switch (command.kind) {
      case 'post': {
        const merchant = merchantOf(command.who);
        const other = merchantOf(1 - command.who);
        const drafts = command.lines.map((line, index) =>
          draftOf(merchant, line, index === 0 ? strangeThings(command.strange, other, line) : {}),
        );
        posted.push({ who: command.who, mode: command.mode, drafts });
        return expectPosted(db, merchant, drafts, command.mode);
      }
      case 'again': {
        const moved = posted.filter(({ who, drafts }) => firstMoved(merchantOf(who), drafts) >= 0);
        const former = moved.at(-1 - (command.of % Math.max(1, moved.length)));
        if (former === undefined) return;
        const { who, mode } = former;
        const to = command.change === 'merchant' ? 1 - who : who;
        const drafts = changed(former.drafts, command.change, merchantOf(who), merchantOf(1 - who));
        return expectPosted(db, merchantOf(to), drafts, mode);
      }
      case 'reserve':
        return expectReserved(
          reserve,
          merchantOf(command.who),
          merchantOf(1 - command.who),
          command,
        );
      case 'adjust':
      case 'set':
        return expectAdjusted(
          context,
          merchantOf(command.who),
          merchantOf(1 - command.who),
          command,
        );
      case 'count':
        return counts.count(merchantOf(command.who), command.at, command.units);
      case 'post count':
        return counts.post(merchantOf(command.who), command.rest);
      case 'undo count':
        return counts.undo(merchantOf(command.who));
      case 'look':
        moments.push({ at: await momentBetween(db), cells: cellsOfModels(merchants) });
    }
  };

  const compare = async (): Promise<void> => {
    const now = await readLedger(db, merchants, seen);
    const fresh = merchants.flatMap(({ id, model }, i) =>
      model.movements.slice(known[i] ?? 0).map((moved) => tellMoved(id, moved)),
    );
    expect(now.movements, 'movements').toEqual(fresh);
    expect(now.cells, 'levels').toEqual(cellsOfModels(merchants));
    const marked = merchants.flatMap(({ model }) => [...model.marked]);
    expect(now.marked, 'numbers to send').toEqual(Object.fromEntries(marked));
    expect(now.adjusted, 'records of adjustments').toEqual(merchants.map((one) => one.adjusted));
    seen = now.last;
    known = merchants.map(({ model }) => model.movements.length);
  };

  for (const merchant of merchants) {
    await expectPosted(
      db,
      merchant,
      OPENING.map((line) => draftOf(merchant, line, {})),
      'all',
    );
    await compare();
  }

  return {
    async step(command) {
      await step(command);
      await compare();
    },
    async end() {
      for (const merchant of merchants) await expectSound(db, merchant);
      for (const { at, cells } of moments) await expectPast(db, merchants, at, cells);
      for (const { id } of merchants) {
        expect(await rebuildLevels(context, { merchantId: id, actor: STAFF })).toEqual([]);
      }
      await expectPastKept(db, merchants);
      await compare();
    },
  };
}

type Strangers = { readonly itemId?: string; readonly locationId?: string };

function strangeThings(strange: Strange, other: Merchant, { item, from, to }: PostLine): Strangers {
  if (!isInsideState(from.state) && !isInsideState(to.state)) return {};
  const [itemId, locationId] = [other.items[item] ?? '', other.places[0] ?? ''];
  switch (strange) {
    case 'no':
      return {};
    case 'item':
      return { itemId };
    case 'place':
      return { locationId };
    case 'both':
      return { itemId, locationId };
  }
}

function draftOf(merchant: Merchant, line: PostLine, strangers: Strangers): MovementDraft {
  const cellOf = ({ state, at }: Side): Cell =>
    isInsideState(state)
      ? inside(state, strangers.locationId ?? merchant.places[at] ?? '')
      : outside(state as OutsideState);
  const name = line.key === null ? newId() : `named-${String(line.key)}`;
  return {
    itemId: strangers.itemId ?? merchant.items[line.item] ?? '',
    quantity: line.units,
    from: cellOf(line.from),
    to: cellOf(line.to),
    key: name,
    reason: 'moved',
    cause: { kind: 'test', id: name },
    actor: STAFF,
    note: line.units % 2 === 0 ? 'even' : null,
    occurredAt: OCCURRED_AT,
  };
}

/** The first of these drafts that has moved something; -1: none. */
function firstMoved({ model }: Merchant, drafts: readonly MovementDraft[]): number {
  return drafts.findIndex(({ key }) => model.movements.some((moved) => moved.draft.key === key));
}

/** A post once more: one line changed that had moved, or by another merchant of the same things. */
function changed(
  drafts: readonly MovementDraft[],
  change: Of<'again'>['change'],
  own: Merchant,
  other: Merchant,
): readonly MovementDraft[] {
  if (change === 'merchant') return drafts.map((draft) => inOther(draft, own, other));
  const at = firstMoved(own, drafts);
  return drafts.map((draft, index) => (index === at ? changedDraft(draft, change, own) : draft));
}

function changedDraft(
  draft: MovementDraft,
  change: Exclude<Of<'again'>['change'], 'merchant'>,
  own: Merchant,
): MovementDraft {
  switch (change) {
    case 'nothing':
      return draft;
    case 'units':
      return { ...draft, quantity: draft.quantity + 1 };
    case 'reason':
      return { ...draft, reason: 'other' };
    case 'item': {
      const next = (own.items.indexOf(draft.itemId) + 1) % own.items.length;
      return { ...draft, itemId: own.items[next] ?? '' };
    }
    case 'to':
      return { ...draft, to: elsewhere(draft.to, own) };
    case 'from':
      return { ...draft, from: elsewhere(draft.from, own) };
  }
}

/** Another place in the same state, or another way out. */
function elsewhere(cell: Cell, { places }: Merchant): Cell {
  if (cell.locationId === null) return outside(cell.state === 'scrap' ? 'transit' : 'scrap');
  const next = places[(places.indexOf(cell.locationId) + 1) % places.length] ?? '';
  return inside(cell.state, next);
}

function inOther(draft: MovementDraft, own: Merchant, other: Merchant): MovementDraft {
  const cellOf = (cell: Cell): Cell =>
    cell.locationId === null
      ? cell
      : inside(cell.state, other.places[own.places.indexOf(cell.locationId)] ?? cell.locationId);
  const itemId = other.items[own.items.indexOf(draft.itemId)] ?? draft.itemId;
  return { ...draft, itemId, from: cellOf(draft.from), to: cellOf(draft.to) };
}

async function expectPosted(
  db: Database,
  { id, model }: Merchant,
  drafts: readonly MovementDraft[],
  mode: 'all' | 'partial',
): Promise<void> {
  const wanted = post(model, drafts, mode);
  const answer = await postMovements(db, id, drafts, mode).then(
    (results): Verdict => ({ results }),
    (problem: unknown): Verdict => ({ code: codeOf(problem) }),
  );
  expect(answer).toEqual(wanted);
}

/** Throws what is no answer of the ledger. */
function codeOf(problem: unknown): string {
  const code = CODES.find((one) => isPostgresError(problem, one));
  if (code === undefined) throw problem;
  return code;
}

/** Nothing has drifted, and over all cells, those outside too, the units of an item are none. */
async function expectSound(db: Database, { id, items }: Merchant): Promise<void> {
  expect(await findDrift(db, id), 'drift').toEqual([]);
  const { rows } = await db.query<{ item: string; inside: number; outside: number }>(
    `SELECT i.id AS item, (SELECT COALESCE(sum(l.available + l.committed + l.reserved
           + l.safety_stock + l.quality_control + l.damaged + l.incoming), 0)::int
         FROM stock_level l WHERE l.item_id = i.id) AS inside,
       (SELECT COALESCE(sum(CASE WHEN m.to_location_id IS NULL THEN m.quantity ELSE 0 END
           - CASE WHEN m.from_location_id IS NULL THEN m.quantity ELSE 0 END), 0)::int
         FROM movement m WHERE m.item_id = i.id) AS outside
       FROM item i WHERE i.id = ANY($1::uuid[])`,
    [items],
  );
  for (const row of rows) expect(row.inside + row.outside, 'sum over all cells').toBe(0);
}

async function expectPast(
  db: Database,
  merchants: readonly Merchant[],
  at: Date,
  cells: Record<string, number>,
): Promise<void> {
  const past: Record<string, number> = {};
  for (const { id } of merchants) {
    const { rows } = await db.query<Record<string, string>>(
      'SELECT * FROM ledger_fold($1::uuid, $2::timestamptz)',
      [id, at],
    );
    for (const { item_id: itemId = '', location_id: locationId = '', ...states } of rows) {
      for (const [state, units] of Object.entries(states)) {
        if (!isInsideState(state) || Number(units) === 0) continue;
        past[`${id} ${cellKey(itemId, inside(state, locationId))}`] = Number(units);
      }
    }
  }
  expect(past, `levels as of ${at.toISOString()}`).toEqual(cells);
}

/** Nobody edits what was recorded. */
async function expectPastKept(db: Database, merchants: readonly Merchant[]): Promise<void> {
  if (merchants.every(({ model }) => model.movements.length === 0)) return;
  const ids = [merchants.map(({ id }) => id)];
  for (const edit of ['UPDATE movement SET note = note', 'DELETE FROM movement']) {
    const tried = db.query(`${edit} WHERE merchant_id = ANY($1::uuid[])`, ids);
    await expect(tried, edit).rejects.toMatchObject({ code: 'CD003' });
  }
}
