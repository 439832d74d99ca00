/**
 * Goal: after a change of the encryption key one command seals every secret anew, whatever happens
 * on the way, and the old key is not needed any more. Method: rows sealed with the old key as the
 * product seals them; the command as an operator runs it.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Session } from '@shopify/shopify-api';
import '@shopify/shopify-api/adapters/node';
import { beforeEach, expect, test } from 'vitest';
import { countSealed, resealSecrets } from '../../../app/operations/keys/reseal-secrets';
import type { Database, Queryable } from '../../../app/platform/database';
import { createPrisma } from '../../../app/platform/prisma';
import { type SecretBox, SecretUnreadable, createSecretBox } from '../../../app/platform/secrets';
import { createSessionStore } from '../../../app/store/sessions';
import { createTestDatabase } from '../../support/test-database';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const OLD = randomBytes(32).toString('base64');
const NEW = randomBytes(32).toString('base64');
const SHOPS = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}.myshopify.com`);

let db: Database;
let url: string;
let ids: { readonly connection: string; readonly intent: string; readonly request: string };

beforeEach(async () => {
  ({ db, url } = await createTestDatabase());
  ids = await seed(createSecretBox(OLD));
});

/** One secret in every place there is, and sessions of several shops. */
async function seed(box: SecretBox) {
  const [merchant, connection, intent, request] = [1, 2, 3, 4].map(() => randomUUID());
  const sessions = createSessionStore(createPrisma(db), box);
  for (const shop of SHOPS) {
    const session = new Session({ id: `offline_${shop}`, shop, state: '', isOnline: false });
    const tokens = { accessToken: `access of ${shop}`, refreshToken: `refresh of ${shop}` };
    await sessions.storeSession(Object.assign(session, tokens));
  }
  await db.query(
    `WITH m AS (INSERT INTO merchant (id, name, currency) VALUES ($1, 'Shop', 'USD')),
      c AS (INSERT INTO connection (id, merchant_id, kind, account, name, credentials,
        webhook_secret) VALUES ($2, $1, 'woocommerce', 'https://s.example', 'Store', $5, $6)),
      i AS (INSERT INTO connect_intent (id, merchant_id, kind, store_url, state_hash, created_by,
        expires_at, credentials)
        VALUES ($3, $1, 'woocommerce', 'https://s.example', 'h', 'staff', now(), $7))
     INSERT INTO privacy_request (id, merchant_id, connection_id, kind, external_ref, order_refs,
        export) VALUES ($4, $1, $2, 'customer_data', '1', '{}', $8)`,
    [
      ...[merchant, connection, intent, request],
      box.sealSecret('keys', `connection:${connection}`),
      box.sealSecret('webhooks', `webhook:${connection}`),
      box.sealSecret('granted', `intent:${intent}`),
      box.sealSecret('collected', `privacy_request:${request}`),
    ],
  );
  return { connection: connection ?? '', intent: intent ?? '', request: request ?? '' };
}

/** Everything, as a process with these keys would open it. */
async function openAll(box: SecretBox): Promise<readonly unknown[]> {
  const row = await db.one<Record<'keys' | 'webhooks' | 'granted' | 'collected', string>>(
    `SELECT c.credentials AS keys, c.webhook_secret AS webhooks, i.credentials AS granted,
        p.export AS collected FROM connection c, connect_intent i, privacy_request p`,
  );
  const sessions = createSessionStore(createPrisma(db), box);
  const found = await Promise.all(SHOPS.map((shop) => sessions.loadSession(`offline_${shop}`)));
  return [
    ...found.flatMap((session) => [session?.accessToken, session?.refreshToken]),
    box.openSecret(row.keys, `connection:${ids.connection}`),
    box.openSecret(row.webhooks, `webhook:${ids.connection}`),
    box.openSecret(row.granted, `intent:${ids.intent}`),
    box.openSecret(row.collected, `privacy_request:${ids.request}`),
  ];
}

const EVERYTHING = [
  ...SHOPS.flatMap((shop) => [`access of ${shop}`, `refresh of ${shop}`]),
  ...['keys', 'webhooks', 'granted', 'collected'],
];

