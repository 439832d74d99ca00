/**
 * Goal: a shop too large to be paged comes in whole, once, however often the importing process is
 * killed on the way, and no worker stands still meanwhile. Method: the sandbox makes the export,
 * our worker's job reads it; then a reading that dies after every single page.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImportProgress, importCatalog } from '../../../app/operations/catalog/import-catalog';
import { importJob } from '../../../app/operations/connections/install-shop';
import { enqueueJobs } from '../../../app/store/jobs';
import { fillCatalog } from '../../sandbox/shopify/fill-catalog';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

const VARIANTS = 1_200;
let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({});
});

afterAll(() => world.close());

async function counts() {
  return world.db.one<{ listings: number; items: number; openings: number; units: number }>(
    `SELECT (SELECT count(*) FROM listing WHERE item_id IS NOT NULL AND active) AS listings,
        (SELECT count(*) FROM item) AS items,
        (SELECT count(*) FROM movement WHERE reason = 'opening') AS openings,
        (SELECT COALESCE(sum(available), 0)::int FROM stock_level) AS units`,
  );
}

/** Units the shop holds, and numbers of it that are not zero. */
function inShop(): { units: number; openings: number } {
  const held = [...world.shop.state.levels.values()].map((level) => level.quantities.available);
  return {
    units: held.reduce((sum, units) => sum + units, 0),
    openings: held.filter((units) => units > 0).length,
  };
}

describe('a shop of many variants', () => {
  it('is read by a job that comes back when the export is made', async () => {
    fillCatalog(world.shop.state, VARIANTS);
    const { bulk } = world.shop.state;
    bulk.behaviour.milliseconds = 3_600_000;
    const [job] = await enqueueJobs(world.db, [
      importJob(world.merchantId, world.shopifyId, 'refresh-catalog'),
    ]);
    world.wiring.ctx.afterCommit(world.merchantId);
    const hasAsked = async () => {
      const row = await world.db.one<{ state: string; attempts: number }>(
        'SELECT state, attempts FROM job WHERE id = $1',
        [job?.id],
      );
      return row.state === 'queued' && row.attempts > 0;
    };
    await expect.poll(hasAsked).toBe(true);
    for (const { doneAt } of bulk.operations.values()) doneAt.setTime(Date.now());
    await world.settle();
    const done = await world.db.one<{ state: string; attempts: number; progress: ImportProgress }>(
      'SELECT state, attempts, progress FROM job WHERE id = $1',
      [job?.id],
    );
    expect(done.state).toBe('done');
    expect(done.attempts).toBeGreaterThan(1);
    expect(done.progress).toMatchObject({ expected: VARIANTS });
    expect(await counts()).toEqual({ listings: VARIANTS, items: VARIANTS, ...inShop() });
  });

  it('is whole after a reading that was killed after every page, and nothing is twice', async () => {
    fillCatalog(world.shop.state, VARIANTS);
    world.shop.state.bulk.behaviour.milliseconds = 0;
    let progress: ImportProgress | null = null;
    let kills = 0;
    for (let tries = 0; tries < 50; tries += 1) {
      try {
        const outcome = await importCatalog(
          world.wiring.ctx,
          { connectionId: world.shopifyId, thenOrders: false, progress },
          (known) => {
            // Every other kill strikes before the page was noted, so that it is read again.
            if (kills % 2 === 0) progress = known;
            return Promise.reject(new Error('killed'));
          },
        );
        if (outcome.status === 'done') break;
      } catch (problem) {
        if (!(problem instanceof Error) || problem.message !== 'killed') throw problem;
        kills += 1;
      }
    }
    expect(kills).toBeGreaterThan(5);
    const all = { listings: 2 * VARIANTS, items: 2 * VARIANTS };
    expect(await counts()).toEqual({ ...all, ...inShop() });
    expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  });
});
