/**
 * Goal: the app answers the order block as the block expects, to the merchant of the order alone.
 * Real route, web server, database and token checks; Shopify is the sandbox.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerBuild } from '@remix-run/node';
import { newId } from '#app/platform/ids';
import { silentLog } from '#app/platform/log';
import { type WebServer, startWebServer } from '#app/web';
import { readOrderSummary } from '../../extensions/order-routing-block/src/order-summary';
import {
  type SeededMerchant,
  seedItem,
  seedMerchant,
  seedOrder,
} from '../integration/queries/seed';
import type { SandboxShop } from '../sandbox/shopify';
import { createTestDatabase } from '../support/test-database';
import { API_KEY, API_SECRET, startShopifySandbox } from './shopify-setup';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
/** Where Shopify runs extensions. */
const ORIGIN = 'https://extensions.shopifycdn.com';
const REF = 'gid://shopify/Order/6001';
const FOREIGN_REF = 'gid://shopify/Order/6002';
const WOO_REF = 'gid://shopify/Order/6003';
const SENTENCE = 'Brooklyn is nearest <b>and</b> has everything.';

const { db, url } = await createTestDatabase();
let server: WebServer;
let ours: SandboxShop;
let theirs: SandboxShop;
let orderId: string;

beforeAll(async () => {
  const sandbox = await startShopifySandbox();
  ours = sandbox.createShop({ domain: 'harbor-goods.myshopify.com' });
  theirs = sandbox.createShop({ domain: 'other-goods.myshopify.com' });
  for (const shop of [ours, theirs]) shop.install();
  const merchant = await seedShop('Harbor', ours);
  orderId = await seedRoutedOrder(merchant);
  const stranger = await seedShop('Other', theirs);
  await nameOrder(await seedOrder(db, stranger, { name: '#1' }), FOREIGN_REF);
  const woo = await seedOrder(db, merchant, { name: '#2', connectionId: merchant.woo });
  await nameOrder(woo, WOO_REF);
  server = await startRoute();
});

afterAll(async () => {
  await server.close(1_000);
  const { wiring } = await import('#app/wiring.server');
  await wiring().db.close();
});

async function seedShop(name: string, shop: SandboxShop): Promise<SeededMerchant> {
  const merchant = await seedMerchant(db, name);
  await db.query('UPDATE connection SET account = $2 WHERE id = $1', [
    merchant.shopify,
    shop.domain,
  ]);
  return merchant;
}

async function nameOrder(id: string, ref: string): Promise<void> {
  await db.query('UPDATE customer_order SET external_ref = $2 WHERE id = $1', [id, ref]);
}

/** One unit to ship from Brooklyn, two sent from Reno of which Shopify was told, one short. */
async function seedRoutedOrder(merchant: SeededMerchant): Promise<string> {
  const [brooklyn, reno] = merchant.locations;
  const itemId = await seedItem(db, merchant, 'MUG', 'Mug');
  const id = await seedOrder(db, merchant, {
    name: '#1001',
    status: 'partially_shipped',
    unitsShort: 1,
    itemId,
    locationId: brooklyn,
  });
  await nameOrder(id, REF);
  const [workId, allocationId, sentId] = [newId(), newId(), newId()];
  const { rows } = await db.query<{ id: string }>('SELECT id FROM order_line WHERE order_id = $1', [
    id,
  ]);
  const lineId = rows[0]?.id;
  await db.query(
    `INSERT INTO fulfillment_order (id, merchant_id, order_id, location_id, status)
     VALUES ($1, $2, $3, $4, 'shipped')`,
    [workId, merchant.id, id, reno],
  );
  await db.query(
    `INSERT INTO allocation (id, merchant_id, fulfillment_order_id, order_line_id, item_id,
       location_id, quantity, shipped_quantity) VALUES ($1, $2, $3, $4, $5, $6, 0, 2)`,
    [allocationId, merchant.id, workId, lineId, itemId, reno],
  );
  await db.query(
    `INSERT INTO fulfillment (id, merchant_id, order_id, fulfillment_order_id, idempotency_key,
       tracking_company, tracking_number, tracking_url, shipped_at, report_state, acknowledged_at)
     VALUES ($1, $2, $3, $4, 'key', 'UPS', '1Z999', 'https://ups.example/1Z999',
       '2026-11-21T10:00:00Z', 'acknowledged', '2026-11-21T10:00:02Z')`,
    [sentId, merchant.id, id, workId],
  );
  await db.query(
    `INSERT INTO fulfillment_line (id, merchant_id, fulfillment_id, allocation_id, order_line_id,
       quantity) VALUES ($1, $2, $3, $4, $5, 2)`,
    [newId(), merchant.id, sentId, allocationId, lineId],
  );
  for (const [sentence, at] of [
    ['An earlier thought.', '2026-11-20T10:00:00Z'],
    [SENTENCE, '2026-11-20T11:00:00Z'],
  ]) {
    await db.query(
      `INSERT INTO routing_decision (id, merchant_id, order_id, decided_at, cause_kind, cause_id,
         sentence, detail) VALUES ($1, $2, $3, $4, 'webhook', '1', $5, '{}')`,
      [newId(), merchant.id, id, at, sentence],
    );
  }
  return id;
}

