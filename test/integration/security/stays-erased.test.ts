/**
 * Goal: a buyer who was erased is not brought back by a channel that still shows them, and what
 * asks for an erasure keeps no more of them than is needed to carry it out. Method: the sandbox
 * goes on showing the buyer and announcing the order; judged by everything the tables say.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readPrivacyMessages } from '../../../app/store/customer-data';
import { ADDRESS } from '../../support/buyer';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';
import { mentionedIn } from '../../support/mentioned-in';
import { orderIdOf } from '../orders/order-world';

const BUYER = 'nightingale@example.test';
const TABLES = ['inbox_event', 'customer_order', 'order_hold', 'privacy_request', 'job'];

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'TEA-1': { West: 50, East: 50 } });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  await world.close();
});

async function buy(email: string) {
  const address = { ...ADDRESS, lastName: 'Nightingale', address1: '9 Warbler Row' };
  const lines = [{ sku: 'TEA-1', quantity: 1 }];
  const placed = world.shop.placeOrder({ lines, email, shippingAddress: address });
  await world.settle();
  return { placed, id: await orderIdOf(world, placed.name) };
}

const eventsOf = async (topic: string): Promise<number> => {
  const { count } = await world.db.one<{ count: number }>(
    `SELECT count(*) AS count FROM inbox_event WHERE topic = $1 AND state = 'processed'`,
    [topic],
  );
  return count;
};

test('a message that waits keeps which buyer and orders it names, and nothing to read', async () => {
  const { placed, id } = await buy(BUYER);
  const other = await buy('NightinGale@example.test');
  await world.db.query(`UPDATE inbox_event SET body = ''`);
  // Something that keeps it from being carried out: jobs of one account run one at a time.
  const worker = await world.db.one<{ id: string }>(
    `INSERT INTO job (kind, merchant_id, connection_id, payload, serial_key, state, lease_until,
        leased_by, attempts) VALUES ('look-again', $1, $2, '{}', $3, 'running',
        now() + interval '1 hour', 'somebody', 1) RETURNING id::text AS id`,
    [world.merchantId, world.shopifyId, `account:${world.shopifyId}`],
  );
  world.shop.redact('customer', placed.id);
  await world.shopify.webhooksSettled();
  const event = await world.db.one<{ id: string; body: string }>(
    `SELECT id, body FROM inbox_event WHERE topic = 'customers/redact' AND state = 'received'`,
  );
  expect(event.body).not.toMatch(/nightingale|warbler|@|phone/i);
  const [message] = await readPrivacyMessages(world.db, [event.id]);
  expect(message?.asked?.orderRefs).toEqual([placed.id]);
  expect(message?.asked?.emailHash).toMatch(/^[0-9a-f]{64}$/);

  // What an earlier release has stored, in full, is understood as well.
  const whole = { customer: { id: 7, email: ` ${BUYER.toUpperCase()} ` }, orders_to_redact: [1] };
  await world.db.query(`UPDATE inbox_event SET body = $2 WHERE id = $1`, [
    event.id,
    JSON.stringify(whole),
  ]);
  const [earlier] = await readPrivacyMessages(world.db, [event.id]);
  expect(earlier?.asked?.emailHash).toBe(message?.asked?.emailHash);
  await world.db.query(`UPDATE inbox_event SET body = $2 WHERE id = $1`, [event.id, event.body]);

  await world.db.query(`UPDATE job SET state = 'done' WHERE id = $1::bigint`, [worker.id]);
  await world.settle();
  expect(await mentionedIn(world.db, TABLES, 'nightingale')).toEqual([]);
  expect(await mentionedIn(world.db, TABLES, 'warbler')).toEqual([]);
  const { rows } = await world.db.query(
    `SELECT redacted_at IS NOT NULL AS erased FROM customer_order WHERE id = ANY($1::uuid[])`,
    [[id, other.id]],
  );
  expect(rows).toEqual([{ erased: true }, { erased: true }]);
});

test('what the channel goes on showing is not taken in again', async () => {
  const { placed, id } = await buy(BUYER);
  world.shop.redact('customer', placed.id);
  await world.settle();
  const told = await eventsOf('orders/updated');
  world.shop.editOrder(placed.id, {
    note: 'Nightingale wants it on the 9th',
    tags: ['nightingale'],
  });
  await world.settle();
  expect(await eventsOf('orders/updated')).toBeGreaterThan(told);
  expect(await mentionedIn(world.db, TABLES, 'nightingale')).toEqual([]);
  expect(await mentionedIn(world.db, TABLES, 'warbler')).toEqual([]);
  const { rows } = await world.db.query(
    `SELECT customer_name AS name, email, note, tags, ship_to ->> 'countryCode' AS country,
        held, (SELECT count(*) FROM order_hold WHERE order_id = o.id) AS holds
       FROM customer_order o WHERE id = $1`,
    [id],
  );
  expect(rows).toEqual([
    { name: null, email: null, note: null, tags: [], country: 'US', held: false, holds: 0 },
  ]);
  const { rows: changes } = await world.db.query(
    `SELECT data FROM audit_record WHERE subject_id = $1 AND action = 'order.updated'
        AND data::text ~ '(address|email|note)'`,
    [id],
  );
  expect(changes).toEqual([]);
});

test('the database itself refuses to learn of them again', async () => {
  const { placed, id } = await buy(BUYER);
  world.shop.redact('customer', placed.id);
  await world.settle();
  await world.db.query(
    `UPDATE customer_order SET customer_name = 'Nightingale', email = $2, redacted_at = NULL,
        ship_to = '{"countryCode": "US", "province": "NJ", "city": "Warbler"}' WHERE id = $1`,
    [id, BUYER],
  );
  const row = await world.db.one<{ city: string | null; country: string; text: string }>(
    `SELECT ship_to ->> 'city' AS city, ship_to ->> 'countryCode' AS country, o::text AS text
       FROM customer_order o WHERE id = $1`,
    [id],
  );
  expect(row).toMatchObject({ city: null, country: 'US' });
  expect(row.text).not.toMatch(/nightingale/i);
});
