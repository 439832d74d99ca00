/**
 * Goal: whatever comes to the web process from outside, signed in or not, it gives away nothing
 * and leads nobody astray. Method: real requests, some written byte by byte, to real processes;
 * a second one runs as in production.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { LOCATIONS } from '../demo/catalog';
import { eventually } from '../support/far-side';
import { createTestDatabase } from '../support/test-database';
import { type Ids, ROUTES, formsAgainst } from './every-route';
import { type SecurityWorld, forgeToken, raw, startSecurityWorld } from './security-world';

const BROWSER = 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36';
const HOST = btoa('admin.shopify.com/store/harbor-and-pine');
const SCRIPT = `"><script>alert('canary')</script><img src=x onerror=alert(1)>`;
/** As a browser would have to find it in a page to run it. */
const LIVE_SCRIPT = /<script>alert\('canary'\)|<img src=x/i;

/** Each walks some hundred addresses; the machine may be busy. */
vi.setConfig({ testTimeout: 240_000 });

let one: SecurityWorld;
let production: string;
let db: Database;

beforeAll(async () => {
  const database = await createTestDatabase();
  db = database.db;
  one = await startSecurityWorld({ name: 'e2e-security-edge', databaseUrl: database.url });
  production = await one.startProduction();
}, 180_000);

afterAll(() => one.close());

const nowhere = new Proxy({} as Ids, { get: () => newId() });

const everyPath = (): readonly string[] =>
  Object.values(ROUTES).flatMap(({ about, empty, list }) => [
    ...(list === undefined ? [] : [list]),
    ...(about === undefined ? [] : [about(nowhere)]),
    ...(empty === undefined ? [] : [empty(nowhere)]),
  ]);

type Asked = RequestInit & { readonly token?: string | null; readonly at?: string };

function ask(path: string, { token, at = production, headers, ...more }: Asked = {}) {
  const given = token === undefined ? one.world.shop.idToken() : token;
  return fetch(`${at}${path}`, {
    redirect: 'manual',
    ...more,
    headers: {
      'user-agent': BROWSER,
      ...(given === null ? {} : { authorization: `Bearer ${given}` }),
      ...(headers as Record<string, string> | undefined),
    },
  });
}

const forge = (
  ...how: Parameters<typeof forgeToken> extends [unknown, ...infer Rest] ? Rest : never
) => forgeToken(one, ...how);

const get = (path: string, more = '') =>
  raw(production, `GET ${path} HTTP/1.1\r\nHost: x.test\r\n${more}Connection: close\r\n\r\n`);

describe('a session token', () => {
  it('lets nobody in unless every claim of it is right', async () => {
    const now = Math.floor(Date.now() / 1000);
    const bad: Readonly<Record<string, string>> = {
      'signed by somebody else': forge({}, { secret: 'not-the-secret' }),
      'not signed': forge({}, { alg: 'none', sign: false }),
      'said to be unsigned, and signed': forge({}, { alg: 'none' }),
      'signed another way': forge({}, { alg: 'HS512' }),
      'said to be signed with a public key': forge({}, { alg: 'RS256' }),
      expired: forge({ exp: now - 60, nbf: now - 120 }),
      'without an end': forge({ exp: undefined }),
      'not valid yet': forge({ nbf: now + 600, exp: now + 660 }),
      'for another app': forge({ aud: 'another-app' }),
      'of no shop': forge({ dest: undefined }),
      'of a shop elsewhere': forge({
        dest: 'https://evil.example.com',
        iss: 'https://evil.example.com/admin',
      }),
      'issued by another shop': forge({ iss: 'https://other-shop.myshopify.com/admin' }),
      'over http': forge({ dest: `http://${one.world.shop.domain}` }),
      'of nobody': forge({ sub: undefined }),
      'cut off': one.world.shop.idToken().slice(0, -3),
      'with a changed claim': swapPayload(one.world.shop.idToken(), forge({ sub: '2' })),
    };
    const before = await db.one(`SELECT (SELECT count(*) FROM audit_record) AS audits`);
    // Pages are the same door as files, and slower to write: two tokens try them, too.
    const files = ['/app/orders.data', '/app/orders/export', '/app/live'];
    const pages = ['/app', '/app/extension/order?ref=x'];
    for (const [index, [what, token]] of Object.entries(bad).entries()) {
      for (const path of index < 2 ? [...files, ...pages] : files) {
        const answer = await ask(path, { token });
        expect([what, path, answer.status]).toEqual([what, path, 401]);
        expect(await answer.text()).not.toMatch(/Harbor|harbor-and-pine/);
      }
      const inAddress = `embedded=1&shop=${one.world.shop.domain}&host=${HOST}&id_token=${token}`;
      const answer = await ask(`/app/orders/export?${inAddress}`, { token: null });
      expect([what, answer.status]).not.toEqual([what, 200]);
      const form = new URLSearchParams({ intent: 'finish-setup', key: 'walk-0123456789' });
      const sent = await ask('/app.data?index', { token, method: 'POST', body: form });
      expect([what, sent.status]).toEqual([what, 401]);
    }
    expect(await db.one(`SELECT (SELECT count(*) FROM audit_record) AS audits`)).toEqual(before);
    expect((await ask('/app', { token: forge({}) })).status).toBe(200);
  });

  it('of one shop opens no page that is framed by another', async () => {
    const shop = 'other-shop.myshopify.com';
    const path = `/app?embedded=1&shop=${shop}&host=${HOST}&id_token=${forge({})}`;
    expect((await ask(path, { token: null })).status).toBe(401);
  });
});