/** The web server with this one route, its wiring made from the environment as in production. */
async function startRoute(): Promise<WebServer> {
  Object.assign(process.env, {
    NODE_ENV: 'test',
    DATABASE_URL: url,
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: 'https://crossdock.example',
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    LOG_LEVEL: 'silent',
  });
  const { loader } = await import('#app/routes/app.extension.order');
  const route = { id: 'order', path: 'app/extension/order', module: { loader } };
  const build = {
    entry: { module: { default: () => new Response('A page', { status: 500 }) } },
    routes: { order: route },
    assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '' },
    assetsBuildDirectory: '',
    publicPath: '/',
    isSpaMode: false,
    mode: 'production',
    future: { v3_singleFetch: true },
  };
  return startWebServer({
    build: build as unknown as ServerBuild,
    webhooks: (_incoming, _outgoing, next) => next(),
    clientFolder: '/nonexistent',
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    production: true,
  });
}

function ask(
  ref: string | null,
  token: string | null,
  more: { readonly method?: string; readonly origin?: string } = {},
): Promise<Response> {
  const { method = 'GET', origin = ORIGIN } = more;
  const query = ref === null ? '' : `?ref=${encodeURIComponent(ref)}`;
  return fetch(`${server.url}/app/extension/order${query}`, {
    method,
    redirect: 'manual',
    headers: {
      'user-agent': BROWSER,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      origin,
    },
  });
}

const allowedOrigin = (response: Response) => response.headers.get('access-control-allow-origin');

describe('the order the block asks for', () => {
  it('is answered as the block reads it, with nothing about the buyer', async () => {
    const response = await ask(REF, ours.idToken());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(allowedOrigin(response)).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
    const body = await response.text();
    expect(body).not.toMatch(/Ada|Austin/);
    expect(readOrderSummary(JSON.parse(body))).toEqual({
      id: orderId,
      status: 'partially_shipped',
      unitsShort: 1,
      unitsUnmatched: 0,
      sentence: SENTENCE,
      locations: [
        { name: 'Brooklyn', toShip: 1, shipped: 0 },
        { name: 'Reno', toShip: 0, shipped: 2 },
      ],
      fulfillments: [
        {
          id: expect.any(String) as string,
          locationName: 'Reno',
          units: 2,
          trackingCompany: 'UPS',
          trackingNumber: '1Z999',
          trackingUrl: 'https://ups.example/1Z999',
          shippedAt: new Date('2026-11-21T10:00:00Z'),
          reportState: 'acknowledged',
          reportDetail: null,
        },
      ],
    });
  });

  it.each([
    ['an order nobody has', 'gid://shopify/Order/9'],
    ["another merchant's order", FOREIGN_REF],
    ["the same merchant's order of another channel", WOO_REF],
    ['our own id', '0199aaaa-0000-7000-8000-000000000001'],
    ['another kind of thing', 'gid://shopify/Product/6001'],
    ['a longer text', `${REF}${'0'.repeat(500)}`],
    ['a text no database takes', `${REF}\0`],
    ['an attempt at SQL', `${REF}' OR '1'='1`],
    ['nothing', ''],
    ['no question', null],
  ])('is not known: %s', async (_what, ref) => {
    const response = await ask(ref, ours.idToken());
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(allowedOrigin(response)).toBe('*');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      status: 404,
      code: 'order_unknown',
      title: 'Crossdock does not have this order',
    });
  });

  it('is shown to its own merchant only, whichever shop the address names', async () => {
    expect((await ask(REF, theirs.idToken())).status).toBe(404);
    expect((await ask(FOREIGN_REF, theirs.idToken())).status).toBe(200);
    const named = await fetch(
      `${server.url}/app/extension/order?ref=${encodeURIComponent(REF)}&shop=${ours.domain}`,
      { headers: { 'user-agent': BROWSER, authorization: `Bearer ${theirs.idToken()}` } },
    );
    expect(named.status).toBe(401);
    expect(await named.text()).toBe('');
  });
});

describe('who may ask', () => {
  it('nobody without a token in the header: 401, and no way to a page', async () => {
    const response = await ask(REF, null);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ code: 'token_missing' });
    const inAddress = await fetch(
      `${server.url}/app/extension/order?ref=${encodeURIComponent(REF)}&id_token=${ours.idToken()}`,
      { redirect: 'manual', headers: { 'user-agent': BROWSER } },
    );
    expect(inAddress.status).toBe(401);
  });

  it('nobody with a token that is forged, for another app, expired or no token at all', async () => {
    const [header = '', payload = ''] = ours.idToken().split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const forge = (change: object, secret: string) => {
      const text = `${header}.${Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url')}`;
      return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`;
    };
    expect((await ask(REF, forge({}, API_SECRET))).status).toBe(200);
    for (const token of [
      forge({}, 'not-the-secret'),
      forge({ aud: 'another-app' }, API_SECRET),
      forge({ exp: 1_700_000_000, nbf: 1_699_999_000 }, API_SECRET),
      'not-a-token',
    ]) {
      const response = await ask(REF, token);
      expect(response.status).toBe(401);
      expect(allowedOrigin(response)).toBe('*');
      expect(await response.text()).toBe('');
    }
  });

  it('from another origin after asking whether it may, from the app itself without', async () => {
    const preflight = await ask(REF, null, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(allowedOrigin(preflight)).toBe('*');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
    const own = await ask(REF, ours.idToken(), { origin: 'https://crossdock.example' });
    expect(own.status).toBe(200);
    expect(allowedOrigin(own)).toBeNull();
  });
});
