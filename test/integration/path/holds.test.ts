import { beforeEach, describe, expect, it } from 'vitest';
import { holdOrders } from '../../../app/operations/orders/hold-order';
import type { ChannelOrder } from '../../../app/contracts/channel-order';
import { newId } from '../../../app/platform/ids';
import { activeHoldsOf, askToEndHolds, endChannelHold } from '../../../app/store/hold-orders';
import { insertHolds, releaseHolds } from '../../../app/store/order-holds';
import { saveSettings } from '../../../app/store/settings';
import { createTestDatabase } from '../../support/test-database';
import { until } from '../jobs/job-workers';
import {
  ADDRESS,
  type OrderWorld,
  STAFF,
  channelHold,
  channelOrder,
  createOrderWorld,
} from '../ledger/order-world';

const { db } = await createTestDatabase();
let world: OrderWorld;
let version = 0;

beforeEach(async () => {
  world = await createOrderWorld(db, { TEE: [10, 0], CAP: [10, 0] });
});

async function take(more: Partial<ChannelOrder>, tees = 2): Promise<void> {
  version += 1;
  await world.take('1', channelOrder('1', version, { TEE: tees }, more));
}

async function holds() {
  const { rows } = await db.query<{ reason: string; origin: string; active: boolean }>(
    `SELECT reason, origin, released_at IS NULL AS active FROM order_hold
      WHERE merchant_id = $1 ORDER BY id`,
    [world.merchantId],
  );
  return rows.map(({ reason, origin, active }) => `${origin} ${reason}${active ? '' : ' lifted'}`);
}

async function shipAll() {
  const [work] = await world.work('1');
  return world.ship(work?.workId ?? '', null);
}

