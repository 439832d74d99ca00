import { afterEach, describe, expect, it } from 'vitest';

import type { FulfillmentReport } from '#app/contracts/channel';
import type { Outcome } from '#app/contracts/outcome';
import type { FaultName } from '../sandbox/core';
import type { Order, WooStoreOptions } from '../sandbox/woocommerce';
import { leaksSecret, openShop, placeOrderOf } from '../unit/woocommerce-bridge/open-shop';
import type { Shop } from '../unit/woocommerce-bridge/open-shop';

const open: Shop[] = [];
afterEach(async () => {
  for (const { store } of open.splice(0)) await store.close();
});

async function shopWith(options: Partial<WooStoreOptions> = {}): Promise<Shop> {
  const shop = await openShop(options);
  open.push(shop);
  return shop;
}

type Way = 'core' | 'tracking' | 'note';
const WAYS: Way[] = ['core', 'tracking', 'note'];
const shopFor = (way: Way): Promise<Shop> =>
  shopWith({ fulfillments: way === 'core', shipmentTracking: way === 'tracking' });

function reportOf(
  order: Order,
  quantities: number[],
  trackingNumber: string | null,
): FulfillmentReport {
  return {
    orderRef: String(order.id),
    lines: quantities.flatMap((quantity, n) =>
      quantity === 0 ? [] : [{ lineRef: String(order.lines[n]?.id), quantity }],
    ),
    locationRef: null,
    trackingCompany: 'UPS',
    trackingNumber,
    trackingUrl: trackingNumber === null ? null : `https://track.example/${trackingNumber}`,
    notifyCustomer: true,
    shippedAt: new Date('2026-11-24T10:00:00Z'),
    otherRefs: [],
  };
}

const nothing = { status: 'done', value: null };

function valueOf(outcome: Outcome<string>): string {
  if ('value' in outcome) return outcome.value;
  throw new Error(JSON.stringify(outcome));
}

/** The store counts a number shown twice as a parcel told twice; here two parcels share one. */
const complaintsOf = (shop: Shop): string[] =>
  shop.store.invariants().filter((complaint) => !complaint.includes('told twice'));

/** How often the store shows a parcel of this order, whichever way it was told. */
function parcelsShown(order: Order): number {
  const trackings = order.meta.find((meta) => meta.key === '_wc_shipment_tracking_items')?.value;
  const notes = order.notes.filter((note) => note.toCustomer).length;
  return order.fulfillments.length + notes + (Array.isArray(trackings) ? trackings.length : 0);
}

