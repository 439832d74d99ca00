import { afterEach, describe, expect, it } from 'vitest';
import { cancelOrder } from '../../../app/operations/orders/cancel-order';
import { newId } from '../../../app/platform/ids';
import { findDrift } from '../../../app/store/movements';
import { findFulfillmentToReport } from '../../../app/store/fulfillments';
import { createTestDatabase } from '../../support/test-database';
import {
  type OrderWorld,
  STAFF,
  channelOrder,
  channelRefund,
  createOrderWorld,
} from '../ledger/order-world';
import { receive } from '../ledger/seed-ledger';

const { db } = await createTestDatabase();
/** A gift set: one mug and two spoons. */
const SET = { SET: { MUG: 1, SPOON: 2 } };
let world: OrderWorld;

afterEach(async () => {
  expect(await findDrift(db, world.merchantId)).toEqual([]);
});

const kit = (quantity: number, allocated: number, shipped: number, short: number) => ({
  sku: 'SET',
  isKit: true,
  quantity,
  allocated,
  shipped,
  short,
});

describe('a kit that is ordered', () => {
  it('commits its components, and counts as what the buyer sees', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [9, 0] }, SET);
    await world.take('1', channelOrder('1', 1, { SET: 2, MUG: 1 }));
    expect(await world.level('MUG')).toEqual({ available: 2, committed: 3 });
    expect(await world.level('SPOON')).toEqual({ available: 5, committed: 4 });
    expect(await world.order('1')).toMatchObject({ status: 'open', ordered: 3, short: 0 });
    expect((await world.lines('1')).map((line) => [line.sku, line.isKit, line.quantity])).toEqual([
      ['SET', true, 2],
      ['MUG', false, 2],
      ['SPOON', false, 4],
      ['MUG', false, 1],
    ]);
  });

  it('follows edits and cancellations of the kit', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [9, 0] }, SET);
    await world.take('1', channelOrder('1', 1, { SET: 2 }));
    await world.take('1', channelOrder('1', 2, { SET: 4 }));
    expect(await world.level('SPOON')).toEqual({ available: 1, committed: 8 });
    await world.take('1', channelOrder('1', 3, { SET: 1 }));
    expect(await world.level('SPOON')).toEqual({ available: 7, committed: 2 });
    await world.take('1', channelOrder('1', 4, { SET: 1 }, { stage: 'cancelled' }));
    expect(await world.level('MUG')).toEqual({ available: 5, committed: 0 });
    expect(await world.level('SPOON')).toEqual({ available: 9, committed: 0 });
    await world.take('1', channelOrder('1', 5, { SET: 3 }));
    expect(await world.level('SPOON')).toEqual({ available: 3, committed: 6 });
    expect(await world.order('1')).toMatchObject({ status: 'open', ordered: 3 });
  });

  it('stays as it was made up when the order came', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [9, 0], BOX: [9, 0] }, SET);
    await world.take('old', channelOrder('old', 1, { SET: 1 }));
    await world.setKit('SET', { MUG: 1, BOX: 1 });
    await world.take('old', channelOrder('old', 2, { SET: 2 }));
    await world.take('new', channelOrder('new', 1, { SET: 1 }));
    expect((await world.lines('old')).map((line) => line.sku)).toEqual(['SET', 'MUG', 'SPOON']);
    expect((await world.lines('new')).map((line) => line.sku)).toEqual(['SET', 'BOX', 'MUG']);
    expect(await world.level('BOX')).toEqual({ available: 8, committed: 1 });
    expect(await world.level('SPOON')).toEqual({ available: 5, committed: 4 });
  });

  it('is taken apart when its item became a kit before anything was promised', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [9, 0], SET: [0, 0] });
    await world.take('1', channelOrder('1', 1, { SET: 2 }, { stage: 'awaiting_payment' }));
    await world.setKit('SET', { MUG: 1, SPOON: 2 });
    await world.take('1', channelOrder('1', 2, { SET: 2 }));
    expect((await world.lines('1'))[0]).toEqual(kit(2, 2, 0, 0));
    expect(await world.level('SPOON')).toEqual({ available: 5, committed: 4 });
  });

  it('commits whole kits only, and takes the rest when the missing part arrives', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [3, 0] }, SET);
    await world.take('1', channelOrder('1', 1, { SET: 3 }));
    expect(await world.level('MUG')).toEqual({ available: 4, committed: 1 });
    expect(await world.level('SPOON')).toEqual({ available: 1, committed: 2 });
    expect(await world.order('1')).toMatchObject({ ordered: 3, short: 2 });
    expect((await world.lines('1'))[0]).toEqual(kit(3, 1, 0, 2));
    // A buyer of the mug alone gets one: the kit does not sit on parts it cannot use.
    await world.take('2', channelOrder('2', 1, { MUG: 3 }));
    await receive(db, world.merchantId, world.itemId('SPOON'), world.locationId('Here'), 9);
    await world.allocateAll();
    expect((await world.lines('1'))[0]).toEqual(kit(3, 2, 0, 1));
    expect(await world.level('MUG')).toEqual({ available: 0, committed: 5 });
    expect(await world.level('SPOON')).toEqual({ available: 8, committed: 4 });
  });

  it('is passed over by what waits behind it when its other part is missing', async () => {
    world = await createOrderWorld(db, { MUG: [0, 0], SPOON: [0, 0] }, SET);
    const at = (minute: number) => new Date(Date.UTC(2026, 1, 1, 0, minute));
    for (let n = 0; n < 55; n += 1) {
      const ref = `kit-${String(n)}`;
      await world.take(ref, channelOrder(ref, 1, { SET: 1 }, { placedAt: at(n) }));
    }
    await world.take('mug', channelOrder('mug', 1, { MUG: 1 }, { placedAt: at(59) }));
    await receive(db, world.merchantId, world.itemId('MUG'), world.locationId('Here'), 2);
    await world.allocateAll();
    expect(await world.order('mug')).toMatchObject({ short: 0 });
    expect(await world.level('MUG')).toEqual({ available: 1, committed: 1 });
  });

  it('leaves from one place where one has all of it', async () => {
    world = await createOrderWorld(db, { MUG: [1, 5], SPOON: [0, 9], HAT: [5, 0] }, SET);
    await world.take('1', channelOrder('1', 1, { SET: 1, HAT: 1 }));
    expect((await world.work('1')).map(({ sku, location }) => [sku, location])).toEqual([
      ['HAT', 'Here'],
      ['MUG', 'There'],
      ['SPOON', 'There'],
    ]);
  });

  it('is taken apart when its line is matched later, what had left before excepted', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [9, 0] }, SET);
    const unknown = { sku: 'NOBODY-KNOWS', ref: 'line-SET', quantity: 3, fulfilledQuantity: 1 };
    await world.take('1', channelOrder('1', 1, { SET: unknown }));
    expect(await world.level('MUG')).toEqual({ available: 5, committed: 0 });
    await world.take('1', channelOrder('1', 1, { SET: { ...unknown, sku: 'SET' } }));
    expect(await world.level('MUG')).toEqual({ available: 3, committed: 2 });
    expect(await world.order('1')).toMatchObject({ status: 'partially_shipped', shipped: 1 });
  });
});

