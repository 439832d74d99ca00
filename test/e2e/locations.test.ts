/** Goal: a merchant says where things lie and what ships first, and adds a place only they know. */
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

let crossdock: Crossdock;
let chromium: Chromium;
let db: Database;
let admin: AdminPage;

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  [crossdock, chromium] = await Promise.all([
    startCrossdock({ name: 'e2e-locations', databaseUrl: database.url }),
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

const idOf = async (name: string) =>
  (await db.one<{ id: string }>(`SELECT id FROM location WHERE name = $1`, [name])).id;

test('a place is changed, switched off and on again, and the store is told', async () => {
  admin = await chromium.openAdmin(crossdock, DESK);
  await admin.open('/app/locations');
  await seen(admin.app.getByText(LOCATIONS.main), 'the locations');
  await looked('locations');
  const east = await idOf(LOCATIONS.east);
  await admin.open(`/app/locations/${east}`);
  await looked('location');
  await admin.app.getByLabel('Priority').fill('0');
  await press('Save');
  await seen(admin.app.getByText('The priority is a whole number from 1 to 999.'), 'what is wrong');
  await admin.app.getByLabel('Priority').fill('7');
  await press('Save');
  await eventually('the priority is kept', async () => {
    const row = await db.one<{ priority: number }>(`SELECT priority FROM location WHERE id = $1`, [
      east,
    ]);
    return row.priority === 7;
  });

  // All numbers change at once: without this the brake waits for a person.
  await db.query(`UPDATE connection SET brake_percent = 100`);
  const before = unitsInWoo(crossdock, 'MUG-L') ?? 0;
  await press('Switch off');
  await seen(dialogOf(admin).getByText(/are no longer sold/), 'what stops');
  await atRest(admin);
  await admin.shoot('location-switch-off');
  await dialogOf(admin).getByRole('button', { name: 'Switch off', exact: true }).click();
  await seen(admin.app.getByRole('button', { name: 'Switch on', exact: true }), 'that it is off');
  await eventually('the store follows', () => unitsInWoo(crossdock, 'MUG-L') === before - 20);
  await press('Switch on');
  await atRest(admin);
  await dialogOf(admin).getByRole('button', { name: 'Switch on', exact: true }).click();
  await eventually('the store follows', () => unitsInWoo(crossdock, 'MUG-L') === before);
});

test('on a phone, a warehouse is added that no store knows', async () => {
  admin = await chromium.openAdmin(crossdock, PHONE);
  await admin.open('/app/locations/new');
  await admin.app.getByLabel('Name').fill(LOCATIONS.main.toUpperCase());
  await press('Add');
  await seen(admin.app.getByText(/Another location is called/), 'the name is taken');
  await looked('location-new');
  await admin.app.getByLabel('Name').fill('Barn');
  await admin.app.getByLabel('City').fill('Salem');
  await press('Add');
  await seen(admin.app.getByRole('heading', { level: 1, name: 'Locations' }), 'the list');
  await seen(admin.app.getByText('Barn'), 'the new place');
  await looked('locations');
});
