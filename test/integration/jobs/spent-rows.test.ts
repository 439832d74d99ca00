/** Goal: what nobody needs any more goes by itself, and what is needed stays. */
import { expect, test } from 'vitest';
import { startScheduler } from '#app/jobs/scheduler';
import type { OperationContext } from '#app/operations/context';
import { undoBulkAction } from '#app/operations/orders/undo-bulk-action';
import { newId } from '#app/platform/ids';
import { silentLog } from '#app/platform/log';
import { createTestDatabase } from '../../support/test-database';
import { STAFF } from '../ledger/order-world';
import { until } from './job-workers';

const { db } = await createTestDatabase();
const merchantId = newId();
await db.query(`INSERT INTO merchant (id, name, currency) VALUES ($1, 'Shop', 'USD')`, [
  merchantId,
]);

/** An action on two orders; `days` since it finished, null while it runs. */
async function bulkAction(days: number | null): Promise<string> {
  const id = newId();
  await db.query(
    `INSERT INTO bulk_action (id, merchant_id, kind, payload, state, total, created_by, created_at,
        finished_at)
     VALUES ($1, $2, 'hold', '{}', $3, 2, '1', now() - interval '200 days',
       now() - $4::int * interval '1 day')`,
    [id, merchantId, days === null ? 'running' : 'done', days],
  );
  await db.query(
    `INSERT INTO bulk_action_result (action_id, subject_id, merchant_id, state)
     SELECT $1, gen_random_uuid(), $2, 'done' FROM generate_series(1, 2)`,
    [id, merchantId],
  );
  return id;
}

async function intent(days: number): Promise<string> {
  const id = newId();
  await db.query(
    `INSERT INTO connect_intent (id, merchant_id, kind, store_url, state_hash, created_by,
        created_at, expires_at)
     SELECT $1, $2, 'woocommerce', 'https://shop.example', $1::uuid::text, '1', at,
        at + interval '1 hour' FROM (SELECT now() - $3::int * interval '1 day' AS at) t`,
    [id, merchantId, days],
  );
  return id;
}

async function rows(): Promise<readonly string[]> {
  const left = await db.query<{ id: string }>(
    `SELECT action_id AS id FROM bulk_action_result UNION ALL SELECT id FROM connect_intent`,
  );
  return left.rows.map(({ id }) => id);
}

test('results of old actions and old ways to connect go, and an old action cannot be undone', async () => {
  const [old, young, running] = [
    await bulkAction(91),
    await bulkAction(89),
    await bulkAction(null),
  ];
  const [, fresh] = [await intent(8), await intent(6)];
  const scheduler = startScheduler({
    ...{ db, log: silentLog, queue: { announce: () => undefined }, tasks: [] },
    ...{ upkeepMs: 50, retentionEveryMs: 50 },
  });
  await until(async () => (await rows()).length <= 5);
  await scheduler.stop();
  const kept = [young, young, running, running, fresh];
  expect([...(await rows())].sort()).toEqual(kept.sort());

  const context = { db, clock: { now: () => new Date() }, afterCommit: () => undefined };
  const undo = (actionId: string) =>
    undoBulkAction(context as unknown as OperationContext, { merchantId, actionId, actor: STAFF });
  expect(await undo(old)).toMatchObject({
    message: 'What it did is not known any more: it was too long ago.',
  });
  expect(await undo(young)).toMatchObject({ status: 'done' });
});
