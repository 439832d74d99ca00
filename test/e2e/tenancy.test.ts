/**
 * Goal: nobody sees or changes another merchant's things, and nobody gets in without a session.
 * Method: two shops install the app; the second walks every address and form with the first's ids.
 */
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../app/platform/database';
import type { SandboxShop } from '../sandbox/shopify';
import { type Crossdock, eventually, startCrossdock } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';

const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

let crossdock: Crossdock;
let db: Database;
let stranger: SandboxShop;
let ids: Ids;

type Ids = {
  merchant: string;
  order: string;
  item: string;
  location: string;
  shopify: string;
  woo: string;
  work: string;
  allocation: string;
  listing: string;
  job: string;
  event: string;
};

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  crossdock = await startCrossdock({ name: 'e2e-tenancy', databaseUrl: database.url });
  const { world } = crossdock;
  const [variant] = [...world.shop.state.variants.values()];
  world.shop.placeOrder({ lines: [{ sku: variant?.sku ?? '', quantity: 1 }] });
  await eventually('the order is allocated', async () => {
    const { rows } = await db.query(`SELECT 1 FROM allocation`);
    return rows.length > 0;
  });
  ids = await idsOfFirst();
  stranger = world.shopify.createShop({
    domain: 'somebody-else.myshopify.com',
    name: 'Somebody Else',
    locations: [{ name: 'Their place' }],
  });
  stranger.addProduct({
    title: 'Theirs',
    variants: [{ sku: 'THEIRS-1', stock: { 'Their place': 5 } }],
  });
  expect((await ask('/app', stranger.idToken())).status).toBe(200);
  await eventually('the second shop is imported', async () => {
    const { rows } = await db.query(
      `SELECT 1 FROM connection WHERE account = 'somebody-else.myshopify.com' AND imported_at IS NOT NULL`,
    );
    return rows.length > 0;
  });
}, 120_000);

async function idsOfFirst(): Promise<Ids> {
  return db.one<Ids>(
    `SELECT o.merchant_id AS merchant, o.id AS "order", a.item_id AS item,
        a.location_id AS location, o.connection_id AS shopify, f.id AS work, a.id AS allocation,
        (SELECT id FROM connection WHERE kind = 'woocommerce') AS woo,
        (SELECT id FROM listing LIMIT 1) AS listing,
        (SELECT max(id)::text FROM job) AS job,
        (SELECT id FROM inbox_event ORDER BY received_at LIMIT 1) AS event
       FROM customer_order o JOIN fulfillment_order f ON f.order_id = o.id
       JOIN allocation a ON a.fulfillment_order_id = f.id LIMIT 1`,
  );
}

