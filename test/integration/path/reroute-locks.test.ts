/**
 * Goal: many orders routed again at once and whoever else changes stock do not block each other.
 */
import { expect, test } from 'vitest';
import { rerouteByRules } from '../../../app/operations/orders/reroute-order';
import { newId } from '../../../app/platform/ids';
import { lockAvailable } from '../../../app/store/routing';
import { createTestDatabase } from '../../support/test-database';
import { until } from '../jobs/job-workers';
import { STAFF, channelOrder, createOrderWorld } from '../ledger/order-world';

const { db } = await createTestDatabase();

test('levels of all orders are locked in the order everybody locks them in', async () => {
  const world = await createOrderWorld(db, { CAP: [9, 9], TEE: [9, 9] });
  const [cap, tee] = [world.itemId('CAP'), world.itemId('TEE')];
  expect(cap < tee).toBe(true);
  // The first of the orders is for the item that comes last.
  await world.take('1', channelOrder('1', 1, { TEE: 1 }));
  await world.take('2', channelOrder('2', 1, { CAP: 1 }));
  const orderIds = [(await world.order('1')).id, (await world.order('2')).id];
  expect([...orderIds].sort()).toEqual(orderIds);

  const cause = { kind: 'form', id: newId() };
  const input = { merchantId: world.merchantId, orderIds, actor: STAFF, cause, now: new Date() };
  const here = world.locationId('Here');
  let runs = 0;
  const bulk = () =>
    db.transaction((tx) => {
      runs += 1;
      return rerouteByRules(tx, input);
    });
  const { steps } = await db.transaction(async (tx) => {
    runs += 1;
    await lockAvailable(tx, [cap], [here]);
    const answer = { steps: bulk() };
    await until(async () => {
      const { waits } = await db.one<{ waits: number }>(
        `SELECT count(*)::int AS waits FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waits > 0;
    });
    await lockAvailable(tx, [tee], [here]);
    return answer;
  });
  expect([...(await steps).values()].map(({ state }) => state)).toEqual(['skipped', 'skipped']);
  // Nobody had to begin again.
  expect(runs).toBe(2);
});
