import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Script } from 'node:vm';

import '@shopify/shopify-api/adapters/node';
import { ApiVersion, shopifyApi, RequestedTokenType } from '@shopify/shopify-api';
import { setAbstractFetchFunc } from '@shopify/shopify-api/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { createRandom, createTraffic, serveControlPage, type SandboxServer } from '../sandbox/core';
import { readAppConfiguration } from '../sandbox/shopify';
import { API_KEY, API_SECRET, DOMAIN, startWorld, type World } from './sandbox-shopify-support';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const get = async (path: string): Promise<{ status: number; text: string }> => {
  const response = await fetch(world.sandbox.url + path, { redirect: 'manual' });
  return { status: response.status, text: await response.text() };
};

describe('the admin frame', () => {
  it('frames the app with the parameters Shopify adds, signed', async () => {
    const page = await get(`/store/acme/apps/${API_KEY}/app/orders?view=open`);
    expect(page.status).toBe(200);
    expect(page.text).toContain('Sandbox admin');
    const source = /<iframe[^>]* src="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const url = new URL(source.replaceAll('&amp;', '&'));
    expect(url.pathname).toBe('/app/orders');
    expect(url.searchParams.get('view')).toBe('open');
    expect(url.searchParams.get('embedded')).toBe('1');
    expect(url.searchParams.get('shop')).toBe(DOMAIN);
    expect(atob(url.searchParams.get('host') ?? '')).toBe('admin.shopify.com/store/acme');
    expect(url.searchParams.get('id_token')?.split('.')).toHaveLength(3);
  });

  it('asks for installation first where the app is not installed', async () => {
    world.sandbox.createShop({ domain: 'fresh.myshopify.com', installed: false });
    const base = `/store/fresh/apps/${API_KEY}`;
    expect((await get(base)).text).toContain('Install');
    await fetch(`${world.sandbox.url}${base}/install`, { method: 'POST', redirect: 'manual' });
    expect((await get(base)).text).toContain('<iframe');
    const { state } = world.sandbox.shop('fresh.myshopify.com');
    expect([...state.subscriptions.values()].map((one) => one.topic)).toContain('ORDERS_CREATE');
  });

  it('serves its scripts as plain JavaScript', async () => {
    for (const name of ['app-bridge', 'frame']) {
      const script = await get(`/${name}.js`);
      expect(script.status).toBe(200);
      expect(() => new Script(script.text)).not.toThrow();
    }
    expect((await get(`/dev/id-token?shop=${DOMAIN}`)).text.split('.')).toHaveLength(3);
  });
});

describe("the app's configuration file", () => {
  it('gives the scopes and subscriptions that an installing shop gets', async () => {
    const file = new URL('../../shopify.app.toml', import.meta.url);
    const { scopes, appWebhooks } = await readAppConfiguration(file);
    expect(scopes).toContain('write_inventory');
    const topics = appWebhooks.flatMap((one) => one.topics);
    expect(topics).toEqual(expect.arrayContaining(['orders/create', 'shop/redact']));
  });
});

describe("Shopify's own library", () => {
  it('signs in by token exchange, refreshes, and reads with the token it got', async () => {
    await world.close();
    // The library looks at the real clock.
    const { realClock } = await import('../sandbox/core');
    world = await startWorld({ clock: realClock() });
    setAbstractFetchFunc((input, options) => {
      const url = new URL(input instanceof Request ? input.url : input);
      const headers = new Headers(options?.headers);
      headers.set('x-sim-shop', url.hostname);
      return fetch(world.sandbox.url + url.pathname, { ...options, headers });
    });
    const shopify = shopifyApi({
      apiKey: API_KEY,
      apiSecretKey: API_SECRET,
      apiVersion: ApiVersion.July26,
      hostName: 'app.example',
      isEmbeddedApp: true,
      logger: { level: 0 },
    });
    const { session } = await shopify.auth.tokenExchange({
      shop: DOMAIN,
      sessionToken: world.shop.idToken(),
      requestedTokenType: RequestedTokenType.OfflineAccessToken,
      expiring: true,
    });
    const { session: next } = await shopify.auth.refreshToken({
      shop: DOMAIN,
      refreshToken: session.refreshToken ?? '',
    });
    expect(next.accessToken).not.toBe(session.accessToken);
    const client = new shopify.clients.Graphql({ session: next });
    const answer = await client.request('{ shop { name } }');
    expect(answer.data).toEqual({ shop: { name: 'Acme' } });
    world.shop.expireTokens();
    await expect(client.request('{ shop { name } }')).rejects.toThrow(/401|Unauthorized/);
  });
});