function keysTool(command: string, current: string, old: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'app/keys-tool.ts', command],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: {
        NODE_ENV: 'test',
        PATH: process.env['PATH'],
        DATABASE_URL: url,
        SHOPIFY_API_KEY: 'crossdock-test',
        SHOPIFY_API_SECRET: 'crossdock-test-secret',
        SHOPIFY_APP_URL: 'http://127.0.0.1:3000',
        ENCRYPTION_KEY: current,
        ENCRYPTION_KEYS_OLD: old,
      },
    },
  );
  return { status, said: stdout + stderr };
}

test('the command seals everything anew, and then the old key can go', async () => {
  expect(keysTool('status', NEW, OLD).status).toBe(1);
  await expect(openAll(createSecretBox(NEW))).rejects.toThrow(SecretUnreadable);

  const first = keysTool('reseal', NEW, OLD);
  expect(first.said).toContain('session.access_token: 5 sealed anew');
  expect(first.said).toContain('connection.webhook_secret: 1 sealed anew');
  expect(first.status).toBe(0);
  expect(await openAll(createSecretBox(NEW))).toEqual(EVERYTHING);

  const again = keysTool('reseal', NEW, '');
  expect(again.said).toContain('session.access_token: 0 sealed anew');
  expect(again.said).toContain('no earlier one is needed');
  expect(again.status).toBe(0);
  for (const secret of [...EVERYTHING, OLD, NEW]) expect(first.said).not.toContain(secret);
});

test('it can be interrupted anywhere and repeated', async () => {
  const box = createSecretBox(NEW, [OLD]);
  for (let writesLeft = 0; writesLeft < 4; writesLeft += 1) {
    const dying = diesAfter(writesLeft);
    await expect(resealSecrets(dying, box, 2)).rejects.toThrow('the process died');
    expect(await openAll(box)).toEqual(EVERYTHING);
  }
  const done = await resealSecrets(db, box, 2);
  expect(done.flatMap(({ unreadable }) => unreadable)).toEqual([]);
  expect(await openAll(createSecretBox(NEW))).toEqual(EVERYTHING);
});

test('a secret that no listed key opens is named, left alone, and keeps nothing else back', async () => {
  const stranger = createSecretBox(randomBytes(32).toString('base64'));
  const foreign = stranger.sealSecret('x', `connection:${ids.connection}`);
  await db.query(`UPDATE connection SET credentials = $1`, [foreign]);
  const done = await resealSecrets(db, createSecretBox(NEW, [OLD]), 1);
  expect(done.find(({ place }) => place === 'connection.credentials')).toEqual({
    place: 'connection.credentials',
    resealed: 0,
    unreadable: [ids.connection],
  });
  const left = (await countSealed(db)).filter(
    ({ keyId }) => keyId !== createSecretBox(NEW).currentKeyId,
  );
  expect(left).toEqual([
    { place: 'connection.credentials', keyId: stranger.currentKeyId, count: 1 },
  ]);
});

test('a token that is renewed meanwhile is kept, not put back', async () => {
  const box = createSecretBox(NEW, [OLD]);
  const newest = box.sealSecret('renewed', 'session:offline_a.myshopify.com:accessToken');
  const renewing: Queryable = {
    ...db,
    query: async (text, params, options) => {
      if (text.startsWith('UPDATE session') && text.includes('SET access_token')) {
        await db.query(`UPDATE session SET access_token = $1 WHERE shop = 'a.myshopify.com'`, [
          newest,
        ]);
      }
      return db.query(text, params, options);
    },
  };
  await resealSecrets(renewing, box);
  const sessions = createSessionStore(createPrisma(db), createSecretBox(NEW));
  expect(await sessions.loadSession('offline_a.myshopify.com')).toMatchObject({
    accessToken: 'renewed',
    refreshToken: 'refresh of a.myshopify.com',
  });
});

test('no column that is said to be sealed is left out', () => {
  const schema = readFileSync(new URL('../../../prisma/schema.prisma', import.meta.url), 'utf8');
  const sealed = [
    ...schema.matchAll(/\/\/\/ [^\n]*[Ss]ealed (?:JSON|secret|keys)[^\n]*\n\s+(\w+)/g),
  ];
  expect(sealed.map(([, column]) => column).sort()).toEqual([
    'credentials',
    'credentials',
    'export',
    'webhookSecret',
  ]);
});

function diesAfter(writes: number): Queryable {
  let left = writes;
  return {
    ...db,
    query: (text, params, options) => {
      if (text.startsWith('UPDATE') && left-- <= 0) throw new Error('the process died');
      return db.query(text, params, options);
    },
  };
}
