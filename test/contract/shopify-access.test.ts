/**
 * Goal: only Shopify's signed word lets anyone in, and a shop's token is renewed once, in time,
 * whoever asks. Method: the real libraries against the sandbox's token endpoint, real database.
 */
import { createHmac } from 'node:crypto';

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createAdminApi } from '#app/connectors/channels/shopify/client';
import { createDatabase } from '#app/platform/database';
import { silentLog } from '#app/platform/log';
import { createPrisma } from '#app/platform/prisma';
import { createSecretBox } from '#app/platform/secrets';
import { createShopifyAccess, type ShopifyAccess } from '#app/shopify.server';
import { createSessionStore } from '#app/store/sessions';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { createTestDatabase } from '../support/test-database';
import { API_KEY, API_SECRET, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

const APP_URL = 'https://crossdock.example';
const FRAME = 'http://127.0.0.1:4444';
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString('base64');
const ID = `offline_${SHOP}`;

const { db, url } = await createTestDatabase();
const installed: string[] = [];
let sandbox: ShopifySandbox;
let shop: SandboxShop;
let access: ShopifyAccess;

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({ domain: SHOP });
  access = openAccess(db);
});

beforeEach(async () => {
  sandbox.faults.clear(SHOP);
  shop.install();
  await enter();
  sandbox.journal.clear();
  installed.length = 0;
});

function openAccess(database: typeof db, production = false): ShopifyAccess {
  return createShopifyAccess({
    config: {
      production,
      shopifyApiKey: API_KEY,
      shopifyApiSecret: API_SECRET,
      shopifyAppUrl: APP_URL,
    },
    apiVersion: '2026-07',
    sessions: createSessionStore(createPrisma(database), createSecretBox(KEY)),
    log: silentLog,
    onShopInstalled: async (one) => {
      installed.push(one.shop);
    },
    sandboxAdminOrigin: FRAME,
  });
}

function request(path: string, headers: Record<string, string> = {}): Request {
  return new Request(`${APP_URL}${path}`, { headers: { 'user-agent': BROWSER, ...headers } });
}

const enter = (token = shop.idToken()) =>
  access.authenticate.admin(request('/app', { authorization: `Bearer ${token}` }));

async function thrown(attempt: Promise<unknown>): Promise<Response> {
  try {
    await attempt;
  } catch (response) {
    if (response instanceof Response) return response;
    throw response;
  }
  throw new Error('It was let in.');
}

/** Changes the stored session, as time would. */
async function ageSession(change: { expires?: Date; refreshTokenExpires?: Date }): Promise<void> {
  const session = await access.sessionStorage.loadSession(ID);
  if (session === undefined) throw new Error('no session');
  await access.sessionStorage.storeSession(Object.assign(session, change));
}

const inSeconds = (seconds: number): Date => new Date(Date.now() + seconds * 1000);
const tokenCalls = (): number => sandbox.journal.count({ path: '/admin/oauth/access_token' });

async function shopName(one: ShopifyAccess = access): Promise<unknown> {
  const admin = valueOf(await one.adminOf(SHOP)());
  const signal = AbortSignal.timeout(5_000);
  const { data } = await admin.request('{ shop { myshopifyDomain } }', { variables: {}, signal });
  return (data as { shop: { myshopifyDomain: string } }).shop.myshopifyDomain;
}

