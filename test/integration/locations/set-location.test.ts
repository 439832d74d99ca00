/**
 * Goal: what is said of a location holds for routing, channels and waiting orders at once, and
 * nothing is switched off under somebody's feet. Judged by rows, numbers and jobs.
 */
import { expect, test } from 'vitest';
import type { LocationDetails } from '#app/domain/stock/location-details';
import { setLocationActive, saveLocation } from '#app/operations/locations/set-location';
import { setPolicy } from '#app/operations/connections/set-policy';
import { setSettings } from '#app/operations/merchants/set-settings';
import { newId } from '#app/platform/ids';
import { readSettings } from '#app/store/settings';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, createCountWorld } from '../counts/count-world';

const { db } = await createTestDatabase();
const DETAILS: LocationDetails = {
  name: 'Barn',
  kind: 'own',
  address1: '1 Hill Road',
  city: 'Salem',
  province: 'OR',
  zip: '97301',
  countryCode: 'US',
  latitude: 44.9,
  longitude: -123,
  priority: 3,
};

async function world() {
  const shop = await createCountWorld(db, {
    MUG: { West: 10, East: 4 },
    TEE: { West: 0, East: 2 },
  });
  const { merchantId } = shop;
  const store = newId();
  await db.query(
    `INSERT INTO connection (id, merchant_id, kind, account, name, publishing)
     VALUES ($1, $2, 'woocommerce', $1::uuid::text, 'Outlet', true)`,
    [store, merchantId],
  );
  await db.query(
    `INSERT INTO connection_location (id, merchant_id, connection_id, location_id, external_ref)
     VALUES ($1, $2, $3, $4, '')`,
    [newId(), merchantId, store, shop.locationId('West')],
  );
  const listing = newId();
  await db.query(
    `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, title)
     VALUES ($1, $2, $3, $4, '1', '1', 'Mug')`,
    [listing, merchantId, store, shop.itemId('MUG')],
  );
  await db.query(
    `INSERT INTO publication (id, merchant_id, connection_id, listing_id) VALUES ($1, $2, $3, $4)`,
    [newId(), merchantId, store, listing],
  );
  const order = newId();
  await db.query(
    `INSERT INTO customer_order (id, merchant_id, connection_id, external_ref, name, version, status,
       stage, payment_status, placed_at, currency, total_minor, units_ordered, units_short)
     VALUES ($1, $2, $3, '7', '#7', '1', 'open', 'open', 'paid', now(), 'USD', 100, 1, 1)`,
    [order, merchantId, store],
  );
  await db.query(
    `INSERT INTO order_line (id, merchant_id, order_id, external_ref, position, item_id, title,
       quantity, unit_price_minor, short_quantity) VALUES ($1, $2, $3, '1', 1, $4, 'Tee', 1, 100, 1)`,
    [newId(), merchantId, order, shop.itemId('TEE')],
  );
  const base = { merchantId, actor: STAFF };
  return {
    ...shop,
    store,
    order,
    save: (locationId: string, details: Partial<LocationDetails>, feeds: readonly string[]) =>
      saveLocation(shop.context, {
        ...base,
        locationId,
        details: { ...DETAILS, ...details },
        feeds,
      }),
    turn: (name: string, active: boolean, withStock = false) =>
      setLocationActive(shop.context, {
        ...base,
        locationId: shop.locationId(name),
        active,
        withStock,
      }),
    feeding: async () => {
      const { rows } = await db.query<{ name: string }>(
        `SELECT lo.name FROM connection_location cl JOIN location lo ON lo.id = cl.location_id
          WHERE cl.connection_id = $1 ORDER BY lo.name`,
        [store],
      );
      return rows.map(({ name }) => name);
    },
    dirty: async () =>
      (
        await db.one<{ n: number }>(
          `SELECT dirty_seq::int AS n FROM publication WHERE connection_id = $1`,
          [store],
        )
      ).n,
    waking: async () => {
      const { rows } = await db.query<{ item: string }>(
        `SELECT payload->>'itemId' AS item FROM job WHERE merchant_id = $1
          AND kind = 'allocate-short'`,
        [merchantId],
      );
      return rows.map(({ item }) => item);
    },
    said: async () => {
      const { rows } = await db.query<{ said: string }>(
        `SELECT concat_ws(' ', action, data->>'changed') AS said FROM audit_record
          WHERE merchant_id = $1 AND subject_kind = 'location' ORDER BY at, id`,
        [merchantId],
      );
      return rows.map(({ said }) => said.trim());
    },
  };
}

test('a warehouse no channel knows is added, feeds a store, and its name is its own', async () => {
  const shop = await world();
  const id = newId();
  expect(await shop.save(id, {}, [shop.store])).toEqual({ status: 'done', locationId: id });
  expect(await shop.save(id, {}, [shop.store])).toMatchObject({ status: 'done' });
  expect(await shop.feeding()).toEqual(['Barn', 'West']);
  expect(await shop.dirty()).toBe(1);
  expect(await shop.save(newId(), { name: ' barn ' }, [])).toMatchObject({ code: 'conflict' });
  expect(await shop.said()).toEqual(['location.added now feeds Outlet']);
});

