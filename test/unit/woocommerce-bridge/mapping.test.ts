import { describe, expect, it } from 'vitest';

import {
  NO_COMPANIONS,
  mapOrder,
  mapProduct,
  mapVariation,
  stageOf,
} from '../../../woocommerce-bridge/mapping';
import { moneyOf, moneyOfNumber } from '../../../woocommerce-bridge/money';
import { sentParcelsOf, shippedUnitsOf } from '../../../woocommerce-bridge/shipped-units';

const UNITS = { currency: 'USD', gramsPerWeightUnit: 1000 };
const PARENT = { id: 11, type: 'variable', name: 'Tee', status: 'publish', weight: '0.2' };

const ORDER = {
  id: 7,
  number: '7',
  status: 'processing',
  currency: 'USD',
  date_created_gmt: '2026-11-24T04:02:10',
  date_modified_gmt: '2026-11-24T04:05:00',
  date_paid_gmt: '2026-11-24T04:02:10',
  date_completed_gmt: null,
  total: '30.00',
  line_items: [{ id: 1, product_id: 10, variation_id: 0, quantity: 3, price: 10, name: 'Mug' }],
};

const refundOf = (lineId: string, quantity: number, at = '2026-11-24T04:04:00') => ({
  date_created_gmt: at,
  line_items: [{ quantity: -quantity, meta_data: [{ key: '_refunded_item_id', value: lineId }] }],
});

const fulfillmentOf = (units: number, at: string) => ({
  is_fulfilled: true,
  meta_data: [
    { key: '_items', value: [{ item_id: 1, qty: units }] },
    { key: '_date_fulfilled', value: at },
  ],
});

describe('what a product body becomes', () => {
  // Goal: the one number a store holds is named once, by whoever manages it.
  it.each([
    [true, 5, 'variation:11:12', true, 5],
    [false, null, 'variation:11:12', false, null],
    ['parent', 33, 'product:11', true, 33],
  ])('manage_stock %s', (manage_stock, stock_quantity, stockRef, tracked, available) => {
    const body = { id: 12, status: 'publish', manage_stock, stock_quantity, attributes: [] };
    const listing = mapVariation(body, PARENT, UNITS);
    expect(listing?.ref).toBe('variation:11:12');
    expect(listing?.stockRef).toBe(stockRef);
    expect(listing?.tracked).toBe(tracked);
    expect(listing?.stock).toEqual([{ stockRef, locationRef: '', available, committed: 0 }]);
  });

  it('takes title and an empty weight from the parent', () => {
    const body = { id: 12, weight: '', attributes: [{ option: 'S' }, { option: 'Red' }] };
    const listing = mapVariation(body, PARENT, UNITS);
    expect(listing).toMatchObject({ title: 'Tee', variantTitle: 'S / Red', weightGrams: 200 });
  });

  it.each(['variable', 'grouped', 'external'])('makes no listing of a %s product', (type) => {
    expect(mapProduct({ id: 1, type, name: 'x' }, UNITS)).toBeNull();
  });

  it('keeps odd texts as text, cut to what can be stored', () => {
    const name = `<script>alert(1)</script>${'\u{1F600}'.repeat(400)}`;
    const listing = mapProduct({ id: 1, type: 'simple', name, sku: '   ' }, UNITS);
    expect(listing?.title.startsWith('<script>')).toBe(true);
    expect(listing?.title.length).toBeLessThanOrEqual(255);
    expect(listing?.title).toBe(Buffer.from(listing?.title ?? '', 'utf8').toString('utf8'));
    expect(listing?.sku).toBeNull();
  });

  it('is null for a body that is no product', () => {
    for (const id of [undefined, 0, -1, 1.5, 'x', null])
      expect(mapProduct({ id }, UNITS)).toBeNull();
  });
});

