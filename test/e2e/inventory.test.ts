/** Goal: a merchant puts stock right in one place, and every store follows. */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { LOCATIONS, type DemoProduct } from '../demo/catalog';
import {
  type Crossdock,
  eventually,
  smallCatalog,
  startCrossdock,
  unitsInShopify,
  unitsInWoo,
} from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import { type AdminPage, type Chromium, dialogOf, seen, startChromium } from './admin-page';

/** One unit, in one place, sold on both stores. */
const LAST: DemoProduct = {
  title: 'Last of its kind',
  productType: 'Goods',
  code: 'LAST',
  variants: [
    {
      sku: 'LAST-ONE',
      title: 'Only',
      barcode: '0999999999999',
      priceMinor: 5_000,
      weightGrams: 100,
      stock: { [LOCATIONS.main]: 1, [LOCATIONS.east]: 0, [LOCATIONS.outside]: 0 },
      onWooCommerce: true,
    },
  ],
};

let crossdock: Crossdock;
let chromium: Chromium;
let admin: AdminPage;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  [crossdock, chromium] = await Promise.all([
    startCrossdock({
      name: 'e2e-inventory',
      databaseUrl: url,
      products: [...smallCatalog(), LAST],
    }),
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

/** Searches as one types, and answers the row of the item that is left. */
async function search(sku: string) {
  await admin.open('/app/inventory');
  await admin.app.getByRole('button', { name: /search and filter/i }).click();
  await admin.app.getByPlaceholder('Search by SKU, title or barcode').fill(sku);
  const rows = admin.app.locator('tbody tr');
  await eventually(`only ${sku} is left`, async () => (await rows.count()) === 1);
  return rows.first();
}

async function adjust(fields: {
  readonly location: string;
  readonly change: string;
  readonly units: string;
  readonly reason: string;
  readonly note?: string;
}): Promise<void> {
  const dialog = dialogOf(admin);
  await dialog.getByLabel('Location').selectOption({ label: fields.location });
  await dialog.getByLabel('Change').selectOption({ label: fields.change });
  await dialog.getByLabel('Units').fill(fields.units);
  await dialog.getByLabel('Reason').selectOption({ label: fields.reason });
  if (fields.note !== undefined) await dialog.getByLabel(/^Note/).fill(fields.note);
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
}

test('an adjustment with a reason reaches both stores', async () => {
  const row = await search('LANTERN-M');
  await row.getByRole('button', { name: /^Adjust/ }).click();
  await adjust({
    location: LOCATIONS.east,
    change: 'Remove',
    units: '8',
    reason: 'Damaged',
    note: 'Water in the stockroom',
  });
  await dialogOf(admin).waitFor({ state: 'hidden' });
  await seen(row.getByText('62', { exact: true }), 'the new number in the list');
  await eventually('Shopify follows', () => unitsInShopify(crossdock, 'LANTERN-M') === 62);
  await eventually('WooCommerce follows', () => unitsInWoo(crossdock, 'LANTERN-M') === 62);
  expect(crossdock.world.shop.available('LANTERN-M', LOCATIONS.east)).toBe(12);

  await row.getByRole('link').first().click();
  await seen(admin.app.getByRole('heading', { name: 'Movements' }), 'the page of the item');
  const text = await admin.text();
  expect(text).toContain('Damaged');
  expect(text).toContain('Water in the stockroom');
  const told = admin.app.getByRole('region', { name: 'Channels' });
  await eventually('all channels are in step', async () =>
    (await told.locator('tbody tr').allInnerTexts()).every((line) => line.includes('In step')),
  );
  expect(await told.locator('tbody tr').count()).toBe(4);
});

test('an impossible number is refused in words, and nothing moves', async () => {
  const row = await search('LANTERN-S');
  await row.getByRole('button', { name: /^Adjust/ }).click();
  const dialog = dialogOf(admin);
  await adjust({ location: LOCATIONS.main, change: 'Remove', units: '41', reason: 'Counted' });
  await seen(dialog.getByText('Only 40 available'), 'why it cannot be');
  await dialog.getByLabel('Change').selectOption({ label: 'Set to' });
  await dialog.getByLabel('Units').fill('-1');
  await seen(dialog.getByText('Stock cannot be negative'), 'why it cannot be');
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
  expect(unitsInShopify(crossdock, 'LANTERN-S')).toBe(70);
});

test('the last unit sold twice is shown as short, and filled when stock comes', async () => {
  const { shop, woo } = crossdock.world;
  const first = shop.placeOrder({ lines: [{ sku: 'LAST-ONE', quantity: 1 }] });
  const second = woo.placeOrder({ lines: [{ sku: 'LAST-ONE', quantity: 1 }] });
  await admin.open('/app');
  await seen(admin.app.getByText('1 order cannot be filled from stock.'), 'the exception on Home');
  await admin.shoot('home-short');
  await admin.app.getByRole('link', { name: /^View orders/ }).click();
  await seen(admin.app.getByText('1 unit short'), 'the exception among the orders');
  expect(await admin.app.locator('tbody tr').count()).toBe(1);
  const name = await admin.app.locator('tbody tr').getByRole('link').first().innerText();
  expect([first.name, `#${String(second.id)}`]).toContain(name);
  await admin.app.getByRole('link', { name, exact: true }).click();
  await seen(admin.app.getByRole('heading', { level: 1, name }), 'the page of the short order');
  await seen(admin.app.getByText('There was not enough stock'), 'that it is short');
  await admin.shoot('order-short');

  const row = await search('LAST-ONE');
  await row.getByRole('button', { name: /^Adjust/ }).click();
  await adjust({ location: LOCATIONS.main, change: 'Add', units: '3', reason: 'Received' });
  await dialogOf(admin).waitFor({ state: 'hidden' });
  await eventually('both stores show what is left', () =>
    [unitsInShopify(crossdock, 'LAST-ONE'), unitsInWoo(crossdock, 'LAST-ONE')].every(
      (units) => units === 2,
    ),
  );
  await admin.open('/app/orders');
  await admin.app.getByRole('link', { name, exact: true }).click();
  await seen(admin.app.getByRole('button', { name: 'Mark as shipped' }), 'that it can be shipped');
  await admin.open('/app');
  expect(await admin.app.getByText('cannot be filled from stock').count()).toBe(0);
});
