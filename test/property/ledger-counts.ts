/** Counts of a place: opened, counted while the ledger goes on, posted, and taken back. */
import { expect } from 'vitest';
import { inside, outside } from '../../app/domain/stock/cell';
import type { MovementDraft } from '../../app/domain/stock/movement';
import type { OperationContext } from '../../app/operations/context';
import { carryOutPosting, postCount } from '../../app/operations/stock/post-count';
import { setCount } from '../../app/operations/stock/record-count';
import { startCount } from '../../app/operations/stock/start-count';
import { carryOutUndoing, undoCount } from '../../app/operations/stock/undo-count';
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { SKUS } from './ledger-commands';
import { flowSince, onHandAt, post, unitsIn } from './ledger-model';
import type { Merchant } from './ledger-world';
import { momentBetween } from './ledger-moments';

const STAFF = { kind: 'staff', id: 'staff-1' } as const;
const NAME = 'Shelf';

type Line = {
  readonly id: string;
  readonly itemId: string;
  counted: number | null;
  /** Movements of the merchant that were recorded before it was counted. */
  since: number;
  /** Units that posting added (positive) or took (negative). */
  moved: number;
};
type Count = {
  readonly id: string;
  readonly locationId: string;
  readonly lines: readonly Line[];
  state: 'open' | 'posted' | 'undone';
};

export type CountPlay = {
  /** Counts what the merchant's open count lists; opens one at the place if there is none. */
  count(merchant: Merchant, at: number, units: readonly (number | null)[]): Promise<void>;
  post(merchant: Merchant, rest: 'leave' | 'zero'): Promise<void>;
  undo(merchant: Merchant): Promise<void>;
};

export function playCounts(db: Database, context: OperationContext): CountPlay {
  const counts = new Map<string, Count>();
  const never = new AbortController().signal;

  return {
    async count(merchant, at, units) {
      let count = counts.get(merchant.id);
      if (count?.state !== 'open') {
        count = await open(db, context, merchant, at);
        counts.set(merchant.id, count);
      }
      await momentBetween(db);
      for (const [index, line] of count.lines.entries()) {
        const counted = units[index] ?? null;
        if (counted === null) continue;
        const answer = await setCount(context, {
          ...formOf(merchant, count),
          lineId: line.id,
          counted,
          seen: line.counted,
        });
        expect(answer).toMatchObject({ status: 'done', counted });
        line.counted = counted;
        line.since = merchant.model.movements.length;
      }
      await momentBetween(db);
    },

    async post(merchant, rest) {
      const count = counts.get(merchant.id);
      if (count === undefined) return;
      if (count.state === 'open' && rest === 'zero') zeroRest(merchant, count);
      const any = count.lines.some(({ counted }) => counted !== null);
      const answer = await postCount(context, { ...formOf(merchant, count), rest });
      if (count.state === 'undone') {
        expect(answer).toMatchObject({ code: 'conflict' });
        return;
      }
      expect(answer).toMatchObject(any ? { status: 'done' } : { code: 'validation' });
      if (!any) return;
      if (count.state === 'open') postByModel(merchant, count);
      await carryOutPosting(context, { merchantId: merchant.id, countId: count.id }, never);
    },

    async undo(merchant) {
      const count = counts.get(merchant.id);
      if (count === undefined) return;
      const answer = await undoCount(context, formOf(merchant, count));
      const something = count.lines.some(({ moved }) => moved !== 0);
      const may = count.state === 'undone' || (count.state === 'posted' && something);
      expect(answer).toMatchObject(may ? { status: 'done' } : { code: 'conflict' });
      if (may && count.state === 'posted') undoByModel(merchant, count);
      await carryOutUndoing(context, { merchantId: merchant.id, countId: count.id }, never);
    },
  };
}

function formOf({ id }: Merchant, count: Count) {
  return { merchantId: id, countId: count.id, actor: STAFF };
}

async function open(
  db: Database,
  context: OperationContext,
  merchant: Merchant,
  at: number,
): Promise<Count> {
  const id = newId();
  const locationId = merchant.places[at] ?? '';
  const answer = await startCount(context, {
    merchantId: merchant.id,
    actor: STAFF,
    id,
    name: NAME,
    locationId,
    selection: { kind: 'skus', skus: [...SKUS] },
    blind: false,
  });
  expect(answer).toEqual({ status: 'done', countId: id });
  const { rows } = await db.query<{ id: string; itemId: string }>(
    `SELECT id, item_id AS "itemId" FROM stock_count_line WHERE count_id = $1 ORDER BY position`,
    [id],
  );
  const counted = merchant.items.filter((item) => !merchant.model.world.kits.has(item));
  expect(rows.map(({ itemId }) => itemId)).toEqual(counted);
  const lines = rows.map((row) => ({ ...row, counted: null, since: 0, moved: 0 }));
  return { id, locationId, lines, state: 'open' };
}

function zeroRest({ model }: Merchant, { lines }: Count): void {
  for (const line of lines) {
    if (line.counted !== null) continue;
    line.counted = 0;
    line.since = model.movements.length;
  }
}

/** Brings available units to what was counted and what came or left since, as far as they go. */
function postByModel(merchant: Merchant, count: Count): void {
  const { model } = merchant;
  const drafts: MovementDraft[] = [];
  for (const line of count.lines) {
    if (line.counted === null) continue;
    const { itemId, since } = line;
    const flow = flowSince(model.movements, since, itemId, count.locationId);
    const there = onHandAt(model, itemId, count.locationId);
    const free = unitsIn(model, itemId, inside('available', count.locationId));
    line.moved = Math.max(Math.max(0, line.counted + flow) - there, -free);
    if (line.moved !== 0) drafts.push(draftOf(count, line, line.moved, 'count', 'count'));
  }
  post(model, drafts, 'all');
  count.state = 'posted';
}

function undoByModel(merchant: Merchant, count: Count): void {
  const moved = count.lines.filter((line) => line.moved !== 0);
  post(
    merchant.model,
    moved.map((line) => draftOf(count, line, -line.moved, 'count-undo', 'count_undone')),
    'partial',
  );
  count.state = 'undone';
}

function draftOf(
  count: Count,
  line: Line,
  change: number,
  keyed: string,
  reason: string,
): MovementDraft {
  const available = inside('available', count.locationId);
  return {
    itemId: line.itemId,
    quantity: Math.abs(change),
    from: change > 0 ? outside('adjustment') : available,
    to: change > 0 ? available : outside('adjustment'),
    key: `${keyed}:${line.id}`,
    reason,
    cause: { kind: 'count', id: count.id },
    actor: STAFF,
    note: NAME,
    occurredAt: new Date(0),
  };
}