function ask(
  path: string,
  token: string | null,
  form?: Readonly<Record<string, string>>,
): Promise<Response> {
  return fetch(`${crossdock.appUrl}${path}`, {
    method: form === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    headers: {
      'user-agent': BROWSER,
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  });
}

/** Everything of the first merchant that a form could change. */
async function fingerprint(): Promise<unknown> {
  return db.one(
    `SELECT (SELECT count(*) FROM movement WHERE merchant_id = $1) AS movements,
        (SELECT count(*) FROM audit_record WHERE merchant_id = $1
          AND action NOT IN ('stock.published')) AS audits,
        (SELECT count(*) FROM fulfillment WHERE merchant_id = $1) AS fulfillments,
        (SELECT jsonb_agg(jsonb_build_array(id, status, cancel_state) ORDER BY id)
           FROM customer_order WHERE merchant_id = $1) AS orders,
        (SELECT jsonb_agg(jsonb_build_array(id, status, buffer_units, name) ORDER BY id)
           FROM connection WHERE merchant_id = $1) AS connections,
        (SELECT jsonb_agg(jsonb_build_array(id, item_id) ORDER BY id)
           FROM listing WHERE merchant_id = $1) AS listings,
        (SELECT count(*) FROM connection_location WHERE merchant_id = $1) AS mapped,
        (SELECT state FROM job WHERE id = $2::bigint) AS job,
        (SELECT state FROM inbox_event WHERE id = $3) AS event`,
    [ids.merchant, ids.job, ids.event],
  );
}

const key = 'walk-0123456789';

function formsAgainst(target: Ids): readonly (readonly [string, Record<string, string>])[] {
  const order = `/app/orders/${target.order}`;
  const item = `/app/inventory/${target.item}`;
  const adjust = { intent: 'adjust', key, way: 'add', units: '7', reason: 'found', note: '' };
  return [
    [order, { intent: 'cancel', key, reason: 'customer' }],
    [
      order,
      {
        intent: 'ship',
        key,
        fulfillmentOrderId: target.work,
        lines: JSON.stringify([{ allocationId: target.allocation, quantity: 1 }]),
        company: 'UPS',
        number: '1Z',
        url: '',
        notify: 'no',
      },
    ],
    [order, { intent: 'retry-report', fulfillmentId: target.work }],
    [item, { ...adjust, locationId: target.location }],
    [`/app/channels/${target.woo}`, { intent: 'set-buffer', key, bufferUnits: '9', units: '9' }],
    [`/app/channels/${target.woo}`, { intent: 'set-locations', key, locationIds: target.location }],
    [`/app/channels/${target.woo}`, { intent: 'disconnect', key }],
    [
      `/app/channels/${target.shopify}`,
      { intent: 'link', key, listingId: target.listing, itemId: target.item },
    ],
    ['/app/jobs', { intent: 'replay-jobs', ids: target.job }],
    ['/app/jobs', { intent: 'replay-events', ids: target.event }],
  ];
}

describe('another merchant', () => {
  it('finds nothing at the first one’s addresses', async () => {
    for (const path of [
      `/app/orders/${ids.order}`,
      `/app/inventory/${ids.item}`,
      `/app/channels/${ids.woo}`,
      `/app/channels/${ids.shopify}`,
    ]) {
      const answer = await ask(path, stranger.idToken());
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  it('sees none of the first one’s names in any list', async () => {
    const { name, sku } = await db.one<{ name: string; sku: string }>(
      `SELECT o.name, i.sku FROM customer_order o, item i WHERE o.id = $1 AND i.id = $2`,
      [ids.order, ids.item],
    );
    for (const path of [
      '/app',
      '/app/orders',
      `/app/orders?search=${encodeURIComponent(name)}&q=${encodeURIComponent(name)}`,
      '/app/inventory',
      `/app/inventory?location=${ids.location}`,
      '/app/channels',
      '/app/jobs',
    ]) {
      const page = await (await ask(path, stranger.idToken())).text();
      expect([path, page.includes(sku)]).toEqual([path, false]);
      expect([path, page.includes(ids.order)]).toEqual([path, false]);
      expect([path, page.includes('Harbor')]).toEqual([path, false]);
    }
  });

  it('changes nothing with the first one’s ids in forms', async () => {
    const before = await fingerprint();
    for (const [path, form] of formsAgainst(ids)) {
      const answer = await ask(path, stranger.idToken(), form);
      expect(answer.status, `${path} ${form['intent'] ?? ''}`).toBeLessThan(500);
    }
    expect(await fingerprint()).toEqual(before);
  });

  it('changes nothing by mixing its own page with the first one’s ids', async () => {
    const own = await db.one<{ item: string; location: string; connection: string }>(
      `SELECT i.id AS item, l.id AS location, c.id AS connection FROM item i
         JOIN location l ON l.merchant_id = i.merchant_id
         JOIN connection c ON c.merchant_id = i.merchant_id WHERE i.sku = 'THEIRS-1'`,
    );
    const before = await fingerprint();
    const mixed: readonly (readonly [string, Record<string, string>])[] = [
      [
        `/app/inventory/${own.item}`,
        {
          intent: 'adjust',
          key,
          way: 'add',
          units: '7',
          reason: 'found',
          note: '',
          locationId: ids.location,
        },
      ],
      [
        `/app/inventory/${ids.item}`,
        {
          intent: 'adjust',
          key,
          way: 'add',
          units: '7',
          reason: 'found',
          note: '',
          locationId: own.location,
        },
      ],
      [
        `/app/channels/${own.connection}`,
        { intent: 'link', key, listingId: ids.listing, itemId: own.item },
      ],
    ];
    for (const [path, form] of mixed) {
      expect((await ask(path, stranger.idToken(), form)).status).toBeLessThan(500);
    }
    expect(await fingerprint()).toEqual(before);
    const { level } = await db.one<{ level: number }>(
      `SELECT COALESCE(sum(available), 0)::int AS level FROM stock_level WHERE item_id = $1`,
      [own.item],
    );
    expect(level).toBe(5);
  });
});

describe('the owner', () => {
  it('can do with the same forms what the others could not', async () => {
    const before = (await fingerprint()) as Record<string, unknown>;
    const forms = formsAgainst(ids).filter(([, form]) => form['intent'] !== 'cancel');
    for (const [path, form] of forms) {
      const answer = await ask(path, crossdock.world.shop.idToken(), form);
      expect(answer.status, `${path} ${form['intent'] ?? ''}`).toBeLessThan(400);
    }
    const after = (await fingerprint()) as Record<string, unknown>;
    for (const part of ['movements', 'audits', 'fulfillments', 'orders', 'connections', 'mapped']) {
      expect([part, after[part]]).not.toEqual([part, before[part]]);
    }
  });
});

describe('nobody', () => {
  const forged = (secret: string, more: object = {}): string => {
    const now = Math.floor(Date.now() / 1000);
    const encode = (part: object): string =>
      Buffer.from(JSON.stringify(part)).toString('base64url');
    const { domain } = crossdock.world.shop;
    const { apiKey } = crossdock.world.shop.state;
    const body = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({
      iss: `https://${domain}/admin`,
      dest: `https://${domain}`,
      aud: apiKey,
      sub: '1',
      exp: now + 60,
      nbf: now - 5,
      iat: now - 5,
      jti: 'x',
      sid: 'x',
      ...more,
    })}`;
    return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
  };

  it('gets in without a session, with a forged one, or with an old one', async () => {
    const { apiSecret } = crossdock.world.shop.state;
    const tokens = {
      none: null,
      nonsense: 'abc',
      forged: forged('not-the-secret'),
      expired: forged(apiSecret, { exp: Math.floor(Date.now() / 1000) - 600 }),
      'for another app': forged(apiSecret, { aud: 'another-app' }),
    };
    for (const [what, token] of Object.entries(tokens)) {
      for (const path of [
        '/app',
        '/app/orders',
        `/app/orders/${ids.order}`,
        '/app/jobs',
        '/app/live',
      ]) {
        const answer = await ask(path, token);
        expect([what, path, answer.status >= 300]).toEqual([what, path, true]);
        expect(await answer.text()).not.toContain(ids.order);
      }
    }
  });

  it('changes anything by a form without a session', async () => {
    const before = await fingerprint();
    for (const [path, form] of formsAgainst(ids)) {
      expect((await ask(path, null, form)).status).toBeGreaterThanOrEqual(300);
      expect((await ask(path, forged('not-the-secret'), form)).status).toBeGreaterThanOrEqual(300);
    }
    expect(await fingerprint()).toEqual(before);
  });

  it('is sent to a stranger’s address by the sign-in pages', async () => {
    for (const path of [
      '/auth/login?shop=evil.example.com',
      '/auth/session-token?shopify-reload=https://evil.example.com/',
      '/app?shop=evil.example.com&host=ZXZpbC5leGFtcGxlLmNvbQ&embedded=1',
    ]) {
      const answer = await ask(path, null);
      const target = answer.headers.get('location') ?? '/';
      expect(new URL(target, crossdock.appUrl).hostname).not.toBe('evil.example.com');
    }
  });
});
