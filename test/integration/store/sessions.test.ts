/**
 * Goal: a session comes back as it was stored, and the database never holds a token in the clear.
 * Method: the sequence Shopify's own battery for session stores runs, on a real database.
 */
import { Session } from '@shopify/shopify-api';
import { beforeAll, describe, expect, it } from 'vitest';

import { createPrisma } from '#app/platform/prisma';
import { createSecretBox, SecretUnreadable } from '#app/platform/secrets';
import { createSessionStore, type SessionStore } from '#app/store/sessions';
import { createTestDatabase } from '../../support/test-database';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString('base64');
const OTHER_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 5 + 1)).toString(
  'base64',
);

const { db } = await createTestDatabase();
const prisma = createPrisma(db);
let store: SessionStore;

beforeAll(() => {
  store = createSessionStore(prisma, createSecretBox(KEY));
});

function offline(shop: string, change: Partial<ConstructorParameters<typeof Session>[0]> = {}) {
  return new Session({
    id: `offline_${shop}`,
    shop,
    state: '',
    isOnline: false,
    scope: 'read_orders,write_orders',
    accessToken: 'shpat_plain',
    expires: new Date('2026-07-01T10:00:00.123Z'),
    refreshToken: 'shprt_plain',
    refreshTokenExpires: new Date('2026-09-29T10:00:00.000Z'),
    ...change,
  });
}

describe('the session store', () => {
  it('stores, loads, overwrites and deletes', async () => {
    const session = offline('a.myshopify.com');
    expect(await store.storeSession(session)).toBe(true);
    const loaded = await store.loadSession(session.id);
    expect(loaded?.toObject()).toEqual(session.toObject());
    expect(loaded?.equals(session)).toBe(true);

    const renewed = offline('a.myshopify.com', {
      accessToken: 'shpat_renewed',
      refreshToken: 'shprt_renewed',
    });
    expect(await store.storeSession(renewed)).toBe(true);
    expect((await store.loadSession(session.id))?.toObject()).toEqual(renewed.toObject());

    expect(await store.deleteSession(session.id)).toBe(true);
    expect(await store.loadSession(session.id)).toBeUndefined();
    expect(await store.deleteSession(session.id)).toBe(true);
  });

  it('forgets what a later session does not have', async () => {
    await store.storeSession(offline('b.myshopify.com'));
    const bare = new Session({
      id: 'offline_b.myshopify.com',
      shop: 'b.myshopify.com',
      state: 'nonce',
      isOnline: false,
    });
    await store.storeSession(bare);
    expect((await store.loadSession(bare.id))?.toObject()).toEqual(bare.toObject());
  });

  it('keeps who is behind an online session', async () => {
    const online = new Session({
      id: 'c.myshopify.com_901',
      shop: 'c.myshopify.com',
      state: '',
      isOnline: true,
      scope: 'read_orders',
      accessToken: 'shpat_online',
      expires: new Date('2026-07-02T10:00:00Z'),
      onlineAccessInfo: {
        expires_in: 86_400,
        associated_user_scope: 'read_orders',
        associated_user: {
          id: 901,
          first_name: 'Robin',
          last_name: 'Alder',
          email: 'robin@example.com',
          email_verified: true,
          account_owner: true,
          locale: 'en',
          collaborator: false,
        },
      },
    });
    await store.storeSession(online);
    expect((await store.loadSession(online.id))?.equals(online)).toBe(true);
  });

  it('finds the sessions of one shop only, and deletes many', async () => {
    const ids = ['d.myshopify.com', 'e.myshopify.com', 'f.myshopify.com'].map(
      (shop) => `offline_${shop}`,
    );
    for (const id of ids) await store.storeSession(offline(id.replace('offline_', '')));
    await store.storeSession(offline('d.myshopify.com', { id: 'd.myshopify.com_1' }));
    const found = await store.findSessionsByShop('d.myshopify.com');
    expect(found.map(({ id }) => id)).toEqual(['d.myshopify.com_1', 'offline_d.myshopify.com']);
    expect(await store.findSessionsByShop('nobody.myshopify.com')).toEqual([]);
    expect(await store.deleteSessions([...ids, 'not-there'])).toBe(true);
    for (const id of ids) expect(await store.loadSession(id)).toBeUndefined();
    expect(await store.findSessionsByShop('d.myshopify.com')).toHaveLength(1);
  });

  it('holds no token in the clear', async () => {
    await store.storeSession(offline('g.myshopify.com'));
    const { rows } = await db.query<{ row: string }>(
      "SELECT row_to_json(s)::text AS row FROM session s WHERE shop = 'g.myshopify.com'",
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).not.toContain('plain');
    expect(rows[0]?.row).toContain('v1.');
  });

  it('does not open a token moved to another shop, or sealed with a lost key', async () => {
    await store.storeSession(offline('h.myshopify.com'));
    await store.storeSession(offline('i.myshopify.com'));
    await db.query(
      `UPDATE session SET access_token = (SELECT access_token FROM session
         WHERE shop = 'h.myshopify.com') WHERE shop = 'i.myshopify.com'`,
    );
    await expect(store.loadSession('offline_i.myshopify.com')).rejects.toThrow(SecretUnreadable);
    const other = createSessionStore(prisma, createSecretBox(OTHER_KEY));
    await expect(other.loadSession('offline_h.myshopify.com')).rejects.toThrow(SecretUnreadable);
    const rotated = createSessionStore(prisma, createSecretBox(OTHER_KEY, [KEY]));
    const loaded = await rotated.loadSession('offline_h.myshopify.com');
    expect(loaded?.accessToken).toBe('shpat_plain');
  });
});
