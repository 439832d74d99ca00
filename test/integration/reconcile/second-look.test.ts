/**
 * Goal: the channel's number is taken as a count only while nothing else has moved the stock since
 * it was looked at, and what a person chose is never turned into its opposite.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OperationContext } from '../../../app/operations/context';
import { reconcileJob, reconcileStock } from '../../../app/operations/sync/reconcile-stock';
import { chooseRepairs, repairChosen } from '../../../app/operations/sync/repair-finding';
import { setRepairRule } from '../../../app/operations/sync/set-repair-rule';
import { cancelReconcile } from '../../../app/operations/sync/start-reconcile';
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
    'RACE-1': { West: 10 },
    'CANCEL-1': { West: 10 },
    'DOWN-1': { West: 10 },
    'LATE-1': { West: 10 },
    'LOST-1': { West: 10 },
    'LOST-2': { West: 10 },
  });
});

afterEach(() => {
  world.shopify.faults.clear(world.shop.domain);
  world.woo.faults.clear(world.woo.id);
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  await world.close();
});

async function rule(chosen: RepairRule): Promise<void> {
  const { merchantId, shopifyId: connectionId } = world;
  const set = { merchantId, connectionId, rule: chosen, actor: STAFF };
  expect(await setRepairRule(world.wiring.ctx, set)).toEqual({ status: 'done' });
}

function typeInShop(sku: string, quantity: number): void {
  world.shopify.faults.set(world.shop.domain, 'dropWebhooks', { probability: 1 });
  world.shop.setAvailable(sku, 'West', quantity);
}

/** As the real context; `after` happens when the channel has answered its nth question of stock. */
function looking(after: (nth: number) => Promise<'answered' | 'lost'>): OperationContext {
  let nth = 0;
  return {
    ...world.wiring.ctx,
    channelFor: async (connection) => {
      const channel = await world.wiring.ctx.channelFor(connection);
      return {
        ...channel,
        readStock: async (listings) => {
          const answer = await channel.readStock(listings);
          nth += 1;
          return (await after(nth)) === 'answered'
            ? answer
            : { status: 'unknown', lookUpBy: '', message: 'The store does not answer.' };
        },
      };
    },
  };
}

/** The number looks like the one we had sent before ours: as if ours had been lost. */
async function sentBefore(sku: string, quantity: number): Promise<void> {
  await world.db.query(
    `UPDATE publication p SET previous_quantity = $3 FROM listing li
      WHERE li.id = p.listing_id AND li.sku = $1 AND li.connection_id = $2`,
    [sku, world.shopifyId, quantity],
  );
}

async function taken(sku: string): Promise<number> {
  const { count } = await world.db.one<{ count: number }>(
    `SELECT count(*)::int AS count FROM movement m JOIN item i ON i.id = m.item_id
      WHERE m.reason = 'reconcile' AND i.sku = $1`,
    [sku],
  );
  return count;
}

async function bySchedule(): Promise<string> {
  const { merchantId, shopifyId: id } = world;
  await enqueueJobs(world.db, [reconcileJob({ id, merchantId })]);
  world.wiring.jobs.queue.announce();
  await world.settle();
  const run = await world.db.one<{ id: string }>(
    `SELECT id FROM reconcile_run WHERE connection_id = $1 ORDER BY started_at DESC LIMIT 1`,
    [id],
  );
  return run.id;
}

async function findingOf(runId: string, sku: string) {
  return world.db.maybeOne<{ id: string; repair: string; explanation: string; note: string }>(
    `SELECT f.id, f.repair, f.explanation, f.note FROM reconcile_finding f
       JOIN listing li ON li.id = f.listing_id WHERE f.run_id = $1 AND li.sku = $2`,
    [runId, sku],
  );
}

async function take(runId: string, sku: string): Promise<void> {
  const { merchantId } = world;
  const finding = await findingOf(runId, sku);
  const findingIds = [finding?.id ?? ''];
  const input = { merchantId, runId, findingIds, choice: 'take' as const, actor: STAFF };
  expect(await chooseRepairs(world.wiring.ctx, input)).toMatchObject({ chosen: 1 });
}