describe('an order of 500 lines, every second one a kit', () => {
  it('is taken, edited, shipped and returned like a small one', async () => {
    const skus = Array.from({ length: 500 }, (_, n) => `L${String(n)}`);
    const stock = Object.fromEntries(
      skus.filter((_, n) => n % 2 === 0).map((sku) => [sku, [4, 2] as const]),
    );
    const kits = Object.fromEntries(
      skus
        .filter((_, n) => n % 2 === 1)
        .map((sku, n) => [sku, { MUG: 1, [`L${String(n * 2)}`]: 1 }]),
    );
    world = await createOrderWorld(db, { ...stock, MUG: [900, 0] }, kits);
    const of = (quantity: number, fulfilledQuantity = 0) =>
      Object.fromEntries(skus.map((sku) => [sku, { quantity, fulfilledQuantity }]));
    await world.take('1', channelOrder('1', 1, of(2)));
    expect(await world.order('1')).toMatchObject({ ordered: 1000, short: 0 });
    expect(await world.level('MUG')).toEqual({ available: 400, committed: 500 });
    await world.take('1', channelOrder('1', 2, of(1)));
    expect(await world.level('L0')).toEqual({ available: 4, committed: 2 });
    const [work] = await world.work('1');
    expect(await world.ship(work?.workId ?? '', null)).toMatchObject({ status: 'done' });
    expect(await world.order('1')).toMatchObject({ shipped: 500, status: 'shipped' });
    const refunds = skus.map((sku) => channelRefund(sku, sku, 1));
    await world.take('1', channelOrder('1', 3, of(1, 1), { refunds }));
    expect(await world.level('MUG')).toEqual({ available: 900, committed: 0 });
    expect(await world.level('L498')).toEqual({ available: 6, committed: 0 });
  });
});

