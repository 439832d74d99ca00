/**
 * Goal: every difference between a store and the ledger is found, explained truly, and put right
 * by the rule the merchant chose; a sale nobody told us of is never offered twice.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reconcileJob } from '../../../app/operations/sync/reconcile-stock';
import { chooseRepairs } from '../../../app/operations/sync/repair-finding';
import { setRepairRule } from '../../../app/operations/sync/set-repair-rule';
import { startReconcile } from '../../../app/operations/sync/start-reconcile';
import { enqueueJobs } from '../../../app/store/jobs';
import type { RepairRule } from '../../../app/store/reconcile';
import {
  type MerchantWorld,
  STAFF,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({
    'UP-1': { West: 10 },
    'DOWN-1': { West: 30 },
    'SALE-1': { West: 10 },
    'TAKE-1': { West: 10, East: 5 },
    'ASK-1': { West: 10 },
    'ASK-2': { West: 10 },
    'ASK-3': { West: 10 },
    'OFF-1': { West: 10 },
    'SURE-1': { West: 10 },
  });
});

afterEach(async () => {
  world.shopify.faults.clear(world.shop.domain);
  world.woo.faults.clear(world.woo.id);
  await rule('publish');
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.shopify.invariants()).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

async function rule(chosen: RepairRule): Promise<void> {
  for (const connectionId of [world.wooId, world.shopifyId]) {
    const { merchantId } = world;
    const set = { merchantId, connectionId, rule: chosen, actor: STAFF };
    expect(await setRepairRule(world.wiring.ctx, set)).toEqual({ status: 'done' });
  }
}

/** Changes the number in the store, which says nothing about it. */
function typeInWoo(sku: string, quantity: number): void {
  world.woo.faults.set(world.woo.id, 'dropWebhooks', { probability: 1 });
  const product = [...world.woo.state.products.values()].find((one) => one.sku === sku);
  world.woo.setStock(product?.id ?? 0, quantity);
}

function typeInShop(sku: string, quantity: number): void {
  world.shopify.faults.set(world.shop.domain, 'dropWebhooks', { probability: 1 });
  world.shop.setAvailable(sku, 'West', quantity);
}

type Row = {
  readonly sku: string;
  readonly explanation: string;
  readonly repair: string;
  readonly held: number | null;
  readonly wanted: number;
  readonly note: string | null;
};

async function findingsOf(runId: string): Promise<readonly Row[]> {
  const { rows } = await world.db.query<Row>(
    `SELECT li.sku, f.explanation, f.repair, f.channel_quantity AS held,
        f.wanted_quantity AS wanted, f.note
       FROM reconcile_finding f JOIN listing li ON li.id = f.listing_id
      WHERE f.run_id = $1 ORDER BY li.sku`,
    [runId],
  );
  return rows;
}

/** By hand, as a person does; answers the run when all is done. */
async function check(connectionId: string): Promise<string> {
  const { merchantId } = world;
  const started = await startReconcile(world.wiring.ctx, {
    merchantId,
    connectionId,
    actor: STAFF,
  });
  if (started.status !== 'done') throw new Error(started.message);
  await world.settle();
  const run = await world.db.one<{ state: string; checked: number; total: number }>(
    `SELECT state, checked, total FROM reconcile_run WHERE id = $1`,
    [started.runId],
  );
  expect(run).toEqual({ state: 'done', checked: run.total, total: run.total });
  return started.runId;
}

async function bySchedule(connectionId: string): Promise<string | null> {
  const { merchantId } = world;
  await enqueueJobs(world.db, [reconcileJob({ id: connectionId, merchantId })]);
  world.wiring.jobs.queue.announce();
  await world.settle();
  const row = await world.db.maybeOne<{ id: string }>(
    `SELECT id FROM reconcile_run WHERE connection_id = $1 ORDER BY started_at DESC LIMIT 1`,
    [connectionId],
  );
  return row?.id ?? null;
}

