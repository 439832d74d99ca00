/** A merchant with both sandbox stores, our real parts in this process, and a worker. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import '@shopify/shopify-api/adapters/node';
import { type ApiVersion, RequestedTokenType, shopifyApi } from '@shopify/shopify-api';
import { ADMIN_API_VERSION } from '../../app/connectors/channels/shopify/client';
import { connectWooCommerce } from '../../app/operations/connections/connect-woocommerce';
import { goLive } from '../../app/operations/connections/go-live';
import { installShop } from '../../app/operations/connections/install-shop';
import { parseConfig } from '../../app/platform/config';
import type { Database } from '../../app/platform/database';
import { getShopify } from '../../app/shopify.server';
import { serveWebhooks } from '../../app/webhooks/inbound/serve-webhooks';
import { type Wiring, createWiring } from '../../app/wiring.server';
import { createFaults, createJournal, createRandom, realClock } from '../sandbox/core';
import {
  type SandboxShop,
  type ShopifySandbox,
  createShopifySandbox,
  readAppConfiguration,
} from '../sandbox/shopify';
import { type WooStore, createWooStore } from '../sandbox/woocommerce';
import { createTestDatabase } from './test-database';

export const API_KEY = 'crossdock-test';
export const API_SECRET = 'crossdock-test-secret-0123456789';
export const STAFF = { kind: 'staff', id: 'staff-1' } as const;

/** Units at the three locations, by their names. */
export type Units = { readonly West?: number; readonly East?: number; readonly Outside?: number };

export type MerchantWorld = {
  readonly db: Database;
  readonly wiring: Wiring;
  readonly merchantId: string;
  readonly shopifyId: string;
  readonly wooId: string;
  readonly shopify: ShopifySandbox;
  readonly shop: SandboxShop;
  readonly woo: WooStore;
  /** Waits until nothing is on its way: no webhook, no job due soon, no number to send. */
  settle(): Promise<void>;
  itemId(sku: string): Promise<string>;
  locationId(name: string): Promise<string>;
  /** Sum over the locations. */
  level(sku: string): Promise<{ available: number; committed: number }>;
  /** What the WooCommerce store shows. */
  wooStock(sku: string): number | null;
  /** What the Shopify store shows, over its locations. */
  shopStock(sku: string): number;
  /** Takes the app off the shop, lets `meanwhile` happen, and installs it again. */
  reinstall(meanwhile: () => void): Promise<void>;
  close(): Promise<void>;
};

const SETTLE_MS_MAX = 120_000;
/** Jobs further away than this are back-offs that a test would not wait for. */
const SOON_MS = 8_000;
/**
 * Work that waits for more of its kind, and messages whose store did not answer: when nothing else
 * is on its way, the time until they are due is as good as over. What is measured against other
 * clocks, as a raised number that is held back, has to be waited for.
 */
const HURRIED = ['move-work', 'look-again'];

/** `items`: SKU to units. All of them are sold on both stores. */
export async function createMerchantWorld(
  items: Readonly<Record<string, Units>>,
): Promise<MerchantWorld> {
  const { db, url } = await createTestDatabase();
  const receiver = await startReceiver();
  const clock = realClock();
  const random = createRandom(7);
  const shopify = await createShopifySandbox({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: receiver.url,
    clock,
    random,
    scheduleScale: 0.001,
    ...(await readAppConfiguration(new URL('../../shopify.app.toml', import.meta.url))),
  });
  process.env['SHOPIFY_SIM_URL'] = shopify.url;
  await import('../sandbox/redirect.mjs');
  const shop = shopify.createShop({
    domain: 'harbor-goods.myshopify.com',
    name: 'Harbor Goods',
    locations: [
      { name: 'West', provinceCode: 'OR', province: 'Oregon', latitude: 45.5, longitude: -122.7 },
      { name: 'East', provinceCode: 'PA', province: 'Penn', latitude: 40, longitude: -75.1 },
      {
        name: 'Outside',
        provinceCode: 'NV',
        province: 'Nevada',
        latitude: 39.5,
        longitude: -119.8,
      },
    ],
  });
  const woo = await createWooStore({
    name: 'Harbor Outlet',
    clock,
    random: random.fork('woo'),
    faults: createFaults(random.fork('woo faults')),
    journal: createJournal(() => clock.now()),
    fulfillments: true,
  });
  for (const [sku, units] of Object.entries(items)) {
    shop.addProduct({ title: `Item ${sku}`, variants: [{ sku, stock: { ...units } }] });
    const stock = Object.values(units).reduce((sum, count) => sum + count, 0);
    woo.addProduct({ name: `Item ${sku}`, sku, price: '10.00', stock });
  }
  const wiring = createWiring(
    parseConfig({
      NODE_ENV: 'test',
      DATABASE_URL: url,
      SHOPIFY_API_KEY: API_KEY,
      SHOPIFY_API_SECRET: API_SECRET,
      SHOPIFY_APP_URL: receiver.url,
      ENCRYPTION_KEY: Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64'),
      CROSSDOCK_ALLOW_PRIVATE_STORE_URLS: 'true',
      LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    }),
  );
  receiver.answerWith(wiring);
  const worker = wiring.jobs.startWorker({
    registry: wiring.registry,
    deps: wiring.jobDeps,
    pollMs: 100,
  });
  const install = async () => {
    await signIn(shop, receiver.url);
    return installShop(wiring.ctx, {
      shop: shop.domain,
      name: 'Harbor Goods',
      currency: 'USD',
      timezone: 'UTC',
    });
  };
  const installed = await install();
  const settle = (): Promise<void> => settled(db, shopify, woo);
  const live = async (merchantId: string, connectionId: string): Promise<void> => {
    await settle();
    const answer = await goLive(wiring.ctx, { merchantId, connectionId, actor: STAFF });
    if (answer.status !== 'done') throw new Error(answer.message);
    await settle();
  };
  await live(installed.merchantId, installed.connectionId);
  const connected = await connectWooCommerce(wiring.ctx, {
    merchantId: installed.merchantId,
    storeUrl: woo.url,
    consumerKey: woo.consumerKey,
    consumerSecret: woo.consumerSecret,
    actor: STAFF,
  });
  if (connected.status !== 'done') throw new Error(connected.message);
  await live(installed.merchantId, connected.connectionId);
  const productBySku = new Map(
    [...woo.state.products.values()].map((product) => [product.sku, product.id]),
  );
  return {
    db,
    wiring,
    merchantId: installed.merchantId,
    shopifyId: installed.connectionId,
    wooId: connected.connectionId,
    shopify,
    shop,
    woo,
    settle,
    itemId: (sku) => idOf(db, 'item', 'sku', sku),
    locationId: (name) => idOf(db, 'location', 'name', name),
    level: (sku) => levelOf(db, sku),
    wooStock: (sku) => woo.stockOf(productBySku.get(sku) ?? 0),
    shopStock: (sku) =>
      ['West', 'East', 'Outside'].reduce((sum, name) => sum + availableAt(shop, sku, name), 0),
    async reinstall(meanwhile) {
      shop.uninstall();
      await settle();
      meanwhile();
      shop.install();
      await install();
      await settle();
    },
    async close() {
      await worker.stop(5_000);
      await wiring.jobs.close();
      await wiring.db.close();
      await Promise.all([shopify.close(), woo.close(), receiver.close()]);
    },
  };
}

