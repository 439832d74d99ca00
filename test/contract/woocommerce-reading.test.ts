import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ChannelListing, Page } from '#app/contracts/channel';
import type { ChannelOrder } from '#app/contracts/channel-order';
import type { Outcome } from '#app/contracts/outcome';
import { virtualClock } from '../sandbox/core';
import { openShop } from '../unit/woocommerce-bridge/open-shop';
import type { Shop } from '../unit/woocommerce-bridge/open-shop';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.store.close());

function done<Value>(outcome: Outcome<Value>): Value {
  if (outcome.status === 'done') return outcome.value;
  throw new Error(JSON.stringify(outcome));
}

async function all<Entry>(
  read: (cursor: string | null) => Promise<Outcome<Page<Entry>>>,
  between: () => void = () => undefined,
): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Entry> = done(await read(cursor));
    entries.push(...page.entries);
    cursor = page.nextCursor;
    between();
  } while (cursor !== null);
  return entries;
}

const listings = (between?: () => void): Promise<ChannelListing[]> =>
  all((cursor) => shop.channel.listListings(cursor), between);
const ordersSince = (since: Date): Promise<ChannelOrder[]> =>
  all((cursor) => shop.channel.listOrdersChangedSince(since, cursor));

describe('who the store is', () => {
  it('names its address and currency, and one place', async () => {
    expect(done(await shop.channel.identify())).toEqual({
      name: new URL(shop.store.url).host,
      currency: 'USD',
      timezone: null,
    });
    const [location, ...others] = done(await shop.channel.listLocations());
    expect([location?.ref, others]).toEqual(['', []]);
  });
});

describe('listings', () => {
  it('are what is sold, each with the ref that holds its stock', async () => {
    const { store } = shop;
    const mug = store.addProduct({
      name: 'Mug',
      sku: 'MUG',
      price: '9.00',
      stock: 4,
      weight: '0.4',
    });
    const tee = store.addProduct({
      name: 'Tee',
      price: '18.00',
      variations: [
        { option: 'S', sku: 'TEE-S', stock: 5 },
        { option: 'M', sku: 'TEE-M' },
      ],
    });
    const cap = store.addProduct({
      name: 'Cap',
      stock: 33,
      variations: [{ option: 'A' }, { option: 'B' }],
    });
    const found = await listings();
    const refOf = (parent: number, child: number | undefined) => `variation:${parent}:${child}`;
    expect(
      found.map(({ ref, stockRef, tracked, stock }) => [
        ref,
        stockRef,
        tracked,
        stock[0]?.available,
      ]),
    ).toEqual([
      [`product:${mug.id}`, `product:${mug.id}`, true, 4],
      [refOf(tee.id, tee.variations[0]?.id), refOf(tee.id, tee.variations[0]?.id), true, 5],
      [refOf(tee.id, tee.variations[1]?.id), refOf(tee.id, tee.variations[1]?.id), false, null],
      [refOf(cap.id, cap.variations[0]?.id), `product:${cap.id}`, true, 33],
      [refOf(cap.id, cap.variations[1]?.id), `product:${cap.id}`, true, 33],
    ]);
    expect(found[0]).toMatchObject({ weightGrams: 400, price: { minor: 900, currency: 'USD' } });
    for (const listing of found) {
      expect(done(await shop.channel.getListing(listing.ref))).toEqual(listing);
    }
    // A shared number is one number.
    expect(
      done(
        await shop.channel.readStock(
          found.map(({ ref: listingRef, stockRef }) => ({ listingRef, stockRef })),
        ),
      ),
    ).toHaveLength(4);
  });

  it('are all found although products vanish while paging', async () => {
    const products = Array.from({ length: 260 }, (_, n) =>
      shop.store.addProduct({ name: `P${n}`, sku: `P${n}`, stock: n }),
    );
    let removed = 0;
    const seen = await listings(() => {
      // Each time 30 of those already read disappear, more than the pages overlap.
      if (removed < 90)
        for (let n = 0; n < 30; n += 1)
          shop.store.state.products.delete(products[removed++]?.id ?? 0);
    });
    const refs = new Set(seen.map(({ ref }) => ref));
    const left = [...shop.store.state.products.keys()].map((id) => `product:${id}`);
    expect(left.filter((ref) => !refs.has(ref))).toEqual([]);
    expect(refs.size).toBe(seen.length);
  });

  it('are null when gone, and a variable product is none', async () => {
    const tee = shop.store.addProduct({ name: 'Tee', variations: [{ option: 'S', stock: 1 }] });
    const child = tee.variations[0]?.id ?? 0;
    expect(done(await shop.channel.getListing('product:99999'))).toBeNull();
    expect(done(await shop.channel.getListing(`variation:${tee.id}:99999`))).toBeNull();
    expect(done(await shop.channel.getListing(`product:${tee.id}`))).toBeNull();
    const bare = done(await shop.channel.getListing(`product:${child}`));
    expect(bare?.ref).toBe(`variation:${tee.id}:${child}`);
    expect(await shop.channel.getListing('product:1/../orders')).toMatchObject({
      status: 'refused',
    });
  });
});

