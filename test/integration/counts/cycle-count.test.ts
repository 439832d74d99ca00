/**
 * Goal: several people count a list at once and nothing they wrote is lost; only what was counted
 * is posted, and goods that move meanwhile are not counted twice. Judged by lines and levels.
 */
import { expect, test } from 'vitest';
import { recountDifferences, scanCode, setCount } from '#app/operations/stock/record-count';
import { startCount } from '#app/operations/stock/start-count';
import type { CountSelection } from '#app/domain/stock/count';
import { newId } from '#app/platform/ids';
import { findDrift } from '#app/store/movements';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, createCountWorld } from './count-world';

const { db } = await createTestDatabase();
const OTHER = { kind: 'staff', id: '78' } as const;

async function world() {
  const shop = await createCountWorld(db, {
    'MUG-L': { West: 10 },
    'MUG-S': { West: 4 },
    TEE: { West: 5 },
    CAP: { East: 2 },
  });
  await db.query(`UPDATE item SET barcode = '4006381333931' WHERE id = $1`, [shop.itemId('TEE')]);
  const start = (selection: CountSelection, id = newId()) =>
    startCount(shop.context, {
      merchantId: shop.merchantId,
      actor: STAFF,
      id,
      name: '',
      locationId: shop.locationId('West'),
      selection,
      blind: true,
    });
  return { ...shop, start };
}

async function started(selection: CountSelection) {
  const shop = await world();
  const answer = await shop.start(selection);
  if (answer.status !== 'done') throw new Error(answer.message);
  const { countId } = answer;
  const target = { merchantId: shop.merchantId, countId };
  const lineId = async (sku: string) =>
    (
      await db.one<{ id: string }>(
        `SELECT id FROM stock_count_line WHERE count_id = $1 AND sku = $2`,
        [countId, sku],
      )
    ).id;
  const set = async (sku: string, counted: number, seen: number | null, actor = STAFF) =>
    setCount(shop.context, { ...target, actor, lineId: await lineId(sku), counted, seen });
  const scan = (code: string, key = newId()) =>
    scanCode(shop.context, { ...target, actor: OTHER, code, key });
  return { ...shop, countId, target, set, scan };
}

test.each<[string, CountSelection, string[]]>([
  ['all that is there', { kind: 'all' }, ['MUG-L', 'MUG-S', 'TEE']],
  ['by a word', { kind: 'search', text: 'mug' }, ['MUG-L', 'MUG-S']],
  ['by a list', { kind: 'skus', skus: ['tee', ' CAP '] }, ['CAP', 'TEE']],
  ['not counted lately', { kind: 'stale', days: 30 }, ['MUG-L', 'MUG-S', 'TEE']],
])('items are chosen: %s', async (_what, selection, skus) => {
  const { lines, countId } = await started(selection);
  expect(Object.keys(await lines(countId)).map((key) => key.split(' ')[1])).toEqual(skus);
});

test('a random choice has as many items as asked, and nothing chosen is no count', async () => {
  const shop = await started({ kind: 'random', items: 2 });
  expect(Object.keys(await shop.lines(shop.countId))).toHaveLength(2);
  expect(await shop.start({ kind: 'search', text: 'zebra' })).toMatchObject({ status: 'refused' });
  const id = newId();
  expect(await shop.start({ kind: 'all' }, id)).toEqual(await shop.start({ kind: 'all' }, id));
});

test('two people count: what one wrote the other does not overwrite unseen', async () => {
  const { set, scan, lines, countId, post, level } = await started({ kind: 'all' });
  expect(await set('MUG-L', 9, null)).toMatchObject({ status: 'done', counted: 9 });
  expect(await set('MUG-L', 8, null, OTHER as typeof STAFF)).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('meanwhile') as string,
  });
  expect(await set('MUG-L', 8, 9, OTHER as typeof STAFF)).toMatchObject({ counted: 8 });
  expect(await set('MUG-S', -1, null)).toMatchObject({ status: 'refused' });

  const key = newId();
  expect(await scan('4006381333931', key)).toMatchObject({ counted: 1, message: 'TEE: 1' });
  expect(await scan('4006381333931', key)).toMatchObject({ counted: 1 });
  expect(await scan('tee')).toMatchObject({ counted: 2 });
  // The answer to the first one was lost, and it is sent once more after the second.
  expect(await scan('4006381333931', key)).toMatchObject({ counted: 2 });
  expect(await scan('CAP')).toMatchObject({ message: 'CAP: 1 (was not on the list)' });
  expect(await scan('nothing')).toMatchObject({ code: 'not_found' });
  const together = await Promise.all(Array.from({ length: 10 }, () => scan('TEE')));
  expect(together.map((one) => one.status)).toEqual(Array(10).fill('done'));

  await post(countId);
  expect(await lines(countId)).toEqual({
    '1 MUG-L': 'expected 10 counted 8 moved -2',
    '2 MUG-S': 'expected 4',
    '3 TEE': 'expected 5 counted 12 moved 7',
    '4 CAP': 'expected 0 counted 1 moved 1',
  });
  expect(await level('MUG-S', 'West')).toBe('4 + 0');
  expect(await level('CAP', 'West')).toBe('1 + 0');
  expect(await set('MUG-L', 1, 8)).toMatchObject({ message: 'This count is over.' });
});

test('what differs is counted again, and what nobody counted can be said to be gone', async () => {
  const { set, target, context, lines, countId, post, undo, level } = await started({
    kind: 'all',
  });
  await set('MUG-L', 7, null);
  await set('TEE', 5, null);
  const again = await recountDifferences(context, { ...target, actor: STAFF });
  expect(again).toEqual({ status: 'done', lines: 1 });
  expect((await lines(countId))['1 MUG-L']).toBe('expected 10');
  await set('MUG-L', 10, null);
  expect(await recountDifferences(context, { ...target, actor: STAFF })).toMatchObject({
    message: 'Nothing differs.',
  });
  await post(countId, 'zero');
  expect(await level('MUG-S', 'West')).toBe('0 + 0');
  expect(await level('MUG-L', 'West')).toBe('10 + 0');
  await undo(countId);
  expect(await level('MUG-S', 'West')).toBe('4 + 0');
});

test('a parcel that leaves after its shelf was counted is not missed twice', async () => {
  const { set, move, countId, post, level, merchantId } = await started({ kind: 'all' });
  await move('MUG-L', 'West', 3, 'available', 'committed');
  // One of the ten is lost; the shelf still holds the three that are promised.
  await set('MUG-L', 9, null);
  await move('MUG-L', 'West', 3, 'committed', 'customer');
  await move('MUG-L', 'West', 5, 'supplier', 'available');
  await post(countId);
  expect(await level('MUG-L', 'West')).toBe('11 + 0');
  expect(await findDrift(db, merchantId)).toEqual([]);
});