function swapPayload(real: string, forged: string): string {
  const [[head, , signature], [, payload]] = [real.split('.'), forged.split('.')];
  return [head, payload, signature].join('.');
}

describe('headers', () => {
  it('keep every private answer out of caches, frames and guesses', async () => {
    for (const path of [...everyPath(), '/app/live', '/', '/auth/login', '/nothing/here']) {
      const variants =
        path.includes('?') || ['/', '/app/live'].includes(path) ? [path] : [path, `${path}.data`];
      for (const variant of variants) {
        const answer = await ask(variant);
        const said = (name: string) => answer.headers.get(name) ?? '';
        expect([variant, said('cache-control')]).toEqual([
          variant,
          expect.stringContaining('no-store'),
        ]);
        expect([variant, said('x-content-type-options')]).toEqual([variant, 'nosniff']);
        expect([variant, said('strict-transport-security')]).toEqual([
          variant,
          expect.stringMatching(/max-age/),
        ]);
        if (answer.status < 300 || answer.status >= 400) {
          expect([variant, said('content-security-policy')]).toEqual([
            variant,
            expect.stringMatching(/^frame-ancestors ('none'|https:\/\/admin\.shopify\.com);$/),
          ]);
        }
        expect(said('x-powered-by')).toBe('');
        const file = said('content-disposition');
        if (file !== '') expect(file).toMatch(/^attachment; filename="[a-z0-9.-]+"$/);
        await answer.body?.cancel();
      }
    }
  });

  it('let the shop that is named frame its pages, and no other name', async () => {
    const { domain } = one.world.shop;
    const policyOf = async (path: string) => {
      const answer = await ask(path, { token: null });
      await answer.body?.cancel();
      return answer.headers.get('content-security-policy');
    };
    const own = `frame-ancestors https://${domain} https://admin.shopify.com;`;
    const at = (shop: string) => `embedded=1&host=${HOST}&shop=${encodeURIComponent(shop)}`;
    expect(await policyOf(`/app?${at(domain)}&id_token=${one.world.shop.idToken()}`)).toBe(own);
    expect(await policyOf(`/auth/session-token?${at(domain)}`)).toBe(own);
    for (const shop of [
      ...['evil.example.com', '*', 'myshopify.com', 'evil.shop.dev', 'evil.myshopify.io'],
      ...['x.myshopify.com;script-src *', 'x.myshopify.com https://evil.example.com'],
      ...['x.myshopify.com.evil.example.com', 'evil.example.com/.myshopify.com', 'a\r\nX-Evil: 1'],
      ...['evil.example.com#.myshopify.com', 'x.myshopify.com@evil.example.com', ''],
    ]) {
      for (const page of ['/auth/session-token', '/auth/login', '/app']) {
        const answer = await ask(`${page}?${at(shop)}`, { token: null });
        const policy = answer.headers.get('content-security-policy') ?? '';
        expect([page, shop, policy.replace('https://admin.shopify.com', '')]).toEqual([
          ...[page, shop],
          expect.stringMatching(/^(frame-ancestors\s+(?:'none')?;)?$/),
        ]);
        expect(answer.headers.get('x-evil')).toBeNull();
        const target = new URL(answer.headers.get('location') ?? '/', production);
        expect([page, shop, target.origin]).toEqual([page, shop, production]);
        await answer.body?.cancel();
      }
    }
  });
});

