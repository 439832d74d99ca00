/**
 * Goal: goods of a refund are back once, although WooCommerce tells of the refund before it puts
 * its units back. Judged by the ledger and by what both stores show.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';
import { wooOrder } from '../orders/order-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ TEE: { West: 10 } });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

it('a refund read before its units are back is read again', async () => {
  const { placed } = await wooOrder(world, 'TEE', 3);
  world.woo.setStatus(placed.id, 'completed');
  await world.settle();
  expect(await world.level('TEE')).toEqual({ available: 7, committed: 0 });
  // WooCommerce tells whole seconds: a refund in the second of the completion could be of before
  // it.
  await sleep(1_100);
  const lines = [{ lineId: placed.lines[0]?.id ?? 0, quantity: 2 }];
  const refund = world.woo.refund(placed.id, { lines, restock: 'later' });
  await world.settle();
  expect(await world.level('TEE')).toEqual({ available: 7, committed: 0 });
  world.woo.restockRefund(placed.id, refund.id);
  await world.settle();
  expect(await world.level('TEE')).toEqual({ available: 9, committed: 0 });
  expect([world.wooStock('TEE'), world.shopStock('TEE')]).toEqual([9, 9]);
});