describe('where an order stands', () => {
  const paid = { date_paid_gmt: '2026-11-24T04:02:10' };
  const completed = { date_completed_gmt: '2026-11-25T04:02:10' };
  const took = { line_items: [{ meta_data: [{ key: '_reduced_stock', value: '2' }] }] };
  it.each([
    ['pending', {}, 'awaiting_payment'],
    ['checkout-draft', {}, 'awaiting_payment'],
    ['processing', paid, 'open'],
    ['on-hold', {}, 'open'],
    ['completed', completed, 'fulfilled'],
    ['cancelled', completed, 'cancelled'],
    ['refunded', paid, 'cancelled'],
    ['refunded', completed, 'fulfilled'],
    ['failed', paid, 'cancelled'],
    ['trash', paid, 'cancelled'],
    ['packed-by-plugin', { ...paid, needs_processing: true }, 'open'],
    ['packed-by-plugin', { ...paid, needs_processing: false }, 'fulfilled'],
    ['shipped-by-plugin', { ...paid, ...completed }, 'fulfilled'],
    ['quote-by-plugin', {}, 'awaiting_payment'],
    ['invoice-by-plugin', took, 'open'],
    ['', {}, 'awaiting_payment'],
  ])('%s %j is %s', (status, facts, stage) => {
    expect(stageOf({ status, ...facts })).toBe(stage);
  });
});

