/**
 * Goal: when a store misbehaves, or a person mistypes, it is said in words and can be put right.
 */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../app/platform/database';
import { type Crossdock, eventually, startCrossdock } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import { type AdminPage, type Chromium, dialogOf, seen, startChromium } from './admin-page';

let crossdock: Crossdock;
let chromium: Chromium;
let db: Database;
let admin: AdminPage;

beforeAll(async () => {
  const database = await createTestDatabase();
  const { url } = database;
  db = database.db;
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-trouble', databaseUrl: url }),
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

const KEY = `ck_${'0'.repeat(40)}`;
const SECRET = `cs_${'0'.repeat(40)}`;

async function tryToConnect(storeUrl: string): Promise<void> {
  const dialog = dialogOf(admin);
  await dialog.getByLabel('Store address').fill(storeUrl);
  await dialog.getByLabel('Consumer key').fill(KEY);
  await dialog.getByLabel('Consumer secret').fill(SECRET);
  await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
}

async function openConnectDialog(): Promise<void> {
  await admin.open('/app/channels');
  await admin.app.getByRole('button', { name: 'Connect WooCommerce' }).click();
  await dialogOf(admin).getByRole('button', { name: 'Enter keys by hand' }).click();
  await dialogOf(admin).getByLabel('Consumer key').waitFor();
}

test('wrong keys, and what is no address, are told apart in the form', async () => {
  await openConnectDialog();
  const dialog = dialogOf(admin);
  await tryToConnect('not a web address');
  await seen(dialog.getByText('This is not a web address.'), 'what is wrong');
  await tryToConnect(crossdock.world.woo.url.replace('127.0.0.1', 'localhost'));
  await seen(dialog.getByText('The store does not accept these keys.'), 'that the keys are wrong');
  await admin.shoot('connect-wrong-keys');
  await tryToConnect(crossdock.world.woo.url);
  await seen(dialog.getByText('This store is connected already.'), 'that it is connected');
});

test('a store that answers 500 is said to be in trouble, and goes on by itself', async () => {
  const { woo } = crossdock.world;
  woo.faults.set(woo.id, 'serverError');
  const order = woo.placeOrder({ lines: [{ sku: 'TEE-S', quantity: 1 }] });
  await admin.open('/app/jobs?view=waiting');
  await seen(admin.app.getByText(/500/), 'why the job waits');
  await admin.open('/app/channels');
  await seen(admin.app.getByText('Last problem'), 'the trouble of the channel');
  woo.faults.clear(woo.id);
  await admin.open('/app/orders');
  const link = admin.app.getByRole('link', { name: `#${String(order.id)}`, exact: true });
  await seen(link, 'the order, once the store answers again');
});

test('a store that refuses our keys needs attention, until it takes them again', async () => {
  const { woo } = crossdock.world;
  woo.faults.set(woo.id, 'unauthorized');
  woo.placeOrder({ lines: [{ sku: 'TEE-M', quantity: 1 }] });
  await admin.open('/app');
  await seen(admin.app.getByText(/is not in step/), 'the connection on Home');
  await admin.shoot('home-trouble');
  await admin.app.getByRole('link', { name: /^Fix connection/ }).click();
  await seen(admin.app.getByText('Needs attention'), 'the state of the channel');
  woo.faults.clear(woo.id);
});

test('a cancellation the store refuses brings the order back, and says so', async () => {
  const { woo } = crossdock.world;
  // Completed in the store while its webhooks are lost: cancelling is refused there.
  const order = woo.placeOrder({ lines: [{ sku: 'TEE-L', quantity: 1 }] });
  const name = `#${String(order.id)}`;
  await admin.open('/app/orders');
  await admin.app.getByRole('link', { name, exact: true }).click();
  await seen(admin.app.getByRole('heading', { level: 1, name }), 'the page of the order');
  woo.faults.set(woo.id, 'dropWebhooks');
  woo.setStatus(order.id, 'completed');
  await admin.app.getByRole('button', { name: 'Cancel order' }).click();
  await dialogOf(admin).getByRole('button', { name: 'Cancel order' }).click();
  await dialogOf(admin).waitFor({ state: 'hidden' });
  await seen(admin.app.getByText(/did not cancel the order/), 'what became of the order');
  expect(order.status).toBe('completed');
});

test('a job that gave up is shown with its reason, and can be run again', async () => {
  const { woo } = crossdock.world;
  woo.faults.set(woo.id, 'serverError');
  const order = woo.placeOrder({ lines: [{ sku: 'TEE-S', quantity: 1 }] });
  // A store that is down for days: as if the job had been tried as often as it may be.
  await eventually('the job has given up', async () => {
    await db.query(
      `UPDATE job SET attempts = 500, run_at = now()
        WHERE state = 'queued' AND kind = 'look-again' AND payload->'concerns'->>'orderRef' = $1`,
      [String(order.id)],
    );
    const { rows } = await db.query(`SELECT 1 FROM job WHERE state = 'failed'`);
    return rows.length > 0;
  });
  await admin.open('/app/jobs');
  const again = admin.app.getByRole('button', { name: /^Run again/ }).first();
  await seen(again, 'the failed job');
  await seen(admin.app.getByText(/500/), 'why it failed');
  await admin.shoot('jobs-failed');
  woo.faults.clear(woo.id);
  await again.click();
  // A second message about the order may have left a second such job: one run is enough.
  await admin.go('Orders');
  const link = admin.app.getByRole('link', { name: `#${String(order.id)}`, exact: true });
  await seen(link, 'the order');
});

test('an address inside a private network is refused', async () => {
  await crossdock.kill('all');
  await crossdock.start('all', { CROSSDOCK_ALLOW_PRIVATE_STORE_URLS: 'false' });
  await openConnectDialog();
  const dialog = dialogOf(admin);
  await tryToConnect('https://169.254.169.254/latest/meta-data');
  await seen(dialog.getByText('This address leads into a private network.'), 'the refusal');
  await tryToConnect('https://localhost');
  await seen(dialog.getByText('This address leads into a private network.'), 'the refusal');
  await tryToConnect('https://user:secret@store.example');
  await seen(dialog.getByText('Leave the name and password out'), 'the refusal');
});
