/**
 * Goal: what Shopify's privacy topics ask for is really done, recorded in figures, and touches
 * nobody else. Method: the sandbox sends the requests, our parts and worker carry them out.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getPrivacyExport } from '../../../app/queries/privacy/get-privacy-export';
import { listPrivacyRequests } from '../../../app/queries/privacy/list-privacy-requests';
import { deleteOldExports } from '../../../app/store/privacy';
import { ADDRESS } from '../../support/buyer';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'TEA-1': { West: 50, East: 50 } });
});

afterAll(() => world.close());

const address = (firstName: string) => ({
  ...ADDRESS,
  firstName,
  phone: '+1 555 0100',
});

async function buy(email: string, firstName: string) {
  const order = world.shop.placeOrder({
    lines: [{ sku: 'TEA-1', quantity: 1 }],
    email,
    shippingAddress: address(firstName),
  });
  await world.settle();
  return order;
}

type Stored = {
  email: string | null;
  customerName: string | null;
  shipTo: string;
  note: string | null;
};

const stored = (name: string): Promise<Stored> =>
  world.db.one<Stored>(
    `SELECT email, customer_name AS "customerName", ship_to::text AS "shipTo", note
       FROM customer_order WHERE name = $1`,
    [name],
  );

const mentions = async (text: string): Promise<number> =>
  (
    await world.db.one<{ count: number }>(
      `SELECT (SELECT count(*) FROM inbox_event WHERE body ILIKE '%' || $1 || '%')
        + (SELECT count(*) FROM customer_order o WHERE o::text ILIKE '%' || $1 || '%')
        + (SELECT count(*) FROM audit_record a WHERE a::text ILIKE '%' || $1 || '%')
        + (SELECT count(*) FROM privacy_request p WHERE p::text ILIKE '%' || $1 || '%')
        + (SELECT count(*) FROM job j WHERE j::text ILIKE '%' || $1 || '%') AS count`,
      [text],
    )
  ).count;

const requests = () => listPrivacyRequests(world.wiring.prisma, world.merchantId);
const open = (id: string, merchantId = world.merchantId) =>
  getPrivacyExport(world.wiring.prisma, world.wiring.ctx.secrets.open, merchantId, id);

describe('a buyer who asks what is kept', () => {
  it('gets everything of theirs, and nothing of others', async () => {
    const first = await buy('Mara@Example.test', 'Mara');
    const second = await buy('mara@example.test', 'Mara');
    await buy('other@example.test', 'Odile');
    world.shop.redact('data_request', first.id);
    await world.settle();
    const [request] = await requests();
    expect(request).toMatchObject({ kind: 'customer_data', state: 'done', canDownload: true });
    expect(request?.orders).toBe(2);
    const text = (await open(request?.id ?? '')) ?? '';
    expect(text).toContain(first.name);
    expect(text).toContain(second.name);
    expect(text).toContain('1 Pine Street');
    expect(text).not.toContain('Odile');
    expect(JSON.parse(text)).toMatchObject({
      orders: [{ name: first.name }, { name: second.name }],
    });
  });

  it('is kept sealed, from other merchants, and not for longer than promised', async () => {
    const [request] = await requests();
    const row = await world.db.one<{ export: string; summary: object }>(
      `SELECT export, summary FROM privacy_request WHERE id = $1`,
      [request?.id],
    );
    expect(row.export).not.toContain('Mara');
    expect(JSON.stringify(row.summary)).not.toMatch(/mara/i);
    expect(await open(request?.id ?? '', '00000000-0000-7000-8000-000000000000')).toBeNull();
    const { body } = await world.db.one<{ body: string }>(
      `SELECT body FROM inbox_event WHERE topic = 'customers/data_request'`,
    );
    expect(body).toBe('');
    expect(await deleteOldExports(world.db, new Date(Date.now() - 60_000))).toBe(0);
    expect(await deleteOldExports(world.db, new Date(Date.now() + 60_000))).toBe(1);
    expect(await open(request?.id ?? '')).toBeNull();
  });
});

describe('a buyer who is to be erased', () => {
  it('is erased wherever they were, once and again, and the books stay as they were', async () => {
    const order = await buy('Iris@Example.test', 'Iris');
    const kept = await buy('stays@example.test', 'Stay');
    world.shop.redact('data_request', order.id);
    await world.settle();
    const before = await world.level('TEA-1');
    world.shop.redact('customer', order.id);
    await world.settle();
    world.shop.redact('customer', order.id);
    await world.settle();
    expect(await stored(order.name)).toMatchObject({ email: null, customerName: null, note: null });
    expect(await mentions('iris')).toBe(0);
    expect(await stored(kept.name)).toMatchObject({ email: 'stays@example.test' });
    const done = (await requests()).filter(({ kind }) => kind === 'customer_redact');
    expect(done).toHaveLength(1);
    expect(done[0]).toMatchObject({ state: 'done', orders: 1, canDownload: false });
    const asked = (await requests()).filter(({ kind }) => kind === 'customer_data');
    expect(asked.some(({ canDownload }) => canDownload)).toBe(false);
    expect(await world.level('TEA-1')).toEqual(before);
    expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  });
});

/** Messages of the end of which nobody can be sure yet. */
const unclear = async (): Promise<number> =>
  (
    await world.db.one<{ count: number }>(
      `SELECT count(*) FROM inbox_event WHERE topic = ANY($1) AND state = 'received'`,
      [['app/uninstalled', 'shop/redact']],
    )
  ).count;

