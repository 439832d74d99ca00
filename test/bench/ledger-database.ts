/** A database of the bench's own, with one merchant of believable size in it. */
import path from 'node:path';
import pg from 'pg';
import { type JobSystem, createJobSystem } from '../../app/jobs/job-system';
import { createAfterCommit } from '../../app/operations/after-commit';
import type { OperationContext } from '../../app/operations/context';
import { systemActor } from '../../app/domain/shared/actor';
import { inside, outside } from '../../app/domain/stock/cell';
import { type Database, createDatabase } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { silentLog } from '../../app/platform/log';
import { applyMigrations } from '../../app/platform/migrations';
import { findDrift, postMovements } from '../../app/store/movements';
import { insertRows } from '../../app/store/rows';
import { type PostgresServer, acquirePostgres } from '../support/embedded-postgres';

const root = path.resolve(import.meta.dirname, '../..');
export const benchFolder = path.join(root, '.data', 'bench');
const ITEMS = 1_000;
const OPENING_UNITS = 200_000;
const SEED_BATCH = 500;
/** As many as callers, and some for what goes on beside them. */
export const POOL_MAX = 20;

export function acquireBenchPostgres(): Promise<PostgresServer> {
  return acquirePostgres({ folder: path.join(benchFolder, 'postgres') });
}

/** Makes the database anew and applies the migrations. Answers its address. */
export async function freshDatabase(server: PostgresServer, name: string): Promise<string> {
  const url = await emptyDatabase(server, name);
  await applyMigrations(url, path.join(root, 'prisma', 'migrations'));
  return url;
}

/** One without any table. */
export async function emptyDatabase(server: PostgresServer, name: string): Promise<string> {
  await dropDatabase(server, name);
  await asAdmin(server, `CREATE DATABASE ${name}`);
  return server.urlOf(name);
}

