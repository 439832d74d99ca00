import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { connectWooCommerce } from '#app/operations/connections/connect-woocommerce';
import { disconnectConnection } from '#app/operations/connections/disconnect';
import { startWooCommerceGrant } from '#app/operations/connections/start-woocommerce-grant';
import { newId } from '#app/platform/ids';
import { STAFF, type MerchantWorld, createMerchantWorld } from '../../support/merchant-world';
import type { WooStore } from '../../sandbox/woocommerce';
import { callStore, openStore } from '../../unit/woocommerce-bridge/call-store';

let world: MerchantWorld;
beforeAll(async () => {
  world = await createMerchantWorld({ MUG: { West: 5 } });
});
afterAll(() => world.close());

let store: WooStore;
beforeEach(async () => {
  store = await openStore({ httpCallbacks: true });
  store.addProduct({ name: 'Mug', sku: 'MUG', stock: 9 });
});
afterEach(() => store.close());

const start = (storeUrl = store.url) =>
  startWooCommerceGrant(world.wiring.ctx, {
    merchantId: world.merchantId,
    shop: world.shop.domain,
    storeUrl,
    name: ' Outlet ',
    actor: STAFF,
  });

async function started(): Promise<{ intentId: string; goTo: URL }> {
  const grant = await start();
  if (grant.status !== 'done') throw new Error(grant.message);
  return { intentId: grant.intentId, goTo: new URL(grant.goTo) };
}

/** The merchant presses Approve; answers where the browser is sent, or null. */
async function approve(goTo: URL): Promise<string | null> {
  const page = new URL(goTo);
  page.pathname = page.pathname.replace('authorize', 'access_granted');
  return (await fetch(page, { redirect: 'manual' })).headers.get('location');
}

type Intent = {
  connection_id: string | null;
  problem: string | null;
  credentials: string | null;
  used_at: Date | null;
};
const intentOf = (id: string): Promise<Intent> =>
  world.db.one<Intent>(
    `SELECT connection_id, problem, credentials, used_at FROM connect_intent WHERE id = $1`,
    [id],
  );

async function ended(id: string): Promise<Intent> {
  for (let tries = 0; tries < 1_200; tries += 1) {
    const intent = await intentOf(id);
    if (intent.connection_id !== null || intent.problem !== null) return intent;
    await sleep(50);
  }
  throw new Error('the grant did not come to an end');
}

