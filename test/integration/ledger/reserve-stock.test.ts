/** Goal: many callers who share a batch each hear of their own units, and of nobody else's. */
import { expect, test } from 'vitest';
import type { OperationContext } from '../../../app/operations/context';
import { type ReserveStock, createReserveStock } from '../../../app/operations/stock/reserve-stock';
import { newId } from '../../../app/platform/ids';
import { silentLog } from '../../../app/platform/log';
import { findDrift } from '../../../app/store/movements';
import { createTestDatabase } from '../../support/test-database';
import { receive, seedMerchant } from './seed-ledger';

const { db } = await createTestDatabase();
const context: OperationContext = {
  db,
  clock: { now: () => new Date() },
  log: silentLog,
  afterCommit: () => undefined,
  channelFor: () => Promise.reject(new Error('no channel')),
  stores: {
    checkUrl: () => Promise.resolve({ ok: false, message: 'no store' }),
    callbackUrl: (id) => id,
    look: () => Promise.resolve({ ok: false, message: 'no store' }),
    grantUrl: () => null,
    readGrant: () => null,
  },
  secrets: { seal: (plain) => plain, open: (sealed) => sealed },
};

async function world(units: number) {
  const { merchantId, items, locations } = await seedMerchant(db, [`ITEM-${newId()}`], ['Here']);
  const [itemId = ''] = items;
  const [locationId = ''] = locations;
  await receive(db, merchantId, itemId, locationId, units);
  const reserve = createReserveStock(context);
  const ask = (more: Partial<ReserveStock> = {}) =>
    reserve(merchantId, {
      itemId,
      locationId,
      quantity: 1,
      to: 'reserved',
      key: newId(),
      cause: { kind: 'test', id: 'reserve' },
      actor: { kind: 'system', id: 'test' },
      ...more,
    });
  const level = () =>
    db.one('SELECT available, reserved, committed FROM stock_level WHERE item_id = $1', [itemId]);
  return { merchantId, itemId, locationId, ask, level };
}

test('300 callers for 100 units: exactly 100 get one', async () => {
  const { merchantId, ask, level } = await world(100);
  const results = await Promise.all(Array.from({ length: 300 }, () => ask()));
  expect(results.filter((result) => 'moved' in result && result.moved === 1)).toHaveLength(100);
  expect(results).toContainEqual({ moved: 0, outcome: 'short' });
  expect(await level()).toEqual({ available: 0, reserved: 100, committed: 0 });
  expect(await findDrift(db, merchantId)).toEqual([]);
});

test('the same key twice reserves once, in one batch or in two', async () => {
  const { ask, level } = await world(10);
  const together = await Promise.all([
    ask({ key: 'a', quantity: 3 }),
    ask({ key: 'a', quantity: 3 }),
  ]);
  expect(together).toEqual([
    { moved: 3, outcome: 'done' },
    { moved: 3, outcome: 'duplicate' },
  ]);
  expect(await ask({ key: 'a', quantity: 3 })).toEqual({ moved: 3, outcome: 'duplicate' });
  expect(await level()).toEqual({ available: 7, reserved: 3, committed: 0 });
});

test('a bad request is refused and its neighbours are served', async () => {
  const { ask, level } = await world(10);
  const other = await world(1);
  await ask({ key: 'used' });
  const answers = await Promise.all([
    ask({ to: 'committed' }),
    ask({ key: 'used', quantity: 2 }),
    ask({ itemId: other.itemId, locationId: other.locationId }),
    ask({ quantity: 1.5 }),
    ask({ itemId: 'nothing' }),
    ask({ key: 'twice', quantity: 1 }),
    ask({ key: 'twice', quantity: 2 }),
  ]);
  expect(answers.map((answer) => ('code' in answer ? answer.code : answer.outcome))).toEqual([
    'done',
    'conflict',
    'not_found',
    'validation',
    'not_found',
    'done',
    'conflict',
  ]);
  expect(await level()).toEqual({ available: 7, reserved: 2, committed: 1 });
});