function availableAt(shop: SandboxShop, sku: string, location: string): number {
  try {
    return shop.available(sku, location);
  } catch {
    return 0;
  }
}

/** The app's webhook addresses, without the pages around them. */
async function startReceiver() {
  let wiring: Wiring | null = null;
  const server = createServer((incoming, outgoing) => {
    if (wiring === null) outgoing.writeHead(503).end();
    else serveWebhooks(wiring.webhooks)(incoming, outgoing, () => outgoing.writeHead(404).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    answerWith(parts: Wiring) {
      wiring = parts;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Token exchange as the app does it on the merchant's first visit. */
async function signIn(shop: SandboxShop, appUrl: string): Promise<void> {
  const api = shopifyApi({
    apiKey: API_KEY,
    apiSecretKey: API_SECRET,
    apiVersion: ADMIN_API_VERSION as ApiVersion,
    hostName: new URL(appUrl).host,
    isEmbeddedApp: true,
    logger: { log: () => undefined },
  });
  const { session } = await api.auth.tokenExchange({
    shop: shop.domain,
    sessionToken: shop.idToken(),
    requestedTokenType: RequestedTokenType.OfflineAccessToken,
    expiring: true,
  });
  await getShopify().sessionStorage.storeSession(session);
}

async function settled(db: Database, shopify: ShopifySandbox, woo: WooStore): Promise<void> {
  const deadline = Date.now() + SETTLE_MS_MAX;
  let quiet = 0;
  while (quiet < 3) {
    await Promise.all([shopify.webhooksSettled(), woo.settled()]);
    const { waiting } = await db.one<{ waiting: number }>(
      `SELECT (SELECT count(*) FROM job WHERE state = 'running' OR (state = 'queued'
           AND run_at < now() + $1 * interval '1 millisecond'))
         + (SELECT count(*) FROM publication p JOIN listing li ON li.id = p.listing_id
             JOIN connection c ON c.id = p.connection_id
             WHERE p.dirty_seq > p.sent_seq AND li.item_id IS NOT NULL AND c.publishing
               AND c.imported_at IS NOT NULL AND c.braked_at IS NULL AND c.status = 'connected'
               AND p.failures = 0) AS waiting`,
      [SOON_MS],
    );
    quiet = waiting === 0 ? quiet + 1 : 0;
    if (Date.now() > deadline) throw new Error(`${String(waiting)} things are still on their way.`);
    if (waiting > 0) await hurry(db);
    await sleep(60);
  }
}

async function hurry(db: Database): Promise<void> {
  await db.query(
    `UPDATE job SET run_at = now() WHERE state = 'queued' AND kind = ANY($1)
        AND run_at > now() + interval '300 milliseconds'
        AND run_at < now() + $2 * interval '1 millisecond'
        AND NOT EXISTS (SELECT 1 FROM job WHERE state = 'running'
          OR (state = 'queued' AND run_at < now() + interval '300 milliseconds'))`,
    [HURRIED, SOON_MS],
  );
}

async function idOf(db: Database, table: string, column: string, value: string): Promise<string> {
  const { id } = await db.one<{ id: string }>(`SELECT id FROM ${table} WHERE ${column} = $1`, [
    value,
  ]);
  return id;
}

async function levelOf(
  db: Database,
  sku: string,
): Promise<{ available: number; committed: number }> {
  return db.one(
    `SELECT COALESCE(sum(l.available), 0)::int AS available,
        COALESCE(sum(l.committed), 0)::int AS committed
       FROM item i LEFT JOIN stock_level l ON l.item_id = i.id WHERE i.sku = $1`,
    [sku],
  );
}

/** Sum over all cells of all items: zero by double entry, so it is checked per movement side. */
export async function ledgerProblems(db: Database, merchantId: string): Promise<string[]> {
  const { rows } = await db.query<{ item_id: string }>(`SELECT item_id FROM ledger_drift($1)`, [
    merchantId,
  ]);
  return rows.map((row) => `level of item ${row.item_id} is not the fold of its movements`);
}
