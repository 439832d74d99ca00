/** Goal: processes that know nothing of each other never promise a unit twice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { newId } from '../../../app/platform/ids';
import { findDrift } from '../../../app/store/movements';
import { createTestDatabase } from '../../support/test-database';
import { receive, seedMerchant } from './seed-ledger';
import type { TakeOrdersSettings } from './take-orders-process';

const PROGRAM = fileURLToPath(new URL('./take-orders-process.ts', import.meta.url));
const PROCESSES = ['one', 'two', 'three', 'four'];
const ORDERS_EACH = 50;
/** Of 200 wanted. They are in two places, so that routing has something to choose. */
const UNITS = { Here: 60, There: 40 };

test('four processes fighting over the last 100 units accept exactly 100', async () => {
  const { db, url } = await createTestDatabase();
  const { merchantId, items, locations } = await seedMerchant(db, ['HOT'], Object.keys(UNITS));
  const [item = ''] = items;
  for (const [index, units] of Object.values(UNITS).entries()) {
    await receive(db, merchantId, item, locations[index] ?? '', units);
  }
  const connectionId = newId();
  await db.query(
    `INSERT INTO connection (id, merchant_id, kind, account, name)
     VALUES ($1, $2, 'shopify', 'hot.myshopify.com', 'Hot')`,
    [connectionId, merchantId],
  );
  await db.query(
    `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
     SELECT gen_random_uuid(), $1, $2, id, name FROM location WHERE merchant_id = $1`,
    [merchantId, connectionId],
  );

  const common = { databaseUrl: url, merchantId, connectionId, orders: ORDERS_EACH, sku: 'HOT' };
  const codes = await race(PROCESSES.map((name) => ({ ...common, name })));

  expect(codes).toEqual([0, 0, 0, 0]);
  const orders = await db.one<{ orders: number; allocated: number; short: number }>(
    `SELECT count(*) AS orders, sum(allocated_quantity)::int AS allocated,
       sum(short_quantity)::int AS short FROM order_line`,
  );
  expect(orders).toEqual({ orders: 200, allocated: 100, short: 100 });
  const stock = await db.one<{ available: number; committed: number }>(
    `SELECT sum(available)::int AS available, sum(committed)::int AS committed FROM stock_level`,
  );
  expect(stock).toEqual({ available: 0, committed: 100 });
  expect(await findDrift(db, merchantId)).toEqual([]);
});

/** Starts all, lets them begin at once, and answers their exit codes. */
async function race(settings: readonly TakeOrdersSettings[]): Promise<(number | null)[]> {
  const racers = settings.map((one) => {
    const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, JSON.stringify(one)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    return { child, ended: once(child, 'exit') as Promise<[number | null]> };
  });
  await Promise.all(
    racers.map(({ child, ended }) => Promise.race([once(child.stdout, 'data'), ended])),
  );
  for (const { child } of racers) child.stdin.end('go\n');
  return Promise.all(racers.map(async ({ ended }) => (await ended)[0]));
}
