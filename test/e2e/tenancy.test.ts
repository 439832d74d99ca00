/**
 * Goal: nobody sees or changes another merchant's things, and nobody gets in without a session.
 * Method: two shops install the app; the second walks every address and form with the first's ids.
 */
import { createHmac } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import type { SandboxShop } from '../sandbox/shopify';
import { type Crossdock, eventually, startCrossdock } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import { type Ids, ROUTES, formsAgainst, key, routeFiles } from './every-route';

const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';

let crossdock: Crossdock;
let db: Database;
let stranger: SandboxShop;
let ids: Ids;

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  crossdock = await startCrossdock({
    name: 'e2e-tenancy',
    databaseUrl: database.url,
    roles: ['web', 'worker'],
  });
  const { world } = crossdock;
  const [variant] = [...world.shop.state.variants.values()];
  world.shop.placeOrder({ lines: [{ sku: variant?.sku ?? '', quantity: 1 }] });
  await eventually('the order is allocated', async () => {
    const { rows } = await db.query(`SELECT 1 FROM allocation`);
    return rows.length > 0;
  });
  await leaveTraces();
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
  // Without a worker nothing happens by itself: whatever changes from now on, a request has done.
  await eventually('nothing is on its way', () => isQuiet('merchant_id IS NOT NULL'));
  await crossdock.stop('worker');
});

/** Whether no job of these is under way or about to be. */
async function isQuiet(ofWhom: string): Promise<boolean> {
  const { shopify, woo } = crossdock.world;
  await Promise.all([shopify.webhooksSettled(), woo.settled()]);
  const { rows } = await db.query(
    `SELECT 1 FROM job WHERE ${ofWhom} AND (state = 'running'
        OR (state = 'queued' AND run_at < now() + interval '5 seconds')) LIMIT 1`,
  );
  return rows.length === 0;
}

/** Things that only come about by using the app for a while, in the first merchant's name. */
async function leaveTraces(): Promise<void> {
  const { merchant, shopify, listing, location, item } = await db.one<Record<string, string>>(
    `SELECT c.merchant_id AS merchant, c.id AS shopify, li.id AS listing, li.item_id AS item,
        (SELECT location_id FROM connection_location WHERE connection_id = c.id LIMIT 1) AS location
       FROM connection c JOIN listing li ON li.connection_id = c.id AND li.item_id IS NOT NULL
      WHERE c.kind = 'shopify' LIMIT 1`,
  );
  await db.query(
    `WITH run AS (INSERT INTO reconcile_run (id, merchant_id, connection_id, trigger, state,
          started_by, finished_at)
        VALUES ($5, $1, $2, 'hand', 'done', 'staff', now()) RETURNING id),
      finding AS (INSERT INTO reconcile_finding (id, run_id, merchant_id, listing_id,
          wanted_quantity, channel_quantity, explanation, repair)
        SELECT $6, run.id, $1, $3, 5, 4, 'edited_in_channel', 'waiting' FROM run),
      counted AS (INSERT INTO stock_count (id, merchant_id, name, kind, location_id, state,
          created_by) VALUES ($7, $1, 'Shelf', 'cycle', $4, 'open', 'staff') RETURNING id),
      line AS (INSERT INTO stock_count_line (id, count_id, merchant_id, position, item_id,
          location_id) SELECT $8, counted.id, $1, 1, $9, $4 FROM counted),
      bulk AS (INSERT INTO bulk_action (id, merchant_id, kind, payload, state, total, created_by)
        VALUES ($10, $1, 'tag', '{"kind": "tag", "tags": ["x"]}', 'done', 0, 'staff')),
      privacy AS (INSERT INTO privacy_request (id, merchant_id, connection_id, kind, external_ref,
          order_refs, state) VALUES ($11, $1, $2, 'customer_data', '1', '{}', 'done'))
     INSERT INTO connect_intent (id, merchant_id, kind, store_url, state_hash, created_by,
        expires_at) VALUES ($12, $1, 'woocommerce', 'https://store.example', 'h', 'staff', now())`,
    [
      ...[merchant, shopify, listing, location],
      ...[newId(), newId(), newId(), newId(), item, newId(), newId(), newId()],
    ],
  );
}

