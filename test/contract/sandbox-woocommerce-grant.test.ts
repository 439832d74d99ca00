import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

import type { WooStore } from '../sandbox/woocommerce';
import { callStore, openStore } from '../unit/woocommerce-bridge/call-store';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function storeWith(httpCallbacks: boolean): Promise<WooStore> {
  const store = await openStore({ httpCallbacks });
  closing.push(() => store.close());
  return store;
}

/** The app's side: keeps what is posted, and answers as told. */
async function listener(status: number) {
  const bodies: string[] = [];
  const server = createServer((incoming, outgoing) => {
    let text = '';
    incoming.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    incoming.on('end', () => {
      bodies.push(text);
      outgoing.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/keys`, bodies };
}

const askAt = (store: WooStore, route: string, callback: string): Promise<Response> => {
  const query = new URLSearchParams({
    app_name: 'App',
    scope: 'read_write',
    user_id: 'state-1',
    return_url: 'https://admin.example/back?x=1',
    callback_url: callback,
  });
  return fetch(`${store.url}/wc-auth/v1/${route}?${query.toString()}`, { redirect: 'manual' });
};

describe('granting a key in the store', () => {
  it('asks, brings a working key, and sends the browser back', async () => {
    const store = await storeWith(true);
    const app = await listener(200);
    const page = await (await askAt(store, 'authorize', app.url)).text();
    expect(page).toContain('Approve');
    expect(page).toContain('success=0&amp;user_id=state-1');
    const granted = await askAt(store, 'access_granted/', app.url);
    expect(granted.status).toBe(302);
    expect(granted.headers.get('location')).toBe(
      'https://admin.example/back?x=1&success=1&user_id=state-1',
    );
    const body = JSON.parse(app.bodies[0] ?? '') as Record<string, string>;
    expect(Object.keys(body)).toEqual([
      'key_id',
      'user_id',
      'consumer_key',
      'consumer_secret',
      'key_permissions',
    ]);
    const { consumer_key: key, consumer_secret: secret } = body;
    expect((await callStore(store, 'get', 'products', { key, secret } as never)).status).toBe(200);
  });

  it('throws the key away when the app does not answer 200', async () => {
    const store = await storeWith(true);
    const app = await listener(204);
    const before = store.state.keys.length;
    expect((await askAt(store, 'access_granted', app.url)).status).toBe(401);
    expect(store.state.keys).toHaveLength(before);
  });

  it('wants https, as a real store does', async () => {
    const store = await storeWith(false);
    const answer = await askAt(store, 'authorize', 'http://app.example/keys');
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('The callback_url needs to be over SSL.');
  });
});
