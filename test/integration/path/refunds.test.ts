import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelOrder, ChannelOrderLine } from '../../../app/contracts/channel-order';
import { findDrift } from '../../../app/store/movements';
import { auditSentence } from '../../../app/ui/words/sentences';
import { createTestDatabase } from '../../support/test-database';
import {
  CONNECTED_AT,
  type OrderWorld,
  channelOrder,
  channelRefund,
  createOrderWorld,
} from '../ledger/order-world';

const { db } = await createTestDatabase();
let world: OrderWorld;
let version = 0;

beforeEach(async () => {
  world = await createOrderWorld(db, { TEE: [6, 4], CAP: [3, 0] });
});

afterEach(async () => {
  expect(await findDrift(db, world.merchantId)).toEqual([]);
});

async function take(
  lines: Readonly<Record<string, number | Partial<ChannelOrderLine>>>,
  more: Partial<ChannelOrder> = {},
): Promise<void> {
  version += 1;
  await world.take('1', channelOrder('1', version, lines, more));
}

async function availableAt(location: 'Here' | 'There', sku = 'TEE'): Promise<number> {
  const { available } = await db.one<{ available: number }>(
    'SELECT available FROM stock_level WHERE item_id = $1 AND location_id = $2',
    [world.itemId(sku), world.locationId(location)],
  );
  return available;
}

const shipped = (quantity: number) => ({ TEE: { quantity, fulfilledQuantity: quantity } });
const sentences = async () =>
  (await world.audits('1')).map(({ action, data }) =>
    auditSentence({
      action,
      actorKind: 'channel',
      causeKind: 'test',
      data: data as Record<string, string>,
    }),
  );

describe('a refund of goods that came back', () => {
  it('puts them back once, however often it is told of', async () => {
    await take(shipped(3));
    expect(await world.level('TEE')).toEqual({ available: 7, committed: 0 });
    const refunds = [channelRefund('r1', 'TEE', 2)];
    await take(shipped(3), { refunds });
    await take(shipped(3), { refunds });
    await take(shipped(3), { refunds: [...refunds, channelRefund('r2', 'TEE', 1)] });
    expect(await world.level('TEE')).toEqual({ available: 10, committed: 0 });
    const { moved } = await db.one<{ moved: number }>(
      `SELECT sum(quantity)::int AS moved FROM movement WHERE merchant_id = $1
          AND reason = 'return_restocked' AND from_state = 'customer'`,
      [world.merchantId],
    );
    expect(moved).toBe(3);
    expect(await sentences()).toContain('The channel refunded 5.00 USD: 2 units came back.');
  });

  it('puts them back when the store does so only after it has told of the refund', async () => {
    await take(shipped(3));
    const told = (restock: 'none' | 'unknown' | 'return', at?: Date) => ({
      refunds: [channelRefund('r1', 'TEE', 2, restock, at === undefined ? {} : { at })],
    });
    await take(shipped(3), told('none'));
    expect(await world.level('TEE')).toEqual({ available: 7, committed: 0 });
    await take(shipped(3), told('return'));
    await take(shipped(3), told('return'));
    await take(shipped(3), told('none'));
    await take(shipped(3), told('return'));
    expect(await world.level('TEE')).toEqual({ available: 9, committed: 0 });
    expect(await sentences()).toContain('2 units of a refund made before came back.');
  });

  it.each([
    ['a moment later', 0, 9],
    ['when a person may have put them back already', 60 * 60_000, 7],
  ])('of which nobody knew: %s', async (_when, ago, available) => {
    await take(shipped(3));
    const more = { at: new Date(Date.now() - ago) };
    await take(shipped(3), { refunds: [channelRefund('r1', 'TEE', 2, 'unknown', more)] });
    await take(shipped(3), { refunds: [channelRefund('r1', 'TEE', 2, 'return', more)] });
    expect(await world.level('TEE')).toEqual({ available, committed: 0 });
  });

  it('of more than had left makes no stock, and says so', async () => {
    await take(shipped(2));
    await take(shipped(2), { refunds: [channelRefund('r1', 'TEE', 50)] });
    expect(await world.level('TEE')).toEqual({ available: 10, committed: 0 });
    await take(shipped(2), {
      refunds: [channelRefund('r1', 'TEE', 50), channelRefund('r2', 'TEE', 1)],
    });
    expect(await world.level('TEE')).toEqual({ available: 10, committed: 0 });
    expect((await sentences()).filter((one) => one.includes('more than had left'))).toHaveLength(2);
    const { lines } = await db.one<{ lines: { quantity: number; taken: number }[] }>(
      `SELECT lines FROM order_refund WHERE merchant_id = $1 AND external_ref = 'r1'`,
      [world.merchantId],
    );
    expect(lines).toMatchObject([{ quantity: 50, taken: 2 }]);
  });

  it.each([-3, 0.5, Number.NaN])('of %d units moves nothing', async (quantity) => {
    await take(shipped(2));
    await take(shipped(2), { refunds: [channelRefund('r1', 'TEE', quantity)] });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 0 });
  });

  it('goes where the channel says, else where it left from', async () => {
    await take(shipped(2));
    expect(await availableAt('Here')).toBe(4);
    await take(shipped(2), { refunds: [channelRefund('r1', 'TEE', 1)] });
    expect(await availableAt('Here')).toBe(5);
    await take(shipped(2), {
      refunds: [
        channelRefund('r1', 'TEE', 1),
        channelRefund('r2', 'TEE', 1, 'return', { locationRef: 'There' }),
      ],
    });
    expect([await availableAt('Here'), await availableAt('There')]).toEqual([5, 5]);
  });

  it('serves who waits for it', async () => {
    await take({ CAP: { quantity: 3, fulfilledQuantity: 3 } });
    await world.take('2', channelOrder('2', 1, { CAP: 2 }));
    expect(await world.order('2')).toMatchObject({ short: 2 });
    await take(
      { CAP: { quantity: 3, fulfilledQuantity: 3 } },
      { refunds: [channelRefund('r1', 'CAP', 2)] },
    );
    const { jobs } = await db.one<{ jobs: number }>(
      `SELECT count(*)::int AS jobs FROM job WHERE merchant_id = $1 AND kind = 'allocate-short'`,
      [world.merchantId],
    );
    expect(jobs).toBe(1);
    await world.allocateAll();
    expect(await world.order('2')).toMatchObject({ short: 0 });
  });
});

