/**
 * Goal: what was refunded, and what became of every unit, is read as Shopify tells it: before
 * shipping, returns, exchanges, many of them, and nonsense. Method: the merchant acts in the
 * sandbox; the connector's reading is compared with the shop's own books.
 */
import { beforeAll, describe, expect, it } from 'vitest';

import type { ChannelConnector } from '#app/contracts/channel';
import type { ChannelOrder } from '#app/contracts/channel-order';
import type { SandboxShop, ShopifySandbox } from '../sandbox/shopify';
import { connectShopify, SHOP, startShopifySandbox, valueOf } from './shopify-setup';

let sandbox: ShopifySandbox;
let shop: SandboxShop;
let channel: ChannelConnector;

beforeAll(async () => {
  sandbox = await startShopifySandbox();
  shop = sandbox.createShop({ domain: SHOP, locations: [{ name: 'North' }, { name: 'South' }] });
  shop.addProduct({
    title: 'Lamp',
    variants: [
      { sku: 'LAMP', priceMinor: 1_250, stock: { North: 500, South: 500 } },
      { sku: 'SHADE', title: 'Shade', priceMinor: 800, stock: { North: 500, South: 500 } },
    ],
  });
  // Large orders are among these; silence is still noticed soon enough.
  channel = await connectShopify(shop, [], 2_000);
});

const ref = (name: string): string =>
  [...shop.state.locations.values()].find((one) => one.name === name)?.id ?? '';

async function read(order: string): Promise<ChannelOrder> {
  const known = valueOf(await channel.getOrder(order));
  if (known === null) throw new Error('The order is gone.');
  return known;
}

function place(quantity: number): { id: string; lineRef: string } {
  const placed = shop.placeOrder({ lines: [{ sku: 'LAMP', quantity }] });
  return { id: placed.id, lineRef: placed.lines[0]?.id ?? '' };
}

function ship(order: string): void {
  for (const { id, status } of shop.fulfillmentOrders(order)) {
    if (status === 'OPEN') shop.fulfillInAdmin(id, `T-${id}`);
  }
}

describe('a refund', () => {
  it('of units not shipped takes them off the order, restocked or not', async () => {
    const { id, lineRef } = place(5);
    const before = shop.available('LAMP', 'North');
    const lines = [{ sku: 'LAMP', quantity: 1 }];
    shop.refundInAdmin(id, { lines, restock: true });
    shop.refundInAdmin(id, { lines, restock: false, amountMinor: 0 });
    const order = await read(id);
    expect(order.lines).toMatchObject([{ quantity: 3, fulfilledQuantity: 0 }]);
    expect(order.refunds.map(({ amount, lines: parts }) => [amount.minor, parts])).toEqual([
      [1_250, [{ lineRef, quantity: 1, restock: 'cancel', locationRef: ref('North') }]],
      [0, [{ lineRef, quantity: 1, restock: 'none', locationRef: null }]],
    ]);
    expect(shop.available('LAMP', 'North')).toBe(before + 1);
  });

  it('of shipped units says where they were put back', async () => {
    const { id, lineRef } = place(3);
    ship(id);
    const before = shop.available('LAMP', 'South');
    const lines = [{ sku: 'LAMP', quantity: 2 }];
    shop.refundInAdmin(id, { lines, restock: true, shippedFirst: true, locationId: ref('South') });
    const order = await read(id);
    expect(order.stage).toBe('fulfilled');
    expect(order.lines).toMatchObject([{ quantity: 3, fulfilledQuantity: 3 }]);
    expect(order.refunds.map((refund) => refund.lines)).toEqual([
      [{ lineRef, quantity: 2, restock: 'return', locationRef: ref('South') }],
    ]);
    expect(shop.available('LAMP', 'South')).toBe(before + 2);
  });

  it('of money alone moves nothing', async () => {
    const { id } = place(1);
    shop.refundInAdmin(id, { lines: [], restock: false, amountMinor: 300 });
    const order = await read(id);
    expect(order.lines).toMatchObject([{ quantity: 1 }]);
    expect(order.refunds).toMatchObject([{ amount: { minor: 300, currency: 'USD' }, lines: [] }]);
  });

  it('comes in a page of orders just as alone', async () => {
    const { id } = place(2);
    shop.refundInAdmin(id, { lines: [{ sku: 'LAMP', quantity: 1 }], restock: true });
    const alone = await read(id);
    const since = shop.state.orders.get(id)?.updatedAt ?? new Date();
    const page = valueOf(await channel.listOrdersChangedSince(since, null));
    expect(page.entries.find((one) => one.ref === id)).toEqual(alone);
  });
});

