/** The brake: a push that nobody asked for waits for a person; trading never does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agreeToSend } from '../../../app/operations/connections/go-live';
import { setPolicy } from '../../../app/operations/connections/set-policy';
import { OPEN_POLICY } from '../../../app/domain/stock/stock-policy';
import { inside, outside } from '../../../app/domain/stock/cell';
import { newId } from '../../../app/platform/ids';
import { postMovements } from '../../../app/store/movements';
import { ADDRESS } from '../../support/buyer';
import { type MerchantWorld, STAFF, createMerchantWorld } from '../../support/merchant-world';

const SKUS = Array.from({ length: 40 }, (_, index) => `SKU-${String(index + 1)}`);
const UNITS = 30;

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld(Object.fromEntries(SKUS.map((sku) => [sku, { West: UNITS }])));
});

afterAll(async () => {
  await world.close();
});

/** As a file of counts does it: all lines in one transaction. */
async function post(skus: readonly string[], change: number): Promise<void> {
  const location = await world.locationId('West');
  const items = await Promise.all(skus.map((sku) => world.itemId(sku)));
  await world.db.transaction((tx) =>
    postMovements(
      tx,
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
    ),
  );
  world.wiring.ctx.afterCommit(world.merchantId);
  await settleBraked();
}

/** A braked number stays dirty, so the world counts as settled when its jobs are. */
async function settleBraked(): Promise<void> {
  await world.settle();
  await world.settle();
}

async function braked(connectionId: string): Promise<Record<string, unknown> | null> {
  const row = await world.db.one<{ detail: Record<string, unknown> | null }>(
    `SELECT CASE WHEN braked_at IS NOT NULL THEN braked_detail END AS detail
       FROM connection WHERE id = $1`,
    [connectionId],
  );
  return row.detail;
}

async function timesBraked(): Promise<number> {
  const row = await world.db.one<{ times: number }>(
    `SELECT count(*)::int AS times FROM audit_record WHERE action = 'connection.braked'`,
  );
  return row.times;
}

const shown = (): readonly (number | null)[] => SKUS.map((sku) => world.wooStock(sku));
const asked = () => ({ merchantId: world.merchantId, connectionId: world.wooId, actor: STAFF });

describe('the brake', () => {
  it('never comes on by trading, however many numbers orders change at once', async () => {
    for (const sku of SKUS) {
      world.shop.placeOrder({ lines: [{ sku, quantity: 2 }], shippingAddress: ADDRESS });
    }
    await world.settle();
    for (const sku of SKUS) {
      world.woo.placeOrder({ lines: [{ sku, quantity: 1 }], address: ADDRESS });
    }
    await world.settle();
    expect(await timesBraked()).toBe(0);
    expect(shown()).toEqual(SKUS.map(() => UNITS - 3));
    expect(SKUS.map((sku) => world.shopStock(sku))).toEqual(SKUS.map(() => UNITS - 3));
  });

  it('does not hold what lets the person change a few', async () => {
    await post(SKUS.slice(0, 12), -2);
    expect(await timesBraked()).toBe(0);
    expect(world.wooStock('SKU-1')).toBe(UNITS - 5);
    await post(SKUS.slice(0, 12), 2);
  });

  it('holds everything when a file sets everything to 0, but for what orders lower', async () => {
    // Beyond the moment in which movements of orders explain a change.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await post(SKUS, -(UNITS - 4));
    expect(await braked(world.wooId)).toMatchObject({
      hold: 'all',
      changes: 40,
      drops: 40,
      raises: 0,
      live: 40,
    });
    expect(await braked(world.shopifyId)).toMatchObject({ hold: 'all' });
    expect(shown()).toEqual(SKUS.map(() => UNITS - 3));
    world.shop.placeOrder({
      lines: [{ sku: 'SKU-7', quantity: 1 }],
      shippingAddress: ADDRESS,
    });
    await settleBraked();
    // One unit was left in truth, and it is sold.
    expect(world.wooStock('SKU-7')).toBe(0);
    expect(world.wooStock('SKU-8')).toBe(UNITS - 3);
    expect(await braked(world.wooId)).not.toBeNull();
  });

  it('comes off by itself when the stock is put right, and nothing has been sent', async () => {
    await post(SKUS, UNITS - 4);
    expect(await braked(world.wooId)).toBeNull();
    expect(await braked(world.shopifyId)).toBeNull();
    await world.settle();
    expect(world.wooStock('SKU-8')).toBe(UNITS - 3);
    expect(world.wooStock('SKU-7')).toBe(UNITS - 4);
    const { rows } = await world.db.query(
      `SELECT 1 FROM audit_record WHERE action = 'connection.brake_released'`,
    );
    expect(rows).toHaveLength(2);
  });

  it('holds raises, lets numbers fall, and sends all once a person agrees', async () => {
    // An order explains what changes within two seconds of it: those of the tests before are over.
    await sleep(2_500);
    await post(SKUS.slice(0, 30), 1_000);
    expect(await braked(world.wooId)).toMatchObject({ hold: 'raises', raises: 30, drops: 0 });
    await post(SKUS.slice(35), -3);
    expect(world.wooStock('SKU-40')).toBe(UNITS - 6);
    expect(world.wooStock('SKU-1')).toBe(UNITS - 3);
    expect(await agreeToSend(world.wiring.ctx, asked())).toEqual({ status: 'done' });
    await settleBraked();
    expect(world.wooStock('SKU-1')).toBe(UNITS - 3 + 1_000);
    expect(await braked(world.wooId)).toBeNull();
    // The other channel's person has not agreed.
    expect(await braked(world.shopifyId)).not.toBeNull();
    expect(world.shopStock('SKU-1')).toBe(UNITS - 3);
    await agreeToSend(world.wiring.ctx, { ...asked(), connectionId: world.shopifyId });
    await world.settle();
    expect(world.shopStock('SKU-1')).toBe(UNITS - 3 + 1_000);
  });

  it('takes a policy whose numbers were previewed as agreed, another not', async () => {
    const policy = { ...OPEN_POLICY, brakePercent: 30, capUnits: 10 };
    await setPolicy(world.wiring.ctx, { ...asked(), policy, locationIds: null, previewed: true });
    await world.settle();
    expect(await braked(world.wooId)).toBeNull();
    expect(shown()).toEqual(SKUS.map(() => 10));
    await setPolicy(world.wiring.ctx, {
      ...asked(),
      policy: { ...policy, bufferUnits: 1_025 },
      locationIds: null,
      previewed: false,
    });
    await settleBraked();
    expect(await braked(world.wooId)).not.toBeNull();
    expect(world.wooStock('SKU-40')).toBe(10);
  });
});
