/** Goal: an action whose process is killed again and again ends as if it never had been. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { insertBulkAction } from '../../../app/store/bulk-actions';
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { createTestDatabase } from '../../support/test-database';
import { type SeededMerchant, seedMerchant } from '../queries/seed';
import type { BulkProcessSettings } from './bulk-process';

const PROGRAM = fileURLToPath(new URL('./bulk-process.ts', import.meta.url));
const ORDERS = 300;
const KILLS = 2;
const SLEEP_MS = 5;

let db: Database;
let url: string;
let merchant: SeededMerchant;

beforeAll(async () => {
  ({ db, url } = await createTestDatabase());
  merchant = await seedMerchant(db, 'killed');
  // A store nobody can be told of: this is about what happens here.
  await db.query(`UPDATE connection SET status = 'disconnected'`);
  // A batch takes its time, so that a kill finds the action under way on any machine.
  await db.query(
    `CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN PERFORM pg_sleep(0.25); RETURN NULL; END $$`,
  );
  await db.query(
    `CREATE TRIGGER take_time AFTER UPDATE OF done ON bulk_action
       FOR EACH ROW WHEN (NEW.done > OLD.done + 1) EXECUTE FUNCTION take_time()`,
  );
});

async function seedOrders(): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO customer_order (id, merchant_id, connection_id, external_ref, name, version,
        status, stage, payment_status, placed_at, currency, total_minor)
     SELECT gen_random_uuid(), $1, $2, gen_random_uuid()::text, '#' || g, '1', 'open', 'open',
        'paid', now(), 'USD', 1000 FROM generate_series(1, $3::int) g RETURNING id`,
    [merchant.id, merchant.shopify, ORDERS],
  );
  return rows.map(({ id }) => id);
}

async function startAction(kind: string, payload: object): Promise<string> {
  const id = newId();
  await insertBulkAction(
    db,
    {
      id,
      merchantId: merchant.id,
      kind,
      payload,
      undoOf: null,
      createdBy: 'staff-1',
      createdAt: new Date(),
    },
    await seedOrders(),
  );
  return id;
}

function run(actionId: string) {
  const settings: BulkProcessSettings = { databaseUrl: url, merchantId: merchant.id, actionId };
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, JSON.stringify(settings)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { child, ended: once(child, 'exit') as Promise<[number | null]> };
}

const doneOf = async (actionId: string): Promise<number> =>
  (await db.one<{ done: number }>(`SELECT done FROM bulk_action WHERE id = $1`, [actionId])).done;

/** Kills the process as soon as it has done something more. */
async function runAndKill(actionId: string): Promise<void> {
  const before = await doneOf(actionId);
  const { child, ended } = run(actionId);
  while (child.exitCode === null && (await doneOf(actionId)) === before) await sleep(SLEEP_MS);
  child.kill('SIGKILL');
  await ended;
}

test.each([
  ['hold', { reason: 'fraud', note: null }, 'order.held'],
  ['cancel', { reason: 'inventory' }, 'order.cancelled'],
])('%s: every order once', async (kind, payload, audit) => {
  const actionId = await startAction(kind, payload);
  for (let kill = 0; kill < KILLS; kill += 1) await runAndKill(actionId);
  expect(await doneOf(actionId)).toBeLessThan(ORDERS);
  expect((await run(actionId).ended)[0]).toBe(0);
  const standing = await db.one(
    `SELECT a.state, a.total, a.done, a.failed,
        (SELECT count(*) FROM bulk_action_result r WHERE r.action_id = a.id AND r.state = 'done')
          AS results,
        (SELECT count(*) FROM audit_record WHERE action = $2) AS audits,
        (SELECT count(DISTINCT subject_id) FROM audit_record WHERE action = $2) AS orders
       FROM bulk_action a WHERE a.id = $1`,
    [actionId, audit],
  );
  expect(standing).toEqual({
    state: 'done',
    total: ORDERS,
    done: ORDERS,
    failed: 0,
    results: ORDERS,
    audits: ORDERS,
    orders: ORDERS,
  });
});