describe('a refund that brings nothing back', () => {
  it('moves nothing when the goods are not on the shelf, or were never sent', async () => {
    await take(shipped(2));
    await take(shipped(2), {
      refunds: [
        channelRefund('lost', 'TEE', 1, 'none'),
        channelRefund('unsent', 'TEE', 1, 'cancel'),
      ],
    });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 0 });
    expect(await sentences()).not.toEqual(
      expect.arrayContaining([expect.stringContaining('does not say')]),
    );
  });

  it('asks a person when the channel does not say', async () => {
    await take(shipped(2));
    await take(shipped(2), { refunds: [channelRefund('r1', 'TEE', 2, 'unknown')] });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 0 });
    expect(await sentences()).toContain(
      'The channel refunded 2 units and does not say whether they are back: adjust the stock if they are.',
    );
  });

  it('asks a person when what left as an item is a kit by now', async () => {
    await take(shipped(2));
    await world.setKit('TEE', { CAP: 1 });
    await take(shipped(2), { refunds: [channelRefund('r1', 'TEE', 2)] });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 0 });
    expect(await sentences()).toContain(
      '2 units came back of an item that is a kit by now: adjust the stock of its components.',
    );
  });

  it('of a line or an item nobody knows changes nothing', async () => {
    await take({ WHAT: { quantity: 1, fulfilledQuantity: 1 } });
    await take(
      { WHAT: { quantity: 1, fulfilledQuantity: 1 } },
      { refunds: [channelRefund('r1', 'WHAT', 1), channelRefund('r2', 'GONE', 1)] },
    );
    expect(await world.level('TEE')).toEqual({ available: 10, committed: 0 });
  });
});

describe('orders of before the connection', () => {
  const placedAt = new Date(CONNECTED_AT.getTime() - 86_400_000);
  const before = new Date(CONNECTED_AT.getTime() - 3_600_000);

  it('bring back what returns now, not what had returned then', async () => {
    const refunds = [channelRefund('old', 'TEE', 1, 'return', { at: before })];
    await take(shipped(3), { placedAt, refunds });
    expect(await world.level('TEE')).toEqual({ available: 10, committed: 0 });
    await take(shipped(3), { placedAt, refunds: [...refunds, channelRefund('new', 'TEE', 5)] });
    // Three had left, one was back before we counted: two can come back now.
    expect(await world.level('TEE')).toEqual({ available: 12, committed: 0 });
  });
});

describe('an order that goes on changing', () => {
  it('is exchanged: one thing comes back, another is committed', async () => {
    await take(shipped(2));
    await take({ ...shipped(2), CAP: 1 }, { refunds: [channelRefund('r1', 'TEE', 1)] });
    expect(await world.level('TEE')).toEqual({ available: 9, committed: 0 });
    expect(await world.level('CAP')).toEqual({ available: 2, committed: 1 });
    expect(await world.order('1')).toMatchObject({ status: 'partially_shipped', ordered: 3 });
  });

  it('is edited up and down after part of it has left', async () => {
    await take({ TEE: 3 });
    const [work] = await world.work('1');
    await world.ship(work?.workId ?? '', [{ allocationId: work?.allocationId ?? '', quantity: 2 }]);
    await take({ TEE: { quantity: 5, fulfilledQuantity: 2 }, CAP: 2 });
    expect(await world.level('TEE')).toEqual({ available: 5, committed: 3 });
    await take({ TEE: { quantity: 2, fulfilledQuantity: 2 }, CAP: 0 });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 0 });
    expect(await world.order('1')).toMatchObject({ status: 'shipped', shipped: 2, ordered: 2 });
  });

  it('is opened again after it was cancelled, for more than before', async () => {
    await take({ TEE: 2 });
    await take({ TEE: 2 }, { stage: 'cancelled', cancelReason: 'customer' });
    expect(await world.level('TEE')).toEqual({ available: 10, committed: 0 });
    await take({ TEE: 4 });
    expect(await world.level('TEE')).toEqual({ available: 6, committed: 4 });
    const row = await db.one<{ status: string; reason: string | null; at: Date | null }>(
      `SELECT status, cancel_reason AS reason, cancelled_at AS at FROM customer_order
        WHERE merchant_id = $1`,
      [world.merchantId],
    );
    expect(row).toEqual({ status: 'open', reason: null, at: null });
  });

  it('is opened again in the channel although we had it cancelled there', async () => {
    await take({ TEE: 2 });
    await db.query(`UPDATE customer_order SET cancel_state = 'pending' WHERE merchant_id = $1`, [
      world.merchantId,
    ]);
    await take({ TEE: 2 }, { stage: 'cancelled' });
    await take({ TEE: 2 });
    expect(await world.order('1')).toMatchObject({ status: 'open' });
    expect(await world.level('TEE')).toEqual({ available: 8, committed: 2 });
  });
});
