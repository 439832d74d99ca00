/**
 * Goal: people hold, lift and re-route orders from inside the admin, many at once or one by hand,
 * see what will happen before it does, and take it back. Judged by what they see and what stores
 * and ledger hold.
 */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../app/platform/database';
import { believableAddress, createRandom } from '../sandbox/core';
import { type Crossdock, eventually, startCrossdock } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import {
  type AdminPage,
  type Chromium,
  accessibilityProblems,
  dialogOf,
  expectNoSidewaysScroll,
  seen,
  startChromium,
} from './admin-page';

let crossdock: Crossdock;
let chromium: Chromium;
let admin: AdminPage;
let db: Database;
const random = createRandom(11);

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-orders-work', databaseUrl: database.url }),
    startChromium(),
  ]);
});

beforeEach(async () => {
  admin = await chromium.openAdmin(crossdock);
});

afterEach(async () => {
  await admin.close();
  expect(admin.complaints).toEqual([]);
});

const count = async (sql: string, params: readonly unknown[] = []): Promise<number> =>
  (await db.one<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, params)).n;

/** Orders of the Shopify store, taken in. */
async function place(sku: string, orders: number): Promise<string[]> {
  const before = await count('customer_order');
  const placed = Array.from({ length: orders }, () =>
    crossdock.world.shop.placeOrder({
      lines: [{ sku, quantity: 2 }],
      shippingAddress: believableAddress(random),
      email: 'buyer@example.com',
    }),
  );
  await eventually('the orders are known', async () => {
    return (await count('customer_order')) === before + orders;
  });
  return placed.map(({ name }) => name);
}

async function openOrder(name: string): Promise<void> {
  const { id } = await db.one<{ id: string }>(`SELECT id FROM customer_order WHERE name = $1`, [
    name,
  ]);
  await admin.open(`/app/orders/${id}`);
}

const held = () => count('customer_order WHERE held');

test('many orders are held at once, each says so, and undoing lifts exactly these', async () => {
  const [byHand = ''] = await place('TEE-S', 3);
  await openOrder(byHand);
  await admin.app.getByRole('button', { name: 'Hold', exact: true }).click();
  await dialogOf(admin).getByLabel('Reason').selectOption('merchant');
  await dialogOf(admin).getByLabel('Note (optional)').fill('Call before sending');
  await dialogOf(admin).getByRole('button', { name: 'Hold order' }).click();
  await seen(admin.app.getByText('On hold: Your own reason'), 'the hold on the page');
  await seen(admin.app.getByText('Call before sending'), 'its note');
  await seen(admin.app.getByText('holds it, too').first(), 'that the store holds it, too');
  const shipping = admin.app.getByRole('button', { name: 'Mark as shipped' });
  expect(await shipping.isDisabled()).toBe(true);
  await admin.shoot('order-on-hold');

  await admin.open('/app/orders');
  await admin.app.getByRole('checkbox', { name: 'Select all orders' }).first().check();
  await admin.shoot('orders-selected');
  await admin.app.getByRole('button', { name: 'Hold', exact: true }).click();
  await seen(dialogOf(admin).getByText('You can undo it.'), 'that it can be undone');
  await dialogOf(admin).getByRole('button', { name: 'Hold', exact: true }).click();
  await dialogOf(admin).waitFor({ state: 'hidden' });
  await seen(admin.app.getByText('Finished: 3 orders dealt with'), 'that it has finished');
  expect(await held()).toBe(3);
  await admin.shoot('orders-bulk-done');

  await admin.app.getByRole('link', { name: 'Result of each order' }).click();
  await seen(admin.app.getByRole('tab', { name: 'Done (3)' }), 'the results');
  expect(await accessibilityProblems(admin)).toEqual([]);
  await admin.shoot('bulk-action');
  await admin.app.getByRole('button', { name: 'Undo' }).first().click();
  await eventually('only the hold by hand is left', async () => (await held()) === 1);
  await openOrder(byHand);
  await seen(admin.app.getByText('On hold: Your own reason'), 'the hold by hand');
  expect(await admin.app.getByText('On hold: Address missing').count()).toBe(0);
  await admin.app.getByRole('button', { name: 'Lift hold' }).click();
  await admin.app.getByText('On hold: Your own reason').waitFor({ state: 'hidden' });
  expect(await held()).toBe(0);
});

