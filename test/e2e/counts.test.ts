/** Goal: a merchant counts, by file or along the shelves; every store follows; it can be undone. */
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Database } from '../../app/platform/database';
import { LOCATIONS } from '../demo/catalog';
import { type Crossdock, eventually, startCrossdock, unitsInWoo } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import {
  type AdminPage,
  type Chromium,
  DESK,
  PHONE,
  accessibilityProblems,
  atRest,
  dialogOf,
  expectNoSidewaysScroll,
  seen,
  startChromium,
} from './admin-page';

/** What is taken for a robot's is turned away. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

let crossdock: Crossdock;
let chromium: Chromium;
let db: Database;
let admin: AdminPage;

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-counts', databaseUrl: database.url }),
    startChromium(),
  ]);
});

afterEach(async () => {
  await admin.close();
  expect(admin.complaints).toEqual([]);
});

async function looked(name: string): Promise<void> {
  await admin.shoot(name);
  await expectNoSidewaysScroll(admin);
  expect(await accessibilityProblems(admin)).toEqual([]);
}

async function confirm(action: string): Promise<void> {
  const dialog = dialogOf(admin);
  await dialog.getByRole('heading').first().waitFor();
  await atRest(admin);
  await dialog.getByRole('button', { name: action, exact: true }).click();
}

/** A button of the page's head, or, on a phone, an entry of the menu it has moved to. */
async function press(name: string): Promise<void> {
  const button = admin.app.getByRole('button', { name, exact: true }).first();
  if (!(await button.isVisible())) {
    await admin.app
      .getByRole('button', { name: /^(View|More) actions/ })
      .first()
      .click();
  }
  await button.click();
}

async function importFile(text: string): Promise<void> {
  await admin.open('/app/inventory/import');
  await admin.app.locator('input[type=file]').setInputFiles({
    name: 'shelves.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(text),
  });
  await seen(admin.app.getByText('shelves.csv'), 'the chosen file');
  await press('Read the file');
  await seen(admin.app.getByRole('heading', { level: 1, name: 'shelves.csv' }), 'the count');
}

async function onHand(sku: string, location: string): Promise<number> {
  const { units } = await db.one<{ units: number }>(
    `SELECT l.available + l.committed AS units FROM stock_level l JOIN item i ON i.id = l.item_id
       JOIN location lo ON lo.id = l.location_id WHERE i.sku = $1 AND lo.name = $2`,
    [sku, location],
  );
  return units;
}

test('a file is previewed, posted, seen by the other store, and undone', async () => {
  admin = await chromium.openAdmin(crossdock, DESK);
  await admin.open('/app/inventory/import');
  await looked('counts-import');
  const before = unitsInWoo(crossdock, 'MUG-L') ?? 0;
  await importFile(
    [
      'SKU;Location;On hand',
      `MUG-L;${LOCATIONS.main};35`,
      `TEE-S;${LOCATIONS.main};44`,
      `CAP-M;${LOCATIONS.main};40`,
      `TOTE-M;${LOCATIONS.main};1,000`,
      `NO-SUCH;${LOCATIONS.main};1`,
    ].join('\r\n'),
  );
  await seen(
    admin.app.getByText('Posting would change 2 levels: 4 units more, 5 units fewer.'),
    'what would change',
  );
  await looked('count-preview');
  expect(await onHand('MUG-L', LOCATIONS.main)).toBe(40);
  await admin.app.getByRole('tab', { name: 'Problems' }).click();
  await seen(admin.app.getByText('No item has the SKU “NO-SUCH”.'), 'the unknown SKU');
  await seen(admin.app.getByText(/could be read two ways/), 'the doubtful number');
  await looked('count-problems');

  await press('Post');
  await admin.shoot('count-post');
  await confirm('Post');
  await seen(
    admin.app.getByText('2 levels changed: 4 units added, 5 units removed.'),
    'the result',
  );
  expect(await onHand('MUG-L', LOCATIONS.main)).toBe(35);
  await eventually('the store follows', () => unitsInWoo(crossdock, 'MUG-L') === before - 5);
  await looked('count-posted');

  await press('Undo');
  await confirm('Undo count');
  await seen(admin.app.getByText('2 levels taken back to before the count.'), 'the undoing');
  expect(await onHand('MUG-L', LOCATIONS.main)).toBe(40);
  await eventually('the store follows', () => unitsInWoo(crossdock, 'MUG-L') === before);
  await admin.open('/app/inventory/counts');
  await seen(admin.app.getByText('shelves.csv'), 'the list of counts');
  await looked('counts');
});

