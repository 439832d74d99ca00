/** Goal: Shopify's shapes become the contract's, also where parts are missing. */
import { describe, expect, it } from 'vitest';

import type { ShopifyHold, Work } from '#app/connectors/channels/shopify/choose-work';
import {
  needsFulfillments,
  needsWorks,
  type OrderDetails,
  type ShopifyOrder,
  type ShopifyOrderLine,
  toGrams,
  toListing,
  toOrder,
  toRefund,
  toVersion,
} from '#app/connectors/channels/shopify/mapping';
import type {
  FulfillmentOrderStatus,
  RefundLineItemRestockType,
} from '#app/connectors/channels/shopify/operations/admin.generated';

const money = (amount: string, currencyCode = 'USD') => ({ shopMoney: { amount, currencyCode } });

function line(change: Partial<ShopifyOrderLine> = {}): ShopifyOrderLine {
  return {
    id: 'gid://shopify/LineItem/1',
    sku: 'A',
    name: 'Lamp - Red',
    quantity: 3,
    currentQuantity: 3,
    unfulfilledQuantity: 3,
    requiresShipping: true,
    variant: { id: 'gid://shopify/ProductVariant/1' },
    originalUnitPriceSet: money('19.99'),
    ...change,
  };
}

function order(change: Partial<ShopifyOrder> = {}): ShopifyOrder {
  return {
    id: 'gid://shopify/Order/1',
    name: '#1001',
    createdAt: '2026-07-01T10:00:00Z',
    updatedAt: '2026-07-01T10:00:05Z',
    cancelledAt: null,
    cancelReason: null,
    displayFinancialStatus: 'PAID',
    displayFulfillmentStatus: 'UNFULFILLED',
    email: null,
    note: null,
    tags: [],
    totalPriceSet: money('59.97'),
    shippingLine: null,
    shippingAddress: null,
    risk: { recommendation: 'NONE', assessments: [] },
    refunds: [],
    fulfillmentOrders: { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] },
    lineItems: { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] },
    ...change,
  };
}

const left = (lineId: string, units: number): OrderDetails => ({
  fulfilled: new Map([[lineId, units]]),
  works: [],
  refunds: [],
});

describe('orders', () => {
  it.each(['PAID', 'PENDING', 'AUTHORIZED', 'EXPIRED', 'VOIDED', 'PARTIALLY_PAID', null] as const)(
    'are open while there is something to ship, whatever the payment (%s)',
    (displayFinancialStatus) => {
      expect(toOrder(order({ displayFinancialStatus }), [line()]).stage).toBe('open');
    },
  );

  it('are fulfilled when nothing is left, cancelled when nothing was ever shipped', () => {
    const shipped = line({ unfulfilledQuantity: 0 });
    expect(toOrder(order({ displayFulfillmentStatus: 'FULFILLED' }), [shipped]).stage).toBe(
      'fulfilled',
    );
    const removed = line({ currentQuantity: 0, unfulfilledQuantity: 0 });
    expect(toOrder(order({ displayFinancialStatus: 'REFUNDED' }), [removed]).stage).toBe(
      'cancelled',
    );
    // Everything came back after it had been shipped: it did ship.
    const returned = order({ displayFulfillmentStatus: 'FULFILLED' });
    expect(toOrder(returned, [removed]).stage).toBe('fulfilled');
    const back = toOrder(order(), [removed], left(removed.id, 3));
    expect(back).toMatchObject({ stage: 'fulfilled', lines: [{ quantity: 3 }] });
    expect(toOrder(order({ cancelledAt: '2026-07-02T00:00:00Z' }), [line()]).stage).toBe(
      'cancelled',
    );
  });

  it.each([
    // Ordered, current, unfulfilled, known to have left: wanted, fulfilled.
    [3, 3, 3, 0, 3, 0],
    [3, 3, 1, 0, 3, 2],
    [3, 3, 0, 0, 3, 3],
    [0, 0, 0, 0, 0, 0],
    // Taken out before shipping.
    [3, 2, 2, 0, 2, 0],
    [3, 2, 1, 1, 2, 1],
    [3, 0, 0, 0, 0, 0],
    // A shipped unit came back: one still to ship, two, none.
    [2, 1, 1, 1, 2, 1],
    [3, 2, 2, 1, 3, 1],
    [3, 1, 0, 3, 3, 3],
    // One shipped and back, one taken out, one to ship.
    [3, 1, 1, 1, 2, 1],
    // Fulfillments older or newer than the lines: within what the lines allow.
    [3, 2, 1, 0, 2, 1],
    [3, 2, 1, 9, 3, 2],
    // Numbers that should not be: never below zero.
    [1, 1, 2, 0, 1, 0],
    [1, -1, 0, 0, 0, 0],
  ])(
    'count %i ordered, %i current, %i unfulfilled, %i left',
    (quantity, currentQuantity, unfulfilledQuantity, units, wanted, sent) => {
      const counted = line({ quantity, currentQuantity, unfulfilledQuantity });
      const [mapped] = toOrder(order(), [counted], left(counted.id, units)).lines;
      expect(mapped).toMatchObject({ quantity: wanted, fulfilledQuantity: sent });
    },
  );

  it('need their fulfillments read only when units were taken off a line', () => {
    const less = line({ currentQuantity: 2, unfulfilledQuantity: 2 });
    expect(needsFulfillments(order(), [line(), less])).toBe(true);
    expect(needsFulfillments(order(), [line()])).toBe(false);
    expect(needsFulfillments(order({ cancelledAt: '2026-07-02T00:00:00Z' }), [less])).toBe(false);
  });

  it('survive hidden customers, deleted variants and missing SKUs', () => {
    const hidden = {
      name: null,
      company: null,
      address1: null,
      address2: '',
      city: null,
      province: 'Oregon',
      provinceCode: null,
      zip: null,
      countryCodeV2: 'us',
      phone: ' ',
    };
    const mapped = toOrder(order({ shippingAddress: hidden }), [line({ variant: null, sku: ' ' })]);
    expect(mapped.shipTo).toEqual({
      name: null,
      company: null,
      address1: null,
      address2: null,
      city: null,
      province: 'Oregon',
      zip: null,
      countryCode: 'US',
      phone: null,
    });
    expect(mapped.lines[0]).toMatchObject({ listingRef: null, sku: null });
  });

  it('keep money exact in every currency', () => {
    const yen = toOrder(order({ totalPriceSet: money('5980', 'JPY') }), []);
    expect(yen.total).toEqual({ minor: 5980, currency: 'JPY' });
    expect(toOrder(order({ totalPriceSet: money('0.1') }), []).total.minor).toBe(10);
    const [mapped] = toOrder(order(), [line({ originalUnitPriceSet: money('19.99') })]).lines;
    expect(mapped?.unitPrice.minor).toBe(1999);
  });

  it('have versions that compare as text', () => {
    expect(toVersion('2026-07-01T10:00:05Z')).toBe('2026-07-01T10:00:05.000Z');
    expect(toVersion('2026-07-01T12:00:05+02:00')).toBe('2026-07-01T10:00:05.000Z');
    expect(toVersion('2026-07-01T10:00:05Z') < toVersion('2026-07-01T10:00:05.2Z')).toBe(true);
  });
});