test('a change is kept, told to channels, and put on record in words', async () => {
  const shop = await world();
  const east = shop.locationId('East');
  await shop.save(east, { name: 'East', priority: 1, kind: 'virtual' }, [shop.store]);
  expect(await db.one(`SELECT kind, priority, city FROM location WHERE id = $1`, [east])).toEqual({
    kind: 'virtual',
    priority: 1,
    city: 'Salem',
  });
  expect(await shop.said()).toEqual([
    'location.changed kind, priority, address, position, now feeds Outlet',
  ]);
  // The order that waits for a tee may have the two at East now.
  expect(await shop.waking()).toEqual([shop.itemId('TEE')]);
  await shop.save(east, { name: 'East', priority: 1, kind: 'virtual' }, [shop.store]);
  expect(await shop.said()).toHaveLength(1);
});

test.each<[string, Partial<LocationDetails>]>([
  ['Enter a name', { name: '  ' }],
  ['from 1 to 999', { priority: 0 }],
  ['two letters', { countryCode: 'usa' }],
  ['both latitude', { longitude: null }],
  ['Latitude is', { latitude: Number.NaN }],
])('refused: %s', async (message, details) => {
  const shop = await world();
  expect(await shop.save(shop.locationId('West'), details, [shop.store])).toMatchObject({
    code: 'validation',
    message: expect.stringContaining(message) as string,
  });
});

test('a store is never left without a location, and strangers change nothing', async () => {
  const shop = await world();
  const stranger = await world();
  const west = shop.locationId('West');
  expect(await shop.save(west, { name: 'West' }, [])).toMatchObject({
    message: 'Outlet would have no location left: choose another first.',
  });
  expect(await stranger.save(west, { name: 'Mine' }, [])).toMatchObject({ code: 'not_found' });
  expect(await shop.save(west, { name: 'West' }, [stranger.store])).toMatchObject({
    code: 'not_found',
  });
  expect(await db.one(`SELECT name FROM location WHERE id = $1`, [west])).toEqual({ name: 'West' });
});

test('a location with open work stays on, one with stock asks, the last one stays on', async () => {
  const shop = await world();
  const work = newId();
  await db.query(
    `INSERT INTO fulfillment_order (id, merchant_id, order_id, location_id, status)
     VALUES ($1, $2, $3, $4, 'open')`,
    [work, shop.merchantId, shop.order, shop.locationId('West')],
  );
  expect(await shop.turn('West', false, true)).toMatchObject({
    message: '1 order is to be shipped from West: ship or move them first.',
  });
  await db.query(`UPDATE fulfillment_order SET status = 'cancelled' WHERE id = $1`, [work]);
  expect(await shop.turn('West', false)).toMatchObject({
    message: expect.stringContaining('10 units are at West') as string,
  });
  expect(await shop.turn('West', false, true)).toEqual({ status: 'done' });
  expect(await shop.dirty()).toBe(1);
  expect(await shop.turn('East', false, true)).toMatchObject({
    message: 'East is the only location that is switched on.',
  });
  expect(await shop.turn('West', true)).toEqual({ status: 'done' });
  expect(await shop.said()).toEqual(['location.switched_off', 'location.switched_on']);
});

test('choosing another location for a store wakes orders that wait for what lies there', async () => {
  const shop = await world();
  const answer = await setPolicy(shop.context, {
    merchantId: shop.merchantId,
    connectionId: shop.store,
    actor: STAFF,
    policy: {
      sharePercent: 100,
      bufferUnits: 0,
      capUnits: null,
      oversell: 'never',
      brakePercent: 30,
    },
    locationIds: [shop.locationId('East'), shop.locationId('West')],
    previewed: false,
  });
  expect(answer).toEqual({ status: 'done' });
  expect(await shop.waking()).toEqual([shop.itemId('TEE')]);
});

test('settings are kept, bounded and put on record', async () => {
  const shop = await world();
  const before = await readSettings(db, shop.merchantId);
  expect(before).toMatchObject({ holdHighRisk: true, inboxDays: 30, lowStockUnits: 5 });
  const base = { merchantId: shop.merchantId, actor: STAFF };
  const settings = { ...before, holdHighRisk: false, inboxDays: 60 };
  expect(await setSettings(shop.context, { ...base, settings })).toEqual({ status: 'done' });
  expect(await readSettings(db, shop.merchantId)).toEqual(settings);
  for (const wrong of [{ jobDays: 91 }, { inboxDays: 0 }, { lowStockUnits: 1.5 }]) {
    const answer = await setSettings(shop.context, {
      ...base,
      settings: { ...settings, ...wrong },
    });
    expect(answer).toMatchObject({ code: 'validation' });
  }
  expect(await db.one(`SELECT data FROM audit_record WHERE action = 'settings.saved'`)).toEqual({
    data: { holdHighRisk: false, inboxDays: 60 },
  });
  await db.query(
    `UPDATE merchant SET settings = '{"inboxDays": "x", "jobDays": 8}' WHERE id = $1`,
    [shop.merchantId],
  );
  expect(await readSettings(db, shop.merchantId)).toMatchObject({ inboxDays: 30, jobDays: 8 });
});
