/**
 * Goal: what people wrote about a buyer, and what is still on its way, does not outlive an erasure.
 * Method: staff work on orders of both stores' sandbox, then the request comes; judged by rows.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { annotateInChannel, annotateOrder } from '../../../app/operations/orders/annotate-order';
import type { BulkWish } from '../../../app/operations/orders/bulk-wish';
import { startBulkAction } from '../../../app/operations/orders/start-bulk-action';
import { type OrderReading, takeOrders } from '../../../app/operations/orders/take-orders';
import { undoBulkAction } from '../../../app/operations/orders/undo-bulk-action';
import { listResults } from '../../../app/queries/bulk/get-bulk-action';
import { FIRST_PAGE } from '../../../app/queries/paging';
import { newId } from '../../../app/platform/ids';
import {
  findConnectionById,
  lockConnectionsOf,
  setConnectionStatus,
} from '../../../app/store/connections';
import { storeInboxEvent } from '../../../app/store/inbox';
import { ADDRESS } from '../../support/buyer';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';
import { mentionedIn } from '../../support/mentioned-in';
import { form, orderIdOf } from '../orders/order-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'TEA-1': { West: 50, East: 50 } });
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  await world.close();
});

const TABLES = [
  ...['inbox_event', 'customer_order', 'order_hold', 'fulfillment', 'audit_record'],
  ...['privacy_request', 'job', 'bulk_action', 'bulk_action_result'],
];

async function buy(email: string) {
  const placed = world.shop.placeOrder({
    lines: [{ sku: 'TEA-1', quantity: 1 }],
    email,
    shippingAddress: ADDRESS,
  });
  await world.settle();
  return { placed, id: await orderIdOf(world, placed.name) };
}

async function ship(orderId: string, number: string): Promise<string> {
  const { id } = await world.db.one<{ id: string }>(
    `SELECT id FROM fulfillment_order WHERE order_id = $1 AND status = 'open'`,
    [orderId],
  );
  const shipped = await shipFulfillmentOrder(world.wiring.ctx, {
    ...form(world),
    fulfillmentOrderId: id,
    lines: null,
    tracking: { company: `${number} Couriers`, number, url: `https://track.test/${number}` },
    notifyCustomer: false,
  });
  if (shipped.status === 'refused') throw new Error(shipped.message);
  await world.settle();
  return shipped.fulfillmentId;
}

async function bulk(wish: BulkWish, orderIds: readonly string[]): Promise<string> {
  const started = await startBulkAction(world.wiring.ctx, { ...form(world), orderIds, wish });
  if (started.status !== 'done') throw new Error(started.message);
  await world.settle();
  return started.actionId;
}

async function undo(actionId: string) {
  const { merchantId, actor } = form(world);
  const undone = await undoBulkAction(world.wiring.ctx, { merchantId, actionId, actor });
  if (undone.status !== 'done') throw new Error(undone.message);
  await world.settle();
  const page = { ...FIRST_PAGE, state: null };
  const { rows } = await listResults(world.wiring.prisma, merchantId, undone.actionId, page);
  return rows.map(({ orderId, state, message }) => ({ orderId, state, message }));
}

describe('a buyer who is erased', () => {
  it('leaves nothing in jobs, actions, parcels and records, and undoing skips it', async () => {
    const zweig = await buy('zweig@example.test');
    const later = await buy('Zweig@example.test');
    const other = await buy('stays@example.test');
    for (const [id, note] of [
      [zweig.id, 'Ask for Zweig'],
      [other.id, 'Ask for Unwin'],
    ] as const) {
      const written = { note, addTags: [`${note.slice(8)}-gift`], removeTags: [] };
      await annotateOrder(world.wiring.ctx, { ...form(world), orderId: id, ...written });
    }
    await world.settle();
    await bulk({ kind: 'tag', tags: ['zweig-vip'] }, [zweig.id]);
    const tagged = await bulk({ kind: 'tag', tags: ['gold'] }, [zweig.id, other.id]);
    await bulk({ kind: 'hold', reason: 'address', note: 'Call Zweig' }, [later.id]);
    const released = await bulk({ kind: 'release' }, [later.id]);
    const parcel = await ship(zweig.id, 'ZWEIG-1');
    await ship(other.id, 'UNWIN-1');
    const content = { lines: [], also: [{ id: newId(), company: null, number: 'ZWEIG-0' }] };
    await world.db.query(
      `UPDATE fulfillment SET report_state = 'refused', report_content = $2::jsonb WHERE id = $1`,
      [parcel, JSON.stringify(content)],
    );
    world.shop.redact('data_request', zweig.placed.id);
    await world.settle();
    world.shop.redact('customer', zweig.placed.id);
    await world.settle();
    world.shop.redact('customer', zweig.placed.id);
    await world.settle();

    const { rows: parcels } = await world.db.query(
      `SELECT tracking_number AS number, tracking_url AS url FROM fulfillment WHERE id = $1`,
      [parcel],
    );
    expect(parcels).toEqual([{ number: null, url: null }]);
    // The carrier is not the buyer's; it stays with the parcel, and nowhere else.
    expect(await mentionedIn(world.db, TABLES, 'zweig-1 couriers')).toEqual(['fulfillment']);
    await world.db.query(`UPDATE fulfillment SET tracking_company = NULL`);
    expect(await mentionedIn(world.db, TABLES, 'zweig')).toEqual([]);
    expect(await mentionedIn(world.db, TABLES, 'unwin')).toEqual(
      expect.arrayContaining(['job', 'customer_order']),
    );
    const { rows: requests } = await world.db.query(
      `SELECT kind, customer_ref AS customer, order_refs AS orders FROM privacy_request
        ORDER BY kind`,
    );
    expect(requests).toEqual([
      { kind: 'customer_data', customer: null, orders: [] },
      { kind: 'customer_redact', customer: null, orders: [] },
    ]);

    const untagged = await undo(tagged);
    expect(untagged).toEqual(
      expect.arrayContaining([
        { orderId: zweig.id, state: 'skipped', message: 'Its buyer was erased since.' },
        { orderId: other.id, state: 'done', message: null },
      ]),
    );
    await undo(released);
    const { rows: active } = await world.db.query(
      `SELECT reason, note FROM order_hold WHERE order_id = $1 AND released_at IS NULL`,
      [later.id],
    );
    expect(active).toEqual([{ reason: 'address', note: null }]);
  });

  it('is not told to the channel by what was forgotten of a job', async () => {
    const { id } = await buy('later@example.test');
    const asked = { merchantId: world.merchantId, orderId: id, key: 'annotate:1' };
    const before = world.shopify.journal.total();
    expect(
      await annotateInChannel(world.wiring.ctx, {
        ...asked,
        ...{ note: null, addTags: [], removeTags: [] },
      }),
    ).toMatchObject({ status: 'duplicate' });
    expect(world.shopify.journal.total()).toBe(before);
  });
});

describe('a shop that is erased', () => {
  it('takes in no order and no message that was on its way', async () => {
    const { placed } = await buy('race@example.test');
    const connection = await findConnectionById(world.db, world.shopifyId);
    if (connection === null) throw new Error('no connection');
    const channel = await world.wiring.ctx.channelFor(connection);
    const read = await channel.getOrder(placed.id);
    if (read.status !== 'done') throw new Error(read.status);
    const reading: OrderReading = {
      connectionId: connection.id,
      orderRef: placed.id,
      order: read.value,
      cause: { kind: 'job', id: '1' },
      eventIds: [],
    };
    const concerns = { kind: 'order', orderRef: placed.id } as const;
    const signal = { dedupeKey: newId(), topic: 'orders/updated', eventRef: null, concerns };
    const { merchantId } = world;
    const event = { merchantId, connectionId: connection.id, signal, body: '{"race":1}' };
    world.shop.uninstall();
    await world.settle();
    // Both begin while the erasure is under way, and end after it.
    const late = await world.db.transaction(async (tx) => {
      await lockConnectionsOf(tx, merchantId);
      await setConnectionStatus(tx, connection.id, 'disconnected', 'The shop was erased.');
      const work = Promise.all([
        takeOrders(world.wiring.ctx, merchantId, [reading]),
        storeInboxEvent(world.db, event),
      ]);
      return { work };
    });
    const [taken, kept] = await late.work;
    expect(taken).toEqual([{ orderId: null, outcome: 'unknown' }]);
    expect(kept).toEqual({ stored: false, duplicate: false, job: null });
    world.shop.redact('shop');
    await world.settle();
    expect(await takeOrders(world.wiring.ctx, merchantId, [reading])).toEqual([
      { orderId: null, outcome: 'unknown' },
    ]);
    expect(await mentionedIn(world.db, TABLES, 'race@example.test')).toEqual([]);
    expect(await mentionedIn(world.db, TABLES, 'unwin')).toEqual([]);
    const { rows } = await world.db.query<{ state: string }>(
      `SELECT state FROM inbox_event WHERE topic = 'shop/redact'`,
    );
    expect(rows).toEqual([{ state: 'processed' }]);
  });
});