/** The time until the shop is asked again goes by, as often as it takes. */
async function untilAsked(): Promise<void> {
  const askAgain = async (): Promise<number> => {
    await world.db.query(
      `UPDATE job SET run_at = now() WHERE state = 'queued' AND kind = 'look-again'`,
    );
    await world.settle();
    return unclear();
  };
  await expect.poll(askAgain).toBe(0);
}

describe('a shop that is to be erased', () => {
  it('is left alone when it is installed', async () => {
    world.shop.redact('shop');
    await world.settle();
    expect(await mentions('stays@example.test')).toBeGreaterThan(0);
    const { state } = await world.db.one<{ state: string }>(
      `SELECT state FROM inbox_event WHERE topic = 'shop/redact'`,
    );
    expect(state).toBe('ignored');
    const { status } = await world.db.one<{ status: string }>(
      `SELECT status FROM connection WHERE id = $1`,
      [world.shopifyId],
    );
    expect(status).toBe('connected');
  });

  it('is not erased while it does not answer', async () => {
    world.shopify.faults.set(world.shop.domain, 'serverError', { only: 'graphql' });
    world.shop.redact('shop');
    await world.settle();
    expect(await mentions('stays@example.test')).toBeGreaterThan(0);
    world.shopify.faults.clear(world.shop.domain);
  });

  it.each([
    ['frozen', 'graphql', 'app/uninstalled'],
    ['forbidden', 'graphql', 'shop/redact'],
    ['locked', 'graphql', 'app/uninstalled'],
    ['frozen', 'access_token', 'shop/redact'],
  ] as const)('is left as it is while it is %s (%s): %s', async (fault, only, topic) => {
    await untilAsked();
    world.shopify.faults.set(world.shop.domain, fault, { only });
    // A token that has to be renewed, and cannot be.
    if (only === 'access_token') world.shop.expireTokens();
    if (topic === 'shop/redact') world.shop.redact('shop');
    else world.shop.tellUninstalled();
    await world.settle();
    expect(await unclear()).toBe(1);
    expect(await mentions('stays@example.test')).toBeGreaterThan(0);
    const left = await world.db.one<{ status: string; sessions: number }>(
      `SELECT status, (SELECT count(*) FROM session) AS sessions FROM connection WHERE id = $1`,
      [world.shopifyId],
    );
    expect(left.status).not.toBe('disconnected');
    expect(left.sessions).toBe(1);
    world.shopify.faults.clear(world.shop.domain);
    await untilAsked();
    expect(await mentions('stays@example.test')).toBeGreaterThan(0);
  });

  it('loses all buyers, sessions, messages and keys once the app is gone', async () => {
    world.woo.placeOrder({ lines: [{ sku: 'TEA-1', quantity: 1 }] });
    await world.settle();
    world.shop.uninstall();
    await world.settle();
    world.shop.redact('shop');
    await world.settle();
    expect(await mentions('stays@example.test')).toBe(0);
    expect(await mentions('Pine Street')).toBe(0);
    const left = await world.db.one<{
      sessions: number;
      keys: number;
      bodies: number;
      names: number;
    }>(
      `SELECT (SELECT count(*) FROM session) AS sessions,
          (SELECT count(*) FROM connection WHERE status <> 'disconnected'
            OR credentials IS NOT NULL) AS keys,
          (SELECT count(*) FROM inbox_event WHERE body <> '') AS bodies,
          (SELECT count(*) FROM customer_order WHERE customer_name IS NOT NULL) AS names`,
    );
    expect(left).toEqual({ sessions: 0, keys: 0, bodies: 0, names: 0 });
    const erased = (await requests()).filter(({ kind }) => kind === 'shop_redact');
    expect(erased).toHaveLength(1);
    expect(erased[0]?.orders).toBeGreaterThan(2);
    expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  });
});
