/**
 * Goal: every page and dialog, on a desk and on a phone, can be used by everybody: no serious
 * finding of axe-core, nothing wider than the screen, nothing in the console, and texts of
 * strangers stay texts.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { type Crossdock, eventually, startCrossdock } from '../support/far-side';
import { type TestDatabase, createTestDatabase } from '../support/test-database';
import { believableAddress, createRandom } from '../sandbox/core';
import {
  type AdminPage,
  type Chromium,
  DESK,
  PHONE,
  accessibilityProblems,
  atRest,
  dialogOf,
  expectNoSidewaysScroll,
  startChromium,
} from './admin-page';

const SCRIPT = '<script>parent.hacked=1;window.hacked=1</script><img src=x onerror="hacked=1">';
const RIGHT_TO_LEFT = 'قميص قطني \u202Eevil\u202C "שלום" \u0000\u0007';
const LONG = `Endless ${'extraordinarily-long-unbroken-title'.repeat(14)}`.slice(0, 500);

let crossdock: Crossdock;
let chromium: Chromium;
let db: TestDatabase['db'];

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-every-page', databaseUrl: database.url }),
    startChromium(),
  ]);
  placeOrders();
  await addHostileTexts();
  await eventually('all orders are known', async () => {
    const { orders } = await db.one<{ orders: number }>(
      'SELECT count(*) AS orders FROM customer_order',
    );
    return orders === 8;
  });
});

function placeOrders(): void {
  const { shop, woo } = crossdock.world;
  const random = createRandom(11);
  for (const sku of ['TEE-S', 'CAP-M', 'MUG-L']) {
    const shippingAddress = believableAddress(random);
    const lines = [
      { sku, quantity: 2 },
      { sku: 'TOTE-M', quantity: 1 },
    ];
    shop.placeOrder({ lines, shippingAddress, email: 'buyer@example.com', note: 'Ring twice' });
    woo.placeOrder({ lines: [{ sku, quantity: 1 }], address: shippingAddress });
  }
}

/** Everything a stranger or a careless merchant may type, in every place that is shown. */
async function addHostileTexts(): Promise<void> {
  const { shop } = crossdock.world;
  shop.addProduct({
    title: SCRIPT,
    variants: [{ sku: SCRIPT, stock: { 'Portland warehouse': 5 } }],
  });
  shop.addProduct({
    title: RIGHT_TO_LEFT,
    variants: [{ sku: 'RTL', stock: { 'Portland warehouse': 5 } }],
  });
  shop.addProduct({ title: LONG, variants: [{ sku: LONG, stock: { 'Portland warehouse': 5 } }] });
  const empty = shop.addProduct({
    title: 'Without a SKU',
    variants: [{ sku: '', stock: { 'Portland warehouse': 5 } }],
  });
  await eventually('the products are known', async () => {
    const { listings } = await db.one<{ listings: number }>(
      `SELECT count(*) AS listings FROM listing l JOIN connection c ON c.id = l.connection_id
       WHERE c.kind = 'shopify'`,
    );
    return listings === 34;
  });
  const address = { ...believableAddress(createRandom(3)), firstName: SCRIPT, lastName: LONG };
  shop.placeOrder({
    lines: [
      { sku: SCRIPT, quantity: 1 },
      { sku: 'RTL', quantity: 1 },
      { sku: LONG, quantity: 1 },
    ],
    shippingAddress: { ...address, company: RIGHT_TO_LEFT, address1: LONG },
    email: 'x@example.com',
    note: `${SCRIPT} ${LONG}`,
    tags: [SCRIPT, LONG],
  });
  const [variant] = empty.variants;
  if (variant !== undefined) {
    shop.placeOrder({ lines: [{ variantId: variant.id, quantity: 1 }], shippingAddress: address });
  }
}

type Stop = { readonly name: string; readonly path: () => Promise<string>; readonly open?: string };

async function idOf(statement: string, value: string): Promise<string> {
  return (await db.one<{ id: string }>(statement, [value])).id;
}
const fixed = (path: string) => () => Promise.resolve(path);
const orderWith = (sku: string) => async () =>
  `/app/orders/${await idOf(
    `SELECT l.order_id AS id FROM order_line l JOIN customer_order o ON o.id = l.order_id
     WHERE l.sku = $1 ORDER BY o.placed_at LIMIT 1`,
    sku,
  )}`;
const itemWith = (sku: string) => async () =>
  `/app/inventory/${await idOf('SELECT id FROM item WHERE sku = $1', sku)}`;
const itemCalled = (title: string) => async () =>
  `/app/inventory/${await idOf('SELECT id FROM item WHERE title = $1', title)}`;
const connectionOf = (kind: string) => async () =>
  `/app/channels/${await idOf('SELECT id FROM connection WHERE kind = $1', kind)}`;
