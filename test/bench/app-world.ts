/**
 * The built application as in production, web and worker apart or in one process, with both sandbox
 * stores behind it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, createDatabase } from '../../app/platform/database';
import { type AppProcess, startApp } from '../demo/app-process';
import { LOCATIONS, demoCatalog } from '../demo/catalog';
import { merchantBrowser, prepareMerchant } from '../demo/install';
import {
  type Journal,
  type JournalEntry,
  createFaults,
  createJournal,
  createRandom,
  realClock,
} from '../sandbox/core';
import { createShopifySandbox, readAppConfiguration } from '../sandbox/shopify';
import { createWooStore } from '../sandbox/woocommerce';
import { freePort } from '../support/free-port';
import type { PostgresServer } from '../support/embedded-postgres';
import { benchFolder, freshDatabase } from './ledger-database';

const SHOP_DOMAIN = 'bench-goods.myshopify.com';
const API_SECRET = 'bench-shopify-secret';
/** Nothing may sell out: a refused checkout would measure nothing. */
const OPENING_UNITS = {
  [LOCATIONS.main]: 6_000,
  [LOCATIONS.east]: 5_000,
  [LOCATIONS.outside]: 4_000,
};
/** What a shop on the Advanced plan may spend: https://shopify.dev/docs/api/usage/limits */
const ADVANCED = { max: 4_000, restorePerSecond: 200 };
const SETTLED_MS_MAX = 60_000;

export type AppWorld = Awaited<ReturnType<typeof startAppWorld>>;

/** Called with every request that reached a store, as it is answered. */
export type Witness = (entry: Omit<JournalEntry, 'sequence' | 'at'>) => void;

export async function startAppWorld(
  server: PostgresServer,
  database: string,
  processes: 'apart' | 'together' = 'apart',
) {
  const url = await freshDatabase(server, database);
  const db = createDatabase(url, { max: 3, applicationName: 'crossdock-bench' });
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${String(port)}`;
  const witnesses = new Set<Witness>();
  const stores = await startStores(appUrl, witnesses);
  const environment = {
    NODE_ENV: 'production',
    NODE_OPTIONS: '--import ./test/bench/redirect-in-production.mjs',
    LOG_LEVEL: 'info',
    DATABASE_URL: url,
    SHOPIFY_API_KEY: 'crossdock-bench',
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: appUrl,
    SHOPIFY_SIM_URL: stores.shopify.url,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    CROSSDOCK_ALLOW_PRIVATE_STORE_URLS: 'true',
  };
  mkdirSync(benchFolder, { recursive: true });
  const logFile = (role: string): string => {
    const file = path.join(benchFolder, `${role}.log`);
    rmSync(file, { force: true });
    return file;
  };
  const start = (role: 'web' | 'worker' | 'all'): Promise<AppProcess> =>
    startApp({ port, role, environment, logFile: logFile(role), alone: true });
  const running: AppProcess[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.stop()));
    await Promise.all([stores.shopify.close(), stores.woo.close()]);
    await db.close();
  };
  const browse = merchantBrowser(appUrl, stores.shop);
  const world = { ...stores, db, url, appUrl, apiSecret: API_SECRET, browse, witnesses };
  try {
    for (const role of processes === 'apart' ? (['web', 'worker'] as const) : (['all'] as const)) {
      running.push(await start(role));
    }
    await prepareMerchant({ appUrl, databaseUrl: url, world: stores, say: () => undefined });
    await settle(db);
  } catch (problem) {
    await close();
    throw problem;
  }
  const merchant = await db.one<{ id: string }>('SELECT id FROM merchant');
  return {
    ...world,
    merchantId: merchant.id,
    logFolder: benchFolder,
    /** Waits until no job is due and no number waits to be sent; answers how long it took. */
    settle: () => settle(db),
    /** Megabytes that each process held at most; nothing where the system does not tell. */
    peakMegabytes: () => running.flatMap((one) => peakMegabytes(one)),
    close,
  };
}

function peakMegabytes({ process: { pid } }: AppProcess): readonly number[] {
  const file = `/proc/${String(pid)}/status`;
  if (!existsSync(file)) return [];
  const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(file, 'utf8'))?.[1];
  return kilobytes === undefined ? [] : [Math.round(Number(kilobytes) / 1_024)];
}

async function startStores(appUrl: string, witnesses: ReadonlySet<Witness>) {
  const clock = realClock();
  const random = createRandom(20261124);
  const witnessed = (): Journal => {
    const journal = createJournal(() => clock.now(), 500);
    return {
      ...journal,
      record(entry) {
        for (const witness of witnesses) witness(entry);
        return journal.record(entry);
      },
    };
  };
  const shopify = await createShopifySandbox({
    apiKey: 'crossdock-bench',
    apiSecret: API_SECRET,
    appUrl,
    clock,
    random: random.fork('shopify'),
    journal: witnessed(),
    ...(await readAppConfiguration(new URL('../../shopify.app.toml', import.meta.url))),
  });
  const shop = shopify.createShop({
    domain: SHOP_DOMAIN,
    name: 'Bench Goods',
    plan: 'Advanced',
    locations: [
      { name: LOCATIONS.main, latitude: 45.54, longitude: -122.69 },
      {
        name: LOCATIONS.east,
        province: 'Pennsylvania',
        provinceCode: 'PA',
        latitude: 39.97,
        longitude: -75.14,
      },
      {
        name: LOCATIONS.outside,
        province: 'Nevada',
        provinceCode: 'NV',
        latitude: 39.45,
        longitude: -119.77,
      },
    ],
  });
  shop.setRateLimit(ADVANCED);
  const woo = await createWooStore({
    name: 'Bench Outlet',
    clock,
    random: random.fork('woocommerce'),
    faults: createFaults(random.fork('faults')),
    journal: witnessed(),
    fulfillments: true,
    credentials: {
      consumerKey: `ck_${randomBytes(20).toString('hex')}`,
      consumerSecret: `cs_${randomBytes(20).toString('hex')}`,
    },
  });
  const skus: string[] = [];
  for (const product of demoCatalog(random.fork('catalog'))) {
    const variants = product.variants.map((variant) => ({
      ...variant,
      stock: { ...OPENING_UNITS },
    }));
    shop.addProduct({ title: product.title, productType: product.productType, variants });
    woo.addProduct({
      name: product.title,
      optionName: 'Option',
      variations: variants.map((variant) => ({
        sku: variant.sku,
        option: variant.title,
        price: (variant.priceMinor / 100).toFixed(2),
        stock: Object.values(OPENING_UNITS).reduce((sum, units) => sum + units, 0),
      })),
    });
    skus.push(...variants.map((variant) => variant.sku));
  }
  // Popularity is given by place in the list; sizes of one product should not be neighbours.
  return { shopify, shop, woo, random, skus: random.fork('popularity').shuffle(skus) };
}

async function settle(db: Database): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const { waiting } = await db.one<{ waiting: number }>(
      `SELECT (SELECT count(*) FROM job WHERE state IN ('queued', 'running') AND run_at <= now() + interval '2 seconds')
         + (SELECT count(*) FROM publication p JOIN listing l ON l.id = p.listing_id
             WHERE p.dirty_seq > p.sent_seq AND l.item_id IS NOT NULL AND l.tracked AND l.active)
         AS waiting`,
    );
    const ms = performance.now() - startedAt;
    if (waiting === 0 || ms > SETTLED_MS_MAX) return ms;
    await sleep(50);
  }
}
