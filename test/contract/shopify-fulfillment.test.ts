/**
 * Goal: a parcel is told to Shopify once, never for more than was ordered, from the place it left,
 * and an order is cancelled once. Method: judge by what the sandbox shop has afterwards.
 */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { ChannelConnector, FulfillmentReport } from '#app/contracts/channel';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { connectShopify, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

type PlacedOrder = ReturnType<SandboxShop['placeOrder']>;

let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;
let parcels = 0;
/** Orders of two parcels under one number, which the sandbox counts as one told twice. */
const sharingNumber: PlacedOrder[] = [];

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({ domain: SHOP, locations: [{ name: 'North' }, { name: 'South' }] });
  shop.addProduct({
    title: 'Lamp',
    variants: [
      { sku: 'LAMP', stock: { North: 500, South: 500 } },
      { sku: 'SHADE', title: 'Shade', stock: { North: 500, South: 500 } },
      { sku: 'BULB', title: 'Bulb', stock: { South: 500 } },
    ],
  });
  channel = await connectShopify(shop);
});

beforeEach(() => {
  sandbox.faults.clear(SHOP);
  sandbox.journal.clear();
});

const locationRef = (name: string): string =>
  [...shop.state.locations.values()].find((one) => one.name === name)?.id ?? '';

function order(...lines: { sku: string; quantity: number }[]): PlacedOrder {
  return shop.placeOrder({ lines });
}

function report(placed: PlacedOrder, change: Partial<FulfillmentReport> = {}): FulfillmentReport {
  return {
    orderRef: placed.id,
    lines: placed.lines.map(({ id, quantity }) => ({ lineRef: id, quantity })),
    locationRef: null,
    trackingCompany: 'UPS',
    trackingNumber: `1Z${(parcels += 1)}`,
    trackingUrl: null,
    notifyCustomer: true,
    shippedAt: new Date(),
    otherRefs: [],
    ...change,
  };
}

const ONE_CREATE = { only: 'fulfillmentCreate', remaining: 1 };
const creates = () => sandbox.journal.count({ operation: 'fulfillmentCreate' });