test('an order ships from elsewhere, exactly as the preview said', async () => {
  const [name = ''] = await place('MUG-M', 1);
  await openOrder(name);
  await admin.app.getByRole('button', { name: 'Ship from elsewhere' }).click();
  const choice = dialogOf(admin).getByLabel('Ship from');
  const [, elsewhere = ''] = await choice.locator('option').allInnerTexts();
  await choice.selectOption({ label: elsewhere });
  await seen(dialogOf(admin).getByText(`to ${elsewhere}, which has`), 'what would change');
  await seen(dialogOf(admin).getByText('Parcels'), 'how many parcels');
  await admin.shoot('reroute-preview');
  const before = await count(`movement WHERE reason = 'rerouted'`);
  await dialogOf(admin).getByRole('button', { name: 'Move 2 units' }).click();
  await dialogOf(admin).waitFor({ state: 'hidden' });
  await seen(admin.app.getByRole('heading', { level: 2, name: elsewhere }), 'the new place');
  await seen(admin.app.getByText('chosen by hand').first(), 'why it ships from there');
  expect(await count(`movement WHERE reason = 'rerouted'`)).toBe(before + 2);
  await admin.shoot('order-rerouted');
});

test('note and tags written here are written in the store', async () => {
  const [name = ''] = await place('CAP-L', 1);
  const there = [...crossdock.world.shop.state.orders.values()].find((one) => one.name === name);
  await openOrder(name);
  await admin.app.getByLabel('Note').fill('Gift: no invoice');
  await admin.app.getByRole('button', { name: 'Save note' }).click();
  await admin.app.getByLabel('Tags').fill('gift');
  await admin.app.getByRole('button', { name: 'Add', exact: true }).click();
  await eventually('the store has both', () => {
    return there?.note === 'Gift: no invoice' && there.tags.join() === 'gift';
  });
  await admin.open('/app/orders?tag=gift');
  await seen(admin.app.getByRole('link', { name, exact: true }), 'the order with the tag');
});

test('on a phone orders are chosen and held, and nothing scrolls sideways', async () => {
  await place('VASE-L', 2);
  const phone = await chromium.openAdmin(crossdock, { width: 375, height: 812 });
  await phone.open('/app/orders');
  await expectNoSidewaysScroll(phone);
  await phone.shoot('orders');
  await phone.app
    .getByRole('checkbox', { name: /^Select order/ })
    .first()
    .check();
  await phone.app.getByRole('button', { name: 'Actions', exact: true }).click();
  await phone.shoot('orders-selected');
  await phone.app.getByRole('button', { name: 'Hold', exact: true }).click();
  await phone.shoot('bulk-dialog');
  await dialogOf(phone).getByRole('button', { name: 'Hold', exact: true }).click();
  await dialogOf(phone).waitFor({ state: 'hidden' });
  await seen(phone.app.getByText('Finished: 1 order dealt with'), 'that it has finished');
  await expectNoSidewaysScroll(phone);
  await phone.shoot('orders-bulk-done');
  await phone.app.getByRole('link', { name: 'Result of each order' }).click();
  await seen(phone.app.getByRole('tab', { name: 'All' }), 'the results');
  await expectNoSidewaysScroll(phone);
  await phone.shoot('bulk-action');
  expect(await accessibilityProblems(phone)).toEqual([]);
  await phone.app.getByRole('link', { name: /^#/ }).first().click();
  await seen(phone.app.getByText('On hold: Address missing'), 'the hold');
  await expectNoSidewaysScroll(phone);
  await phone.shoot('order-on-hold');
  await phone.close();
  expect(phone.complaints).toEqual([]);
});
