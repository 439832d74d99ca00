import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WooStore } from '../sandbox/woocommerce';
import { type Crossdock, startCrossdock } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import { openStore } from '../unit/woocommerce-bridge/call-store';
import { type AdminPage, type Chromium, DESK, PHONE, startChromium } from './admin-page';

let crossdock: Crossdock;
let chromium: Chromium;
let store: WooStore;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'connect-woocommerce', databaseUrl: url }),
    startChromium(),
  ]);
  store = await openStore({ name: 'Second Outlet', httpCallbacks: true });
  store.addProduct({ name: 'Tee', sku: 'TEE-M', stock: 5 });
});
afterAll(() => store.close());

/** Opens the dialog, types the address, and goes on to the store's own page. */
async function goToStore(admin: AdminPage, address: string): Promise<void> {
  await admin.open('/app/channels');
  await admin.app.getByRole('button', { name: 'Connect WooCommerce' }).click();
  const dialog = admin.app.getByRole('dialog');
  await dialog.getByLabel('Store address').fill(address);
  await dialog.getByLabel('Name').fill('Second outlet');
  await dialog.getByRole('button', { name: 'Continue in the store' }).click();
}

describe('connecting a store', () => {
  it('says what is wrong with an address, in the dialog', async () => {
    const admin = await chromium.openAdmin(crossdock, PHONE);
    await goToStore(admin, `${store.url.replace(/:\d+$/, ':9')}`);
    const dialog = admin.app.getByRole('dialog');
    await dialog.getByText('Nothing answers at this address.').waitFor();
    await admin.shoot('connect-nothing-there');
    await dialog.getByRole('button', { name: 'Enter keys by hand' }).click();
    await dialog.getByLabel('Consumer key').waitFor();
    expect(await dialog.getByLabel('Name').inputValue()).toBe('Second outlet');
    await admin.close();
  });

  it('denied in the store: nothing is connected', async () => {
    const admin = await chromium.openAdmin(crossdock, DESK);
    await goToStore(admin, store.url);
    // Whoever approves sees whose account gets the keys.
    await admin.page
      .getByRole('heading', { name: /^Crossdock for \S+\.myshopify\.com would like/ })
      .waitFor();
    await admin.page.getByRole('link', { name: 'Deny' }).click();
    await admin.app.getByRole('heading', { name: 'You did not approve' }).waitFor();
    await admin.shoot('connect-denied');
    await admin.close();
  });

  it('approved in the store: connected, and shown among the channels', async () => {
    const admin = await chromium.openAdmin(crossdock, PHONE);
    await goToStore(admin, store.url);
    await admin.page.getByRole('link', { name: 'Approve' }).click();
    await admin.app.getByRole('heading', { name: 'Store connected' }).waitFor();
    await admin.shoot('connect-done');
    await admin.app.getByRole('link', { name: 'Go to Channels' }).click();
    await admin.app.getByRole('heading', { name: 'Second outlet' }).waitFor();
    expect([...store.state.webhooks.values()].length).toBe(8);
    expect(admin.complaints).toEqual([]);
    await admin.close();
  });
});
