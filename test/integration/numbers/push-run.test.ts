/** What changes while a push is under way: it is looked at before each batch, not once per run. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StockPublication } from '../../../app/contracts/channel';
import { inside, outside } from '../../../app/domain/stock/cell';
import { goLive, pauseLive } from '../../../app/operations/connections/go-live';
import type { OperationContext } from '../../../app/operations/context';
import { publishStock } from '../../../app/operations/sync/publish-stock';
import type { Queryable } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { postMovements } from '../../../app/store/movements';
import { holdListings } from '../../../app/store/publications';
import { agreeToPush } from '../../../app/store/push-measure';
import { type MerchantWorld, STAFF, createMerchantWorld } from '../../support/merchant-world';

const SKUS = Array.from({ length: 40 }, (_, index) => `RUN-${String(index + 1)}`);
const UNITS = 30;

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld(Object.fromEntries(SKUS.map((sku) => [sku, { West: UNITS }])));
});

afterAll(async () => {
  await world.close();
});

/** Without a word to the publishers, so that the test's own run is the one that sends it. */
async function post(q: Queryable, skus: readonly string[], change: number): Promise<void> {
  const location = await world.locationId('West');
  const items = await Promise.all(skus.map((sku) => world.itemId(sku)));
  await postMovements(
    q,
    world.merchantId,
    items.map((itemId) => ({
      itemId,
      quantity: Math.abs(change),
      from: change > 0 ? outside('adjustment') : inside('available', location),
      to: change > 0 ? inside('available', location) : outside('adjustment'),
      key: newId(),
      reason: 'count',
      cause: { kind: 'count', id: 'c' },
      actor: STAFF,
      note: null,
      occurredAt: new Date(),
    })),
    'all',
  );
}

/** A run with batches of `batch`; `during` happens while the channel is asked for the first. */
async function publishWhile(
  batch: number,
  during: () => Promise<void>,
): Promise<readonly (readonly StockPublication[])[]> {
  const asked: (readonly StockPublication[])[] = [];
  const context: OperationContext = {
    ...world.wiring.ctx,
    afterCommit: () => undefined,
    channelFor: async (connection) => {
      const channel = await world.wiring.ctx.channelFor(connection);
      return {
        ...channel,
        capabilities: { ...channel.capabilities, stockBatchMax: batch },
        publishStock: async (entries, key) => {
          asked.push(entries);
          if (asked.length === 1) await during();
          return channel.publishStock(entries, key);
        },
      };
    },
  };
  await publishStock(context, { connectionId: world.wooId });
  return asked;
}

async function braked(): Promise<boolean> {
  const row = await world.db.one<{ on: boolean }>(
    `SELECT braked_at IS NOT NULL AS on FROM connection WHERE id = $1`,
    [world.wooId],
  );
  return row.on;
}

const shown = (): readonly (number | null)[] => SKUS.map((sku) => world.wooStock(sku));
const few = SKUS.slice(0, 12);

/** Puts the stock back to where it was, and everything is sent. */
async function putBack(skus: readonly string[], change: number): Promise<void> {
  await post(world.db, skus, change);
  world.wiring.ctx.afterCommit(world.merchantId);
  await world.settle();
  await world.settle();
  expect(await braked()).toBe(false);
}

describe('a push that is under way', () => {
  it('does not carry out a mistake that was made after it began', async () => {
    await post(world.db, few, 2);
    const asked = await publishWhile(10, async () => {
      await post(world.db, few, -(UNITS + 2));
      await post(world.db, SKUS.slice(12), -UNITS);
    });
    expect(asked.flat().filter(({ quantity }) => quantity === 0)).toEqual([]);
    expect(shown()).not.toContain(0);
    expect(await braked()).toBe(true);
    await putBack(SKUS, UNITS);
    expect(shown()).toEqual(SKUS.map(() => UNITS));
  });

  it('ends when the channel is paused', async () => {
    const asked = { merchantId: world.merchantId, connectionId: world.wooId, actor: STAFF };
    await post(world.db, few, 2);
    const batches = await publishWhile(5, async () => {
      expect(await pauseLive(world.wiring.ctx, asked)).toEqual({ status: 'done' });
    });
    expect(batches).toHaveLength(1);
    expect(shown().filter((units) => units === UNITS + 2)).toHaveLength(5);
    await goLive(world.wiring.ctx, asked);
    await putBack(few, -2);
    expect(shown()).toEqual(SKUS.map(() => UNITS));
  });

  it('sends what was agreed to, and nothing that became of it afterwards', async () => {
    await post(world.db, SKUS, 100);
    await world.db.transaction(async (tx) => {
      await agreeToPush(tx, world.wooId);
      await post(tx, SKUS, -(UNITS + 100));
    });
    expect(await publishWhile(100, () => Promise.resolve())).toEqual([]);
    expect(await braked()).toBe(true);
    // What was agreed to is wanted again: nobody has to be asked once more.
    await post(world.db, SKUS, UNITS + 100);
    await publishWhile(100, () => Promise.resolve());
    expect(shown()).toEqual(SKUS.map(() => UNITS + 100));
    // It has been sent. To come back to it is a change like any other.
    await post(world.db, SKUS, -1);
    await world.db.transaction((tx) => agreeToPush(tx, world.wooId));
    await publishWhile(100, () => Promise.resolve());
    expect(shown()).toEqual(SKUS.map(() => UNITS + 99));
    await post(world.db, SKUS, 1_000);
    await publishWhile(100, () => Promise.resolve());
    await post(world.db, SKUS, -1_000);
    await post(world.db, SKUS, 1);
    await publishWhile(100, () => Promise.resolve());
    expect(shown()).toEqual(SKUS.map(() => UNITS + 99));
    expect(await braked()).toBe(true);
  });
});

describe('holding the numbers of listings', () => {
  it('does not shorten the wait after a refusal', async () => {
    const { id } = await world.db.one<{ id: string }>(
      `UPDATE publication SET last_error = 'No.', retry_at = now() + interval '10 minutes'
        WHERE id = (SELECT id FROM publication WHERE connection_id = $1 ORDER BY id LIMIT 1)
        RETURNING listing_id AS id`,
      [world.wooId],
    );
    await holdListings(world.db, [id]);
    const { waits } = await world.db.one<{ waits: boolean }>(
      `SELECT retry_at > now() + interval '9 minutes' AS waits FROM publication
        WHERE listing_id = $1 AND last_error = 'No.'`,
      [id],
    );
    expect(waits).toBe(true);
  });
});