export function dropDatabase(server: PostgresServer, name: string): Promise<void> {
  return asAdmin(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

async function asAdmin(server: PostgresServer, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export type LedgerWorld = {
  readonly url: string;
  readonly db: Database;
  readonly context: OperationContext;
  readonly merchantId: string;
  /** The Shopify connection and the WooCommerce one; both list every item and are told of it. */
  readonly connectionIds: readonly [string, string];
  readonly locationIds: readonly string[];
  /** In order of popularity; `listingRef` is the same on both connections. */
  readonly items: readonly { readonly id: string; readonly sku: string }[];
  close(): Promise<void>;
};

/** Items on two channels and in three locations, all stocked through the ledger. */
export async function createLedgerWorld(url: string, count = ITEMS): Promise<LedgerWorld> {
  const db = createDatabase(url, { max: POOL_MAX, applicationName: 'crossdock-bench' });
  const jobs = createJobSystem({ db, log: silentLog, redisUrl: null });
  const merchantId = newId();
  const connectionIds = [newId(), newId()] as const;
  const locationIds = [newId(), newId(), newId()];
  const items = Array.from({ length: count }, (_, index) => ({
    id: newId(),
    sku: `SKU-${String(index).padStart(4, '0')}`,
  }));
  const world = { url, db, merchantId, connectionIds, locationIds, items };
  await seedCatalog(world);
  await stockEverything(world);
  return {
    ...world,
    context: ledgerContext(db, jobs),
    async close() {
      await jobs.close();
      await db.close();
    },
  };
}

/** What an operation is given where there is a database and nothing else. */
export function ledgerContext(db: Database, jobs: JobSystem): OperationContext {
  return {
    db,
    clock: { now: () => new Date() },
    log: silentLog,
    afterCommit: createAfterCommit(db, jobs.queue, silentLog),
    channelFor: () => Promise.reject(new Error('There is no channel in this bench.')),
    stores: {
      checkUrl: () => Promise.resolve({ ok: false, message: 'There is no store here.' }),
      callbackUrl: (id) => id,
      look: () => Promise.resolve({ ok: false, message: 'There is no store here.' }),
      grantUrl: () => null,
      readGrant: () => null,
    },
    secrets: { seal: (plain) => plain, open: (sealed) => sealed },
  };
}

type Seed = Omit<LedgerWorld, 'context' | 'close'>;

async function seedCatalog({ db, merchantId, connectionIds, locationIds, items }: Seed) {
  await insertRows(db, 'merchant', [
    { id: merchantId, name: 'Bench', currency: 'USD', timezone: 'UTC', created_at: new Date() },
  ]);
  const kinds = ['shopify', 'woocommerce'];
  await insertRows(
    db,
    'connection',
    connectionIds.map((id, index) => ({
      id,
      merchant_id: merchantId,
      kind: kinds[index],
      account: `bench-${id}`,
      name: kinds[index],
      status: 'connected',
      buffer_units: 0,
      publishing: true,
      imported_at: new Date(0),
      created_at: new Date(0),
    })),
  );
  const places = [
    ['Portland', 45.54, -122.69],
    ['Philadelphia', 39.97, -75.14],
    ['Reno', 39.45, -119.77],
  ] as const;
  await insertRows(
    db,
    'location',
    locationIds.map((id, index) => ({
      id,
      merchant_id: merchantId,
      name: places[index]?.[0],
      kind: 'own',
      latitude: places[index]?.[1],
      longitude: places[index]?.[2],
      priority: index + 1,
      active: true,
      created_at: new Date(),
    })),
  );
  await insertRows(
    db,
    'connection_location',
    connectionIds.flatMap((connectionId, channel) =>
      locationIds.map((locationId) => ({
        id: newId(),
        merchant_id: merchantId,
        connection_id: connectionId,
        location_id: locationId,
        external_ref: channel === 0 ? locationId : '',
      })),
    ),
  );
  await insertRows(
    db,
    'item',
    items.map(({ id, sku }) => ({
      id,
      merchant_id: merchantId,
      sku,
      title: `Item ${sku}`,
      created_at: new Date(),
    })),
  );
  const listings = connectionIds.flatMap((connectionId) =>
    items.map((item) => ({
      id: newId(),
      merchant_id: merchantId,
      connection_id: connectionId,
      item_id: item.id,
      external_ref: `listing:${item.sku}`,
      stock_ref: `stock:${item.sku}`,
      sku: item.sku,
      title: `Item ${item.sku}`,
      tracked: true,
      active: true,
      updated_at: new Date(),
    })),
  );
  await insertRows(db, 'listing', listings);
  await insertRows(
    db,
    'publication',
    listings.flatMap((listing) =>
      (listing.connection_id === connectionIds[0] ? locationIds : ['']).map((ref) => ({
        id: newId(),
        merchant_id: merchantId,
        connection_id: listing.connection_id,
        listing_id: listing.id,
        location_ref: ref,
        dirty_seq: 0,
        sent_seq: 0,
        failures: 0,
      })),
    ),
  );
}

async function stockEverything({ db, merchantId, locationIds, items }: Seed) {
  const drafts = items.flatMap((item) =>
    locationIds.map((locationId) => ({
      itemId: item.id,
      quantity: OPENING_UNITS,
      from: outside('supplier'),
      to: inside('available', locationId),
      key: `opening:${item.id}:${locationId}`,
      reason: 'received',
      cause: { kind: 'bench', id: 'opening' },
      actor: systemActor('bench'),
      note: null,
      occurredAt: new Date(),
    })),
  );
  for (let at = 0; at < drafts.length; at += SEED_BATCH) {
    await postMovements(db, merchantId, drafts.slice(at, at + SEED_BATCH), 'all');
  }
}

/** The two promises that no figure may be bought with, as sentences when they are broken. */
export async function brokenPromises(db: Database, merchantId: string, after: string) {
  const broken: string[] = [];
  const drift = await findDrift(db, merchantId);
  if (drift.length > 0) broken.push(`${after}: ${String(drift.length)} levels drifted`);
  const { sum } = await db.one<{ sum: number }>(
    `SELECT COALESCE(sum(available + committed + reserved), 0)::bigint AS sum FROM stock_level
      WHERE merchant_id = $1`,
    [merchantId],
  );
  const { accepted } = await db.one<{ accepted: number }>(
    `SELECT COALESCE(sum(quantity) FILTER (WHERE from_location_id IS NULL), 0)::bigint AS accepted
       FROM movement WHERE merchant_id = $1 AND to_location_id IS NOT NULL`,
    [merchantId],
  );
  if (sum > accepted) broken.push(`${after}: ${String(sum)} units held, ${String(accepted)} came`);
  return broken;
}
