/**
 * Goal: an installation lives through withdrawn and granted access, leaving and coming back, and
 * never touches another merchant's. Method: real parts and worker, the sandbox's merchants act.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { missingScopes, neededScopes } from '#app/connectors/channels/shopify/scopes';
import { installShop } from '#app/operations/connections/install-shop';
import { createMerchantWorld, type MerchantWorld } from '../support/merchant-world';
import { readAppToml } from './shopify-setup';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'MAST-1': { West: 8 } });
});

afterAll(() => world.close());

type Standing = { status: string; statusReason: string | null };

const standing = (id = world.shopifyId): Promise<Standing> =>
  world.db.one<Standing>(
    `SELECT status, status_reason AS "statusReason" FROM connection WHERE id = $1`,
    [id],
  );

describe('the access the app asks for', () => {
  it('is what its operations need', async () => {
    const { access_scopes } = await readAppToml();
    expect([...neededScopes]).toEqual(access_scopes.scopes.split(','));
  });

  it('to write brings the one to read', () => {
    const writes = neededScopes.filter(
      (scope) => !neededScopes.includes(scope.replace('read_', 'write_')) || /^write/.test(scope),
    );
    expect(missingScopes(writes)).toEqual([]);
    expect(missingScopes([])).toEqual(neededScopes);
  });
});

describe('access that a merchant takes back', () => {
  it('is named with the connection, and stays so while others still work', async () => {
    const all = [...world.shop.state.grantedScopes];
    world.shop.changeScopes(all.filter((scope) => !scope.endsWith('_inventory')));
    await world.settle();
    const { status, statusReason } = await standing();
    expect(status).toBe('needs_attention');
    expect(statusReason).toContain('write_inventory');
    expect(statusReason).not.toContain('read_orders');
    world.shop.changeScopes(all);
    await world.settle();
    expect(await standing()).toEqual({ status: 'connected', statusReason: null });
    world.shop.placeOrder({ lines: [{ sku: 'MAST-1', quantity: 1 }] });
    await world.settle();
    expect(world.wooStock('MAST-1')).toBe(7);
  });
});

describe('an app that leaves and comes back', () => {
  it('forgets its keys, and is one connection of one merchant again', async () => {
    const before = await standing();
    expect(before.status).toBe('connected');
    world.shop.uninstall();
    await world.settle();
    expect((await standing()).status).toBe('disconnected');
    const { sessions } = await world.db.one<{ sessions: number }>(
      'SELECT count(*) AS sessions FROM session',
    );
    expect(sessions).toBe(0);
    await world.reinstall(() => undefined);
    expect(await standing()).toEqual({ status: 'connected', statusReason: null });
    const { merchants, connections } = await world.db.one<{
      merchants: number;
      connections: number;
    }>(
      `SELECT (SELECT count(*) FROM merchant) AS merchants,
          (SELECT count(*) FROM connection WHERE kind = 'shopify') AS connections`,
    );
    expect({ merchants, connections }).toEqual({ merchants: 1, connections: 1 });
  });
});

describe('two merchants', () => {
  it('are never mixed: what one’s shop says and does stays with it', async () => {
    const other = world.shopify.createShop({ domain: 'other.myshopify.com' });
    const installed = await installShop(world.wiring.ctx, {
      shop: other.domain,
      name: 'Other',
      currency: 'USD',
      timezone: 'UTC',
    });
    expect(installed.merchantId).not.toBe(world.merchantId);
    other.addProduct({ title: 'Mast', variants: [{ sku: 'MAST-1', stock: { Main: 3 } }] });
    other.uninstall();
    await world.settle();
    expect((await standing(installed.connectionId)).status).toBe('disconnected');
    expect(await standing()).toEqual({ status: 'connected', statusReason: null });
    const { rows } = await world.db.query<{ merchantId: string }>(
      `SELECT DISTINCT merchant_id AS "merchantId" FROM inbox_event WHERE connection_id = $1`,
      [installed.connectionId],
    );
    expect(rows).toEqual([{ merchantId: installed.merchantId }]);
    const again = await installShop(world.wiring.ctx, {
      shop: world.shop.domain,
      name: 'Harbor Goods',
      currency: 'USD',
      timezone: 'UTC',
    });
    expect(again).toMatchObject({ merchantId: world.merchantId, isNew: false });
  });
});