test('a file that is none says so, and what the app exports it also reads', async () => {
  admin = await chromium.openAdmin(crossdock, DESK);
  await importFile('Name,Price\r\nMug,3\r\n');
  await seen(admin.app.getByText(/No column is called SKU or Barcode/), 'the reason');
  await looked('count-failed');
  const answer = await fetch(`${crossdock.appUrl}/app/inventory/export`, {
    headers: { authorization: `Bearer ${crossdock.world.shop.idToken()}`, 'user-agent': BROWSER },
  });
  expect(answer.status).toBe(200);
  await importFile(await answer.text());
  await seen(admin.app.getByText('Posting would change nothing.'), 'that nothing changes');
  await seen(admin.app.getByText(/90 rows: 90 as expected, 0 problems/), 'all rows');
});

test('on a phone: scan, press, recount and post', async () => {
  admin = await chromium.openAdmin(crossdock, PHONE);
  await admin.open('/app/inventory/counts');
  await press('Start a count');
  const dialog = dialogOf(admin);
  await dialog.getByLabel('Location').selectOption({ label: LOCATIONS.main });
  await dialog.getByLabel('Items').selectOption({ label: 'Items found by a word' });
  await dialog.getByLabel('Word').fill('vase');
  await dialog.getByText('Count blind').click();
  await atRest(admin);
  await admin.shoot('count-start');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await seen(admin.app.getByText('0 of 3 items counted'), 'the list');
  const field = admin.app.getByLabel('Scan or type a SKU or barcode');
  for (const code of ['VASE-S', 'vase-s', 'VASE-S', 'nonsense']) {
    await field.fill(code);
    await field.press('Enter');
  }
  await seen(admin.app.getByText('No item has the code “nonsense”.'), 'the unknown code');
  await seen(admin.app.getByText('1 of 3 items counted'), 'the first item');
  await admin.app.getByLabel('Counted: Vase · M').fill('38');
  await admin.app.getByLabel('Counted: Vase · M').blur();
  await seen(admin.app.getByText('2 of 3 items counted'), 'the second item');
  await admin.app.getByRole('button', { name: 'One more: Vase · M' }).click();
  await admin.app.getByRole('button', { name: 'One more: Vase · M' }).click();
  await eventually('the presses are saved', async () => {
    const row = await db.maybeOne<{ counted: number }>(
      `SELECT counted FROM stock_count_line WHERE sku = 'VASE-M' AND counted = 40`,
    );
    return row !== null;
  });
  await looked('count-shelves');
  await press('Post count');
  await seen(dialogOf(admin).getByText('1 item nobody has counted'), 'what is left');
  await admin.shoot('count-post');
  await confirm('Post');
  await seen(admin.app.getByText('1 level changed: 37 units removed.'), 'the result');
  expect(await onHand('VASE-S', LOCATIONS.main)).toBe(3);
  expect(await onHand('VASE-L', LOCATIONS.main)).toBe(40);
  await looked('count-posted');
  await admin.open('/app/inventory/counts');
  await seen(admin.app.getByText(/Count at/), 'the list of counts');
  await looked('counts');
  await admin.open('/app/inventory/import');
  await looked('counts-import');
});
