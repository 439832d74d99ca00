/**
 * Goal: a worker that is killed while it posts, or undoes, a count leaves nothing half done or
 * done twice. Method: processes are ended by SIGKILL at growing delays; then the work is finished.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { postCount } from '#app/operations/stock/post-count';
import { undoCount } from '#app/operations/stock/undo-count';
import { findDrift } from '#app/store/movements';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, createCountWorld } from './count-world';

const { db, url } = await createTestDatabase();
const PROGRAM = fileURLToPath(new URL('./posting-process.ts', import.meta.url));
const ITEMS = 6_000;
const KILLS = 5;

async function started(args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, url, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

/** Kills the work again and again, then lets it end. Answers how often a kill came in time. */
async function killedAndFinished(args: readonly string[]): Promise<number> {
  let killed = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const child = await started(args);
    const exited = once(child, 'exit');
    await Promise.race([sleep(60 + kill * 60), exited]);
    if (child.exitCode === null) killed += 1;
    child.kill('SIGKILL');
    await exited;
  }
  const last = await started(args);
  await once(last, 'exit');
  return killed;
}

test('killed while posting and while undoing', async () => {
  const skus = Array.from({ length: ITEMS }, (_, index) => `ITEM-${String(index)}`);
  const shop = await createCountWorld(db, {
    ...Object.fromEntries(skus.map((sku) => [sku, {}])),
    MUG: { West: 3 },
  });
  const rows = skus.map((sku, index) => `${sku},West,${String(index % 9)}`);
  const id = await shop.read(
    Buffer.from(['SKU,Location,On hand', ...rows, 'MUG,West,1'].join('\n')),
  );
  const target = { merchantId: shop.merchantId, countId: id, actor: STAFF };
  const wanted = skus.reduce((sum, _sku, index) => sum + (index % 9), 1);
  const total = async () =>
    (
      await db.one<{ units: number }>(
        `SELECT sum(available)::int AS units FROM stock_level WHERE merchant_id = $1`,
        [shop.merchantId],
      )
    ).units;

  await postCount(shop.context, { ...target, rest: 'leave' });
  const posting = await killedAndFinished(['post', shop.merchantId, id]);
  expect(posting).toBeGreaterThan(0);
  expect(await total()).toBe(wanted);
  expect(await shop.count(id)).toMatchObject({
    state: 'posted',
    summary: { total: ITEMS + 1, done: ITEMS + 1, removed: 2, added: wanted - 1 },
  });
  expect(await findDrift(db, shop.merchantId)).toEqual([]);

  await undoCount(shop.context, target);
  await killedAndFinished(['undo', shop.merchantId, id]);
  expect(await total()).toBe(3);
  expect(await shop.count(id)).toMatchObject({ state: 'undone', summary: { partly: 0 } });
  const { twice } = await db.one<{ twice: number }>(
    `SELECT count(*)::int AS twice FROM (SELECT item_id FROM movement WHERE cause_id = $1
      GROUP BY item_id HAVING count(*) > 2) m`,
    [id],
  );
  expect(twice).toBe(0);
  expect(await findDrift(db, shop.merchantId)).toEqual([]);
});
