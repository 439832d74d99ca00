/**
 * Goal: whoever counts blind is not told what the ledger has, on whatever way they ask. Method:
 * the same count is read blind, seeing, and blind after it was posted.
 */
import { expect, test } from 'vitest';
import { setCount } from '#app/operations/stock/record-count';
import { startCount } from '#app/operations/stock/start-count';
import { newId } from '#app/platform/ids';
import { createPrisma } from '#app/platform/prisma';
import { exportCountLines } from '#app/queries/counts/export-count-lines';
import { getCount } from '#app/queries/counts/get-count';
import { viewOf } from '#app/queries/counts/list-count-lines';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, createCountWorld } from './count-world';

const { db } = await createTestDatabase();
const prisma = createPrisma(db);

async function counted(blind: boolean) {
  const shop = await createCountWorld(db, { MUG: { West: 10 }, TEE: { West: 5 } });
  const { merchantId, context } = shop;
  const started = await startCount(context, {
    merchantId,
    actor: STAFF,
    id: newId(),
    name: '',
    locationId: shop.locationId('West'),
    selection: { kind: 'all' },
    blind,
  });
  if (started.status !== 'done') throw new Error(started.message);
  const { countId } = started;
  const { id: lineId } = await db.one<{ id: string }>(
    `SELECT id FROM stock_count_line WHERE count_id = $1 AND sku = 'MUG'`,
    [countId],
  );
  await setCount(context, { merchantId, countId, actor: STAFF, lineId, counted: 7, seen: null });
  const told = async () => {
    const count = await getCount(prisma, merchantId, countId);
    if (count === null) throw new Error('no count');
    const file: string[] = [];
    const view = viewOf(count, 'changes', 'all');
    for await (const part of exportCountLines(prisma, count, view)) file.push(part);
    const { differing, more, fewer } = count.tally ?? {};
    return { view, differing, more, fewer, lines: file.join('').trim().split('\r\n').slice(1) };
  };
  return { ...shop, countId, told };
}

test('an open blind count tells neither numbers nor which lines differ', async () => {
  const { told, post, countId } = await counted(true);
  expect(await told()).toEqual({
    view: 'all',
    differing: 0,
    more: 0,
    fewer: 0,
    lines: ['1,MUG,MUG,West,7,,,,', '2,TEE,TEE,West,,,,,'],
  });
  await post(countId);
  expect(await told()).toMatchObject({
    view: 'changes',
    differing: 1,
    fewer: 3,
    lines: ['1,MUG,MUG,West,7,10,-3,,'],
  });
});

test('one who counts seeing is told', async () => {
  const { told } = await counted(false);
  expect(await told()).toMatchObject({
    view: 'changes',
    differing: 1,
    fewer: 3,
    lines: ['1,MUG,MUG,West,7,10,-3,,'],
  });
});
