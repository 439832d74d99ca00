/** Goal: a merchant sees every number before it is sent, and nothing large is sent unseen. */
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  type Crossdock,
  eventually,
  smallCatalog,
  startCrossdock,
  unitsInWoo,
} from '../support/far-side';
import { type TestDatabase, createTestDatabase } from '../support/test-database';
import {
  type AdminPage,
  type Chromium,
  PHONE,
  accessibilityProblems,
  dialogOf,
  expectNoSidewaysScroll,
  seen,
  startChromium,
} from './admin-page';

let crossdock: Crossdock;
let chromium: Chromium;
let admin: AdminPage;
let db: TestDatabase['db'];
let path: string;

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-numbers', databaseUrl: database.url, products: smallCatalog() }),
    startChromium(),
  ]);
  const { id } = await db.one<{ id: string }>(
    `SELECT id FROM connection WHERE kind = 'woocommerce'`,
  );
  path = `/app/channels/${id}/numbers`;
});

beforeEach(async () => {
  admin = await chromium.openAdmin(crossdock);
});

afterEach(async () => {
  await admin.close();
  expect(admin.complaints).toEqual([]);
});

const said = (text: string | RegExp) => admin.app.getByText(text).first();

test('a policy is previewed as it is typed, and sent when it is saved', async () => {
  expect(unitsInWoo(crossdock, 'MUG-L')).toBe(70);
  await admin.open(path);
  await seen(said('The channel holds these numbers already.'), 'nothing changes yet');
  await admin.app.getByLabel('Share shown').fill('50');
  await admin.app.getByLabel('Buffer withheld').fill('2');
  await seen(said(/24 of 24 numbers change: 0 up, 24 down/), 'the totals');
  await seen(said(/= 70 · 50% is 35 · less 2 is 33/), 'why a number is what it is');
  expect(unitsInWoo(crossdock, 'MUG-L')).toBe(70);
  await admin.page.getByRole('button', { name: 'Save' }).first().click();
  await seen(dialogOf(admin).getByText(/24 of 24 numbers change/), 'the totals once more');
  await dialogOf(admin).getByRole('button', { name: 'Save and send' }).click();
  await eventually('the store shows 33', async () => unitsInWoo(crossdock, 'MUG-L') === 33);
});

test('a discarded draft leaves everything as it is', async () => {
  await admin.open(path);
  await admin.app.getByLabel('Show at most').fill('1');
  await seen(said(/24 of 24 numbers change/), 'the totals');
  await admin.page.getByRole('button', { name: 'Discard' }).first().click();
  await seen(said('The channel holds these numbers already.'), 'nothing changes');
  await expect(admin.app.getByLabel('Show at most').inputValue()).resolves.toBe('');
});

test('what the brake holds is seen, and sent when a person agrees', async () => {
  // A mistake past every screen: the policy changes, and nobody has looked at what it makes.
  await db.query(
    `WITH changed AS (UPDATE connection SET cap_units = 5 WHERE kind = 'woocommerce' RETURNING id)
     UPDATE publication p SET dirty_seq = dirty_seq + 1, dirty_since = now()
       FROM changed WHERE p.connection_id = changed.id`,
  );
  await eventually('the brake is on', async () => {
    const { braked } = await db.one<{ braked: boolean }>(
      `SELECT braked_at IS NOT NULL AS braked FROM connection WHERE kind = 'woocommerce'`,
    );
    return braked;
  });
  await admin.open(path);
  await seen(said(/24 of 24 listings would change at once: 0 up, 24 down/), 'what it holds');
  expect(unitsInWoo(crossdock, 'MUG-L')).toBe(33);
  expect(await accessibilityProblems(admin)).toEqual([]);
  const phone = await chromium.openAdmin(crossdock, PHONE);
  await phone.open(path);
  await expectNoSidewaysScroll(phone);
  await phone.close();
  await admin.app.getByRole('button', { name: 'Send them' }).click();
  await dialogOf(admin).getByRole('button', { name: 'Send them' }).click();
  await eventually('the store shows 5', async () => unitsInWoo(crossdock, 'MUG-L') === 5);
});

test('a channel stops, and goes live again, by a person’s word', async () => {
  await admin.open(path);
  await admin.app.getByRole('button', { name: 'Stop sending' }).click();
  await dialogOf(admin).getByRole('button', { name: 'Stop sending' }).click();
  await seen(said('Not live'), 'that it is not live');
  await admin.app.getByRole('button', { name: 'Go live' }).click();
  await dialogOf(admin).getByRole('button', { name: 'Go live' }).click();
  await seen(said('Live'), 'that it is live');
});
