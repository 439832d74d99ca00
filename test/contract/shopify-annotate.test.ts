/**
 * Goal: notes, tags and the backorder switch are written once, and a refusal is told in Shopify's
 * words. Method: judge by what the sandbox shop has, and by how often it was asked.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ChannelConnector } from '#app/contracts/channel';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { connectShopify, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({ domain: SHOP, locations: [{ name: 'North' }] });
  shop.addProduct({ title: 'Lamp', variants: [{ sku: 'LAMP', stock: { North: 50 } }] });
  channel = await connectShopify(shop);
});

beforeEach(() => {
  sandbox.faults.clear(SHOP);
  sandbox.journal.clear();
});

const WRITES = ['orderUpdate', 'tagsAdd', 'tagsRemove', 'productVariantsBulkUpdate'];
const writes = (): number =>
  WRITES.reduce((sum, operation) => sum + sandbox.journal.count({ operation }), 0);

function place(change: { note?: string; tags?: string[] } = {}): string {
  return shop.placeOrder({ lines: [{ sku: 'LAMP', quantity: 1 }], ...change }).id;
}

const written = (order: string) => {
  const { note, tags } = shop.state.orders.get(order) ?? {};
  return { note, tags };
};

describe('notes and tags', () => {
  it('write what is different and nothing else', async () => {
    const order = place({ note: 'Gift', tags: ['vip', 'late'] });
    const change = { note: 'Ring twice', addTags: ['VIP', 'packed'], removeTags: ['Late', 'gone'] };
    expect((await channel.annotateOrder(order, change, 'k')).status).toBe('done');
    expect(written(order)).toEqual({ note: 'Ring twice', tags: ['vip', 'packed'] });
    const before = writes();
    expect((await channel.annotateOrder(order, change, 'k')).status).toBe('duplicate');
    expect(writes()).toBe(before);
  });

  it('leave a note alone unless told, and can empty it', async () => {
    const order = place({ note: 'Gift' });
    await channel.annotateOrder(order, { note: null, addTags: ['a'], removeTags: [] }, 'k');
    expect(written(order)).toEqual({ note: 'Gift', tags: ['a'] });
    await channel.annotateOrder(order, { note: '', addTags: [], removeTags: [] }, 'k');
    expect(written(order).note).toBeNull();
    expect(valueOf(await channel.getOrder(order))?.note).toBeNull();
  });

  it('are asked for again when Shopify says nothing, and end up right', async () => {
    const order = place();
    const change = { note: null, addTags: ['a'], removeTags: [] };
    sandbox.faults.set(SHOP, 'hangAfter', { only: 'tagsAdd', remaining: 1 });
    expect((await channel.annotateOrder(order, change, 'k')).status).toBe('retry_later');
    expect((await channel.annotateOrder(order, change, 'k')).status).toBe('duplicate');
    expect(written(order).tags).toEqual(['a']);
  });

  it('are refused in words: a tag too long, an order that is not there', async () => {
    const order = place();
    const long = { note: null, addTags: ['x'.repeat(41)], removeTags: [] };
    expect(await channel.annotateOrder(order, long, 'k')).toMatchObject({
      status: 'refused',
      reason: { code: 'validation' },
    });
    expect(await channel.annotateOrder('gid://shopify/Order/404', long, 'k')).toMatchObject({
      status: 'refused',
      reason: { code: 'not_found' },
    });
  });
});

describe('the backorder switch', () => {
  it('is set product by product, a refused variant alone', async () => {
    const one = shop.addProduct({
      title: 'Rope',
      variants: [{ sku: 'ROPE-5' }, { sku: 'ROPE-9', title: '9 m', inventoryPolicy: 'CONTINUE' }],
    });
    const other = shop.addProduct({ title: 'Buoy', variants: [{ sku: 'BUOY' }] });
    const [five, nine] = one.variants;
    const [buoy] = other.variants;
    const entry = (ref: string | undefined, productRef: string, allowed: boolean) => ({
      listingRef: ref ?? '',
      productRef,
      allowed,
    });
    const gone = 'gid://shopify/ProductVariant/404';
    const outcomes = await channel.setBackorders(
      [
        entry(five?.id, one.product.id, true),
        entry(buoy?.id, other.product.id, true),
        entry(gone, one.product.id, true),
        entry(nine?.id, one.product.id, false),
        entry(gone, 'gid://shopify/Product/404', true),
      ],
      'k',
    );
    expect(
      outcomes.map((outcome) =>
        outcome.status === 'refused' ? outcome.reason.code : outcome.status,
      ),
    ).toEqual(['done', 'done', 'not_found', 'done', 'not_found']);
    expect([five, nine, buoy].map((variant) => variant?.inventoryPolicy)).toEqual([
      'CONTINUE',
      'DENY',
      'CONTINUE',
    ]);
    expect(writes()).toBe(3);
    expect(valueOf(await channel.getListing(five?.id ?? ''))?.backorders).toBe(true);
  });

  it('takes products of any size, 250 variants at a time', async () => {
    const { product, variants } = shop.addProduct({
      title: 'Beads',
      variants: Array.from({ length: 260 }, (_, index) => ({ sku: `BEAD-${String(index)}` })),
    });
    const outcomes = await channel.setBackorders(
      variants.map(({ id }) => ({ listingRef: id, productRef: product.id, allowed: true })),
      'k',
    );
    expect(outcomes.every(({ status }) => status === 'done')).toBe(true);
    expect(variants.every(({ inventoryPolicy }) => inventoryPolicy === 'CONTINUE')).toBe(true);
    expect(writes()).toBe(2);
  });

  it('is asked for again when Shopify says nothing', async () => {
    const { product, variants } = shop.addProduct({ title: 'Oar', variants: [{ sku: 'OAR' }] });
    sandbox.faults.set(SHOP, 'hangBefore', { only: 'productVariantsBulkUpdate', remaining: 1 });
    const entries = [{ listingRef: variants[0]?.id ?? '', productRef: product.id, allowed: true }];
    expect((await channel.setBackorders(entries, 'k'))[0]?.status).toBe('retry_later');
    expect((await channel.setBackorders(entries, 'k'))[0]?.status).toBe('done');
  });
});