describe('a kit that is shipped', () => {
  /** What the channel is to be told of each parcel, in their order. */
  async function told() {
    const { rows } = await db.query<{ id: string; state: string; detail: string | null }>(
      `SELECT id, report_state AS state, report_detail AS detail FROM fulfillment
        WHERE merchant_id = $1 ORDER BY shipped_at, id`,
      [world.merchantId],
    );
    return Promise.all(
      rows.map(async ({ id, state, detail }) => {
        const report = await findFulfillmentToReport(db, world.merchantId, id);
        return { state, detail, lines: report?.lines, also: report?.also.map((one) => one.number) };
      }),
    );
  }

  it('in two parcels: the second completes it, and its report names both numbers', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [0, 9] }, SET);
    await world.take('1', channelOrder('1', 1, { SET: 2 }));
    const [mugs, spoons] = await world.work('1');
    expect(await world.ship(mugs?.workId ?? '', null, 'M-1')).toMatchObject({ status: 'done' });
    expect(await world.order('1')).toMatchObject({ status: 'partially_shipped', shipped: 0 });
    expect((await world.lines('1'))[0]).toEqual(kit(2, 2, 0, 0));
    await world.ship(
      spoons?.workId ?? '',
      [{ allocationId: spoons?.allocationId ?? '', quantity: 3 }],
      'S-1',
    );
    expect((await world.lines('1'))[0]).toEqual(kit(2, 1, 1, 0));
    await world.ship(spoons?.workId ?? '', null, 'S-2');
    expect(await world.order('1')).toMatchObject({ status: 'shipped', shipped: 2, ordered: 2 });
    const kitLine = { lineRef: 'line-SET', quantity: 1 };
    expect(await told()).toMatchObject([
      {
        state: 'not_needed',
        detail: expect.stringContaining('part of a kit') as string,
        lines: [],
      },
      { state: 'pending', lines: [kitLine], also: ['M-1'] },
      { state: 'pending', lines: [kitLine], also: [] },
    ]);
    expect(await world.level('MUG')).toEqual({ available: 3, committed: 0 });
    expect(await world.level('SPOON')).toEqual({ available: 5, committed: 0 });
    // The channel's answer comes back as a reading of the order: nothing happens twice.
    await world.take('1', channelOrder('1', 2, { SET: { quantity: 2, fulfilledQuantity: 2 } }));
    expect(await world.level('SPOON')).toEqual({ available: 5, committed: 0 });
  });

  it('with something sold as it is: the parcel tells of that alone', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [0, 9], HAT: [3, 0] }, SET);
    await world.take('1', channelOrder('1', 1, { SET: 1, HAT: 2 }));
    const work = await world.work('1');
    await world.ship(work[0]?.workId ?? '', null, 'A');
    expect(await told()).toMatchObject([
      { state: 'pending', lines: [{ lineRef: 'line-HAT', quantity: 2 }], also: [] },
    ]);
  });

  it('by the channel itself takes the components, as a fact', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [3, 0] }, SET);
    await world.take('1', channelOrder('1', 1, { SET: 2 }));
    await world.take('1', channelOrder('1', 2, { SET: { quantity: 2, fulfilledQuantity: 2 } }));
    expect(await world.level('MUG')).toEqual({ available: 3, committed: 0 });
    expect(await world.level('SPOON')).toEqual({ available: 0, committed: 0 });
    expect(await world.order('1')).toMatchObject({ status: 'shipped', shipped: 2, short: 0 });
  });

  it('and returned brings its components back, at most those that left', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [9, 0] }, SET);
    const shipped = { SET: { quantity: 2, fulfilledQuantity: 2 } };
    await world.take('1', channelOrder('1', 1, shipped));
    const refunds = [channelRefund('r1', 'SET', 1), channelRefund('r2', 'SET', 3)];
    await world.take('1', channelOrder('1', 2, shipped, { refunds: refunds.slice(0, 1) }));
    expect(await world.level('SPOON')).toEqual({ available: 7, committed: 0 });
    await world.take('1', channelOrder('1', 3, shipped, { refunds }));
    expect(await world.level('MUG')).toEqual({ available: 5, committed: 0 });
    expect(await world.level('SPOON')).toEqual({ available: 9, committed: 0 });
  });

  it('in part cannot be cancelled as a whole', async () => {
    world = await createOrderWorld(db, { MUG: [5, 0], SPOON: [0, 9] }, SET);
    await world.take('1', channelOrder('1', 1, { SET: 1 }));
    const [mugs] = await world.work('1');
    await world.ship(mugs?.workId ?? '', null);
    const { id } = await world.order('1');
    expect(
      await cancelOrder(world.context, {
        merchantId: world.merchantId,
        orderId: id,
        reason: 'customer',
        actor: STAFF,
        idempotencyKey: newId(),
      }),
    ).toMatchObject({ status: 'refused' });
    // Cancelled in the channel: what has left stays with the buyer, the rest comes back.
    await world.take('1', channelOrder('1', 2, { SET: 0 }, { stage: 'cancelled' }));
    expect(await world.level('MUG')).toEqual({ available: 4, committed: 0 });
    expect(await world.level('SPOON')).toEqual({ available: 9, committed: 0 });
  });
});