describe('coming in from the admin', () => {
  it('exchanges the session token once and tells that the shop is there', async () => {
    await access.sessionStorage.deleteSession(ID);
    const { session } = await enter();
    expect(session).toMatchObject({ id: ID, shop: SHOP, isOnline: false });
    expect(session.refreshToken).toBeDefined();
    await enter();
    expect(installed).toEqual([SHOP]);
    expect(tokenCalls()).toBe(1);
  });

  it('refuses a token that is forged, for another app, or too old', async () => {
    const [header, payload] = shop.idToken().split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as object;
    const forge = (change: object, secret: string): string => {
      const text = `${header}.${Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url')}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    for (const token of [
      forge({}, 'not-the-secret'),
      forge({ aud: 'another-app' }, API_SECRET),
      forge({ exp: 1_700_000_000, nbf: 1_699_999_000 }, API_SECRET),
    ]) {
      const response = await thrown(enter(token));
      expect(response.status).toBe(401);
      expect(response.headers.get('X-Shopify-Retry-Invalid-Session-Request')).toBe('1');
    }
  });

  it('sends a document without a token to the bounce page, and strangers to the login page', async () => {
    const framed = `/app?embedded=1&shop=${SHOP}&host=${btoa('admin.shopify.com/store/harbor-goods')}`;
    const bounce = await thrown(access.authenticate.admin(request(framed)));
    expect(bounce.status).toBe(302);
    expect(bounce.headers.get('location')).toMatch(/^\/auth\/session-token\?/);
    const stranger = await thrown(access.authenticate.admin(request('/app')));
    expect(stranger.headers.get('location')).toMatch(/\/auth\/login$/);
  });

  it('serves the bounce page to the frame of the sandbox, in development only', async () => {
    const path = `/auth/session-token?shop=${SHOP}&shopify-reload=${encodeURIComponent(`${APP_URL}/app`)}`;
    const policyOf = async (one: ShopifyAccess): Promise<string> => {
      const page = await thrown(one.authenticate.admin(request(path)));
      expect(await page.text()).toContain(`data-api-key="${API_KEY}"`);
      return page.headers.get('content-security-policy') ?? '';
    };
    expect(await policyOf(access)).toContain(FRAME);
    const policy = await policyOf(openAccess(db, true));
    expect(policy).toContain(`frame-ancestors https://${SHOP} https://admin.shopify.com`);
    expect(policy).not.toContain(FRAME);
  });

  it('says who may frame a document', () => {
    const headers = new Headers();
    access.addDocumentResponseHeaders(request(`/app?shop=${SHOP}`), headers);
    expect(headers.get('content-security-policy')).toMatch(
      new RegExp(`^frame-ancestors https://${SHOP} .* ${FRAME};$`),
    );
  });

  it('sends a login that names a shop to its install page', async () => {
    const response = await thrown(access.login(request('/auth/login?shop=harbor-goods')));
    expect(response.headers.get('location')).toBe(
      `https://admin.shopify.com/store/harbor-goods/oauth/install?client_id=${API_KEY}`,
    );
  });
});

describe('the shop’s own token', () => {
  it('is used as it is while it is good', async () => {
    expect(await shopName()).toBe(SHOP);
    expect(tokenCalls()).toBe(0);
  });

  it('is refreshed once near its end, by any number of callers of any process', async () => {
    const before = await access.sessionStorage.loadSession(ID);
    const pools = [createDatabase(url, { max: 2 }), createDatabase(url, { max: 2 })];
    const processes = [access, ...pools.map((pool) => openAccess(pool))];
    // All connected, and a refresh that takes its time: they do meet.
    await Promise.all(processes.map((one) => one.loadOfflineSession(SHOP)));
    await ageSession({ expires: inSeconds(60) });
    sandbox.faults.set(SHOP, 'slow', { only: 'access_token', milliseconds: 300 });
    const sessions = await Promise.all(
      processes.flatMap((one) => [1, 2, 3].map(() => one.loadOfflineSession(SHOP))),
    );
    const tokens = new Set(sessions.map((outcome) => valueOf(outcome).accessToken));
    expect(tokens.size).toBe(1);
    expect(tokens).not.toContain(before?.accessToken);
    expect(tokenCalls()).toBe(1);
    expect(await shopName()).toBe(SHOP);
    await Promise.all(pools.map((pool) => pool.close()));
  });

  it('is replaced when Shopify refuses it before its time', async () => {
    shop.expireTokens();
    expect(await shopName()).toBe(SHOP);
    expect(tokenCalls()).toBe(1);
  });

  it('is used to its end while Shopify cannot renew it, and no longer', async () => {
    sandbox.faults.set(SHOP, 'serverError', { only: 'access_token' });
    await ageSession({ expires: inSeconds(60) });
    expect((await access.loadOfflineSession(SHOP)).status).toBe('done');
    await ageSession({ expires: inSeconds(-1) });
    expect((await access.loadOfflineSession(SHOP)).status).toBe('retry_later');
    sandbox.faults.set(SHOP, 'htmlAnswer', { only: 'access_token' });
    expect((await access.loadOfflineSession(SHOP)).status).toBe('retry_later');
    sandbox.faults.clear(SHOP);
    expect((await access.loadOfflineSession(SHOP)).status).toBe('done');
  });

  it('is not called lost when it was refused and could not be renewed', async () => {
    const api = createAdminApi({
      getAdmin: access.adminOf(SHOP),
      timeoutMs: 5_000,
      now: () => new Date(),
      wait: () => Promise.resolve(),
      log: silentLog,
    });
    for (const [fault, said] of [
      ['serverError', { status: 'retry_later' }],
      ['frozen', { status: 'refused', reason: { code: 'unauthorized' } }],
    ] as const) {
      shop.expireTokens();
      sandbox.faults.set(SHOP, fault, { only: 'access_token' });
      const outcome = await api.read({ name: 'Any', text: '{ shop { id } }' }, {});
      expect(outcome).toMatchObject(said);
      expect(JSON.stringify(outcome)).not.toContain('revoked');
      sandbox.faults.clear(SHOP);
    }
  });

  it('needs the merchant when it was taken away, ran out, or never was', async () => {
    const unauthorized = { status: 'refused', reason: { code: 'unauthorized', revoked: true } };
    await ageSession({ expires: inSeconds(-1), refreshTokenExpires: inSeconds(-1) });
    expect(await access.loadOfflineSession(SHOP)).toMatchObject(unauthorized);
    await ageSession({ refreshTokenExpires: inSeconds(1000) });
    shop.uninstall();
    expect(await access.loadOfflineSession(SHOP)).toMatchObject(unauthorized);
    await access.sessionStorage.deleteSession(ID);
    expect(await access.adminOf(SHOP)()).toMatchObject(unauthorized);
  });
});
