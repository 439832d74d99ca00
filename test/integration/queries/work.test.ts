/**
 * Home, channels, jobs, inbox and the live version: counts are of this merchant alone, nothing
 * private is shown, and a change is noticed.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { type Prisma, createPrisma } from '../../../app/platform/prisma';
import {
  findConnectionRow,
  listConnections,
} from '../../../app/queries/connections/list-connections';
import { getConnectionDetail } from '../../../app/queries/connections/get-connection-detail';
import { type ListingListInput, listListings } from '../../../app/queries/catalog/list-listings';
import { recentActivity } from '../../../app/queries/home/recent-activity';
import { todaysNumbers } from '../../../app/queries/home/todays-numbers';
import { whatNeedsAttention } from '../../../app/queries/home/what-needs-attention';
import { listInboxEvents } from '../../../app/queries/jobs/list-inbox-events';
import { listJobs } from '../../../app/queries/jobs/list-jobs';
import { merchantVersion } from '../../../app/queries/live/merchant-version';
import { watchMerchant } from '../../../app/queries/live/watch-merchant';
import { FIRST_PAGE } from '../../../app/queries/paging';
import { createTestDatabase } from '../../support/test-database';
import { type SeededMerchant, seedItem, seedMerchant, seedOrder } from './seed';

let db: Database;
let prisma: Prisma;
let ours: SeededMerchant;
let theirs: SeededMerchant;

beforeAll(async () => {
  ({ db } = await createTestDatabase());
  prisma = createPrisma(db);
  ours = await seedMerchant(db, 'ours');
  theirs = await seedMerchant(db, 'theirs');
  for (const merchant of [ours, theirs]) {
    await seedOrder(db, merchant, { name: '#1', unitsShort: 2, placedAt: '2026-11-24T04:59:00Z' });
    await seedOrder(db, merchant, { name: '#2', placedAt: '2026-11-24T05:01:00Z' });
    await seedJob(merchant, 'failed', {
      orderRef: 'gid://shopify/Order/1',
      email: 'ada@x.example',
    });
    await seedJob(merchant, 'queued', { connectionId: merchant.shopify });
    await seedEvent(merchant, 'failed');
    await seedListing(merchant, 'Unknown thing');
  }
});

async function seedJob(merchant: SeededMerchant, state: string, payload: object): Promise<void> {
  await db.query(
    `INSERT INTO job (merchant_id, connection_id, kind, payload, state, last_error)
     VALUES ($1, $2, 'look-again', $3::jsonb, $4, 'HTTP 401')`,
    [merchant.id, merchant.shopify, JSON.stringify(payload), state],
  );
}

async function seedEvent(merchant: SeededMerchant, state: string): Promise<void> {
  await db.query(
    `INSERT INTO inbox_event (id, merchant_id, connection_id, topic, dedupe_key, concerns, body, state)
     VALUES ($1::uuid, $2, $3, 'orders/create', $1::uuid::text,
       '{"kind":"order","orderRef":"77","customer":"Ada"}', '{"email":"ada@x.example"}', $4)`,
    [newId(), merchant.id, merchant.shopify, state],
  );
}

async function seedListing(merchant: SeededMerchant, title: string): Promise<void> {
  await db.query(
    `INSERT INTO listing (id, merchant_id, connection_id, external_ref, stock_ref, title)
     VALUES ($1::uuid, $2, $3, $1::uuid::text, 's', $4)`,
    [newId(), merchant.id, merchant.woo, title],
  );
}

async function seedAudit(merchant: SeededMerchant, action: string, data: object): Promise<void> {
  await db.query(
    `INSERT INTO audit_record (id, merchant_id, at, actor_kind, actor_id, action, subject_kind,
       subject_id, cause_kind, cause_id, data)
     VALUES ($1, $2, now(), 'channel', $3::uuid::text, $4, 'connection', $3::uuid::text,
       'connection', '1', $5::jsonb)`,
    [newId(), merchant.id, merchant.shopify, action, JSON.stringify(data)],
  );
}

describe('Home', () => {
  it('counts what needs a person, of this merchant alone', async () => {
    expect(await whatNeedsAttention(prisma, ours.id)).toEqual({
      shortOrders: 1,
      ordersWithUnmatchedLines: 0,
      unmatchedListings: 1,
      failedJobs: 1,
      failedEvents: 1,
      refusedReports: [],
      connections: [],
      braked: [],
      notLive: [],
    });
  });

  it('names orders whose channel refused the shipping, and connections in trouble', async () => {
    const merchant = await seedMerchant(db, 'trouble');
    const [locationId] = merchant.locations;
    const orderId = await seedOrder(db, merchant, { name: '#9', locationId });
    await db.query(
      `INSERT INTO fulfillment (id, merchant_id, order_id, fulfillment_order_id, idempotency_key,
         shipped_at, report_state)
       SELECT $1, $2, $3, f.id, 'k', now(), 'refused' FROM fulfillment_order f
       WHERE f.order_id = $3`,
      [newId(), merchant.id, orderId],
    );
    await db.query(
      `UPDATE connection SET status = 'needs_attention', status_reason = 'Keys were revoked.'
       WHERE id = $1`,
      [merchant.woo],
    );
    expect(await whatNeedsAttention(prisma, merchant.id)).toMatchObject({
      refusedReports: [{ orderId, orderName: '#9', channelName: 'Shop', reportState: 'refused' }],
      connections: [{ id: merchant.woo, name: 'Outlet', reason: 'Keys were revoked.' }],
    });
  });

  it('begins the day at midnight in the time zone of the merchant', async () => {
    const now = new Date('2026-11-24T15:00:00Z');
    const inNewYork = await todaysNumbers(prisma, ours.id, { now, timezone: 'America/New_York' });
    expect(inNewYork).toMatchObject({ orders: [{ channelName: 'Shop', orders: 1 }], toShip: 1 });
    const inUtc = await todaysNumbers(prisma, ours.id, { now, timezone: 'UTC' });
    expect(inUtc.orders).toEqual([{ channelName: 'Shop', orders: 2 }]);
  });

  it('tells recent activity with names in place of ids', async () => {
    await seedAudit(ours, 'stock.published', { numbers: [{ sku: 'MUG', to: 3, from: 4 }] });
    await seedAudit(ours, 'connection.buffer_set', { now: 2 });
    const [entry, another] = await recentActivity(prisma, ours.id);
    expect(entry).toMatchObject({
      action: 'connection.buffer_set',
      data: { channelName: 'Shop', now: 2 },
    });
    // Numbers are sent all day long: that is no news.
    expect(another).toBeUndefined();
    expect(await recentActivity(prisma, theirs.id)).toEqual([]);
  });
});

describe('channels', () => {
  it('shows health and what waits', async () => {
    const rows = await listConnections(prisma, ours.id);
    expect(
      rows.map(({ name, unmatchedListings, unsent }) => [name, unmatchedListings, unsent]),
    ).toEqual([
      ['Shop', 0, 0],
      ['Outlet', 1, 0],
    ]);
    expect(rows[0]?.feedingLocationIds).toHaveLength(3);
  });

  it('keeps to its merchant', async () => {
    expect(await findConnectionRow(prisma, ours.id, theirs.shopify)).toBeNull();
    expect(await findConnectionRow(prisma, ours.id, 'nonsense')).toBeNull();
    expect(await getConnectionDetail(prisma, ours.id, theirs.woo)).toBeNull();
    const toMatch: ListingListInput = {
      ...FIRST_PAGE,
      view: 'to-match',
      connectionId: theirs.woo,
      search: null,
    };
    expect((await listListings(prisma, ours.id, toMatch)).rows).toEqual([]);
    const own = await listListings(prisma, ours.id, { ...toMatch, connectionId: ours.woo });
    expect(own.rows).toMatchObject([{ title: 'Unknown thing', suggestion: null }]);
  });
});

describe('jobs and inbox', () => {
  it('shows references, never what may be about a person', async () => {
    const { rows } = await listJobs(prisma, ours.id, { ...FIRST_PAGE, view: 'failed' });
    expect(rows).toHaveLength(1);
    expect(rows[0]?.payload).toEqual([{ name: 'orderRef', value: 'gid://shopify/Order/1' }]);
    const inbox = await listInboxEvents(prisma, ours.id, { ...FIRST_PAGE, state: null });
    expect(inbox.rows[0]?.concerns).toEqual([
      { name: 'kind', value: 'order' },
      { name: 'orderRef', value: '77' },
    ]);
    expect(JSON.stringify([rows, inbox])).not.toMatch(/ada/i);
  });

  it('names the order or item it is about, with the place, of this merchant alone', async () => {
    const merchant = await seedMerchant(db, 'named');
    const itemId = await seedItem(db, merchant, 'MUG-L', 'Mug');
    const orderId = await seedOrder(db, merchant, { name: '#7' });
    const theirOrder = await seedOrder(db, theirs, { name: '#8' });
    const [brooklyn] = merchant.locations;
    await db.query(
      `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, title)
       VALUES ($1, $2, $3, $4, 'v1', 's1', 'Mug')`,
      [newId(), merchant.id, merchant.shopify, itemId],
    );
    await seedJob(merchant, 'failed', { orderId: theirOrder });
    await seedJob(merchant, 'failed', { orderId });
    await seedJob(merchant, 'failed', { concerns: { kind: 'order', orderRef: orderId } });
    await seedJob(merchant, 'failed', {
      concerns: { kind: 'stock', stockRef: 's1', locationRef: brooklyn, claimed: 40 },
    });
    const { rows } = await listJobs(prisma, merchant.id, { ...FIRST_PAGE, view: 'failed' });
    const order = { name: '#7', path: `/app/orders/${orderId}`, place: null, claimed: null };
    const item = { name: 'MUG-L', path: `/app/inventory/${itemId}` };
    expect(rows.map(({ about }) => about)).toEqual([
      { ...item, place: 'Brooklyn', claimed: '40' },
      order,
      order,
      null,
    ]);
  });

  it('separates states', async () => {
    const waiting = await listJobs(prisma, ours.id, { ...FIRST_PAGE, view: 'waiting' });
    expect(waiting.rows.map(({ state }) => state)).toEqual(['queued']);
    const processed = { ...FIRST_PAGE, state: 'processed' as const };
    expect((await listInboxEvents(prisma, ours.id, processed)).rows).toEqual([]);
  });
});

describe('live numbers', () => {
  it('has another version after a change of its own, and the same after a change elsewhere', async () => {
    const before = await merchantVersion(prisma, ours.id);
    await seedAudit(theirs, 'order.recorded', {});
    expect(await merchantVersion(prisma, ours.id)).toBe(before);
    await seedAudit(ours, 'order.recorded', {});
    expect(await merchantVersion(prisma, ours.id)).not.toBe(before);
  });

  it('calls everyone who watches, until they stop', async () => {
    const calls: string[] = [];
    const changed = new Promise<void>((resolve) => {
      const stopFirst = watchMerchant(prisma, ours.id, () => calls.push('stopped'));
      stopFirst?.();
      watchMerchant(prisma, ours.id, () => {
        calls.push('watching');
        resolve();
      });
    });
    // The first look only learns the version, so changes go on until one is noticed.
    const timer = setInterval(() => {
      void seedAudit(ours, 'order.recorded', {});
    }, 300);
    await changed;
    clearInterval(timer);
    expect(calls[0]).toBe('watching');
    expect(calls).not.toContain('stopped');
  });

  it('refuses watchers without number', () => {
    const stops = Array.from({ length: 60 }, () =>
      watchMerchant(prisma, theirs.id, () => undefined),
    );
    expect(stops.filter((stop) => stop === null).length).toBeGreaterThan(0);
    for (const stop of stops) stop?.();
    const again = watchMerchant(prisma, theirs.id, () => undefined);
    expect(again).not.toBeNull();
    again?.();
  });
});