describe('what keeps an order from leaving', () => {
  const hold = (change: Partial<ShopifyHold> = {}): ShopifyHold => ({
    id: 'gid://shopify/FulfillmentHold/1',
    reason: 'OTHER',
    reasonNotes: null,
    handle: null,
    heldByRequestingApp: false,
    ...change,
  });
  const work = (change: Partial<Work> = {}): Work => ({
    ref: 'gid://shopify/FulfillmentOrder/1',
    status: 'ON_HOLD',
    locationRef: 'gid://shopify/Location/1',
    actions: [],
    holds: [],
    fulfillAt: new Date('2026-07-01T10:00:00Z'),
    lines: [{ ref: 'f1', orderLineRef: 'gid://shopify/LineItem/1', remaining: 3 }],
    ...change,
  });
  const withWorks = (...works: Work[]) =>
    toOrder(order(), [line()], { fulfilled: new Map(), works, refunds: [] });

  it.each([
    ['AWAITING_PAYMENT', 'payment'],
    ['HIGH_RISK_OF_FRAUD', 'fraud'],
    ['INCORRECT_ADDRESS', 'address'],
    ['INVENTORY_OUT_OF_STOCK', 'out_of_stock'],
    ['UNKNOWN_DELIVERY_DATE', 'other'],
    ['OTHER', 'other'],
  ] as const)('is a hold for %s: %s', (reason, ours) => {
    expect(withWorks(work({ holds: [hold({ reason })] })).holds).toEqual([
      { ref: 'gid://shopify/FulfillmentHold/1', reason: ours, note: null, ours: false },
    ]);
  });

  it('keeps the reason of our own holds, and believes no handle of others', () => {
    const handle = 'crossdock:merchant:0a1b';
    const own = hold({ handle, heldByRequestingApp: true, reasonNotes: ' Call first ' });
    expect(withWorks(work({ holds: [own, hold({ id: 'h2', handle })] })).holds).toEqual([
      { ref: own.id, reason: 'merchant', note: 'Call first', ours: true },
      { ref: 'h2', reason: 'other', note: null, ours: false },
    ]);
  });

  it('is not there once the work is closed', () => {
    for (const status of ['CLOSED', 'CANCELLED', 'INCOMPLETE'] as const) {
      expect(withWorks(work({ status, holds: [hold()] })).holds).toEqual([]);
    }
  });

  it('is a date per line, the latest of its parts; without a date, a hold', () => {
    const at = (time: string) => work({ status: 'SCHEDULED', fulfillAt: new Date(time) });
    const dated = withWorks(at('2026-08-01T00:00:00Z'), at('2026-09-01T00:00:00Z'));
    expect(dated.lines[0]?.shipAfter).toEqual(new Date('2026-09-01T00:00:00Z'));
    expect(dated.holds).toEqual([]);
    const undated = withWorks(work({ status: 'SCHEDULED', fulfillAt: null }));
    expect(undated.lines[0]?.shipAfter).toBeNull();
    expect(undated.holds).toMatchObject([
      { reason: 'other', note: 'Scheduled in Shopify, without a date', ours: false },
    ]);
  });

  it('is read only where the order shows that it is there', () => {
    const orders = (statuses: FulfillmentOrderStatus[], hasNextPage = false) => ({
      pageInfo: { hasNextPage, endCursor: null },
      nodes: statuses.map((status) => ({ id: 'gid://shopify/FulfillmentOrder/1', status })),
    });
    const needs = (fulfillmentOrders: ShopifyOrder['fulfillmentOrders']) =>
      needsWorks(order({ fulfillmentOrders }));
    expect(needs(orders(['OPEN', 'CLOSED', 'IN_PROGRESS']))).toBe(false);
    expect(needs(orders(['OPEN', 'ON_HOLD']))).toBe(true);
    expect(needs(orders(['SCHEDULED']))).toBe(true);
    expect(needs(orders(['OPEN'], true))).toBe(true);
  });
});