const numbersOf = (kind: string) => async () => `${await connectionOf(kind)()}/numbers?view=all`;
const firstLocation = async () =>
  `/app/locations/${await idOf('SELECT id FROM location WHERE name <> $1 ORDER BY id LIMIT 1', '')}`;

const STOPS: readonly Stop[] = [
  { name: 'home', path: fixed('/app') },
  { name: 'orders', path: fixed('/app/orders') },
  { name: 'orders-nothing-found', path: fixed('/app/orders?q=nothing-like-this') },
  { name: 'order', path: orderWith('CAP-M') },
  { name: 'order-ship', path: orderWith('CAP-M'), open: 'Mark as shipped' },
  { name: 'order-cancel', path: orderWith('CAP-M'), open: 'Cancel order' },
  { name: 'order-hostile', path: orderWith('RTL') },
  { name: 'order-hostile-ship', path: orderWith('RTL'), open: 'Mark as shipped' },
  { name: 'inventory', path: fixed('/app/inventory') },
  { name: 'inventory-hostile', path: fixed('/app/inventory?q=script') },
  { name: 'item', path: itemWith('MUG-L') },
  { name: 'item-adjust', path: itemWith('MUG-L'), open: 'Adjust stock' },
  { name: 'item-hostile-script', path: itemWith(SCRIPT) },
  { name: 'item-hostile-long', path: itemCalled(LONG) },
  { name: 'item-hostile-right-to-left', path: itemWith('RTL') },
  { name: 'channels', path: fixed('/app/channels') },
  { name: 'channels-connect', path: fixed('/app/channels'), open: 'Connect WooCommerce' },
  { name: 'channel', path: connectionOf('woocommerce') },
  { name: 'channel-numbers', path: numbersOf('woocommerce') },
  { name: 'channel-numbers-shopify', path: numbersOf('shopify') },
  { name: 'catalog', path: fixed('/app/catalog') },
  { name: 'catalog-all', path: fixed('/app/catalog?view=all') },
  { name: 'catalog-nothing-found', path: fixed('/app/catalog?q=nothing-like-this') },
  { name: 'item-kit', path: itemWith('MUG-L'), open: 'Make it a kit' },
  { name: 'orders-held', path: fixed('/app/orders?view=held') },
  { name: 'orders-late', path: fixed('/app/orders?view=late') },
  { name: 'counts', path: fixed('/app/inventory/counts') },
  { name: 'counts-start', path: fixed('/app/inventory/counts'), open: 'Start a count' },
  { name: 'import', path: fixed('/app/inventory/import') },
  { name: 'locations', path: fixed('/app/locations') },
  { name: 'location', path: firstLocation },
  { name: 'location-new', path: fixed('/app/locations/new') },
  { name: 'settings', path: fixed('/app/settings') },
  { name: 'reconciliation', path: fixed('/app/reconciliation') },
  { name: 'activity', path: fixed('/app/activity') },
  { name: 'nowhere', path: fixed('/app/nowhere-98bb') },
  { name: 'jobs', path: fixed('/app/jobs') },
  { name: 'jobs-done', path: fixed('/app/jobs?view=done') },
  { name: 'jobs-inbox', path: fixed('/app/jobs?view=inbox') },
  { name: 'not-there', path: fixed('/app/orders/01a20c47-1f32-76a7-bed1-98bb2598197e') },
];

describe.each([
  { where: 'a desk', size: DESK },
  { where: 'a phone', size: PHONE },
])('on $where', ({ size }) => {
  let admin: AdminPage;
  beforeAll(async () => {
    admin = await chromium.openAdmin(crossdock, size);
    return () => admin.close();
  });

  test.each(STOPS)('$name', async ({ name, path, open }) => {
    const before = admin.complaints.length;
    await admin.open(await path());
    if (open !== undefined) await press(admin, open);
    await admin.shoot(name);
    await expectNoSidewaysScroll(admin);
    expect(await accessibilityProblems(admin)).toEqual([]);
    await expectNothingExecuted(admin);
    // A page that is not there is a 404 of the document itself, which the console tells.
    const told = admin.complaints
      .slice(before)
      .filter((line) => !/status of 404.*-98bb/.test(line));
    expect(told).toEqual([]);
  });
});

/** A button, or, on a phone, an entry of the menu it has moved to. */
async function press(admin: AdminPage, name: string): Promise<void> {
  const button = admin.app.getByRole('button', { name, exact: true }).first();
  if (!(await button.isVisible())) {
    await admin.app
      .getByRole('button', { name: /^View actions/ })
      .first()
      .click();
  }
  await button.click();
  await dialogOf(admin).getByRole('heading').first().waitFor();
  // Dialogs slide in; what is measured is where they come to rest.
  await atRest(admin);
}

async function expectNothingExecuted(admin: AdminPage): Promise<void> {
  expect(await admin.app.locator('body').evaluate(() => 'hacked' in window)).toBe(false);
  expect(await admin.page.evaluate(() => 'hacked' in window)).toBe(false);
}