async function idsOfFirst(): Promise<Ids> {
  return db.one<Ids>(
    `SELECT o.merchant_id AS merchant, o.id AS "order", a.item_id AS item,
        a.location_id AS location, o.connection_id AS shopify, f.id AS work, a.id AS allocation,
        (SELECT id FROM connection WHERE kind = 'woocommerce') AS woo,
        (SELECT id FROM listing WHERE item_id IS NOT NULL LIMIT 1) AS listing,
        (SELECT max(id)::text FROM job) AS job,
        (SELECT id FROM inbox_event ORDER BY received_at LIMIT 1) AS event,
        (SELECT id FROM stock_count LIMIT 1) AS count,
        (SELECT id FROM stock_count_line LIMIT 1) AS "countLine",
        (SELECT id FROM bulk_action LIMIT 1) AS bulk,
        (SELECT id FROM reconcile_run WHERE state = 'done' ORDER BY id LIMIT 1) AS run,
        (SELECT id FROM reconcile_finding ORDER BY id LIMIT 1) AS finding,
        (SELECT id FROM privacy_request LIMIT 1) AS privacy,
        (SELECT id FROM connect_intent LIMIT 1) AS intent
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

/** Every row of the first merchant in every table, as text. */
async function everythingOfFirst(): Promise<Readonly<Record<string, readonly string[]>>> {
  const { shopify, woo } = crossdock.world;
  await Promise.all([shopify.webhooksSettled(), woo.settled()]);
  const { rows: tables } = await db.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'merchant_id'
        AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
  );
  const found: [string, readonly string[]][] = [];
  for (const name of ['merchant', ...tables.map((one) => one.name)]) {
    const { rows } = await db.query<{ row: string }>(
      `SELECT t::text AS row FROM "${name}" t
        WHERE ${name === 'merchant' ? 'id' : 'merchant_id'} = $1 ORDER BY 1`,
      [ids.merchant],
    );
    found.push([name, rows.map(({ row }) => row)]);
  }
  expect(found.length).toBeGreaterThan(25);
  return Object.fromEntries(found);
}

/** What only people change, for while a worker reads, checks and sends on its own account. */
async function madeByPeople(): Promise<Readonly<Record<string, unknown>>> {
  return db.one(
    `SELECT (SELECT count(*) FROM movement WHERE merchant_id = $1) AS movements,
        (SELECT count(*) FROM audit_record WHERE merchant_id = $1
          AND actor_kind = 'staff') AS audits,
        (SELECT count(*) FROM fulfillment WHERE merchant_id = $1) AS fulfillments,
        (SELECT jsonb_agg(jsonb_build_array(id, status, cancel_state, held, note, tags) ORDER BY id)
           FROM customer_order WHERE merchant_id = $1) AS orders,
        (SELECT count(*) FROM order_hold WHERE merchant_id = $1) AS holds,
        (SELECT jsonb_agg(jsonb_build_array(id, status, buffer_units, share_percent, publishing,
            repair_rule, name) ORDER BY id) FROM connection WHERE merchant_id = $1) AS connections,
        (SELECT jsonb_agg(jsonb_build_array(id, item_id, ignored) ORDER BY id)
           FROM listing WHERE merchant_id = $1) AS listings,
        (SELECT jsonb_agg(jsonb_build_array(id, name, active, priority) ORDER BY id)
           FROM location WHERE merchant_id = $1) AS locations,
        (SELECT jsonb_agg(jsonb_build_array(c.id, c.state, l.counted) ORDER BY l.id) FROM stock_count c
           JOIN stock_count_line l ON l.count_id = c.id WHERE c.merchant_id = $1) AS counts,
        (SELECT count(*) FROM bulk_action WHERE merchant_id = $1) AS bulk,
        (SELECT count(*) FROM reconcile_run WHERE merchant_id = $1 AND trigger = 'hand') AS runs,
        (SELECT jsonb_agg(jsonb_build_array(id, repair) ORDER BY id)
           FROM reconcile_finding WHERE merchant_id = $1 AND id = $2) AS findings,
        (SELECT settings FROM merchant WHERE id = $1) AS settings,
        (SELECT count(*) FROM connection_location WHERE merchant_id = $1) AS mapped`,
    [ids.merchant, ids.finding],
  );
}

it('walks every route there is', () => {
  expect(routeFiles()).toEqual(Object.keys(ROUTES).sort());
});

describe('another merchant', () => {
  it('finds nothing at the first one’s addresses', async () => {
    const pages = Object.values(ROUTES).flatMap(({ about }) => (about ? [about(ids)] : []));
    for (const path of [...pages, `/app/channels/${ids.shopify}`]) {
      const answer = await ask(path, stranger.idToken());
      expect([path, answer.status]).toEqual([path, 404]);
    }
  });

  it('sees none of the first one’s names in any list', async () => {
    const { name, sku } = await db.one<{ name: string; sku: string }>(
      `SELECT o.name, i.sku FROM customer_order o, item i WHERE o.id = $1 AND i.id = $2`,
      [ids.order, ids.item],
    );
    const lists = Object.values(ROUTES).flatMap(({ list, empty }) => [
      ...(list === undefined ? [] : [list]),
      ...(empty === undefined ? [] : [empty(ids)]),
    ]);
    for (const path of [
      ...lists,
      `/app/orders?search=${encodeURIComponent(name)}&q=${encodeURIComponent(name)}`,
      `/app/inventory?location=${ids.location}`,
      `/app/catalog?view=all&channel=${ids.woo}`,
    ]) {
      const page = await (await ask(path, stranger.idToken())).text();
      expect([path, page.includes(sku)]).toEqual([path, false]);
      expect([path, page.includes(ids.order)]).toEqual([path, false]);
      expect([path, page.includes('Harbor')]).toEqual([path, false]);
    }
  });

  it('changes nothing with the first one’s ids in forms', async () => {
    const before = await everythingOfFirst();
    for (const [path, form] of formsAgainst(ids)) {
      const answer = await ask(path, stranger.idToken(), form);
      expect(answer.status, `${path} ${form['intent'] ?? ''}`).toBeLessThan(500);
    }
    expect(await everythingOfFirst()).toEqual(before);
  });

  it('changes nothing by mixing its own page with the first one’s ids', async () => {
    const own = await db.one<{ item: string; location: string; connection: string }>(
      `SELECT i.id AS item, l.id AS location, c.id AS connection FROM item i
         JOIN location l ON l.merchant_id = i.merchant_id
         JOIN connection c ON c.merchant_id = i.merchant_id WHERE i.sku = 'THEIRS-1'`,
    );
    const before = await everythingOfFirst();
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
      ['/app/catalog?index', { intent: 'link', key, listingIds: ids.listing, itemId: own.item }],
    ];
    for (const [path, form] of mixed) {
      expect((await ask(path, stranger.idToken(), form)).status).toBeLessThan(500);
    }
    expect(await everythingOfFirst()).toEqual(before);
    const { level } = await db.one<{ level: number }>(
      `SELECT COALESCE(sum(available), 0)::int AS level FROM stock_level WHERE item_id = $1`,
      [own.item],
    );
    expect(level).toBe(5);
  });
});

function everyPath(): readonly string[] {
  return Object.values(ROUTES).flatMap(({ about, empty, list }) => [
    ...(about === undefined ? [] : [about(ids)]),
    ...(empty === undefined ? [] : [empty(ids)]),
    ...(list === undefined ? [] : [list]),
  ]);
}

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
      for (const path of [...everyPath(), '/app/live']) {
        const answer = await ask(path, token);
        expect([what, path, answer.status >= 300]).toEqual([what, path, true]);
        expect(await answer.text()).not.toContain(ids.order);
      }
    }
  });

  it('changes anything by a form without a session', async () => {
    const before = await everythingOfFirst();
    for (const [path, form] of formsAgainst(ids)) {
      expect((await ask(path, null, form)).status).toBeGreaterThanOrEqual(300);
      expect((await ask(path, forged('not-the-secret'), form)).status).toBeGreaterThanOrEqual(300);
    }
    expect(await everythingOfFirst()).toEqual(before);
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

describe('a worker', () => {
  it('carries out whatever the stranger has asked for, and the first one’s stays as it was', async () => {
    const before = await madeByPeople();
    await crossdock.start('worker');
    await eventually('all of it has been done', () =>
      isQuiet(`merchant_id IS DISTINCT FROM '${ids.merchant}'`),
    );
    expect(await madeByPeople()).toEqual(before);
  });
});

describe('the owner', () => {
  it('can do with the same forms what the others could not', async () => {
    const before = await madeByPeople();
    const forms = formsAgainst(ids).filter(([, form]) => form['intent'] !== 'cancel');
    for (const [path, form] of forms) {
      const answer = await ask(path, crossdock.world.shop.idToken(), form);
      expect(answer.status, `${path} ${form['intent'] ?? ''}`).toBeLessThan(400);
    }
    const after = await madeByPeople();
    for (const part of ['movements', 'audits', 'fulfillments', 'orders', 'connections', 'mapped']) {
      expect([part, after[part]]).not.toEqual([part, before[part]]);
    }
  });
});