describe('addresses', () => {
  it('lead nobody out of the app, with their token or without', async () => {
    const { domain } = one.world.shop;
    for (const evil of [
      ...['https://evil.example.com/', '//evil.example.com', '/\\evil.example.com'],
      ...['https:evil.example.com', 'javascript:alert(1)', 'https://evil.example.com/admin'],
      ...['https://admin.shopify.com.evil.example.com/', `https://${domain}@evil.example.com/`],
    ]) {
      for (const page of [
        `/auth/exit-iframe?shop=${domain}&exitIframe=${encodeURIComponent(evil)}`,
        `/auth/session-token?shop=${domain}&shopify-reload=${encodeURIComponent(evil)}`,
        `/app?shop=${domain}&host=${HOST}&embedded=1&shopify-reload=${encodeURIComponent(evil)}`,
        `/?shop=${domain}&returnTo=${encodeURIComponent(evil)}&redirect=${encodeURIComponent(evil)}`,
      ]) {
        const answer = await ask(page, { token: null });
        const target = new URL(answer.headers.get('location') ?? '/', production);
        expect([page, target.origin]).toEqual([page, production]);
        const text = await answer.text();
        expect([page, /window\.open|evil/.test(text)]).toEqual([page, false]);
      }
    }
    const own = `/auth/session-token?shop=${domain}&shopify-reload=${encodeURIComponent(`${one.appUrl}/app`)}`;
    expect((await ask(own, { token: null })).status).toBe(200);
    const host = 'Host: evil.example.com\r\nX-Forwarded-Host: evil.example.com\r\n';
    for (const path of ['/', '/app', `/app?shop=${domain}&host=${HOST}&embedded=1`]) {
      const said = await raw(
        production,
        `GET ${path} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
      );
      expect([
        path,
        /location: [^\r]*evil\.example/i.test(said.split('\r\n\r\n')[0] ?? ''),
      ]).toEqual([path, false]);
    }
  });

  it('reach no file but those of the pages', async () => {
    for (const path of [
      ...['/../package.json', '/assets/../../package.json', '/assets/..%2f..%2fpackage.json'],
      ...['/%2e%2e/package.json', '/assets/%2e%2e%2f%2e%2e%2fpackage.json', '/..\\package.json'],
      ...['/.env', '/.git/config', '/build/server/index.js', '/assets/..%5c..%5cpackage.json'],
      ...['/app/inventory/export?location=../../../etc/passwd', '//etc/passwd', '/%00/etc/passwd'],
      ...[
        '/webhooks/woocommerce/..%2f..%2fpackage.json',
        '/app/privacy/..%2f..%2f..%2fetc%2fpasswd',
      ],
    ]) {
      const said = await get(path);
      expect([path, said.split(' ')[1]]).toEqual([path, expect.stringMatching(/^[34]\d\d$/)]);
      expect(said).not.toMatch(/root:|"dependencies"|\[core\]|createRequestHandler/);
    }
  });

  it('that cannot be read are the sender’s fault, and cost nothing', async () => {
    for (const bytes of [
      'GET /assets/%E0%A4%A HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
      'GET /app HTTP/1.1\r\nHost: [::1\r\nConnection: close\r\n\r\n',
      'GET /app HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
      'nonsense\r\n\r\n',
      `GET /app HTTP/1.1\r\nHost: x.test\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`,
      'TRACE /app HTTP/1.1\r\nHost: x.test\r\nConnection: close\r\n\r\n',
      'POST /app HTTP/1.1\r\nHost: x.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ]) {
      const said = await raw(production, bytes);
      expect([bytes.slice(0, 60), said.slice(0, 12)]).toEqual([
        bytes.slice(0, 60),
        expect.stringMatching(/^HTTP\/1\.1 [34]/),
      ]);
    }
    expect((await ask('/app')).status).toBe(200);
  });
});

describe('bodies', () => {
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

  it('that are too large are refused as such, declared or not', async () => {
    const large = `intent=hold&key=walk-0123456789&note=${'a'.repeat(2_000_000)}`;
    const pieces = () =>
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (let at = 0; at < large.length; at += 65_536) {
            controller.enqueue(Buffer.from(large.slice(at, at + 65_536)));
          }
          controller.close();
        },
      });
    for (const path of [`/app/orders/${newId()}`, '/app/orders.data?index', '/app/catalog?index']) {
      const declared = await ask(path, { method: 'POST', headers: FORM, body: large });
      expect([path, declared.status]).toEqual([path, 413]);
      const streamed = { method: 'POST', headers: FORM, body: pieces(), duplex: 'half' } as Asked;
      expect([path, (await ask(path, streamed)).status]).toEqual([path, 413]);
    }
  });

  it('that are deeply nested or broken are answered, and leave the process as it is', async () => {
    const monsters = ['['.repeat(300_000), `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`];
    const small = ['{"__proto__":{"admin":true}}', '\u0000'];
    for (const [path, form] of formsAgainst(nowhere)) {
      const intent = form['intent'] === undefined ? {} : { intent: form['intent'] };
      const bodies = [
        ...small.map((text) => Object.fromEntries(Object.keys(form).map((name) => [name, text]))),
        ...(form['lines'] === undefined ? [] : monsters.map((lines) => ({ ...form, lines }))),
      ];
      for (const fields of bodies) {
        const body = new URLSearchParams({ ...fields, key: 'walk-0123456789', ...intent });
        const answer = await ask(path, { method: 'POST', headers: FORM, body });
        expect([path, intent, answer.status < 500]).toEqual([path, intent, true]);
        await answer.body?.cancel();
      }
    }
    expect((await ask('/health')).status).toBe(200);
  });
});

describe('what strangers wrote', () => {
  it('is text on every page, stored or reflected', async () => {
    const { shop } = one.world;
    shop.addProduct({
      title: `Hostile ${SCRIPT}`,
      vendor: SCRIPT,
      variants: [{ sku: `X-${SCRIPT}`, stock: { [LOCATIONS.main]: 3 } }],
    });
    const placed = shop.placeOrder({
      lines: [{ sku: 'MUG-S', quantity: 1 }],
      email: 'mallory@example.test',
      note: SCRIPT,
      tags: [SCRIPT],
      shippingAddress: {
        ...{ firstName: SCRIPT, lastName: SCRIPT, address1: SCRIPT, city: SCRIPT, zip: SCRIPT },
        ...{ provinceCode: 'NJ', province: SCRIPT, countryCode: 'US', phone: SCRIPT },
      },
    });
    let order = '';
    await eventually('the hostile order is taken', async () => {
      const { rows } = await db.query<{ id: string }>(
        `SELECT id FROM customer_order WHERE name = $1`,
        [placed.name],
      );
      order = rows[0]?.id ?? '';
      return order !== '';
    });
    await upload("../../../etc/cron.d/<script>alert('canary')</script>.csv");
    const typed = encodeURIComponent(SCRIPT);
    const lists = Object.values(ROUTES).flatMap(({ list }) => list ?? []);
    for (const path of [
      `/app/orders/${order}`,
      ...lists,
      ...lists.map(
        (list) =>
          `${list}${list.includes('?') ? '&' : '?'}q=${typed}&search=${typed}&view=${typed}&sort=${typed}&cursor=${typed}`,
      ),
      `/app/orders/${typed}`,
      `/auth/login?shop=${typed}`,
      `/nothing/${typed}`,
    ]) {
      const answer = await ask(path);
      const text = await answer.text();
      const isPage = (answer.headers.get('content-type') ?? '').startsWith('text/html');
      expect([path, answer.status < 500, isPage && LIVE_SCRIPT.test(text)]).toEqual([
        path,
        true,
        false,
      ]);
    }
  });

  /** A file whose name is a path, as no browser would send it. */
  async function upload(fileName: string): Promise<void> {
    const id = newId();
    const body = [
      `--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n${id}\r\n`,
      `--x\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n`,
      `Content-Type: text/csv\r\n\r\nsku,quantity\r\n${SCRIPT.replaceAll('"', '')},3\r\n--x--\r\n`,
    ].join('');
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const answer = await ask('/app/inventory/import', { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    const { name } = await db.one<{ name: string }>(
      `SELECT file_name AS name FROM stock_count WHERE id = $1`,
      [id],
    );
    expect(name).not.toMatch(/[/\\]/);
    const page = await (await ask(`/app/inventory/counts/${id}`)).text();
    expect(LIVE_SCRIPT.test(page)).toBe(false);
  }
});

describe('a failure', () => {
  it('shows no stack, no statement, no path and no secret', async () => {
    await db.query(`ALTER TABLE stock_count RENAME TO stock_count_away`);
    try {
      for (const path of [
        '/app/inventory/counts',
        '/app/inventory/counts.data',
        `/app/inventory/counts/${newId()}`,
      ]) {
        const answer = await ask(path);
        expect([path, answer.status]).toEqual([path, 500]);
        const text = await answer.text();
        expect(text).not.toMatch(
          /stock_count|relation|SELECT|node_modules|\.js:\d|\/work|\bat \w+ \(/,
        );
      }
    } finally {
      await db.query(`ALTER TABLE stock_count_away RENAME TO stock_count`);
    }
    expect((await ask('/app/inventory/counts')).status).toBe(200);
  });
});