describe('the redirect preload', () => {
  const preload = fileURLToPath(new URL('../sandbox/redirect.mjs', import.meta.url));
  const run = (code: string, env: Record<string, string>): Promise<{ stdout: string }> =>
    promisify(execFile)(
      process.execPath,
      ['--import', preload, '--input-type=module', '-e', code],
      {
        env: { NODE_ENV: 'test', PATH: process.env['PATH'] ?? '', ...env },
      },
    );

  it('sends shop calls to the sandbox and refuses the rest of the world', async () => {
    const code = `
      const shop = await fetch('https://${DOMAIN}/admin/api/2026-07/graphql.json',
        { method: 'POST', body: '{}' });
      const other = await fetch('https://example.com/').catch((error) => error.cause.message);
      const own = await fetch('${world.sandbox.url}/health');
      console.log(JSON.stringify([shop.status, other, own.status]));`;
    const { stdout } = await run(code, { SHOPIFY_SIM_URL: world.sandbox.url });
    expect(JSON.parse(stdout)).toEqual([
      401,
      'the sandbox refuses a call to https://example.com',
      200,
    ]);
  });

  it('does not load in production', async () => {
    await expect(run('1', { NODE_ENV: 'production' })).rejects.toThrow(/production/);
  });
});

describe('the control page', () => {
  let control: SandboxServer;
  beforeEach(async () => {
    const traffic = createTraffic({
      stores: () => world.sandbox.controlledStores(),
      random: createRandom(3),
      clock: world.clock,
    });
    control = await serveControlPage({ stores: () => world.sandbox.controlledStores(), traffic });
  });
  afterEach(() => control.close());

  const send = async (path: string, body: unknown): Promise<{ message?: string; error?: string }> =>
    (await (
      await fetch(control.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).json()) as { message?: string; error?: string };
  const store = '/api/stores/shopify-acme';

  it('places orders, edits stock, and switches faults', async () => {
    world.shop.setAvailable('PLATE', 'East', 50);
    expect(await send(`${store}/orders`, { random: 3 })).toEqual({ message: '3 orders placed.' });
    const [item] = world.sandbox.controlledStores()[0]?.items() ?? [];
    const locationId = item?.stock[0]?.locationId;
    await send(`${store}/stock`, { itemId: item?.id, locationId, available: 42 });
    expect(world.shop.available('MUG', 'East')).toBe(42);
    const [order] = world.sandbox.controlledStores()[0]?.orders(1) ?? [];
    expect(await send(`${store}/cancel`, { orderId: order?.id })).toEqual({
      message: 'Cancelled.',
    });
    await send(`${store}/faults`, { fault: 'serverError', on: true });
    expect(world.sandbox.faults.current(DOMAIN)).toHaveProperty('serverError');
    await send(`${store}/faults`, { fault: 'serverError', on: false });
    expect(world.sandbox.faults.current(DOMAIN)).toEqual({});
  });

  it('says in words what the store refuses', async () => {
    const [item] = world.sandbox.controlledStores()[0]?.items() ?? [];
    const lines = [{ itemId: item?.id, quantity: 999 }];
    expect((await send(`${store}/orders`, { lines })).error).toContain('999 wanted');
    const wrong = { itemId: item?.id, locationId: 'x', available: 1.5 };
    expect((await send(`${store}/stock`, wrong)).error).toContain('whole number');
  });

  it('serves its page and script', async () => {
    const page = await (await fetch(control.url)).text();
    expect(page).toContain('Sandbox control');
    const script = await (await fetch(`${control.url}/control.js`)).text();
    expect(() => new Script(script)).not.toThrow();
  });

  it('replays the same traffic from the same seed', async () => {
    const placed: string[][] = [];
    for (let round = 0; round < 2; round += 1) {
      const other = await startWorld();
      const traffic = createTraffic({
        stores: () => other.sandbox.controlledStores(),
        random: createRandom(11),
        clock: other.clock,
      });
      traffic.start(60);
      await other.clock.advance(5 * 60_000);
      traffic.stop();
      const orders = other.sandbox.controlledStores()[0]?.orders(500) ?? [];
      placed.push(orders.map((one) => `${one.name} ${one.customer} ${one.units}`));
      expect(other.sandbox.invariants()).toEqual([]);
      await other.close();
    }
    expect(placed[0]?.length).toBeGreaterThan(3);
    expect(placed[1]).toEqual(placed[0]);
  });
});
