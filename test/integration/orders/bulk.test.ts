/** Goal: an action on many orders does each once, says what became of it, and can be undone. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BulkWish } from '../../../app/operations/orders/bulk-wish';
import { holdOrder } from '../../../app/operations/orders/hold-order';
import { runBulkAction } from '../../../app/operations/orders/run-bulk-action';
import { startBulkAction } from '../../../app/operations/orders/start-bulk-action';
import { undoBulkAction } from '../../../app/operations/orders/undo-bulk-action';
import {
  countResults,
  exportResults,
  getBulkAction,
} from '../../../app/queries/bulk/get-bulk-action';
import { ADDRESS } from '../../support/buyer';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';
import { form, holdsOf, isHeld, orderIdOf, shopOrder } from './order-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'TEE-S': { West: 400, East: 50 } });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

async function place(count: number): Promise<string[]> {
  const placed = Array.from({ length: count }, () =>
    world.woo.placeOrder({ lines: [{ sku: 'TEE-S', quantity: 1 }], address: ADDRESS }),
  );
  await world.settle();
  return Promise.all(placed.map(({ id }) => orderIdOf(world, `#${String(id)}`)));
}

async function start(wish: BulkWish, orderIds: readonly string[], key = form(world)) {
  const started = await startBulkAction(world.wiring.ctx, { ...key, orderIds, wish });
  if (started.status !== 'done') throw new Error(started.message);
  return started.actionId;
}

async function undo(actionId: string): Promise<string> {
  const { merchantId, actor } = form(world);
  const undone = await undoBulkAction(world.wiring.ctx, { merchantId, actionId, actor });
  if (undone.status !== 'done') throw new Error(undone.message);
  await world.settle();
  return undone.actionId;
}

const counts = (id: string) => countResults(world.wiring.prisma, world.merchantId, id);
const tagsOf = async (id: string): Promise<string[]> =>
  (await world.db.one<{ tags: string[] }>(`SELECT tags FROM customer_order WHERE id = $1`, [id]))
    .tags;

it('holds each once, says why it did not, and undoes only its own holds', async () => {
  const [first = '', second = '', third = ''] = await place(3);
  await holdOrder(world.wiring.ctx, {
    ...form(world),
    orderId: first,
    reason: 'merchant',
    note: null,
  });
  await holdOrder(world.wiring.ctx, {
    ...form(world),
    orderId: third,
    reason: 'fraud',
    note: null,
  });
  const wish = { kind: 'hold', reason: 'fraud', note: null } as const;
  const key = form(world);
  const id = await start(wish, [first, second, third], key);
  expect(await start(wish, [first, second, third], key)).toBe(id);
  await world.settle();
  expect(await counts(id)).toEqual({ done: 2, skipped: 1, failed: 0, waiting: 0 });
  expect((await holdsOf(world, first)).map(({ reason }) => reason)).toEqual(['merchant', 'fraud']);
  expect(await isHeld(world, second)).toBe(true);

  let file = '';
  for await (const piece of exportResults(world.wiring.prisma, world.merchantId, id)) file += piece;
  expect(file).toContain('skipped,It is on hold for this reason already.');

  const undoId = await undo(id);
  expect(await counts(undoId)).toMatchObject({ done: 2, waiting: 0 });
  expect((await holdsOf(world, first)).filter(({ active }) => active)).toMatchObject([
    { reason: 'merchant' },
  ]);
  expect(await isHeld(world, second)).toBe(false);
  expect(await isHeld(world, third)).toBe(true);
  const { merchantId, actor } = form(world);
  const again = await undoBulkAction(world.wiring.ctx, { merchantId, actionId: undoId, actor });
  expect(again).toMatchObject({ status: 'refused' });
});

it('lifting is undone by the same holds, with the same words', async () => {
  const [only = ''] = await place(1);
  const wish = { orderId: only, reason: 'address', note: 'No street' } as const;
  await holdOrder(world.wiring.ctx, { ...form(world), ...wish });
  const id = await start({ kind: 'release' }, [only]);
  await world.settle();
  expect(await isHeld(world, only)).toBe(false);
  await undo(id);
  const { rows } = await world.db.query(
    `SELECT reason, note FROM order_hold WHERE order_id = $1 AND released_at IS NULL`,
    [only],
  );
  expect(rows).toEqual([{ reason: 'address', note: 'No street' }]);
});

it('tags only what lacked them, and takes back only those', async () => {
  const { id: first } = await shopOrder(world, 'TEE-S', 1);
  const { id: second } = await shopOrder(world, 'TEE-S', 1);
  await start({ kind: 'tag', tags: ['vip'] }, [first]);
  await world.settle();
  const id = await start({ kind: 'tag', tags: ['vip', 'rush'] }, [first, second]);
  await world.settle();
  expect(await counts(id)).toMatchObject({ done: 2 });
  await undo(id);
  expect(await tagsOf(first)).toEqual(['vip']);
  expect(await tagsOf(second)).toEqual([]);
  const there = [...world.shop.state.orders.values()].map(({ tags }) => tags);
  expect(there).toEqual([['vip'], []]);
});

it('goes on after it was interrupted, and does nothing twice', async () => {
  const orderIds = await place(60);
  const id = await start({ kind: 'hold', reason: 'fraud', note: null }, orderIds);
  // The worker of this test has it, too: each batch is taken by one of them.
  const stop = new AbortController();
  const runs = [1, 2, 3].map(() =>
    runBulkAction(world.wiring.ctx, {
      merchantId: world.merchantId,
      actionId: id,
      signal: stop.signal,
    }),
  );
  stop.abort();
  await Promise.all(runs);
  await world.settle();
  const { held } = await world.db.one<{ held: number }>(
    `SELECT count(*)::int AS held FROM order_hold WHERE order_id = ANY($1::uuid[])`,
    [orderIds],
  );
  expect(held).toBe(60);
  const view = await getBulkAction(world.wiring.prisma, world.merchantId, id);
  expect(view).toMatchObject({ state: 'done', total: 60, done: 60, failed: 0 });
});

it('cancels what can be cancelled, gives the units back, and offers no undo', async () => {
  const before = (await world.level('TEE-S')).available;
  const orderIds = await place(3);
  const id = await start({ kind: 'cancel', reason: 'inventory' }, orderIds);
  await world.settle();
  expect(await counts(id)).toEqual({ done: 3, skipped: 0, failed: 0, waiting: 0 });
  expect((await world.level('TEE-S')).available).toBe(before);
  const { merchantId, actor } = form(world);
  const undone = await undoBulkAction(world.wiring.ctx, { merchantId, actionId: id, actor });
  expect(undone).toMatchObject({ status: 'refused', message: 'This action cannot be undone.' });
});

it('knows no order of another merchant', async () => {
  const [only = ''] = await place(1);
  const stranger = { ...form(world), merchantId: '01980000-0000-7000-8000-000000000000' };
  const wish = { kind: 'release' } as const;
  const answer = await startBulkAction(world.wiring.ctx, { ...stranger, orderIds: [only], wish });
  expect(answer).toMatchObject({ status: 'refused', message: 'Choose at least one order.' });
});