describe('with the rule that the ledger decides', () => {
  it('an edit in either direction is found, said to be one, and undone', async () => {
    typeInWoo('UP-1', 77);
    typeInWoo('DOWN-1', 25);
    const run = await check(world.wooId);
    expect(await findingsOf(run)).toEqual([
      {
        sku: 'DOWN-1',
        explanation: 'edited_in_channel',
        repair: 'published',
        held: 25,
        wanted: 30,
        note: null,
      },
      {
        sku: 'UP-1',
        explanation: 'edited_in_channel',
        repair: 'published',
        held: 77,
        wanted: 10,
        note: null,
      },
    ]);
    expect([world.wooStock('UP-1'), world.wooStock('DOWN-1')]).toEqual([10, 30]);
    const figures = await world.db.one(
      `SELECT differing, repaired, trigger FROM reconcile_run WHERE id = $1`,
      [run],
    );
    expect(figures).toEqual({ differing: 2, repaired: 2, trigger: 'hand' });
  });

  it('a sale nobody told of is read first, and its units are never offered again', async () => {
    world.woo.faults.set(world.woo.id, 'dropWebhooks', { probability: 1 });
    const order = world.woo.placeOrder({ lines: [{ sku: 'SALE-1', quantity: 4 }] });
    const before = world.woo.journal.entries({}).length;
    const run = await bySchedule(world.wooId);
    expect(await findingsOf(run ?? '')).toEqual([
      {
        sku: 'SALE-1',
        explanation: 'unseen_sale',
        repair: 'resolved',
        held: 6,
        wanted: 10,
        note: `#${String(order.id)} had not been told to us: it was read now.`,
      },
    ]);
    expect((await world.level('SALE-1')).available).toBe(6);
    expect([world.wooStock('SALE-1'), world.shopStock('SALE-1')]).toEqual([6, 6]);
    const written = world.woo.journal
      .entries({})
      .slice(before)
      .filter((entry) => entry.method === 'POST' && entry.body.includes('"stock_quantity":10'));
    expect(written).toEqual([]);
  });

  it('a run by the clock that finds nothing keeps no finding', async () => {
    const run = await bySchedule(world.shopifyId);
    expect(await findingsOf(run ?? '')).toEqual([]);
  });

  it('a number the store refuses to count any more is said to be one, once', async () => {
    world.woo.faults.set(world.woo.id, 'dropWebhooks', { probability: 1 });
    const product = [...world.woo.state.products.values()].find((one) => one.sku === 'OFF-1');
    if (product === undefined) throw new Error('The store has no OFF-1.');
    product.managesStock = false;
    await bySchedule(world.wooId);
    await bySchedule(world.wooId);
    const { rows } = await world.db.query(
      `SELECT f.explanation, f.repair, f.channel_quantity AS held FROM reconcile_finding f
        JOIN listing li ON li.id = f.listing_id WHERE li.sku = 'OFF-1'`,
    );
    expect(rows).toEqual([{ explanation: 'not_tracked', repair: 'left', held: null }]);
    product.managesStock = true;
  });
});

describe('with the rule that the channel is counted', () => {
  it('a number of one location becomes a movement, and reaches the other store', async () => {
    await rule('accept');
    typeInShop('TAKE-1', 3);
    const run = await check(world.shopifyId);
    expect(await findingsOf(run)).toMatchObject([
      { sku: 'TAKE-1', explanation: 'edited_in_channel', repair: 'adjusted', held: 3, wanted: 10 },
    ]);
    expect((await world.level('TAKE-1')).available).toBe(8);
    expect([world.shopStock('TAKE-1'), world.wooStock('TAKE-1')]).toEqual([8, 8]);
    const movement = await world.db.one(
      `SELECT quantity, from_state AS source, to_state AS sink, cause_id AS cause FROM movement
        WHERE reason = 'reconcile'`,
    );
    expect(movement).toEqual({ quantity: 7, source: 'available', sink: 'adjustment', cause: run });
  });

  it('a number that several locations make up is left to a person', async () => {
    await rule('accept');
    typeInWoo('TAKE-1', 2);
    const run = await check(world.wooId);
    expect(await findingsOf(run)).toMatchObject([{ sku: 'TAKE-1', repair: 'waiting', held: 2 }]);
    expect((await world.level('TAKE-1')).available).toBe(8);
    await choose(run, 'send', null);
    expect(world.wooStock('TAKE-1')).toBe(8);
  });

  it('a sale nobody told of is no count', async () => {
    await rule('accept');
    world.shopify.faults.set(world.shop.domain, 'dropWebhooks', { probability: 1 });
    world.shop.placeOrder({ lines: [{ sku: 'SURE-1', quantity: 4 }] });
    const run = await check(world.shopifyId);
    expect(await findingsOf(run)).toMatchObject([{ explanation: 'unseen_sale', held: 6 }]);
    expect(await world.level('SURE-1')).toEqual({ available: 6, committed: 4 });
    expect([world.shopStock('SURE-1'), world.wooStock('SURE-1')]).toEqual([6, 6]);
  });
});