describe('reporting a parcel', () => {
  it('fulfills the lines with tracking, and a repeat changes nothing', async () => {
    const placed = order({ sku: 'LAMP', quantity: 2 }, { sku: 'SHADE', quantity: 1 });
    const parcel = report(placed);
    const first = await channel.reportFulfillment(parcel, 'key-1');
    expect(first.status).toBe('done');
    expect(await channel.reportFulfillment(parcel, 'key-1')).toEqual({
      status: 'duplicate',
      value: valueOf(first),
    });
    const [fulfillment, ...more] = shop.fulfillments(placed.id);
    expect(more).toEqual([]);
    expect(fulfillment).toMatchObject({
      id: valueOf(first),
      trackingNumbers: [parcel.trackingNumber],
      trackingCompany: 'UPS',
      notifyCustomer: true,
    });
    expect(valueOf(await channel.getOrder(placed.id))?.stage).toBe('fulfilled');
    expect(await channel.findFulfillment(parcel, 'key-1')).toEqual({
      status: 'done',
      value: valueOf(first),
    });
  });

  it('fulfills an order in two parcels', async () => {
    const placed = order({ sku: 'LAMP', quantity: 3 });
    const lineRef = placed.lines[0]?.id ?? '';
    await channel.reportFulfillment(report(placed, { lines: [{ lineRef, quantity: 1 }] }), 'a');
    await channel.reportFulfillment(report(placed, { lines: [{ lineRef, quantity: 2 }] }), 'b');
    const sizes = shop.fulfillments(placed.id).map(({ lines }) => lines.map((one) => one.quantity));
    expect(sizes).toEqual([[1], [2]]);
  });

  it.each(['hangAfter', 'errorAfter'] as const)(
    'tells it once when Shopify acts and says nothing (%s)',
    async (fault) => {
      const placed = order({ sku: 'LAMP', quantity: 1 });
      const parcel = report(placed);
      sandbox.faults.set(SHOP, fault, { only: 'fulfillmentCreate', remaining: 1 });
      expect((await channel.reportFulfillment(parcel, 'k')).status).toBe('done');
      expect((await channel.reportFulfillment(parcel, 'k')).status).toBe('duplicate');
      expect(creates()).toBe(1);
      expect(shop.fulfillments(placed.id)).toHaveLength(1);
    },
  );

  it('says it does not know while Shopify says nothing, and does not try again blindly', async () => {
    const placed = order({ sku: 'LAMP', quantity: 1 });
    const parcel = report(placed);
    sandbox.faults.set(SHOP, 'hangBefore', { only: 'fulfillmentCreate', remaining: 1 });
    const outcome = await channel.reportFulfillment(parcel, 'k');
    expect(outcome).toMatchObject({ status: 'unknown', lookUpBy: 'k' });
    expect(creates()).toBe(1);
    expect(await channel.findFulfillment(parcel, 'k')).toEqual({ status: 'done', value: null });
    expect((await channel.reportFulfillment(parcel, 'k')).status).toBe('done');
    expect(shop.fulfillments(placed.id)).toHaveLength(1);
  });

  it('tells a parcel without a tracking number once', async () => {
    const placed = order({ sku: 'LAMP', quantity: 2 });
    const lineRef = placed.lines[0]?.id ?? '';
    const parcel = report(placed, {
      lines: [{ lineRef, quantity: 1 }],
      trackingCompany: null,
      trackingNumber: null,
    });
    sandbox.faults.set(SHOP, 'hangAfter', { only: 'fulfillmentCreate', remaining: 1 });
    expect((await channel.reportFulfillment(parcel, 'k')).status).toBe('done');
    expect((await channel.reportFulfillment(parcel, 'k')).status).toBe('duplicate');
    expect(shop.fulfillments(placed.id)).toHaveLength(1);
  });

  describe.each([
    ['under one tracking number', '1Z-SHARED'],
    ['without a tracking number', null],
  ])('two equal parcels %s', (_, trackingNumber) => {
    function equalParcels(): { placed: PlacedOrder; parcel: FulfillmentReport } {
      const placed = order({ sku: 'LAMP', quantity: 2 });
      sharingNumber.push(placed);
      const lines = placed.lines.map(({ id }) => ({ lineRef: id, quantity: 1 }));
      const tracked = { trackingCompany: trackingNumber && 'UPS', trackingNumber };
      return { placed, parcel: report(placed, { lines, ...tracked }) };
    }

    it.each([null, 'hangAfter', 'errorAfter'] as const)('are two (fault: %s)', async (fault) => {
      const { placed, parcel } = equalParcels();
      const silence = () => {
        if (fault !== null) sandbox.faults.set(SHOP, fault, ONE_CREATE);
      };
      silence();
      const first = valueOf(await channel.reportFulfillment(parcel, 'a'));
      const second = { ...parcel, otherRefs: [first] };
      expect(await channel.findFulfillment(second, 'b')).toEqual({ status: 'done', value: null });
      silence();
      const made = await channel.reportFulfillment(second, 'b');
      expect(made.status).toBe('done');
      const other = valueOf(made);
      expect(shop.fulfillments(placed.id).map(({ id }) => id)).toEqual([first, other]);
      const repeats = [
        await channel.reportFulfillment({ ...parcel, otherRefs: [other] }, 'a'),
        await channel.reportFulfillment(second, 'b'),
      ];
      expect(repeats).toEqual([
        { status: 'duplicate', value: first },
        { status: 'duplicate', value: other },
      ]);
      expect(shop.fulfillments(placed.id)).toHaveLength(2);
      expect(valueOf(await channel.getOrder(placed.id))?.stage).toBe('fulfilled');
    });

    it('are two though it was not known yet what became of the first', async () => {
      const { placed, parcel } = equalParcels();
      sandbox.faults.set(SHOP, 'hangAfter', ONE_CREATE);
      await channel.reportFulfillment(parcel, 'a');
      // The first one's answer was lost on our side too, so the second takes its fulfillment.
      const second = valueOf(await channel.reportFulfillment(parcel, 'b'));
      const first = { ...parcel, otherRefs: [second] };
      expect(await channel.findFulfillment(first, 'a')).toEqual({ status: 'done', value: null });
      expect((await channel.reportFulfillment(first, 'a')).status).toBe('done');
      expect(shop.fulfillments(placed.id)).toHaveLength(2);
    });
  });

  it('moves the work to where the goods left, and fulfills it there', async () => {
    const placed = order({ sku: 'LAMP', quantity: 3 }, { sku: 'SHADE', quantity: 1 });
    const lineRef = placed.lines[0]?.id ?? '';
    const parcel = report(placed, {
      lines: [{ lineRef, quantity: 2 }],
      locationRef: locationRef('South'),
    });
    expect((await channel.reportFulfillment(parcel, 'k')).status).toBe('done');
    expect(shop.fulfillments(placed.id).map((one) => one.locationId)).toEqual([
      locationRef('South'),
    ]);
    const left = shop
      .fulfillmentOrders(placed.id)
      .filter(({ status }) => ['OPEN', 'IN_PROGRESS'].includes(status))
      .flatMap(({ locationId, lines }) => lines.map((line) => [locationId, line.remainingQuantity]))
      .filter(([, remaining]) => remaining !== 0);
    expect(left).toEqual([
      [locationRef('North'), 1],
      [locationRef('North'), 1],
    ]);
  });

  it('tells it from where Shopify keeps it when Shopify will not move it', async () => {
    const placed = order({ sku: 'BULB', quantity: 1 });
    const parcel = report(placed, { locationRef: locationRef('North') });
    expect((await channel.reportFulfillment(parcel, 'k')).status).toBe('done');
    expect(shop.fulfillments(placed.id).map((one) => one.locationId)).toEqual([
      locationRef('South'),
    ]);
  });

  it('never fulfills more than is left, and nothing where nothing is', async () => {
    const placed = order({ sku: 'LAMP', quantity: 2 });
    const lineRef = placed.lines[0]?.id ?? '';
    const one = [{ lineRef, quantity: 1 }];
    await channel.reportFulfillment(report(placed, { lines: one }), 'a');
    expect((await channel.reportFulfillment(report(placed), 'b')).status).toBe('done');
    const third = await channel.reportFulfillment(report(placed, { lines: one }), 'c');
    expect(third).toMatchObject({ status: 'refused', reason: { code: 'conflict' } });
    const units = shop.fulfillments(placed.id).flatMap(({ lines }) => lines.map((l) => l.quantity));
    expect(units).toEqual([1, 1]);
  });

  describe('when the work changes between reading and writing', () => {
    /** Lets `change` happen once the fulfillment orders were read, before anything is written. */
    async function reportWhile(parcel: FulfillmentReport, change: () => void) {
      const { journal } = sandbox;
      const record = journal.record.bind(journal);
      let pending = true;
      journal.record = (entry) => {
        if (pending && entry.body.includes('FulfillmentOrdersOfOrder')) {
          pending = false;
          change();
        }
        return record(entry);
      };
      const outcome = await channel.reportFulfillment(parcel, 'k');
      journal.record = record;
      expect(pending).toBe(false);
      return outcome;
    }
    const works = (placed: PlacedOrder) =>
      shop.fulfillmentOrders(placed.id).filter(({ status }) => status === 'OPEN');
    const sent = (placed: PlacedOrder) =>
      shop.fulfillments(placed.id).flatMap(({ lines }) => lines.map((one) => one.quantity));

    it.each([
      [
        'split',
        (id: string) => {
          shop.splitInAdmin(id, 'LAMP', 1);
        },
      ],
      [
        'merged away',
        (id: string) => {
          shop.mergeInAdmin([id, shop.splitInAdmin(id, 'LAMP', 1).id]);
        },
      ],
      [
        'moved away',
        (id: string) => {
          shop.moveInAdmin(id, locationRef('South'));
        },
      ],
    ])('tells all of a parcel whose work was %s', async (_, change) => {
      const placed = order({ sku: 'LAMP', quantity: 3 });
      const id = works(placed)[0]?.id ?? '';
      const outcome = await reportWhile(report(placed), () => {
        change(id);
      });
      expect(outcome.status).toBe('done');
      expect(sent(placed).reduce((sum, units) => sum + units, 0)).toBe(3);
      expect(valueOf(await channel.getOrder(placed.id))?.stage).toBe('fulfilled');
    });

    it('tells nothing of a parcel whose work was put on hold, and all of it later', async () => {
      const placed = order({ sku: 'LAMP', quantity: 3 });
      const id = works(placed)[0]?.id ?? '';
      const parcel = report(placed);
      const outcome = await reportWhile(parcel, () => {
        shop.holdInAdmin(id);
      });
      expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'conflict' } });
      expect(sent(placed)).toEqual([]);
      shop.releaseInAdmin(id);
      expect((await channel.reportFulfillment(parcel, 'k')).status).toBe('done');
      expect(sent(placed)).toEqual([3]);
    });
  });

  it('tells no part of a parcel while another part of it is held', async () => {
    const placed = order({ sku: 'LAMP', quantity: 2 });
    const [work] = shop.fulfillmentOrders(placed.id);
    const split = shop.splitInAdmin(work?.id ?? '', 'LAMP', 1);
    shop.holdInAdmin(split.id);
    const parcel = report(placed, { trackingCompany: null, trackingNumber: null });
    const outcome = await channel.reportFulfillment(parcel, 'k');
    expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'conflict' } });
    expect(JSON.stringify(outcome)).toContain('1 of these units is on hold');
    expect(creates()).toBe(0);
    // Units that other work covers are not held back by it.
    const one = [{ lineRef: placed.lines[0]?.id ?? '', quantity: 1 }];
    const part = report(placed, { lines: one });
    expect((await channel.reportFulfillment(part, 'p')).status).toBe('done');
    shop.releaseInAdmin(split.id);
    const rest = report(placed, {
      lines: one,
      otherRefs: shop.fulfillments(placed.id).map((f) => f.id),
    });
    expect((await channel.reportFulfillment(rest, 'r')).status).toBe('done');
    expect(valueOf(await channel.getOrder(placed.id))?.stage).toBe('fulfilled');
  });

  it('does not fulfill work on hold', async () => {
    const placed = order({ sku: 'LAMP', quantity: 1 });
    for (const { id } of shop.fulfillmentOrders(placed.id)) shop.holdInAdmin(id);
    const outcome = await channel.reportFulfillment(report(placed), 'k');
    expect(outcome).toMatchObject({ status: 'refused', reason: { code: 'conflict' } });
    expect(creates()).toBe(0);
  });

  it('refuses a report of nothing, of half a unit, or of an order that is not there', async () => {
    const placed = order({ sku: 'LAMP', quantity: 1 });
    const lineRef = placed.lines[0]?.id ?? '';
    const codes = await Promise.all(
      [
        report(placed, { lines: [] }),
        report(placed, { lines: [{ lineRef, quantity: 0.5 }] }),
        report(placed, { orderRef: 'gid://shopify/Order/404' }),
      ].map(async (parcel) => {
        const outcome = await channel.reportFulfillment(parcel, 'k');
        return outcome.status === 'refused' ? outcome.reason.code : outcome.status;
      }),
    );
    expect(codes).toEqual(['validation', 'validation', 'not_found']);
  });
});