describe('a number that is taken as a count', () => {
  it('is not, when another channel sold some after both were looked at', async () => {
    await rule('accept');
    typeInShop('RACE-1', 9);
    const context = looking(async (nth) => {
      // The first question compares, the second judges.
      if (nth !== 2) return 'answered';
      world.woo.placeOrder({ lines: [{ sku: 'RACE-1', quantity: 2 }] });
      await world.settle();
      return 'answered';
    });
    await reconcileStock(context, { connectionId: world.shopifyId });
    await world.settle();
    expect(await taken('RACE-1')).toBe(0);
    expect(await world.level('RACE-1')).toEqual({ available: 8, committed: 2 });
    expect([world.shopStock('RACE-1'), world.wooStock('RACE-1')]).toEqual([8, 8]);
  });

  it('is not, when the check was cancelled meanwhile', async () => {
    await rule('accept');
    typeInShop('CANCEL-1', 4);
    const context = looking(async (nth) => {
      if (nth !== 2) return 'answered';
      const { id } = await world.db.one<{ id: string }>(
        `SELECT id FROM reconcile_run WHERE state = 'running'`,
      );
      const { merchantId } = world;
      await cancelReconcile(world.wiring.ctx, { merchantId, runId: id, actor: STAFF });
      return 'answered';
    });
    await reconcileStock(context, { connectionId: world.shopifyId });
    await world.settle();
    expect(await taken('CANCEL-1')).toBe(0);
    expect((await world.level('CANCEL-1')).available).toBe(10);
    await rule('publish');
    await bySchedule();
  });

  it('is not, when it fell by a sale while the store was away for an hour', async () => {
    await rule('accept');
    typeInShop('DOWN-1', 8);
    const lost = looking((nth) => Promise.resolve(nth === 2 ? 'lost' : 'answered'));
    await reconcileStock(lost, { connectionId: world.shopifyId });
    // The job that goes on is not due for two seconds: meanwhile an hour goes by.
    world.shop.placeOrder({ lines: [{ sku: 'DOWN-1', quantity: 3 }] });
    const { rowCount } = await world.db.query(
      `UPDATE reconcile_run SET cursor = $1 WHERE state = 'running' AND cursor LIKE 'judge %'`,
      [`judge ${new Date(Date.now() - 3_600_000).toISOString()}`],
    );
    expect(rowCount).toBe(1);
    await bySchedule();
    // Ten, of which three are sold. An edit that meets a sale is overwritten (decision 032).
    expect(await world.level('DOWN-1')).toEqual({ available: 7, committed: 3 });
    expect(await taken('DOWN-1')).toBe(0);
    expect(world.shopStock('DOWN-1')).toBe(7);
  });

  it('is not by a person either, when its orders were read long before', async () => {
    await rule('ask');
    typeInShop('LATE-1', 8);
    const { merchantId, db, wiring } = world;
    const runId = await bySchedule();
    world.shopify.faults.set(world.shop.domain, 'dropWebhooks', { probability: 1 });
    world.shop.placeOrder({ lines: [{ sku: 'LATE-1', quantity: 3 }] });
    // As a job that is tried again after the store was away.
    await db.query(`UPDATE reconcile_finding SET repair = 'taking' WHERE run_id = $1`, [runId]);
    let ordersReadAt: Date | null = new Date(Date.now() - 3_600_000);
    const note = (at: Date): Promise<void> => {
      ordersReadAt = at;
      return Promise.resolve();
    };
    for (let tries = 0; tries < 2; tries += 1) {
      await repairChosen(wiring.ctx, { merchantId, runId, by: STAFF, ordersReadAt }, note);
      await world.settle();
    }
    expect(await taken('LATE-1')).toBe(0);
    expect(await world.level('LATE-1')).toEqual({ available: 7, committed: 3 });
    expect(world.shopStock('LATE-1')).toBe(7);
  });
});

describe("a person's choice to take the channel's number", () => {
  it('is carried out where ours looks as if it had been lost', async () => {
    await rule('ask');
    typeInShop('LOST-1', 9);
    const run = await bySchedule();
    expect(await findingOf(run, 'LOST-1')).toMatchObject({ repair: 'waiting' });
    await sentBefore('LOST-1', 9);
    await take(run, 'LOST-1');
    await world.settle();
    expect(await findingOf(run, 'LOST-1')).toMatchObject({ repair: 'adjusted' });
    expect((await world.level('LOST-1')).available).toBe(9);
    expect([world.shopStock('LOST-1'), world.wooStock('LOST-1')]).toEqual([9, 9]);
  });

  it('is asked again when ours has changed since', async () => {
    await rule('ask');
    typeInShop('LOST-2', 4);
    const run = await bySchedule();
    expect(await findingOf(run, 'LOST-2')).toMatchObject({ repair: 'waiting' });
    await sentBefore('LOST-2', 4);
    // As if ours had been 12 when the person looked.
    await world.db.query(
      `UPDATE reconcile_finding SET wanted_quantity = 12 WHERE run_id = $1 AND repair = 'waiting'`,
      [run],
    );
    await take(run, 'LOST-2');
    await world.settle();
    const finding = await findingOf(run, 'LOST-2');
    expect(finding).toMatchObject({ repair: 'waiting' });
    expect(finding?.note).toContain('changed');
    expect(await taken('LOST-2')).toBe(0);
    expect(world.shopStock('LOST-2')).toBe(4);
  });
});
