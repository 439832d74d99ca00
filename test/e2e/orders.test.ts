/**
 * Goal: a merchant works on orders of both stores from inside the admin, and each store learns of
 * it once. Judged by what the merchant sees and what the stores hold.
 */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { LOCATIONS } from '../demo/catalog';
import { believableAddress, createRandom } from '../sandbox/core';
import {
  type Crossdock,
  eventually,
  startCrossdock,
  unitsInShopify,
  unitsInWoo,
} from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import { type AdminPage, type Chromium, dialogOf, seen, startChromium } from './admin-page';

let crossdock: Crossdock;
let chromium: Chromium;
let admin: AdminPage;
const random = createRandom(5);

beforeAll(async () => {
  const { url } = await createTestDatabase();
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-orders', databaseUrl: url }),
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

const buyer = () => {
  const shippingAddress = believableAddress(random);
  return { shippingAddress, email: 'buyer@example.com' };
};
const inShopify = (sku: string) => unitsInShopify(crossdock, sku);
const inWoo = (sku: string) => unitsInWoo(crossdock, sku);

/** Opens the order's page from the list, as a click does. */
async function openOrder(name: string): Promise<void> {
  await admin.open('/app/orders');
  await admin.app.getByRole('link', { name, exact: true }).click();
  await seen(admin.app.getByRole('heading', { level: 1, name }), `the page of ${name}`);
}

async function markShipped(tracking: string): Promise<void> {
  await admin.app.getByRole('button', { name: 'Mark as shipped' }).first().click();
  const dialog = dialogOf(admin);
  await dialog.getByLabel('Carrier').selectOption('UPS');
  await dialog.getByLabel('Tracking number').fill(tracking);
  await dialog.getByRole('button', { name: 'Mark as shipped' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

test('an order placed in the store appears on Orders and Home without a reload', async () => {
  await admin.open('/app');
  await seen(admin.app.getByRole('heading', { name: 'Today' }), 'the numbers of today');
  await admin.go('Orders');
  const order = crossdock.world.shop.placeOrder({
    lines: [{ sku: 'TEE-S', quantity: 1 }],
    ...buyer(),
  });
  await seen(admin.app.getByRole('link', { name: order.name, exact: true }), order.name);
  await admin.go('Home');
  await seen(admin.app.getByText(order.name).first(), 'the order among what happened');
});

test('an order says what was bought, where it ships from and why, and what happened', async () => {
  const { shop } = crossdock.world;
  const order = shop.placeOrder({
    lines: [
      { sku: 'MUG-M', quantity: 2 },
      { sku: 'CAP-L', quantity: 1 },
    ],
    ...buyer(),
  });
  await eventually('the order is known', () => inWoo('MUG-M') === 68);
  await openOrder(order.name);
  const lines = admin.app.getByRole('region', { name: 'Order lines' });
  await seen(lines.getByText('MUG-M'), 'the line');
  expect(await lines.getByText(/^2 from /).count()).toBe(1);
  expect(await lines.getByText(/^1 from /).count()).toBe(1);
  const text = await admin.text();
  expect(text).toContain('3 units');
  expect(text).toContain('Why it ships from there');
  expect(text).toMatch(new RegExp(`(${Object.values(LOCATIONS).join('|')})`));
  expect(text).toContain('Timeline');
  await admin.shoot('order');
});

test('marking shipped tells the Shopify store once, with tracking, and deducts stock', async () => {
  const { shop } = crossdock.world;
  const order = shop.placeOrder({ lines: [{ sku: 'TOTE-M', quantity: 2 }], ...buyer() });
  await openOrder(order.name);
  await markShipped('1Z999AA10123456784');
  await eventually('the store has the parcel', () => shop.fulfillments(order.id).length > 0);
  await seen(admin.app.getByText('Channel informed'), 'that the channel knows');
  const [sent, ...more] = shop.fulfillments(order.id);
  expect(more).toEqual([]);
  expect(sent).toMatchObject({
    status: 'SUCCESS',
    trackingCompany: 'UPS',
    trackingNumbers: ['1Z999AA10123456784'],
  });
  expect(sent?.lines.map(({ quantity }) => quantity)).toEqual([2]);
  await eventually('Shopify shows it', () => inShopify('TOTE-M') === 68);
  await eventually('the other store shows it', () => inWoo('TOTE-M') === 68);
  await seen(admin.app.getByText('Shipped', { exact: true }), 'the state of the order');
  expect(crossdock.world.shopify.invariants()).toEqual([]);
});

test('marking shipped tells the WooCommerce store once, with tracking', async () => {
  const { woo } = crossdock.world;
  const order = woo.placeOrder({
    lines: [{ sku: 'VASE-L', quantity: 3 }],
    address: buyer().shippingAddress,
    email: 'buyer@example.com',
  });
  await eventually('the other store shows the sale', () => inShopify('VASE-L') === 67);
  await openOrder(`#${String(order.id)}`);
  await markShipped('9400111899223197428490');
  await seen(admin.app.getByText('Channel informed'), 'that the channel knows');
  const told = order.fulfillments.map(
    ({ meta }) => meta.find(({ key }) => key === '_tracking_number')?.value,
  );
  expect(told).toEqual(['9400111899223197428490']);
  expect(order.status).toBe('completed');
  expect(inWoo('VASE-L')).toBe(67);
  expect(woo.invariants()).toEqual([]);
});

test.each(['shopify', 'woocommerce'] as const)(
  'cancelling an order of the %s store gives its units back to both stores',
  async (kind) => {
    const { shop, woo } = crossdock.world;
    const sku = kind === 'shopify' ? 'CLOG-S' : 'CLOG-M';
    const shopOrder =
      kind === 'shopify' ? shop.placeOrder({ lines: [{ sku, quantity: 4 }], ...buyer() }) : null;
    const wooOrder =
      kind === 'woocommerce'
        ? woo.placeOrder({ lines: [{ sku, quantity: 4 }], address: buyer().shippingAddress })
        : null;
    await eventually('both stores show the sale', () => inShopify(sku) + (inWoo(sku) ?? 0) === 132);
    await openOrder(shopOrder?.name ?? `#${String(wooOrder?.id)}`);
    await admin.app.getByRole('button', { name: 'Cancel order' }).click();
    await dialogOf(admin).getByRole('button', { name: 'Cancel order' }).click();
    await seen(admin.app.getByText('Its stock is available again'), 'that it is cancelled');
    await eventually('the units are back', () => inShopify(sku) + (inWoo(sku) ?? 0) === 140);
    if (shopOrder !== null) expect(shopOrder.cancelledAt).not.toBeNull();
    if (wooOrder !== null) expect(wooOrder.status).toBe('cancelled');
  },
);

test('an order is marked shipped with the keyboard alone', async () => {
  const { shop } = crossdock.world;
  const order = shop.placeOrder({ lines: [{ sku: 'PACK-M', quantity: 1 }], ...buyer() });
  await admin.open('/app/orders');
  await seen(admin.app.getByRole('link', { name: order.name, exact: true }), order.name);
  await tabTo(order.name);
  await admin.page.keyboard.press('Enter');
  await admin.app.getByRole('heading', { level: 1, name: order.name }).waitFor();
  await tabTo('Mark as shipped');
  await admin.page.keyboard.press('Enter');
  await dialogOf(admin).waitFor();
  await tabTo('Tracking number');
  await admin.page.keyboard.type('1ZKEYBOARD');
  await admin.page.keyboard.press('Enter');
  await eventually('the store has the parcel', () => shop.fulfillments(order.id).length === 1);
  expect(shop.fulfillments(order.id)[0]?.trackingNumbers).toEqual(['1ZKEYBOARD']);
});

/** Presses Tab until the focus is on what is named so, as one finds one's way by hearing. */
async function tabTo(name: string): Promise<void> {
  const walked: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await admin.page.keyboard.press('Tab');
    const focused = await admin.app.locator('body').evaluate(() => {
      const { activeElement } = document;
      if (activeElement === null) return '';
      const label = activeElement.id === '' ? null : `label[for="${activeElement.id}"]`;
      const text = label === null ? null : document.querySelector(label)?.textContent;
      return (text ?? activeElement.getAttribute('aria-label') ?? activeElement.textContent).trim();
    });
    walked.push(focused.slice(0, 30));
    if (focused === name) return;
  }
  throw new Error(`The keyboard does not reach "${name}": ${walked.join(' > ')}`);
}