describe('how many units of a line are still wanted', () => {
  it('takes off what was refunded, by the line it names', () => {
    const companions = { ...NO_COMPANIONS, refunds: [refundOf('1', 1), refundOf('9', 1)] };
    expect(mapOrder(ORDER, companions)?.lines[0]?.quantity).toBe(2);
  });

  it('never takes off what has been sent', () => {
    const companions = {
      ...NO_COMPANIONS,
      refunds: [refundOf('1', 2)],
      shippedUnits: new Map([['1', 2]]),
    };
    const [line] = mapOrder(ORDER, companions)?.lines ?? [];
    expect(line).toMatchObject({ quantity: 2, fulfilledQuantity: 2 });
  });

  it.each<[string, [at: string, sent: number][], [at: string, units: number][], number, number]>([
    ['a sent unit came back', [['04:10', 1]], [['04:20', 1]], 3, 1],
    ['an unsent one was refunded before the rest left', [['04:10', 2]], [['04:05', 1]], 2, 2],
    ['more came back than had been sent', [['04:10', 1]], [['04:20', 2]], 2, 1],
    [
      'a unit refunded unsent, then a sent one',
      [['04:10', 1]],
      [
        ['04:05', 1],
        ['04:20', 1],
      ],
      2,
      1,
    ],
    [
      'the same sent unit cannot come back twice',
      [['04:10', 1]],
      [
        ['04:20', 1],
        ['04:30', 1],
      ],
      2,
      1,
    ],
    ['all sent, all came back', [['04:10', 3]], [['04:20', 3]], 3, 3],
    ['nothing sent', [], [['04:20', 2]], 1, 0],
  ])('tells a return from a refund before shipping: %s', (_, sent, refunded, quantity, gone) => {
    const fulfillments = sent.map(([at, units]) => fulfillmentOf(units, `2026-11-24 ${at}:00`));
    const companions = {
      refunds: refunded.map(([at, units]) => refundOf('1', units, `2026-11-24T${at}:00`)).reverse(),
      shippedUnits: shippedUnitsOf(ORDER, fulfillments),
      sentParcels: sentParcelsOf(ORDER, fulfillments),
    };
    const [line] = mapOrder(ORDER, companions)?.lines ?? [];
    expect(line).toMatchObject({ quantity, fulfilledQuantity: gone });
  });

  it.each([
    // The order was made at 04:02:10 UTC; the fulfillment says 10:00 without a zone.
    ['2026-11-24T04:02:10', '10:00'],
    ['2026-11-23T23:02:10', '15:00'],
    // In a zone ahead of UTC the later reading is that of the releases which write UTC.
    ['2026-11-24T09:32:10', '10:00'],
  ])('reads the time of a fulfillment in a store at %s as no earlier than it was', (local, at) => {
    const order = { ...ORDER, date_created: local };
    const list = [
      fulfillmentOf(1, '2026-11-24 10:00:00'),
      { ...fulfillmentOf(1, ''), date_updated: '2026-11-24 10:00:00' },
      fulfillmentOf(1, 'soon'),
      { ...fulfillmentOf(1, '2026-11-24 10:00:00'), is_fulfilled: false },
    ];
    const times = sentParcelsOf(order, list).map((parcel) => parcel.at.toISOString());
    expect(times).toEqual([`2026-11-24T${at}:00.000Z`, `2026-11-24T${at}:00.000Z`]);
  });

  it('takes nothing off for a refund after the order was completed', () => {
    const order = { ...ORDER, status: 'completed', date_completed_gmt: '2026-11-24T05:00:00' };
    const before = { ...NO_COMPANIONS, refunds: [refundOf('1', 1)] };
    const after = { ...NO_COMPANIONS, refunds: [refundOf('1', 1, '2026-11-24T06:00:00')] };
    expect(mapOrder(order, before)?.lines[0]).toMatchObject({ quantity: 2, fulfilledQuantity: 2 });
    expect(mapOrder(order, after)?.lines[0]).toMatchObject({ quantity: 3, fulfilledQuantity: 3 });
  });

  it('is fulfilled once every unit has been sent, though the status stays at processing', () => {
    const part = mapOrder(ORDER, { ...NO_COMPANIONS, shippedUnits: new Map([['1', 2]]) });
    const all = mapOrder(ORDER, { ...NO_COMPANIONS, shippedUnits: new Map([['1', 9]]) });
    expect([part?.stage, part?.lines[0]?.fulfilledQuantity]).toEqual(['open', 2]);
    expect([all?.stage, all?.lines[0]?.fulfilledQuantity]).toEqual(['fulfilled', 3]);
  });

  it('counts fulfillments in either shape of the list, and drafts not at all', () => {
    const items = [{ key: '_items', value: [{ item_id: 1, qty: 2 }] }];
    const list = [
      { is_fulfilled: true, meta_data: items },
      { is_fulfilled: false, meta_data: items },
    ];
    expect(shippedUnitsOf({}, list).get('1')).toBe(2);
    expect(shippedUnitsOf({}, { fulfillments: list }).get('1')).toBe(2);
  });

  it('uses GMT dates as UTC and makes a version that compares as text', () => {
    const order = mapOrder(ORDER, NO_COMPANIONS);
    expect(order?.version).toBe('2026-11-24T04:05:00.000Z');
    expect(order?.placedAt.toISOString()).toBe('2026-11-24T04:02:10.000Z');
  });

  it.each([
    [1.2, 2],
    ['3', 3],
    [0, 0],
    [-2, 0],
    [1e300, 1_000_000_000],
  ])('quantity %j counts as %i', (quantity, units) => {
    const order = { ...ORDER, line_items: [{ id: 1, quantity, product_id: 10 }] };
    expect(mapOrder(order, NO_COMPANIONS)?.lines[0]?.quantity).toBe(units);
  });

  it('is null for a body that is no order', () => {
    expect(mapOrder({}, NO_COMPANIONS)).toBeNull();
    expect(
      mapOrder({ id: 1, date_created_gmt: 'never', line_items: [] }, NO_COMPANIONS),
    ).toBeNull();
    expect(mapOrder({ ...ORDER, line_items: 'x' }, NO_COMPANIONS)).toBeNull();
  });
});

describe('money', () => {
  it.each([
    ['71.00', 'USD', 7100],
    ['0.1', 'USD', 10],
    ['8.335', 'USD', 834],
    ['-24.00', 'USD', -2400],
    ['1200', 'JPY', 1200],
    ['1.2345', 'KWD', 1235],
  ])('%s %s', (text, currency, minor) => {
    expect(moneyOf(text, currency)).toEqual({ minor, currency });
  });

  it.each(['', 'free', '1,5', 'NaN', '1e3', '--1'])('"%s" is no amount', (text) => {
    expect(moneyOf(text, 'USD')).toBeNull();
  });

  it('reads the numbers of line prices', () => {
    expect(moneyOfNumber(8.333333, 'USD')?.minor).toBe(833);
    expect(moneyOfNumber(23.999999999, 'USD')?.minor).toBe(2400);
    expect(moneyOfNumber(Number.NaN, 'USD')).toBeNull();
  });
});
