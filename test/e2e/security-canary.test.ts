/**
 * Goal: no credential is ever written where people or other programs look: logs, error pages, audit
 * records, jobs, stored messages. Method: recognisable ones are planted everywhere, both stores
 * turn hostile and repeat each request in their errors, and then everything is searched for all of
 * them, in the shapes they travel in.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import '@shopify/shopify-api/adapters/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../app/platform/database';
import { createPrisma } from '../../app/platform/prisma';
import { createSecretBox } from '../../app/platform/secrets';
import { createSessionStore } from '../../app/store/sessions';
import { eventually } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import {
  type Planted,
  type SecurityWorld,
  plantCredentials,
  startSecurityWorld,
} from './security-world';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

let one: SecurityWorld;
let db: Database;
let planted: Planted;
/** Everything that was said to anybody who asked over HTTP. */
const answers: string[] = [];
/** Session tokens that were used. */
const idTokens: string[] = [];

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  planted = plantCredentials();
  const role = `canary_${planted.metricsToken.slice(-8)}`;
  await db.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${planted.databasePassword}'`);
  const url = new URL(database.url);
  url.username = role;
  url.password = planted.databasePassword;
  one = await startSecurityWorld({
    name: 'e2e-security-canary',
    databaseUrl: url.href,
    planted,
    extra: { LOG_LEVEL: 'debug', METRICS_TOKEN: planted.metricsToken },
  });
}, 180_000);

afterAll(() => one.close());

async function ask(path: string, init: RequestInit = {}): Promise<void> {
  const token = one.world.shop.idToken();
  idTokens.push(token);
  const answer = await fetch(`${one.appUrl}${path}`, {
    redirect: 'manual',
    ...init,
    headers: { 'user-agent': BROWSER, authorization: `Bearer ${token}`, ...init.headers },
  });
  answers.push(JSON.stringify([...answer.headers]), await answer.text());
}

/** Credentials in use, as the database keeps them sealed. */
async function openAll(): Promise<readonly string[]> {
  const box = createSecretBox(planted.encryptionKey);
  const { rows } = await db.query<{ id: string; webhook: string }>(
    `SELECT id, webhook_secret AS webhook FROM connection WHERE webhook_secret IS NOT NULL`,
  );
  const sessions = createSessionStore(createPrisma(db), box);
  const found = await sessions.findSessionsByShop(one.world.shop.domain);
  return [
    ...rows.map(({ id, webhook }) => box.openSecret(webhook, `webhook:${id}`)),
    ...found.flatMap(({ accessToken, refreshToken }) => [accessToken ?? '', refreshToken ?? '']),
  ];
}

async function turnHostile(): Promise<void> {
  const { world, shopify, woo } = one;
  // The refusal of keys comes last: a store that is said to need attention is asked less.
  for (const hostility of [
    { status: 500, as: 'json' },
    { status: 400, as: 'html' },
    'hang',
    { status: 401, as: 'json' },
  ] as const) {
    const before = [shopify.mistreated(), woo.mistreated()] as const;
    shopify.become(hostility);
    woo.become(hostility);
    // Also the renewal of the token, which sends the app's own secret, is mistreated.
    world.shop.expireTokens();
    await db.query(`UPDATE session SET expires = now() - interval '1 minute'`);
    world.shop.placeOrder({ lines: [{ sku: 'MUG-S', quantity: 1 }] });
    world.woo.placeOrder({ lines: [{ sku: 'MUG-M', quantity: 1 }] });
    await eventually(
      `both stores were asked while they answered ${JSON.stringify(hostility)}`,
      async () => {
        await db.query(`UPDATE job SET run_at = now() WHERE state = 'queued'`);
        return shopify.mistreated() > before[0] && woo.mistreated() > before[1];
      },
      60_000,
    );
    await ask('/app/channels');
    await ask('/app/jobs?view=failed');
  }
  shopify.become(null);
  woo.become(null);
}