describe.each(WAYS)('telling of a parcel by %s', (way) => {
  it('tells once, whoever asks again, and completes the order with its last units', async () => {
    const shop = await shopFor(way);
    const order = placeOrderOf(shop, 2, 1);
    const first = reportOf(order, [2, 0], 'T-1');
    const made = await shop.channel.reportFulfillment(first, 'k1');
    expect(made.status).toBe('done');
    expect(order.status).toBe('processing');
    const writes = shop.writes().length;
    const again = await shop.channel.reportFulfillment(first, 'k1');
    expect(again).toEqual({ ...made, status: 'duplicate' });
    const otherKey = await shop.channel.reportFulfillment(first, 'another key');
    expect(otherKey.status).toBe('duplicate');
    expect(shop.writes()).toHaveLength(writes);
    expect(await shop.channel.findFulfillment(first, 'k1')).toEqual(made);

    const second = reportOf(order, [0, 1], 'T-2');
    expect(await shop.channel.findFulfillment(second, 'k2')).toEqual({
      status: 'done',
      value: null,
    });
    expect((await shop.channel.reportFulfillment(second, 'k2')).status).toBe('done');
    expect([order.status, parcelsShown(order)]).toEqual(['completed', 2]);
    expect(shop.store.invariants()).toEqual([]);
  });

  it('never tells of more than was ordered, or of what will not be sent', async () => {
    const shop = await shopFor(way);
    const order = placeOrderOf(shop, 2);
    const codeFor = async (report: FulfillmentReport, key: string) => {
      const outcome = await shop.channel.reportFulfillment(report, key);
      return outcome.status === 'refused' ? outcome.reason.code : outcome.status;
    };
    expect(await codeFor(reportOf(order, [3], 'T-1'), 'k1')).toBe('validation');
    expect(await codeFor({ ...reportOf(order, [1], 'T-1'), lines: [] }, 'k1')).toBe('validation');
    expect(
      await codeFor(
        { ...reportOf(order, [1], 'T-1'), lines: [{ lineRef: '99', quantity: 1 }] },
        'k1',
      ),
    ).toBe('validation');
    expect(await codeFor(reportOf(order, [0.5], 'T-1'), 'k1')).toBe('validation');
    expect(await codeFor(reportOf(order, [1], 'T-1'), 'k1')).toBe('done');
    expect(await codeFor(reportOf(order, [2], 'T-2'), 'k2')).toBe('validation');
    expect(await codeFor({ ...reportOf(order, [1], 'T'), orderRef: '9999' }, 'k')).toBe(
      'not_found',
    );
    expect(await codeFor({ ...reportOf(order, [1], 'T'), orderRef: '1/x' }, 'k')).toBe(
      'validation',
    );
    const cancelled = placeOrderOf(shop, 1);
    shop.store.setStatus(cancelled.id, 'cancelled');
    expect(await codeFor(reportOf(cancelled, [1], 'T-3'), 'k3')).toBe('conflict');
    expect([parcelsShown(order), parcelsShown(cancelled)]).toEqual([1, 0]);
  });

  it('counts a parcel without a tracking number by its key', async () => {
    const shop = await shopFor(way);
    const order = placeOrderOf(shop, 2);
    const report = reportOf(order, [1], null);
    expect((await shop.channel.reportFulfillment(report, 'k1')).status).toBe('done');
    expect((await shop.channel.reportFulfillment(report, 'k1')).status).toBe('duplicate');
    expect((await shop.channel.reportFulfillment(report, 'k2')).status).toBe('done');
    expect([order.status, parcelsShown(order)]).toEqual(['completed', 2]);
    expect(shop.store.invariants()).toEqual([]);
  });

  it.each<[FaultName | null, string | null]>([
    [null, 'T-1'],
    ['hangAfter', 'T-1'],
    ['errorAfter', 'T-1'],
    ['hangAfter', null],
  ])('two equal parcels are two (fault: %s, number: %s)', async (fault, number) => {
    const shop = await shopFor(way);
    const order = placeOrderOf(shop, 2);
    const parcel = reportOf(order, [1], number);
    const silence = (): void => {
      if (fault) shop.store.faults.set(shop.store.id, fault, { only: 'POST', remaining: 1 });
    };
    silence();
    const first = valueOf(await shop.channel.reportFulfillment(parcel, 'k1'));
    const second = { ...parcel, otherRefs: [first] };
    expect(await shop.channel.findFulfillment(second, 'k2')).toEqual(nothing);
    silence();
    const made = await shop.channel.reportFulfillment(second, 'k2');
    expect(made.status).toBe('done');
    const other = valueOf(made);
    expect(other).not.toBe(first);
    const repeats = [
      await shop.channel.reportFulfillment({ ...parcel, otherRefs: [other] }, 'k1'),
      await shop.channel.reportFulfillment(second, 'k2'),
    ];
    expect(repeats).toEqual([
      { status: 'duplicate', value: first },
      { status: 'duplicate', value: other },
    ]);
    expect([order.status, parcelsShown(order)]).toEqual(['completed', 2]);
    expect(complaintsOf(shop)).toEqual([]);
  });

  it('two equal parcels are two though the second was taken for the first', async () => {
    const shop = await shopFor(way);
    const order = placeOrderOf(shop, 2);
    const parcel = reportOf(order, [1], 'T-1');
    await shop.channel.reportFulfillment(parcel, 'k1');
    // What became of the first was not known to the caller when it told of the second.
    const second = valueOf(await shop.channel.reportFulfillment(parcel, 'k2'));
    const first = { ...parcel, otherRefs: [second] };
    expect(await shop.channel.findFulfillment(first, 'k1')).toEqual(nothing);
    expect((await shop.channel.reportFulfillment(first, 'k1')).status).toBe('done');
    expect((await shop.channel.reportFulfillment(first, 'k1')).status).toBe('duplicate');
    expect([order.status, parcelsShown(order)]).toEqual(['completed', 2]);
    expect(complaintsOf(shop)).toEqual([]);
  });

  const telling = 'POST';
  it.each<[FaultName, string, string]>([
    ['hangAfter', telling, 'done'],
    ['errorAfter', telling, 'done'],
    ['hangBefore', telling, 'unknown'],
    ['serverError', telling, 'unknown'],
    ['htmlAnswer', telling, 'unknown'],
    ['emptyAnswer', telling, 'unknown'],
    ['throttle', telling, 'retry_later'],
    ['unauthorized', telling, 'refused'],
    ['hangBefore', 'PUT', 'retry_later'],
    ['hangAfter', 'PUT', 'retry_later'],
    ['errorAfter', 'PUT', 'retry_later'],
    ['serverError', 'PUT', 'retry_later'],
    ['serverError', 'GET', 'retry_later'],
    ['htmlAnswer', 'GET', 'retry_later'],
    ['emptyAnswer', 'GET', 'retry_later'],
    ['unauthorized', 'GET', 'refused'],
  ])('%s on %s: %s, and once in the end', async (fault, only, status) => {
    const shop = await shopFor(way);
    const order = placeOrderOf(shop, 1);
    const report = reportOf(order, [1], 'T-1');
    shop.store.faults.set(shop.store.id, fault, { only });
    const outcome = await shop.channel.reportFulfillment(report, 'k1');
    expect(outcome.status).toBe(status);
    expect(leaksSecret(shop, outcome)).toBe(false);
    shop.store.faults.clear(shop.store.id);
    const found = await shop.channel.findFulfillment(report, 'k1');
    expect(found).toMatchObject({
      status: 'done',
      value: parcelsShown(order) === 0 ? null : (expect.any(String) as string),
    });
    const again = await shop.channel.reportFulfillment(report, 'k1');
    expect(['done', 'duplicate']).toContain(again.status);
    expect([order.status, parcelsShown(order)]).toEqual(['completed', 1]);
    expect(shop.store.invariants()).toEqual([]);
  });
});