describe('what Shopify thinks of an order', () => {
  it.each([
    [[], 'NONE', null],
    [['PENDING', 'NONE'], 'NONE', null],
    [['LOW'], 'ACCEPT', 'low'],
    [['LOW', 'HIGH', 'MEDIUM'], 'CANCEL', 'high'],
    [['MEDIUM', 'LOW'], 'INVESTIGATE', 'medium'],
    [[], 'CANCEL', 'high'],
    [['NONE'], 'INVESTIGATE', 'medium'],
  ] as const)('%j and %s are %s', (levels, recommendation, risk) => {
    const assessments = levels.map((riskLevel) => ({ riskLevel }));
    expect(toOrder(order({ risk: { recommendation, assessments } }), []).risk).toBe(risk);
  });
});

describe('refunds', () => {
  it('say what became of every unit, and keep what is odd as it was told', () => {
    const at = { id: 'gid://shopify/Location/7' };
    const refunded = (quantity: number, restockType: RefundLineItemRestockType) => ({
      quantity,
      restockType,
      lineItem: { id: 'gid://shopify/LineItem/1' },
      location: restockType === 'NO_RESTOCK' ? null : at,
    });
    const head = { id: 'r', createdAt: '2026-07-02T10:00:00Z', totalRefundedSet: money('0.10') };
    const refund = toRefund(head, [
      refunded(1, 'CANCEL'),
      refunded(2, 'RETURN'),
      refunded(900, 'NO_RESTOCK'),
      refunded(1, 'LEGACY_RESTOCK'),
      refunded(0, 'RETURN'),
    ]);
    expect(refund).toMatchObject({
      ref: 'r',
      at: new Date('2026-07-02T10:00:00Z'),
      amount: { minor: 10, currency: 'USD' },
    });
    expect(refund.lines.map((one) => [one.quantity, one.restock, one.locationRef])).toEqual([
      [1, 'cancel', at.id],
      [2, 'return', at.id],
      [900, 'none', null],
      [1, 'unknown', at.id],
    ]);
  });
});

describe('listings', () => {
  const variant = {
    id: 'v',
    sku: 's'.repeat(500),
    barcode: '',
    title: 'Red',
    price: '7.50',
    inventoryPolicy: 'DENY' as const,
    product: {
      id: 'gid://shopify/Product/9',
      title: '‮<script>',
      status: 'UNLISTED' as const,
    },
    inventoryItem: {
      id: 'i',
      tracked: true,
      measurement: { weight: null },
      inventoryLevels: { pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] },
    },
  };

  it('keep titles as given and cut SKUs to what fits', () => {
    const listing = toListing(variant, [], 'USD');
    expect(listing).toMatchObject({
      title: '‮<script>',
      variantTitle: 'Red',
      barcode: null,
      active: true,
      weightGrams: null,
      price: { minor: 750, currency: 'USD' },
    });
    expect(listing.sku).toHaveLength(255);
  });

  it('may hold a negative number, and none where Shopify does not say', () => {
    const level = (quantities: { name: string; quantity: number }[]) => ({
      location: { id: 'l' },
      quantities,
    });
    const levels = [
      level([
        { name: 'available', quantity: -4 },
        { name: 'committed', quantity: 2 },
      ]),
      level([]),
    ];
    expect(toListing(variant, levels, 'USD').stock).toEqual([
      { stockRef: 'i', locationRef: 'l', available: -4, committed: 2 },
      { stockRef: 'i', locationRef: 'l', available: null, committed: 0 },
    ]);
  });

  it.each([
    [{ unit: 'KILOGRAMS', value: 1.2345 }, 1235],
    [{ unit: 'POUNDS', value: 1 }, 454],
    [{ unit: 'OUNCES', value: 8 }, 227],
    [{ unit: 'GRAMS', value: 250 }, 250],
    [{ unit: 'GRAMS', value: 0 }, null],
  ] as const)('weigh %o as %s grams', (weight, grams) => {
    expect(toGrams(weight)).toBe(grams);
  });
});