const post = (goTo: URL, body: Record<string, unknown> | string): Promise<Response> =>
  fetch(goTo.searchParams.get('callback_url') ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const keysOf = (from: WooStore, state: string, permissions = 'read_write') => ({
  key_id: 1,
  user_id: state,
  consumer_key: from.consumerKey,
  consumer_secret: from.consumerSecret,
  key_permissions: permissions,
});

describe('one-click connect', () => {
  it('takes the keys of the store, proves them, and imports', async () => {
    const { intentId, goTo } = await started();
    expect(goTo.origin).toBe(store.url);
    expect(await (await fetch(goTo)).text()).toContain(`Crossdock for ${world.shop.domain}`);
    const { rows } = await world.db.query<{ state_hash: string }>(
      `SELECT state_hash FROM connect_intent WHERE id = $1`,
      [intentId],
    );
    expect(rows[0]?.state_hash).not.toContain(goTo.searchParams.get('user_id') ?? '-');
    const back = await approve(goTo);
    expect(back).toContain(`/app/channels/connect/${intentId}`);
    expect(back).toContain('success=1');
    const intent = await ended(intentId);
    expect(intent).toMatchObject({ problem: null, credentials: null });
    await world.settle();
    const connection = await world.db.one<{ name: string; status: string; account: string }>(
      `SELECT name, status, account FROM connection WHERE id = $1`,
      [intent.connection_id],
    );
    expect(connection).toEqual({ name: 'Outlet', status: 'connected', account: store.url });
    expect([...store.state.webhooks.values()].map(({ topic }) => topic)).toContain('order.created');
    const { listings } = await world.db.one<{ listings: number }>(
      `SELECT count(*)::int AS listings FROM listing WHERE connection_id = $1`,
      [intent.connection_id],
    );
    expect(listings).toBe(1);
    // Connecting it once more is refused before anybody is sent anywhere.
    expect(await start()).toMatchObject({ status: 'refused', code: 'conflict' });
  });

  it('disconnected, it leaves nothing in the store, and connects again', async () => {
    const first = await started();
    await approve(first.goTo);
    const { connection_id: id } = await ended(first.intentId);
    await world.settle();
    const gone = await disconnectConnection(world.wiring.ctx, {
      merchantId: world.merchantId,
      connectionId: id ?? '',
      actor: STAFF,
    });
    expect(gone).toEqual({ status: 'done' });
    expect([...store.state.webhooks.values()]).toEqual([]);
    const second = await started();
    await approve(second.goTo);
    expect((await ended(second.intentId)).connection_id).toBe(id);
    await world.settle();
    expect([...store.state.webhooks.values()]).toHaveLength(8);
    const row = await world.db.one<{ status: string; last_error: string | null }>(
      `SELECT status, last_error FROM connection WHERE id = $1`,
      [id],
    );
    expect(row).toEqual({ status: 'connected', last_error: null });
  });

  it('uses a state once, and none that is too old or not ours', async () => {
    const { intentId, goTo } = await started();
    const state = goTo.searchParams.get('user_id') ?? '';
    for (const forged of ['', 'x', state.slice(1), `${state}x`, 'a'.repeat(43)]) {
      expect((await post(goTo, keysOf(store, forged))).status).toBe(404);
    }
    expect((await post(goTo, 'no json')).status).toBe(404);
    expect((await post(goTo, `{"a":"${'x'.repeat(20_000)}"}`)).status).toBe(413);
    expect((await fetch(goTo.searchParams.get('callback_url') ?? '')).status).toBe(405);
    await world.db.query(
      `UPDATE connect_intent SET expires_at = now() - interval '1 second' WHERE id = $1`,
      [intentId],
    );
    expect((await post(goTo, keysOf(store, state))).status).toBe(404);
    await world.db.query(
      `UPDATE connect_intent SET expires_at = now() + interval '1 minute' WHERE id = $1`,
      [intentId],
    );
    const answers = await Promise.all(
      [1, 2, 3].map(async () => (await post(goTo, keysOf(store, state))).status),
    );
    expect(answers.sort()).toEqual([200, 404, 404]);
    await ended(intentId);
    await world.settle();
  });

  it('reads a form as well as JSON', async () => {
    const { intentId, goTo } = await started();
    const state = goTo.searchParams.get('user_id') ?? '';
    const form = new URLSearchParams({ ...keysOf(store, state), key_id: '1' });
    const answer = await fetch(goTo.searchParams.get('callback_url') ?? '', {
      method: 'POST',
      body: form,
    });
    expect(answer.status).toBe(200);
    expect((await ended(intentId)).problem).toBeNull();
    await world.settle();
  });

  it('throws away keys of another store, and keys that may only read', async () => {
    const { intentId, goTo } = await started();
    const state = goTo.searchParams.get('user_id') ?? '';
    const other = await openStore({ name: 'Other' });
    const stranger = other.addKey('read_write');
    const strange = { ...keysOf(other, state), ...asBody(stranger) };
    expect((await post(goTo, strange)).status).toBe(200);
    await other.close();
    const wrong = await ended(intentId);
    expect(wrong.connection_id).toBeNull();
    expect(wrong.problem).toContain('not of the store at this address');
    const second = await started();
    const readState = second.goTo.searchParams.get('user_id') ?? '';
    expect((await post(second.goTo, keysOf(store, readState, 'read'))).status).toBe(200);
    expect((await ended(second.intentId)).problem).toContain('only read');
    const { known } = await world.db.one<{ known: number }>(
      `SELECT count(*)::int AS known FROM connection WHERE account = $1`,
      [store.url],
    );
    expect(known).toBe(0);
  });

  it('waits for a store that is busy, and holds no worker of it meanwhile', async () => {
    store.faults.set(store.id, 'serverError', { remaining: 4 });
    const { intentId, goTo } = await started();
    expect(await approve(goTo)).toContain('success=1');
    expect((await ended(intentId)).problem).toBeNull();
    await world.settle();
  });

  it('says what is wrong with an address before anybody is sent there', async () => {
    const moved = await openStore({ name: 'Moved' });
    moved.moveTo('https://www.new-home.example');
    expect(await start(moved.url)).toMatchObject({
      status: 'refused',
      message: expect.stringContaining('Enter https://www.new-home.example instead') as string,
    });
    await moved.close();
    expect(await start(moved.url)).toMatchObject({ status: 'refused' });
    const site = createServer((_request, response) => response.end('<h1>A page</h1>'));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const { port } = site.address() as AddressInfo;
    expect(await start(`http://127.0.0.1:${port}`)).toMatchObject({
      message: expect.stringContaining('no WooCommerce store') as string,
    });
    site.close();
    expect(await start('ftp://x.example')).toMatchObject({ status: 'refused' });
  });

  it('leaves no trace of a secret in what people or logs see', async () => {
    const { intentId, goTo } = await started();
    await approve(goTo);
    await ended(intentId);
    await world.settle();
    const key = store.state.keys.at(-1);
    const { rows } = await world.db.query<{ text: string }>(
      `SELECT row_to_json(j)::text AS text FROM job j
        UNION ALL SELECT row_to_json(a)::text FROM audit_record a
        UNION ALL SELECT row_to_json(i)::text FROM connect_intent i
        UNION ALL SELECT row_to_json(c)::text FROM connection c`,
    );
    const all = rows.map(({ text }) => text).join('\n');
    expect(all).not.toContain(key?.consumerSecret ?? '-');
    expect(all).not.toContain(key?.consumerKey ?? '-');
    const answer = await callStore(store, 'get', 'products');
    expect(answer.status).toBe(200);
  });

  it('is for the merchant who asked', async () => {
    const { goTo } = await started();
    await approve(goTo);
    await world.settle();
    const other = newId();
    await world.db.query(`INSERT INTO merchant (id, name, currency) VALUES ($1, 'B', 'USD')`, [
      other,
    ]);
    const grant = await startWooCommerceGrant(world.wiring.ctx, {
      merchantId: other,
      shop: 'b.myshopify.com',
      storeUrl: store.url,
      name: null,
      actor: STAFF,
    });
    // Whose store it is comes out only with keys of the store.
    if (grant.status !== 'done') throw new Error(grant.message);
    const byHand = (consumerSecret: string) =>
      connectWooCommerce(world.wiring.ctx, {
        merchantId: other,
        storeUrl: store.url,
        consumerKey: store.consumerKey,
        consumerSecret,
        actor: STAFF,
      });
    expect(await byHand(`cs_${'0'.repeat(40)}`)).toMatchObject({ code: 'unauthorized' });
    expect(await byHand(store.consumerSecret)).toMatchObject({
      code: 'conflict',
      message: 'This store is connected to another account.',
    });
    await approve(new URL(grant.goTo));
    expect(await ended(grant.intentId)).toMatchObject({
      connection_id: null,
      problem: 'This store is connected to another account.',
    });
    const mine = await world.db.one<{ id: string; merchant_id: string; status: string }>(
      `SELECT id, merchant_id, status FROM connection WHERE account = $1`,
      [store.url],
    );
    expect(mine).toMatchObject({ merchant_id: world.merchantId, status: 'connected' });
    // Once it is disconnected its books still are the first account's.
    const target = { merchantId: world.merchantId, connectionId: mine.id, actor: STAFF };
    await disconnectConnection(world.wiring.ctx, target);
    expect(await byHand(store.consumerSecret)).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('only there') as string,
    });
  });
});

const asBody = (key: { consumerKey: string; consumerSecret: string }) => ({
  consumer_key: key.consumerKey,
  consumer_secret: key.consumerSecret,
});
