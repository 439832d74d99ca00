/** Random batches against a tiny model of the ledger, on the real database. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  INSIDE_STATES,
  type Cell,
  type OutsideState,
  inside,
  outside,
} from '../../app/domain/stock/cell';
import type { MovementDraft } from '../../app/domain/stock/movement';
import { findDrift, postMovements } from '../../app/store/movements';
import { createTestDatabase } from '../support/test-database';
import { draft, seedMerchant } from '../integration/ledger/seed-ledger';

const { db } = await createTestDatabase({ max: 8 });

type Side = { readonly state: string; readonly location: 0 | 1 };
const side = fc.record({
  state: fc.constantFrom<string>(
    'available',
    'available',
    'committed',
    'damaged',
    'supplier',
    'customer',
  ),
  location: fc.constantFrom<0 | 1>(0, 1),
});
const line = fc.record({
  item: fc.constantFrom<0 | 1 | 2>(0, 1, 2),
  quantity: fc.integer({ min: 1, max: 9 }),
  from: side,
  to: side,
  repeat: fc.boolean(),
});
const batch = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 6 }),
  mode: fc.constantFrom<'all' | 'partial'>('all', 'partial'),
});

type Model = Map<string, number>;
const cellKey = (itemId: string, cell: Cell): string =>
  `${itemId} ${cell.locationId ?? '-'} ${cell.state}`;

/** What the ledger promises, said as simply as can be. */
function expected(
  model: Model,
  drafts: readonly MovementDraft[],
  mode: 'all' | 'partial',
): number[] {
  const units = (itemId: string, cell: Cell): number => model.get(cellKey(itemId, cell)) ?? 0;
  const change = (itemId: string, cell: Cell, by: number): void => {
    if (cell.locationId !== null) model.set(cellKey(itemId, cell), units(itemId, cell) + by);
  };
  if (mode === 'partial') {
    const asked = new Map<string, number>();
    const moved = drafts.map((one) => {
      if (one.from.locationId === null) return one.quantity;
      const key = cellKey(one.itemId, one.from);
      const before = asked.get(key) ?? 0;
      asked.set(key, before + one.quantity);
      return Math.min(one.quantity, Math.max(0, units(one.itemId, one.from) - before));
    });
    drafts.forEach((one, index) => {
      change(one.itemId, one.from, -(moved[index] ?? 0));
      change(one.itemId, one.to, moved[index] ?? 0);
    });
    return moved;
  }
  const trial = new Map(model);
  for (const one of drafts) {
    change(one.itemId, one.from, -one.quantity);
    change(one.itemId, one.to, one.quantity);
  }
  if ([...model.values()].every((count) => count >= 0)) return drafts.map((one) => one.quantity);
  model.clear();
  for (const [key, count] of trial) model.set(key, count);
  return drafts.map(() => 0);
}

it('agrees with a model that is obviously right', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(batch, { minLength: 1, maxLength: 12 }), async (batches) => {
      const { merchantId, items, locations } = await seedMerchant(db, ['A', 'B', 'C'], ['X', 'Y']);
      const cellOf = ({ state, location }: Side): Cell =>
        (INSIDE_STATES as readonly string[]).includes(state)
          ? inside(state as (typeof INSIDE_STATES)[number], locations[location] ?? '')
          : outside(state as OutsideState);
      const model: Model = new Map();
      for (const { lines, mode } of batches) {
        const drafts = lines
          .map((one) =>
            draft({
              itemId: items[one.item] ?? '',
              quantity: one.quantity,
              from: cellOf(one.from),
              to: cellOf(one.to),
            }),
          )
          .filter(({ from, to }) => from.state !== to.state || from.locationId !== to.locationId);
        if (drafts.length === 0) continue;
        const wanted = expected(model, drafts, mode);
        const results = await postMovements(db, merchantId, drafts, mode);
        expect(results.map((result) => result.moved)).toEqual(wanted);
        if (lines[0]?.repeat === true) {
          const again = await postMovements(db, merchantId, drafts, mode);
          expectRepeated(again, wanted);
          if (again.some((result) => result.outcome !== 'duplicate' && result.moved > 0)) return;
        }
      }
      expect(await findDrift(db, merchantId)).toEqual([]);
      await expectLevels(merchantId, model);
    }),
    { numRuns: 60 },
  );
}, 120_000);

/** A key that moved something answers as before; one that moved nothing was never recorded. */
function expectRepeated(
  again: readonly { readonly moved: number; readonly outcome: string }[],
  wanted: readonly number[],
): void {
  again.forEach((result, index) => {
    if ((wanted[index] ?? 0) > 0) {
      expect(result).toEqual({ moved: wanted[index], outcome: 'duplicate' });
    }
  });
}

async function expectLevels(merchantId: string, model: Model): Promise<void> {
  const { rows } = await db.query<
    { item_id: string; location_id: string } & Record<string, number>
  >(`SELECT * FROM stock_level WHERE merchant_id = $1`, [merchantId]);
  const stored = new Map<string, number>();
  for (const row of rows) {
    for (const state of INSIDE_STATES) {
      stored.set(`${row.item_id} ${row.location_id} ${state}`, row[state] ?? 0);
    }
  }
  for (const [key, count] of model) expect(stored.get(key) ?? 0).toBe(count);
}