describe('cancelling an order', () => {
  it('cancels it once and gives the stock back', async () => {
    const before = shop.available('LAMP', 'North');
    const placed = order({ sku: 'LAMP', quantity: 4 });
    const first = await channel.cancelOrder(placed.id, 'Customer changed their mind', 'k');
    expect(first).toEqual({ status: 'done', value: placed.id });
    const second = await channel.cancelOrder(placed.id, 'Customer changed their mind', 'k');
    expect(second).toEqual({ status: 'duplicate', value: placed.id });
    expect(shop.available('LAMP', 'North')).toBe(before);
    expect(valueOf(await channel.getOrder(placed.id))).toMatchObject({
      stage: 'cancelled',
      cancelReason: 'customer',
    });
  });

  it('finds out that it was cancelled when Shopify acts and says nothing', async () => {
    const placed = order({ sku: 'LAMP', quantity: 1 });
    sandbox.faults.set(SHOP, 'hangAfter', { only: 'orderCancel', remaining: 1 });
    expect(await channel.cancelOrder(placed.id, 'fraud', 'k')).toEqual({
      status: 'done',
      value: placed.id,
    });
  });

  it('is told when Shopify will not cancel, and does not know when it says nothing', async () => {
    const shipped = order({ sku: 'LAMP', quantity: 1 });
    await channel.reportFulfillment(report(shipped), 'k');
    const refusal = await channel.cancelOrder(shipped.id, 'other', 'k');
    expect(refusal).toMatchObject({ status: 'refused', reason: { code: 'conflict' } });
    const placed = order({ sku: 'LAMP', quantity: 1 });
    sandbox.faults.set(SHOP, 'hangBefore', { only: 'orderCancel', remaining: 1 });
    const unknown = await channel.cancelOrder(placed.id, 'other', 'k');
    expect(unknown).toMatchObject({ status: 'unknown', lookUpBy: 'k' });
  });
});

it('leaves the shop consistent', () => {
  const twice = 'fulfilled twice with the same tracking number';
  const wanted = new Set(sharingNumber.map(({ name }) => `${SHOP}: ${name}: ${twice}`));
  expect(sandbox.invariants().filter((complaint) => !wanted.has(complaint))).toEqual([]);
});