async function fail(): Promise<void> {
  const { domain } = one.world.shop;
  const token = one.world.shop.idToken();
  idTokens.push(token);
  await ask(`/app?shop=${domain}&embedded=1&id_token=${token}&host=x`, {
    headers: { authorization: '' },
  });
  await ask(`/nothing/${token}?hmac=${planted.apiSecret}`);
  await ask('/metrics', { headers: { authorization: `Bearer ${planted.metricsToken}x` } });
  await ask('/app/orders/x', {
    headers: { authorization: `Bearer ${token}x`, cookie: `s=${token}` },
  });
  await ask('/app/channels', {
    method: 'POST',
    body: new URLSearchParams({
      ...{ intent: 'connect-woocommerce', key: 'walk-0123456789', name: '' },
      storeUrl: one.woo.url,
      consumerKey: planted.wooCredentials.consumerKey,
      consumerSecret: `${planted.wooCredentials.consumerSecret.slice(0, -1)}0`,
    }),
  });
  // Every connection to the database is cut, and one statement fails in the middle of a page.
  await db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename LIKE 'canary%'`,
  );
  await ask('/app/orders');
  await db.query(`ALTER TABLE stock_count RENAME TO stock_count_away`);
  await ask('/app/inventory/counts');
  await db.query(`ALTER TABLE stock_count_away RENAME TO stock_count`);
}

/** What a process says that cannot start. */
function startBadly(): string {
  const { stdout, stderr } = spawnSync(process.execPath, ['app/main.mjs', 'web'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: {
      NODE_ENV: 'production',
      PATH: process.env['PATH'],
      DATABASE_URL: `mysql://canary:${planted.databasePassword}@127.0.0.1/x`,
      SHOPIFY_API_KEY: '',
      SHOPIFY_API_SECRET: planted.apiSecret,
      SHOPIFY_APP_URL: 'nonsense',
      ENCRYPTION_KEY: `${planted.encryptionKey}x`,
      METRICS_TOKEN: planted.metricsToken,
    },
  });
  return stdout + stderr;
}

/** Every row of every table, as text. */
async function wholeDatabase(): Promise<string> {
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await db.query<{ text: string | null }>(
      `SELECT string_agg(t::text, E'\\n') AS text FROM "${name}" t`,
    );
    texts.push(rows[0]?.text ?? '');
  }
  return texts.join('\n');
}

it('no credential is written anywhere, whatever goes wrong', async () => {
  const before = await openAll();
  await turnHostile();
  await fail();
  const bad = startBadly();
  expect(bad).toContain('The configuration is not usable');
  const { consumerKey, consumerSecret } = planted.wooCredentials;
  const secrets = [
    ...[planted.apiSecret, planted.encryptionKey, planted.databasePassword, planted.metricsToken],
    ...[consumerKey, consumerSecret, btoa(`${consumerKey}:${consumerSecret}`)],
    ...before,
    ...(await openAll()),
    ...idTokens,
    ...one.shopify.seen,
    ...one.woo.seen,
  ].filter((secret) => secret !== '');
  expect(secrets.length).toBeGreaterThan(20);
  const places = {
    logs: one.logText(),
    'start-up': bad,
    answers: answers.join('\n'),
    database: await wholeDatabase(),
  };
  expect(places.logs).toContain('"level":"debug"');
  expect(places.logs).toContain('"level":"error"');
  for (const [place, text] of Object.entries(places)) {
    const found = [...new Set(secrets)].filter((secret) => leaks(text, secret));
    expect([place, found]).toEqual([place, []]);
  }
  // The search itself works: a credential that was written would have been found.
  expect(leaks(`x ${encodeURIComponent(planted.encryptionKey)} y`, planted.encryptionKey)).toBe(
    true,
  );
}, 180_000);

/** As it is, or in an address, in JSON, or in base64. */
function leaks(text: string, secret: string): boolean {
  const shapes = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    btoa(secret),
  ];
  return shapes.some((shape) => text.includes(shape));
}
