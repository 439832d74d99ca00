/**
 * Goal: several worker processes together stay within a shop's points and renew its token once.
 * Method: real processes on one database, the sandbox counts what reached it.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, it } from 'vitest';

import { silentLog } from '#app/platform/log';
import { createPrisma } from '#app/platform/prisma';
import { createSecretBox } from '#app/platform/secrets';
import { createShopifyAccess, type ShopifyAccess } from '#app/shopify.server';
import { createCallBudget } from '#app/store/call-budget';
import { createSessionStore } from '#app/store/sessions';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { createTestDatabase } from '../support/test-database';
import { API_KEY, API_SECRET, SHOP, startShopifySandbox } from './shopify-setup';

const KEY = Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64');
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
const PROGRAM = fileURLToPath(new URL('./shopify-process.ts', import.meta.url));

const { db, url } = await createTestDatabase();
let sandbox: ShopifySandbox;
let shop: SandboxShop;
let access: ShopifyAccess;

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({ domain: SHOP, locations: [{ name: 'North' }] });
  for (let index = 0; index < 12; index += 1) {
    shop.addProduct({ title: 'Knot', variants: [{ sku: `K-${index}`, stock: { North: 1 } }] });
  }
  access = createShopifyAccess({
    config: {
      production: false,
      shopifyApiKey: API_KEY,
      shopifyApiSecret: API_SECRET,
      shopifyAppUrl: 'https://crossdock.example',
    },
    apiVersion: '2026-07',
    sessions: createSessionStore(createPrisma(db), createSecretBox(KEY)),
    log: silentLog,
    onShopInstalled: () => Promise.resolve(),
  });
  const headers = { 'user-agent': BROWSER, authorization: `Bearer ${shop.idToken()}` };
  await access.authenticate.admin(new Request('https://crossdock.example/app', { headers }));
});

async function processes(count: number, what: 'storm' | 'token', calls = 0): Promise<string[][]> {
  const places = [...shop.state.levels.values()].map(({ itemId, locationId }) => ({
    stockRef: itemId,
    locationRef: locationId,
  }));
  const task = { what, places, calls, database: url, shop: SHOP, key: KEY };
  const TASK = JSON.stringify({ ...task, apiKey: API_KEY, apiSecret: API_SECRET });
  const env = { ...process.env, TASK, SHOPIFY_SIM_URL: sandbox.url };
  return Promise.all(
    Array.from({ length: count }, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', PROGRAM], {
        env,
      });
      return JSON.parse(stdout) as string[];
    }),
  );
}

const throttled = (): number =>
  sandbox.journal.entries({ account: SHOP }).filter(({ answer }) => answer.includes('THROTTLED'))
    .length;

describe('two worker processes', () => {
  it('renew a token that is about to expire once, and both have the new one', async () => {
    const before = await access.sessionStorage.loadSession(`offline_${SHOP}`);
    if (before === undefined) throw new Error('no session');
    const expires = new Date(Date.now() + 60_000);
    await access.sessionStorage.storeSession(Object.assign(before, { expires }));
    sandbox.faults.set(SHOP, 'slow', { only: 'access_token', milliseconds: 1_500 });
    sandbox.journal.clear();
    const tokens = new Set((await processes(2, 'token')).flat());
    expect(tokens.size).toBe(1);
    expect(tokens).not.toContain(before.accessToken);
    expect(sandbox.journal.count({ path: '/admin/oauth/access_token' })).toBe(1);
    sandbox.faults.clear(SHOP);
  });

  it('hardly ever ask for more than the shop has, and are through in the end', async () => {
    shop.setRateLimit({ max: 1_000, restorePerSecond: 150 });
    sandbox.journal.clear();
    const statuses = (await processes(2, 'storm', 80)).flat();
    expect(statuses).toHaveLength(320);
    expect(new Set(statuses)).toEqual(new Set(['done']));
    // A full bucket gains nothing while the first calls are under way, though we count on it: on a
    // slow machine a few calls of the first moment are turned away, and sent again.
    expect(throttled()).toBeLessThan(statuses.length * 0.1);
  });

  it('are not held up by a budget that a dead process left empty long ago', async () => {
    await db.query(
      `UPDATE call_budget SET available = -5000, updated_at = now() - interval '1 hour'`,
    );
    const turn = await createCallBudget(db, `shopify:${SHOP}`).take(50);
    expect(turn).toEqual({ taken: true, waitMs: 0 });
  });

  it('give their place to other work when the wait is long, and take nothing for it', async () => {
    const budget = createCallBudget(db, 'shopify:busy.myshopify.com');
    await budget.take(10);
    await db.query(`UPDATE call_budget SET available = -260, updated_at = now()
      WHERE account = 'shopify:busy.myshopify.com'`);
    expect(await budget.take(100)).toEqual({ taken: false, waitMs: 5_000 });
    const { available } = await db.one<{ available: number }>(
      `SELECT available FROM call_budget WHERE account = 'shopify:busy.myshopify.com'`,
    );
    expect(available).toBe(-260);
  });
});
