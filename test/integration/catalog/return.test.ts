/**
 * Goal: a shop that comes back changes the ledger only by what people did there meanwhile, never by
 * what its policy withholds or by what other channels sold. Method: the app is taken off the
 * sandbox
 * shop and installed again, while people and buyers act in both stores.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPEN_POLICY, type StockPolicy } from '../../../app/domain/stock/stock-policy';
import { setPolicy } from '../../../app/operations/connections/set-policy';
import {
  type MerchantWorld,
  STAFF,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({
    'PLAIN-1': { West: 10 },
    'COUNT-1': { West: 10, East: 4 },
    'OVER-1': { West: 6 },
    'WAIT-1': { West: 2 },
    'MANY-1': { West: 500 },
  });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  await world.close();
});

async function apply(policy: Partial<StockPolicy>): Promise<void> {
  const answer = await setPolicy(world.wiring.ctx, {
    merchantId: world.merchantId,
    connectionId: world.shopifyId,
    actor: STAFF,
    policy: { ...OPEN_POLICY, brakePercent: 100, ...policy },
    locationIds: null,
    previewed: true,
  });
  expect(answer).toMatchObject({ status: 'done' });
  await world.settle();
}

function sellInWoo(sku: string, quantity: number): void {
  world.woo.placeOrder({ lines: [{ sku, quantity }] });
}

const available = async (sku: string): Promise<number> => (await world.level(sku)).available;

describe('a shop that comes back', () => {
  it('does not bring back what the other store has sold', async () => {
    sellInWoo('MANY-1', 1);
    await world.settle();
    await world.reinstall(() => {
      sellInWoo('PLAIN-1', 5);
    });
    expect(await available('PLAIN-1')).toBe(5);
    expect(world.shopStock('PLAIN-1')).toBe(5);
    expect(world.wooStock('PLAIN-1')).toBe(5);
  });

  it('keeps what was received there, beside what both stores sold', async () => {
    await world.reinstall(() => {
      world.shop.setAvailable('COUNT-1', 'East', 24);
      world.shop.placeOrder({ lines: [{ sku: 'COUNT-1', quantity: 3 }] });
      sellInWoo('COUNT-1', 2);
    });
    expect(await world.level('COUNT-1')).toEqual({ available: 29, committed: 5 });
    expect(world.shopStock('COUNT-1')).toBe(29);
    expect(world.wooStock('COUNT-1')).toBe(29);
  });

  it('takes no unit twice where both stores sold the last ones', async () => {
    await world.reinstall(() => {
      sellInWoo('OVER-1', 4);
      world.shop.placeOrder({ lines: [{ sku: 'OVER-1', quantity: 5 }] });
    });
    expect(await world.level('OVER-1')).toEqual({ available: 0, committed: 6 });
    expect(world.shopStock('OVER-1')).toBe(0);
  });

  it('wakes the orders that wait for what came in there', async () => {
    const product = [...world.woo.state.products.values()].find((one) => one.sku === 'WAIT-1');
    sellInWoo('WAIT-1', 2);
    await world.settle();
    // The store is filled by hand and sells at once what nobody else knows of.
    world.woo.setStock(product?.id ?? 0, 3);
    sellInWoo('WAIT-1', 3);
    await world.settle();
    expect(await world.level('WAIT-1')).toEqual({ available: 0, committed: 2 });
    await world.reinstall(() => {
      world.shop.setAvailable('WAIT-1', 'West', 7);
    });
    expect(await world.level('WAIT-1')).toEqual({ available: 4, committed: 5 });
  });

  it.each([
    ['a cap', { capUnits: 50 }, 50],
    ['a share', { sharePercent: 50 }, 247],
    ['a buffer', { bufferUnits: 20 }, 473],
  ] as const)('leaves alone what %s withholds', async (_name, policy, shown) => {
    await apply({});
    const before = await available('MANY-1');
    expect(before).toBe({ 50: 499, 247: 497, 473: 495 }[shown]);
    await apply(policy);
    await world.reinstall(() => {
      world.shop.placeOrder({ lines: [{ sku: 'MANY-1', quantity: 2 }] });
    });
    expect(await available('MANY-1')).toBe(before - 2);
    expect(world.shopStock('MANY-1')).toBe(shown);
    const shownThen = world.shopStock('MANY-1');
    await world.reinstall(() => undefined);
    expect(await available('MANY-1')).toBe(before - 2);
    expect(world.shopStock('MANY-1')).toBe(shownThen);
  });
});
