/**
 * The built web process in front of three merchants: a large one, another as large whose rows stand
 * beside its own, and a small one. It runs as in production, which the sandbox would refuse: so
 * the merchants are installed by a first process, and a second one answers.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Database, createDatabase } from '../../app/platform/database';
import { startApp } from '../demo/app-process';
import { merchantBrowser } from '../demo/install';
import { createRandom, realClock } from '../sandbox/core';
import { createShopifySandbox, readAppConfiguration } from '../sandbox/shopify';
import { freePort } from '../support/free-port';
import { benchFolder } from './ledger-database';

const API_KEY = 'crossdock-bench';
const API_SECRET = 'bench-shopify-secret';
const SHOPS = ['bench-large', 'bench-beside', 'bench-small'] as const;
/** An id token lives for a minute; one a second old is still good. */
const TOKEN_MS = 20_000;
/** More than a file's headings: its first rows are there. */
const FIRST_ROWS_BYTES = 1_000;
/** Shopify's library answers nothing that looks like a machine. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

export type Installed = { readonly merchantId: string; readonly shopifyId: string };

export type MerchantScreens = Installed & {
  /** Answers the time in milliseconds until the whole answer is there, or its first piece. */
  readonly time: (address: string, firstPiece?: boolean) => Promise<number>;
};

export type ScreensWorld = {
  readonly db: Database;
  readonly large: MerchantScreens;
  readonly small: MerchantScreens;
  /** A page that asks nothing of the database: what HTTP and the machine cost. */
  readonly trivial: () => Promise<number>;
  close(): Promise<void>;
};

/** Installs the merchants, has them filled (large, beside it, small: in this order), and serves. */
export async function startScreensWorld(
  url: string,
  fill: (merchants: readonly Installed[]) => Promise<void>,
): Promise<ScreensWorld> {
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${String(port)}`;
  const shopify = await createShopifySandbox({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl,
    clock: realClock(),
    random: createRandom(20261124),
    ...(await readAppConfiguration(new URL('../../shopify.app.toml', import.meta.url))),
  });
  const db = createDatabase(url, { max: 3, applicationName: 'crossdock-bench' });
  const environment = {
    LOG_LEVEL: 'warn',
    DATABASE_URL: url,
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: appUrl,
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  };
  const shops = SHOPS.map((handle) =>
    shopify.createShop({ domain: `${handle}.myshopify.com`, name: handle }),
  );
  const logFile = logOf('screens');
  const simulated = { ...environment, SHOPIFY_SIM_URL: shopify.url };
  const first = await startApp({ port, role: 'web', environment: simulated, logFile });
  const installed: Installed[] = [];
  try {
    for (const shop of shops) {
      await merchantBrowser(appUrl, shop)('/app');
      installed.push(await installedAs(db, shop.domain));
    }
  } finally {
    await first.stop();
  }
  await fill(installed);
  const production = { ...environment, NODE_ENV: 'production' };
  const web = await startApp({ port, role: 'web', alone: true, environment: production, logFile });
  const screens = SHOPS.map((_, index) => ({
    ...required(installed[index]),
    time: timer(appUrl, () => required(shops[index]).idToken()),
  }));
  return {
    db,
    large: required(screens[0]),
    small: required(screens[2]),
    trivial: () => timer(appUrl, () => '')('/health'),
    async close() {
      await web.stop();
      await shopify.close();
      await db.close();
    },
  };
}

function installedAs(db: Database, account: string): Promise<Installed> {
  return db.one<Installed>(
    `SELECT merchant_id AS "merchantId", id AS "shopifyId" FROM connection
      WHERE kind = 'shopify' AND account = $1`,
    [account],
  );
}

/** Requests as the app's own pages make them. Throws where the answer is none. */
function timer(appUrl: string, mint: () => string) {
  let token = { text: '', at: 0 };
  return async (address: string, firstPiece = false): Promise<number> => {
    if (Date.now() - token.at > TOKEN_MS) token = { text: mint(), at: Date.now() };
    const startedAt = performance.now();
    const answer = await fetch(`${appUrl}${address}`, {
      redirect: 'manual',
      headers: { authorization: `Bearer ${token.text}`, 'user-agent': BROWSER },
    });
    if (firstPiece) {
      const reader = answer.body?.getReader();
      for (let bytes = 0; bytes < FIRST_ROWS_BYTES;) {
        const piece = await reader?.read();
        if (piece === undefined || piece.done) break;
        bytes += piece.value.length;
      }
      const ms = performance.now() - startedAt;
      await reader?.cancel();
      return checked(answer, address, ms);
    }
    await answer.arrayBuffer();
    return checked(answer, address, performance.now() - startedAt);
  };
}

function checked(answer: Response, address: string, ms: number): number {
  if (answer.status !== 200) throw new Error(`${address} answered ${String(answer.status)}.`);
  return ms;
}

function logOf(role: string): string {
  mkdirSync(benchFolder, { recursive: true });
  const file = path.join(benchFolder, `${role}.log`);
  rmSync(file, { force: true });
  return file;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A merchant is missing.');
  return value;
}
