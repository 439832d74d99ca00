/** Goal: what a merchant chooses is kept, and what cannot be chosen is said before it is sent. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type Crossdock, eventually, startCrossdock } from '../support/far-side';
import { type TestDatabase, createTestDatabase } from '../support/test-database';
import {
  type AdminPage,
  type Chromium,
  DESK,
  PHONE,
  accessibilityProblems,
  expectNoSidewaysScroll,
  seen,
  startChromium,
} from './admin-page';

let crossdock: Crossdock;
let chromium: Chromium;
let db: TestDatabase['db'];
let admin: AdminPage;

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-settings', databaseUrl: database.url }),
    startChromium(),
  ]);
});

afterEach(async () => {
  await admin.close();
  expect(admin.complaints).toEqual([]);
});

test.each([
  { where: 'a desk', size: DESK, days: '45' },
  { where: 'a phone', size: PHONE, days: '12' },
])('on $where', async ({ size, days }) => {
  admin = await chromium.openAdmin(crossdock, size);
  await admin.open('/app/settings');
  await admin.shoot('settings');
  await expectNoSidewaysScroll(admin);
  expect(await accessibilityProblems(admin)).toEqual([]);
  const field = admin.app.getByLabel('Messages from channels');
  await field.fill('900');
  await seen(admin.app.getByText('Enter a whole number from 1 to 365'), 'what is wrong');
  const save = admin.app.getByRole('button', { name: 'Save', exact: true }).first();
  expect(await save.isDisabled()).toBe(true);
  await field.fill(days);
  await admin.app.getByLabel('Hold orders with a high risk of fraud').click();
  await save.click();
  await eventually('the choices are kept', async () => {
    const { settings } = await db.one<{ settings: Record<string, unknown> }>(
      `SELECT settings FROM merchant`,
    );
    return settings['inboxDays'] === Number(days);
  });
});
