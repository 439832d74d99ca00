/**
 * Goal: what a merchant sees in Shopify is what the connector reports, page after page, and every
 * way Shopify can fail to answer is told apart. Method: a sandbox shop on the published schema.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ChannelConnector, ChannelListing, Page } from '#app/contracts/channel';
import type { ChannelOrder } from '#app/contracts/channel-order';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { connectShopify, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

const ADDRESS = {
  firstName: 'Ada',
  lastName: 'Quay',
  company: '',
  address1: '1 Pier Road',
  address2: '',
  city: 'Portland',
  province: 'Oregon',
  provinceCode: 'OR',
  zip: '97201',
  countryCode: 'US',
  country: 'United States',
  phone: '',
};

let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;
const waited: number[] = [];

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({
    domain: SHOP,
    name: 'Harbor Goods',
    currency: 'EUR',
    locations: [
      { name: 'North', latitude: 45.5, longitude: -122.6 },
      { name: 'South', isActive: false },
    ],
  });
  for (let index = 1; index <= 25; index += 1) {
    shop.addProduct({
      title: `Rope ${index}`,
      status: index === 1 ? 'DRAFT' : 'ACTIVE',
      variants: [
        {
          sku: index === 2 ? '' : `ROPE-${index}`,
          priceMinor: 1_250,
          weightGrams: 700,
          tracked: index !== 3,
          stock: { North: index, South: 2 * index },
        },
      ],
    });
  }
  channel = await connectShopify(shop, waited);
});

beforeEach(() => {
  sandbox.faults.clear(SHOP);
  waited.length = 0;
});

async function allListings(): Promise<ChannelListing[]> {
  const entries: ChannelListing[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<ChannelListing> = valueOf(await channel.listListings(cursor));
    entries.push(...page.entries);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return entries;
}

describe('shop, locations and listings', () => {
  it('says who we are talking to', async () => {
    expect(valueOf(await channel.identify())).toMatchObject({
      name: 'Harbor Goods',
      currency: 'EUR',
    });
  });

  it('lists every location, also those switched off', async () => {
    const locations = valueOf(await channel.listLocations());
    expect(locations.map(({ name, active }) => [name, active])).toEqual([
      ['North', true],
      ['South', false],
    ]);
    expect(locations[0]).toMatchObject({
      thirdParty: false,
      latitude: 45.5,
      longitude: -122.6,
      address: { countryCode: 'US', address2: null, province: 'OR' },
    });
  });

  it('lists every variant once, over several pages, with the stock at every location', async () => {
    const listings = await allListings();
    expect(new Set(listings.map(({ ref }) => ref)).size).toBe(25);
    const rope = listings.find(({ title }) => title === 'Rope 4');
    expect(rope).toMatchObject({
      sku: 'ROPE-4',
      variantTitle: null,
      tracked: true,
      active: true,
      weightGrams: 700,
      price: { minor: 1250, currency: 'EUR' },
    });
    expect(rope?.ref).toMatch(/^gid:\/\/shopify\/ProductVariant\/\d{18}$/);
    expect(rope?.stockRef).toMatch(/^gid:\/\/shopify\/InventoryItem\/\d{18}$/);
    expect(rope?.stock.map(({ available }) => available)).toEqual([4, 8]);
    expect(listings.find(({ title }) => title === 'Rope 1')?.active).toBe(false);
    expect(listings.find(({ title }) => title === 'Rope 2')?.sku).toBeNull();
    const untracked = listings.find(({ title }) => title === 'Rope 3');
    expect(untracked?.tracked).toBe(false);
    expect(untracked?.stock.map(({ available }) => available)).toEqual([null, null]);
  });

  it('reads one listing, and null for one that is gone', async () => {
    const [first] = await allListings();
    if (first === undefined) throw new Error('no listing');
    expect(valueOf(await channel.getListing(first.ref))).toEqual(first);
    const gone = await channel.getListing('gid://shopify/ProductVariant/999');
    expect(gone).toEqual({ status: 'done', value: null });
  });

  it('reads the stock of many items, with what orders hold', async () => {
    shop.placeOrder({ lines: [{ sku: 'ROPE-20', quantity: 3 }] });
    const listings = await allListings();
    const levels = valueOf(
      await channel.readStock(listings.map(({ ref, stockRef }) => ({ listingRef: ref, stockRef }))),
    );
    expect(levels).toHaveLength(50);
    const rope = listings.find(({ sku }) => sku === 'ROPE-20');
    const north = levels.find(({ stockRef }) => stockRef === rope?.stockRef);
    expect(north).toMatchObject({ available: 17, committed: 3 });
  });
});

describe('orders', () => {
  it('lists what changed since a time, oldest change first, every order once', async () => {
    const since = new Date(Date.now() - 5_000);
    const placed = Array.from({ length: 23 }, () =>
      shop.placeOrder({ lines: [{ sku: 'ROPE-25', quantity: 1 }], evenIfSoldOut: true }),
    );
    const found: ChannelOrder[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<ChannelOrder> = valueOf(await channel.listOrdersChangedSince(since, cursor));
      found.push(...page.entries);
      cursor = page.nextCursor;
    } while (cursor !== null);
    const refs = found.map(({ ref }) => ref);
    for (const { id } of placed) expect(refs.filter((ref) => ref === id)).toHaveLength(1);
    const versions = found.map(({ version }) => version);
    expect(versions).toEqual([...versions].sort());
    const alone = valueOf(await channel.listOrderVersions(since, null));
    expect(alone.entries).toEqual(
      found.map(({ ref, version, updatedAt }) => ({ ref, version, updatedAt })),
    );
    const later = new Date(Date.now() + 60_000);
    expect(valueOf(await channel.listOrdersChangedSince(later, null)).entries).toEqual([]);
  });

  it('reads an order with all its lines, address and money', async () => {
    const lines = Array.from({ length: 120 }, (_, index) => ({
      sku: `ROPE-${(index % 20) + 4}`,
      quantity: 1,
    }));
    const placed = shop.placeOrder({
      lines,
      evenIfSoldOut: true,
      email: 'ada@example.com',
      shippingAddress: ADDRESS,
      shippingMinor: 500,
      tags: ['gift'],
      note: 'Ring twice',
    });
    const order = valueOf(await channel.getOrder(placed.id));
    expect(order).toMatchObject({
      ref: placed.id,
      name: placed.name,
      stage: 'open',
      paymentStatus: 'paid',
      total: { minor: 120 * 1_250 + 500, currency: 'EUR' },
      email: 'ada@example.com',
      shippingMethod: 'Standard',
      note: 'Ring twice',
      tags: ['gift'],
      shipTo: { name: 'Ada Quay', company: null, province: 'OR', countryCode: 'US', phone: null },
    });
    expect(order?.version).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(order?.lines).toHaveLength(120);
    expect(order?.lines[0]).toMatchObject({
      quantity: 1,
      fulfilledQuantity: 0,
      unitPrice: { minor: 1_250, currency: 'EUR' },
    });
  });

  it('follows an order from open over partly shipped to fulfilled, and a cancelled one', async () => {
    const placed = shop.placeOrder({
      lines: [
        { sku: 'ROPE-10', quantity: 2 },
        { sku: 'ROPE-11', quantity: 1 },
      ],
      financialStatus: 'PENDING',
    });
    const before = valueOf(await channel.getOrder(placed.id));
    // Not paid, and Shopify holds stock for it all the same.
    expect(before).toMatchObject({ stage: 'open', paymentStatus: 'pending' });
    for (const { id } of shop.fulfillmentOrders(placed.id)) shop.fulfillInAdmin(id, `T-${id}`);
    const after = valueOf(await channel.getOrder(placed.id));
    expect(after?.stage).toBe('fulfilled');
    expect(after?.lines.map((line) => line.fulfilledQuantity)).toEqual([2, 1]);
    const other = shop.placeOrder({ lines: [{ sku: 'ROPE-12', quantity: 1 }] });
    shop.cancelOrder(other.id);
    const cancelled = valueOf(await channel.getOrder(other.id));
    expect(cancelled).toMatchObject({ stage: 'cancelled', cancelReason: 'customer' });
  });

  it('still wants the last unit of an order whose shipped unit came back', async () => {
    const since = new Date(Date.now() - 5_000);
    const placed = shop.placeOrder({ lines: [{ sku: 'ROPE-14', quantity: 2 }] });
    const lineRef = placed.lines[0]?.id ?? '';
    const parcel = {
      orderRef: placed.id,
      lines: [{ lineRef, quantity: 1 }],
      locationRef: null,
      trackingCompany: null,
      trackingNumber: null,
      trackingUrl: null,
      notifyCustomer: false,
      shippedAt: new Date(),
      otherRefs: [],
    };
    const first = valueOf(await channel.reportFulfillment(parcel, 'first'));
    const returned = { lines: [{ sku: 'ROPE-14', quantity: 1 }], restock: true };
    shop.refundInAdmin(placed.id, { ...returned, shippedFirst: true });
    const owed = { stage: 'open', lines: [{ ref: lineRef, quantity: 2, fulfilledQuantity: 1 }] };
    expect(valueOf(await channel.getOrder(placed.id))).toMatchObject(owed);
    const page = valueOf(await channel.listOrdersChangedSince(since, null));
    let found = page.entries.find(({ ref }) => ref === placed.id);
    for (let cursor = page.nextCursor; cursor !== null && found === undefined;) {
      const next: Page<ChannelOrder> = valueOf(await channel.listOrdersChangedSince(since, cursor));
      found = next.entries.find(({ ref }) => ref === placed.id);
      cursor = next.nextCursor;
    }
    expect(found).toMatchObject(owed);
    const second = await channel.reportFulfillment({ ...parcel, otherRefs: [first] }, 'second');
    expect(second.status).toBe('done');
    // Everything has left; that one more comes back changes nothing.
    shop.refundInAdmin(placed.id, { ...returned, shippedFirst: true });
    expect(valueOf(await channel.getOrder(placed.id))).toMatchObject({
      stage: 'fulfilled',
      lines: [{ quantity: 2, fulfilledQuantity: 2 }],
    });
  });

  it('does not want a unit that was refunded before shipping', async () => {
    const placed = shop.placeOrder({ lines: [{ sku: 'ROPE-14', quantity: 3 }] });
    const one = { lines: [{ sku: 'ROPE-14', quantity: 1 }], restock: true };
    shop.refundInAdmin(placed.id, one);
    expect(valueOf(await channel.getOrder(placed.id))).toMatchObject({
      stage: 'open',
      lines: [{ quantity: 2, fulfilledQuantity: 0 }],
    });
    for (const { id } of shop.fulfillmentOrders(placed.id)) shop.fulfillInAdmin(id);
    shop.refundInAdmin(placed.id, one);
    expect(valueOf(await channel.getOrder(placed.id))).toMatchObject({
      stage: 'fulfilled',
      lines: [{ quantity: 2, fulfilledQuantity: 2 }],
    });
  });

  it('answers null for an order Shopify no longer has', async () => {
    expect(valueOf(await channel.getOrder('gid://shopify/Order/12'))).toBeNull();
  });
});

describe('a shop that does not answer', () => {
  it('waits out a short throttling inside the call', async () => {
    sandbox.faults.set(SHOP, 'throttle', { remaining: 2 });
    expect((await channel.identify()).status).toBe('done');
    expect(waited).toHaveLength(2);
  });

  it('says when to come back if throttling goes on', async () => {
    sandbox.faults.set(SHOP, 'throttle');
    const outcome = await channel.identify();
    expect(outcome.status).toBe('retry_later');
  });

  it('takes the time to come back from the points that are missing', async () => {
    shop.setRateLimit({ max: 500, restorePerSecond: 1 });
    shop.state.bucket.level = 0;
    const outcome = await channel.identify();
    if (outcome.status !== 'retry_later') throw new Error(outcome.status);
    expect(outcome.retryAt.getTime()).toBeGreaterThan(Date.now() + 500);
    shop.setRateLimit({ max: 2_000, restorePerSecond: 100 });
    shop.state.bucket.level = 2_000;
  });

  it.each(['serverError', 'htmlAnswer', 'emptyAnswer', 'hangBefore'] as const)(
    'asks to come back after %s',
    async (fault) => {
      sandbox.faults.set(SHOP, fault);
      const outcome = await channel.getOrder('gid://shopify/Order/12');
      expect(outcome.status).toBe('retry_later');
    },
  );

  it('tells a refused token apart: the merchant is needed', async () => {
    sandbox.faults.set(SHOP, 'unauthorized');
    const outcome = await channel.identify();
    expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'unauthorized' } });
  });

  it('does not take an order with holes in it for the order, when a scope is missing', async () => {
    const placed = shop.placeOrder({ lines: [{ sku: 'ROPE-13', quantity: 1 }] });
    const granted = [...shop.state.grantedScopes];
    shop.state.grantedScopes = granted.filter((scope) => !scope.endsWith('_products'));
    const limited = await connectShopify(shop);
    shop.state.grantedScopes = granted;
    expect(await limited.getOrder(placed.id)).toMatchObject({
      status: 'refused',
      reason: { code: 'unauthorized' },
    });
  });
});