async function choose(
  runId: string,
  choice: 'send' | 'take' | 'leave',
  skus: readonly string[] | null,
): Promise<void> {
  const { merchantId, db } = world;
  const { rows } = await db.query<{ id: string }>(
    `SELECT f.id FROM reconcile_finding f JOIN listing li ON li.id = f.listing_id
      WHERE f.run_id = $1 AND li.sku = ANY($2::text[])`,
    [runId, skus ?? []],
  );
  const findingIds = skus === null ? null : rows.map((row) => row.id);
  const input = { merchantId, runId, findingIds, choice, actor: STAFF };
  expect(await chooseRepairs(world.wiring.ctx, input)).toMatchObject({ status: 'done' });
  await world.settle();
}

describe('with the rule that a person is asked', () => {
  it('each number waits, once, until somebody chooses', async () => {
    await rule('ask');
    for (const sku of ['ASK-1', 'ASK-2', 'ASK-3']) typeInShop(sku, 4);
    await bySchedule(world.shopifyId);
    const run = (await bySchedule(world.shopifyId)) ?? '';
    expect((await findingsOf(run)).map((row) => [row.sku, row.repair])).toEqual([
      ['ASK-1', 'waiting'],
      ['ASK-2', 'waiting'],
      ['ASK-3', 'waiting'],
    ]);
    const { waiting } = await world.db.one<{ waiting: number }>(
      `SELECT count(*) AS waiting FROM reconcile_finding WHERE repair = 'waiting'`,
    );
    expect(waiting).toBe(3);
    expect(world.shopStock('ASK-1')).toBe(4);

    await choose(run, 'send', ['ASK-1']);
    await choose(run, 'leave', ['ASK-2']);
    await choose(run, 'take', null);
    expect((await findingsOf(run)).map((row) => [row.sku, row.repair])).toEqual([
      ['ASK-1', 'published'],
      ['ASK-2', 'left'],
      ['ASK-3', 'adjusted'],
    ]);
    expect(['ASK-1', 'ASK-2', 'ASK-3'].map((sku) => world.shopStock(sku))).toEqual([10, 4, 4]);
    expect((await world.level('ASK-3')).available).toBe(4);
    expect(world.wooStock('ASK-3')).toBe(4);
  });

  it('a choice about a sale that came to light meanwhile raises nothing', async () => {
    await rule('ask');
    typeInShop('SURE-1', 5);
    const run = await check(world.shopifyId);
    // What a person left as it is stays left, and the other one waits.
    expect((await findingsOf(run)).map((row) => [row.sku, row.repair])).toEqual([
      ['ASK-2', 'left'],
      ['SURE-1', 'waiting'],
    ]);
    world.shop.placeOrder({ lines: [{ sku: 'SURE-1', quantity: 5 }] });
    await choose(run, 'send', null);
    // Six were there, five of them are sold; what was typed is overwritten by what is left.
    expect(await world.level('SURE-1')).toEqual({ available: 1, committed: 9 });
    expect(world.shopStock('SURE-1')).toBe(1);
  });

  it('another merchant can neither choose nor cancel', async () => {
    await rule('ask');
    typeInShop('ASK-1', 2);
    const run = await check(world.shopifyId);
    const answer = await chooseRepairs(world.wiring.ctx, {
      merchantId: '01a20c47-1f32-76a7-bed1-98bb2598197e',
      runId: run,
      findingIds: null,
      choice: 'take',
      actor: STAFF,
    });
    expect(answer).toMatchObject({ status: 'refused', code: 'not_found' });
    expect((await findingsOf(run)).map((row) => [row.sku, row.repair])).toEqual([
      ['ASK-1', 'waiting'],
      ['ASK-2', 'left'],
    ]);
    await choose(run, 'send', null);
  });
});