describe('orders', () => {
  const START = new Date(Date.now() - 3_600_000);

  it('come with their refunds, and the trash too', async () => {
    const { store } = shop;
    const { id } = store.addProduct({ name: 'Mug', sku: 'MUG', price: '9.00', stock: 50 });
    const place = (quantity: number) => store.placeOrder({ lines: [{ productId: id, quantity }] });
    const refunded = place(3);
    store.refund(refunded.id, { lines: [{ lineId: refunded.lines[0]?.id ?? 0, quantity: 1 }] });
    const trashed = place(1);
    store.trash(trashed.id);
    const deleted = place(1);
    store.forceDelete(deleted.id);
    const completed = place(2);
    store.setStatus(completed.id, 'completed');
    const found = new Map((await ordersSince(START)).map((order) => [order.ref, order]));
    expect(found.get(String(refunded.id))?.lines[0]?.quantity).toBe(2);
    expect(found.get(String(trashed.id))?.stage).toBe('cancelled');
    expect(found.get(String(completed.id))?.stage).toBe('fulfilled');
    expect(found.has(String(deleted.id))).toBe(false);
    expect(done(await shop.channel.getOrder(String(deleted.id)))).toBeNull();
    expect(done(await shop.channel.getOrder(String(trashed.id)))?.cancelReason).toBe('trash');
  });

  it('none that changed since is left out, however many', async () => {
    const { store } = shop;
    const { id } = store.addProduct({ name: 'Mug', price: '9.00', stock: 1_000 });
    store.importPastOrders(
      Array.from({ length: 150 }, () => ({
        placedAt: new Date('2026-01-01T00:00:00Z'),
        lines: [{ productId: id, quantity: 1 }],
      })),
    );
    const fresh = Array.from({ length: 230 }, () =>
      store.placeOrder({ lines: [{ productId: id, quantity: 1 }] }),
    );
    const found = await ordersSince(new Date(fresh[0]?.createdAt ?? 0));
    expect(found.map(({ ref }) => ref)).toEqual(fresh.map((order) => String(order.id)));
  });

  it("with only part of it sent, by WooCommerce's own fulfillments in either shape", async () => {
    for (const fulfillmentsWrapped of [false, true]) {
      const other = await openShop({ fulfillments: true, fulfillmentsWrapped });
      const { id } = other.store.addProduct({ name: 'Mug', price: '9.00', stock: 50 });
      const order = other.store.placeOrder({ lines: [{ productId: id, quantity: 3 }] });
      const report = {
        orderRef: String(order.id),
        lines: [{ lineRef: String(order.lines[0]?.id), quantity: 2 }],
        locationRef: null,
        trackingCompany: null,
        trackingNumber: 'T1',
        trackingUrl: null,
        notifyCustomer: false,
        shippedAt: new Date(),
        otherRefs: [],
      };
      done(await other.channel.reportFulfillment(report, 'k'));
      const read = done(await other.channel.getOrder(String(order.id)));
      expect(read).toMatchObject({ stage: 'open', lines: [{ quantity: 3, fulfilledQuantity: 2 }] });
      await other.store.close();
    }
  });

  it.each([
    ["by WooCommerce's own fulfillments, which say it had been sent", true, 2],
    ['without them, where any refund counts as of unsent units', false, 1],
  ])('with a unit sent and one refunded later, %s', async (_, fulfillments, quantity) => {
    const clock = virtualClock(new Date());
    const other = await openShop({ fulfillments, clock });
    const { id } = other.store.addProduct({ name: 'Mug', price: '9.00', stock: 50 });
    const order = other.store.placeOrder({ lines: [{ productId: id, quantity: 2 }] });
    const lineId = order.lines[0]?.id ?? 0;
    const parcel = {
      orderRef: String(order.id),
      lines: [{ lineRef: String(lineId), quantity: 1 }],
      locationRef: null,
      trackingCompany: null,
      trackingNumber: 'T1',
      trackingUrl: null,
      notifyCustomer: false,
      shippedAt: new Date(),
      otherRefs: [],
    };
    const first = done(await other.channel.reportFulfillment(parcel, 'k1'));
    await clock.advance(86_400_000);
    other.store.refund(order.id, { lines: [{ lineId, quantity: 1 }] });
    const read = done(await other.channel.getOrder(String(order.id)));
    expect(read?.lines).toMatchObject([{ quantity, fulfilledQuantity: 1 }]);
    expect(read?.stage).toBe(quantity === 2 ? 'open' : 'fulfilled');
    const second = { ...parcel, trackingNumber: 'T2', otherRefs: [first] };
    const told = await other.channel.reportFulfillment(second, 'k2');
    expect([told.status, order.status]).toEqual(
      quantity === 2 ? ['done', 'completed'] : ['refused', 'processing'],
    );
    expect(other.store.invariants()).toEqual([]);
    await other.store.close();
  });

  it('with a unit refunded before the others were sent', async () => {
    const clock = virtualClock(new Date());
    const other = await openShop({ fulfillments: true, clock });
    const { id } = other.store.addProduct({ name: 'Mug', price: '9.00', stock: 50 });
    const order = other.store.placeOrder({ lines: [{ productId: id, quantity: 3 }] });
    const lineId = order.lines[0]?.id ?? 0;
    other.store.refund(order.id, { lines: [{ lineId, quantity: 1 }] });
    await clock.advance(60_000);
    const told = await other.channel.reportFulfillment(
      {
        orderRef: String(order.id),
        lines: [{ lineRef: String(lineId), quantity: 2 }],
        locationRef: null,
        trackingCompany: null,
        trackingNumber: 'T1',
        trackingUrl: null,
        notifyCustomer: false,
        shippedAt: new Date(),
        otherRefs: [],
      },
      'k1',
    );
    expect([told.status, order.status]).toEqual(['done', 'completed']);
    const read = done(await other.channel.getOrder(String(order.id)));
    expect(read?.lines).toMatchObject([{ quantity: 2, fulfilledQuantity: 2 }]);
    await other.store.close();
  });

  it('are told as versions alone, the same ones', async () => {
    const whole = await ordersSince(new Date(0));
    const versions = await all((cursor) => shop.channel.listOrderVersions(new Date(0), cursor));
    expect(versions).toEqual(
      whole.map(({ ref, version, updatedAt }) => ({ ref, version, updatedAt })),
    );
  });

  it('refuses a cursor of somebody else', async () => {
    for (const cursor of ['', '{}', 'x', '{"offset":"1","lastId":"2"}']) {
      expect(await shop.channel.listOrdersChangedSince(START, cursor)).toMatchObject({
        status: 'refused',
        reason: { code: 'validation' },
      });
    }
  });
});