/** Holds the order in a transaction that ends once `beside` waits for it. */
async function holdWhile<T>(beside: () => Promise<T>): Promise<T> {
  const { id } = await world.order('1');
  const input = {
    merchantId: world.merchantId,
    orderIds: [id],
    actor: STAFF,
    cause: { kind: 'form', id: newId() },
    now: new Date(),
  };
  // It answers nothing before the transaction has ended, so it is not awaited in it.
  const waiting = await db.transaction(async (tx) => {
    const context = { ...world.context, channelFor: () => null as never };
    await holdOrders(tx, context, input, () => ({ reason: 'address', note: null }));
    const answer = beside();
    await until(async () => {
      const { waits } = await db.one<{ waits: number }>(
        `SELECT count(*)::int AS waits FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waits > 0;
    });
    return { answer };
  });
  return waiting.answer;
}

const actions = async () => (await world.audits('1')).map(({ action }) => action);

describe('a hold the channel has set', () => {
  it('keeps the goods here, and set aside, until the channel lifts it', async () => {
    await take({ holds: [channelHold('h1', { reason: 'payment', note: 'bank transfer' })] });
    expect(await world.order('1')).toMatchObject({ held: true, status: 'open' });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 2 });
    expect(await shipAll()).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('payment is pending') as string,
    });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 2 });
    await take({ holds: [] });
    expect(await world.order('1')).toMatchObject({ held: false });
    expect(await shipAll()).toMatchObject({ status: 'done' });
    expect(await actions()).toEqual(
      expect.arrayContaining(['order.held', 'order.hold_lifted', 'fulfillment.shipped']),
    );
  });

  it('is one hold however often it is told of, and others may come and go beside it', async () => {
    const [first, second] = [channelHold('h1'), channelHold('h2', { reason: 'fraud' })];
    await take({ holds: [first] });
    await take({ holds: [first] });
    await take({ holds: [first, second] });
    expect(await holds()).toEqual(['channel other', 'channel fraud']);
    await take({ holds: [second] });
    expect(await world.order('1')).toMatchObject({ held: true });
    expect(await holds()).toEqual(['channel other lifted', 'channel fraud']);
    await take({ holds: [] });
    await take({ holds: [first] });
    expect(await holds()).toEqual([
      'channel other lifted',
      'channel fraud lifted',
      'channel other',
    ]);
  });

  it('does not undo that the channel itself shipped it', async () => {
    await take({ holds: [channelHold('h1')] });
    version += 1;
    const shipped = { TEE: { quantity: 2, fulfilledQuantity: 2 } };
    await world.take('1', channelOrder('1', version, shipped, { holds: [channelHold('h1')] }));
    expect(await world.order('1')).toMatchObject({ status: 'shipped', shipped: 2 });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 0 });
  });

  it('that is our own coming back is not taken for another', async () => {
    await take({});
    const { id } = await world.order('1');
    const mine = {
      id: newId(),
      merchantId: world.merchantId,
      orderId: id,
      reason: 'merchant' as const,
      note: null,
      origin: 'crossdock' as const,
      externalRef: null,
      reportState: 'pending' as const,
      createdBy: STAFF.id,
    };
    await insertHolds(db, [mine], new Date());
    await take({ holds: [channelHold('ours-1', { ours: true })] });
    expect(await holds()).toEqual(['crossdock merchant']);
    expect(await world.order('1')).toMatchObject({ held: true });
    // Lifted here while the channel still has it.
    await releaseHolds(db, world.merchantId, [{ holdId: mine.id, by: STAFF.id }], new Date());
    await take({ holds: [channelHold('ours-1', { ours: true })] });
    expect(await world.order('1')).toMatchObject({ held: false });
  });

  it('ends with an order the channel deletes', async () => {
    await take({ holds: [channelHold('h1')] });
    await world.take('1', null);
    expect(await world.order('1')).toMatchObject({ held: false, status: 'cancelled' });
  });
});

describe('holds that Crossdock sets by itself', () => {
  it('for a high risk, until the risk is gone', async () => {
    await take({ risk: 'medium' });
    expect(await world.order('1')).toMatchObject({ held: false });
    await take({ risk: 'high' });
    expect(await holds()).toEqual(['crossdock fraud']);
    expect(await shipAll()).toMatchObject({ message: expect.stringContaining('fraud') as string });
    await take({ risk: 'high' });
    expect(await holds()).toEqual(['crossdock fraud']);
    await take({ risk: 'low' });
    expect(await world.order('1')).toMatchObject({ held: false });
  });

  it.each([
    ['no address at all', null],
    ['no street', { ...ADDRESS, address1: ' ' }],
    ['no country', { ...ADDRESS, countryCode: null }],
  ])('for %s, until there is one', async (_what, shipTo) => {
    await take({ shipTo });
    expect(await holds()).toEqual(['crossdock address']);
    await take({ shipTo: ADDRESS });
    expect(await world.order('1')).toMatchObject({ held: false });
    await take({ shipTo });
    expect(await holds()).toEqual(['crossdock address lifted', 'crossdock address']);
  });

  it('not for an order that is picked up, is not paid, or has left', async () => {
    await take({ shipTo: null, shippingMethod: 'Local pickup' });
    expect(await holds()).toEqual([]);
    await world.take(
      '2',
      channelOrder('2', 1, { TEE: 1 }, { shipTo: null, stage: 'awaiting_payment' }),
    );
    await world.take('3', channelOrder('3', 1, { TEE: 1 }, { shipTo: null, stage: 'fulfilled' }));
    await world.take(
      '4',
      channelOrder('4', 1, { CAP: { requiresShipping: false } }, { shipTo: null }),
    );
    expect(await holds()).toEqual([]);
  });

  it('not again once a person has lifted it', async () => {
    await take({ risk: 'high' });
    const { id } = await db.one<{ id: string }>(
      'SELECT id FROM order_hold WHERE merchant_id = $1',
      [world.merchantId],
    );
    await releaseHolds(db, world.merchantId, [{ holdId: id, by: STAFF.id }], new Date());
    await take({ risk: 'high' });
    expect(await holds()).toEqual(['crossdock fraud lifted']);
    expect(await world.order('1')).toMatchObject({ held: false });
  });

  it('only as far as the merchant wants them', async () => {
    await saveSettings(db, world.merchantId, { holdHighRisk: false, holdMissingAddress: false });
    await take({ risk: 'high', shipTo: null });
    expect(await holds()).toEqual([]);
    await saveSettings(db, world.merchantId, { holdHighRisk: true });
    await take({ risk: 'high', shipTo: null });
    expect(await holds()).toEqual(['crossdock fraud']);
  });
});

describe('a line that is scheduled', () => {
  const tomorrow = new Date(Date.now() + 36 * 3_600_000);

  it('is committed, leaves not before its day, and does not keep the others', async () => {
    version += 1;
    const lines = { TEE: { quantity: 2, shipAfter: tomorrow }, CAP: 1 };
    await world.take('1', channelOrder('1', version, lines));
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 2 });
    const work = await world.work('1');
    const [, tee] = work;
    expect(
      await world.ship(tee?.workId ?? '', [{ allocationId: tee?.allocationId ?? '', quantity: 1 }]),
    ).toMatchObject({
      status: 'refused',
      message: expect.stringContaining(tomorrow.toISOString().slice(0, 10)) as string,
    });
    expect(await shipAll()).toMatchObject({ status: 'done' });
    expect(await world.order('1')).toMatchObject({ status: 'partially_shipped', shipped: 1 });
    expect(await shipAll()).toMatchObject({ status: 'refused' });
    await take({}, 2);
    expect(await shipAll()).toMatchObject({ status: 'done' });
    expect(await world.order('1')).toMatchObject({ shipped: 3 });
  });
});

describe('a hold that is set at the same moment', () => {
  it('as its order is shipped keeps it here', async () => {
    await take({});
    expect(await holdWhile(shipAll)).toMatchObject({ status: 'refused' });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 2 });
  });

  it('as the channel lifts another one keeps the order on hold', async () => {
    await take({ holds: [channelHold('h1')] });
    const { id } = await world.order('1');
    const [theirs] = await activeHoldsOf(db, world.merchantId, [id]);
    if (theirs === undefined) throw new Error('There is no hold.');
    await askToEndHolds(db, world.merchantId, [theirs.id], STAFF.id);
    await holdWhile(() =>
      db.transaction((tx) => endChannelHold(tx, world.merchantId, theirs, new Date())),
    );
    expect(await holds()).toEqual(['channel other lifted', 'crossdock address']);
    expect(await world.order('1')).toMatchObject({ held: true });
  });
});