describe('an exchange', () => {
  it('takes shipped units back and adds a line, held until they are there', async () => {
    const { id, lineRef } = place(2);
    ship(id);
    shop.exchangeInAdmin(id, {
      back: [{ sku: 'LAMP', quantity: 1 }],
      instead: [{ sku: 'SHADE', quantity: 1 }],
      hold: true,
    });
    const order = await read(id);
    expect(order.stage).toBe('open');
    expect(order.lines.map((line) => [line.sku, line.quantity, line.fulfilledQuantity])).toEqual([
      ['LAMP', 2, 2],
      ['SHADE', 1, 0],
    ]);
    expect(order.refunds).toMatchObject([
      { amount: { minor: 0 }, lines: [{ lineRef, quantity: 1, restock: 'return' }] },
    ]);
    expect(order.holds).toMatchObject([{ reason: 'other', ours: false }]);
  });
});

describe('hostile books', () => {
  it('of more than was bought are told as they are, and the order stays sane', async () => {
    expect(() =>
      shop.refundInAdmin(place(1).id, { lines: [{ sku: 'LAMP', quantity: 2 }], restock: true }),
    ).toThrow();
    const { id, lineRef } = place(2);
    const order = shop.state.orders.get(id);
    order?.refunds.push({
      __typename: 'Refund',
      id: 'gid://shopify/Refund/99',
      orderId: id,
      amountMinor: 999_999_00,
      createdAt: new Date(),
      lines: [
        {
          __typename: 'RefundLineItem',
          id: 'gid://shopify/RefundLineItem/99',
          orderLineId: lineRef,
          quantity: 1_000,
          restockType: 'RETURN',
          locationId: ref('North'),
        },
      ],
    });
    const known = await read(id);
    expect(known.lines).toMatchObject([{ quantity: 2, fulfilledQuantity: 0 }]);
    expect(known.refunds).toMatchObject([
      { amount: { minor: 999_999_00 }, lines: [{ quantity: 1_000, restock: 'return' }] },
    ]);
  });

  it('of forty refunds and of one with 150 lines are read whole', async () => {
    const { id } = place(45);
    for (let index = 0; index < 40; index += 1) {
      shop.refundInAdmin(id, { lines: [{ sku: 'LAMP', quantity: 1 }], restock: true });
    }
    const order = await read(id);
    expect(order.refunds).toHaveLength(40);
    expect(order.refunds.every(({ lines }) => lines.length === 1)).toBe(true);
    expect(order.lines).toMatchObject([{ quantity: 5 }]);

    const { variants } = shop.addProduct({
      title: 'Beads',
      variants: Array.from({ length: 150 }, (_, index) => ({
        sku: `BEAD-${String(index)}`,
        stock: { North: 5 },
      })),
    });
    const lines = variants.map(({ sku }) => ({ sku, quantity: 1 }));
    const beads = shop.placeOrder({ lines });
    shop.refundInAdmin(beads.id, { lines, restock: true });
    const refunded = await read(beads.id);
    expect(refunded.stage).toBe('cancelled');
    expect(refunded.refunds[0]?.lines).toHaveLength(150);
  });
});

it('leaves the shop consistent', () => {
  expect(sandbox.invariants()).toEqual([]);
});
