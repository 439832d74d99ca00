/**
 * Goal: a person sees whether the channels hold what they should, decides what to do about what
 * differs, and finds out afterwards what happened and because of what.
 */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../app/platform/database';
import { type Crossdock, eventually, startCrossdock, unitsInWoo } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import {
  type AdminPage,
  type Chromium,
  PHONE,
  accessibilityProblems,
  atRest,
  dialogOf,
  expectNoSidewaysScroll,
  seen,
  startChromium,
} from './admin-page';

let crossdock: Crossdock;
let chromium: Chromium;
let db: Database;
let admin: AdminPage;

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-reconcile', databaseUrl: database.url }),
    startChromium(),
  ]);
});

beforeEach(async () => {
  admin = await chromium.openAdmin(crossdock);
});

afterEach(async () => {
  const { woo } = crossdock.world;
  woo.faults.clear(woo.id);
  await admin.close();
  expect(admin.complaints).toEqual([]);
});

function typeInWoo(sku: string, quantity: number): void {
  const { woo } = crossdock.world;
  woo.faults.set(woo.id, 'dropWebhooks', { probability: 1 });
  const product = [...woo.state.products.values()].find((one) => one.sku === sku);
  woo.setStock(product?.id ?? 0, quantity);
}

async function usable(page: AdminPage, name: string): Promise<void> {
  await page.shoot(name);
  await expectNoSidewaysScroll(page);
  expect(await accessibilityProblems(page)).toEqual([]);
}

test('numbers that were typed into a store wait for a person, who decides them together', async () => {
  const { name } = await db.one<{ name: string }>(
    `SELECT name FROM connection WHERE kind = 'woocommerce'`,
  );
  await admin.open('/app/reconciliation');
  await admin.app.getByRole('button', { name: `Change the rule of ${name}` }).click();
  await dialogOf(admin).getByText('Ask me', { exact: true }).click();
  await atRest(admin);
  await usable(admin, 'reconciliation-rule');
  await dialogOf(admin).getByRole('button', { name: 'Save' }).click();
  await seen(admin.app.getByText('You are asked'), 'the rule');

  const right = ['TEE-S', 'CAP-M'].map((sku) => unitsInWoo(crossdock, sku));
  typeInWoo('TEE-S', 3);
  typeInWoo('CAP-M', 500);
  await admin.app.getByRole('button', { name: `Check ${name} now` }).click();
  await seen(admin.app.getByText('2 waiting for you'), 'what differs');
  await usable(admin, 'reconciliation');
  await admin.app
    .getByRole('link', { name: /by hand/ })
    .first()
    .click();
  await seen(admin.app.getByRole('heading', { level: 1, name: `Check of ${name}` }), 'the check');
  await seen(
    admin.app.getByText('It was changed in the channel; no order explains it.').first(),
    'why',
  );
  await usable(admin, 'reconciliation-run');

  await admin.app.getByRole('button', { name: 'Send ours: all that wait' }).click();
  await eventually('the store holds our numbers again', () =>
    ['TEE-S', 'CAP-M'].every((sku, index) => unitsInWoo(crossdock, sku) === right[index]),
  );
  await seen(admin.app.getByText('Our number was sent').first(), 'what was done');
});

test('what happened is found by its order, with what else it did, and reading it again does nothing', async () => {
  const order = crossdock.world.woo.placeOrder({ lines: [{ sku: 'MUG-L', quantity: 2 }] });
  const orderName = `#${String(order.id)}`;
  await eventually('the order is known', async () => {
    const { rows } = await db.query('SELECT 1 FROM customer_order WHERE name = $1', [orderName]);
    return rows.length === 1;
  });
  await admin.open(`/app/activity?q=${String(order.id)}`);
  await seen(admin.app.getByText(/Order received from/), 'the order');
  await usable(admin, 'activity');
  await admin.app.getByRole('button', { name: /^What else it did: Order received/ }).click();
  await seen(admin.app.getByText(/committed at/).first(), 'the units it moved');
  await admin.app.getByRole('link', { name: 'a message of the channel' }).first().click();
  await seen(admin.app.getByText('All it has done'), 'the message');
  await admin.app.getByRole('button', { name: 'Read again' }).click();
  await seen(
    admin.app.getByText('Nothing new: it had all been done already.'),
    'that nothing changed',
  );
  await usable(admin, 'activity-message');
});

test('on a phone', async () => {
  const phone = await chromium.openAdmin(crossdock, PHONE);
  const { id } = await db.one<{ id: string }>(
    `SELECT id FROM reconcile_run WHERE trigger = 'hand' LIMIT 1`,
  );
  for (const [name, path] of [
    ['reconciliation', '/app/reconciliation'],
    ['reconciliation-run', `/app/reconciliation/${id}`],
    ['activity', '/app/activity'],
  ] as const) {
    await phone.open(path);
    await usable(phone, name);
  }
  expect(phone.complaints).toEqual([]);
  await phone.close();
});
