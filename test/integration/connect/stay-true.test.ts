import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { checkWebhooks } from '#app/operations/connections/check-webhooks';
import { pollListings } from '#app/operations/sync/poll-listings';
import { pollOrders } from '#app/operations/sync/poll-orders';
import type { Order } from '../../sandbox/woocommerce';
import { callStore } from '../../unit/woocommerce-bridge/call-store';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

const SKUS = [
  'GAP',
  'HAMMER',
  'FAILED',
  'TRASH',
  'FORCE',
  'CANCEL',
  'BACK',
  'LOST',
  'EDIT',
  'PENDING',
  'LINES',
  'UNTRASH',
  'GONE',
];

let world: MerchantWorld;
beforeAll(async () => {
  const items = [...SKUS, 'OFF', 'OFF-EDIT', 'MANY', 'HOLD', 'OVER'];
  world = await createMerchantWorld(Object.fromEntries(items.map((sku) => [sku, { West: 30 }])));
});
afterEach(() => {
  world.woo.faults.clear(world.woo.id);
  world.shopify.faults.clear(world.shop.domain);
});
afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

const context = () => world.wiring.ctx;
const connectionId = () => ({ connectionId: world.wooId });
const productId = (sku: string): number =>
  [...world.woo.state.products.values()].find((product) => product.sku === sku)?.id ?? 0;
const sellInWoo = (sku: string, quantity: number): Order =>
  world.woo.placeOrder({ lines: [{ sku, quantity }] });
const sellOnShopify = (sku: string, quantity: number) =>
  world.shop.placeOrder({ lines: [{ sku, quantity }] });

/** No message of the store arrives: only asking tells. */
const deaf = () => {
  world.woo.faults.set(world.woo.id, 'dropWebhooks');
};

async function poll(): Promise<void> {
  expect((await pollOrders(context(), connectionId())).status).toBe('done');
  expect((await pollListings(context(), connectionId())).status).toBe('done');
  await world.settle();
}

/** Both stores show what the ledger has, and it is this. */
async function expectEverywhere(sku: string, available: number): Promise<void> {
  await world.settle();
  expect([(await world.level(sku)).available, world.wooStock(sku), world.shopStock(sku)]).toEqual([
    available,
    available,
    available,
  ]);
}

describe('two writers of one number', () => {
  it.each([true, false])('an order between our read and our write (messages: %s)', async (told) => {
    const before = (await world.level('GAP')).available;
    if (!told) deaf();
    world.woo.beforeNext('POST products/batch', () => sellInWoo('GAP', 4));
    sellOnShopify('GAP', 1);
    await world.settle();
    if (!told) await poll();
    await expectEverywhere('GAP', before - 5);
  });

  it('strangers that write while buyers buy: in the end the ledger has its way', async () => {
    deaf();
    const id = productId('HAMMER');
    const stranger = async (): Promise<void> => {
      for (let turn = 0; turn < 12; turn += 1) {
        const read = await callStore(world.woo, 'get', `products/${id}`);
        const { stock_quantity: held } = read.body as { stock_quantity: number };
        await callStore(world.woo, 'put', `products/${id}`, {
          body: { stock_quantity: held + (turn % 3) - 1 },
        });
      }
    };
    const buyers = async (): Promise<void> => {
      for (let turn = 0; turn < 6; turn += 1) {
        sellOnShopify('HAMMER', 1);
        world.woo.placeOrder({ lines: [{ sku: 'HAMMER', quantity: 1 }], evenIfSoldOut: true });
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    };
    await Promise.all([stranger(), stranger(), buyers()]);
    await world.settle();
    await poll();
    await expectEverywhere('HAMMER', 30 - 12);
  });

  it('an edit made in the store while it is silent is put right', async () => {
    deaf();
    world.woo.setStock(productId('EDIT'), 77);
    await poll();
    await expectEverywhere('EDIT', 30);
    const writes = world.woo.journal.count({ operation: 'POST products/batch' });
    await poll();
    expect(world.woo.journal.count({ operation: 'POST products/batch' })).toBe(writes);
  });
});

describe('what the store does not give back, the ledger does', () => {
  it.each<[string, (order: Order) => void]>([
    ['FAILED', (order) => world.woo.setStatus(order.id, 'failed')],
    ['TRASH', (order) => world.woo.trash(order.id)],
    ['CANCEL', (order) => world.woo.setStatus(order.id, 'cancelled')],
    ['PENDING', (order) => world.woo.setStatus(order.id, 'pending')],
  ])('%s', async (sku, end) => {
    const order = sellInWoo(sku, 3);
    await expectEverywhere(sku, 27);
    end(order);
    await expectEverywhere(sku, 30);
  });

  it('lines edited, and edited again once refunded', async () => {
    const order = sellInWoo('LINES', 2);
    const edit = async (quantity: number) => {
      await callStore(world.woo, 'put', `orders/${order.id}`, {
        body: { line_items: [{ id: order.lines[0]?.id, quantity }] },
      });
    };
    await expectEverywhere('LINES', 28);
    await edit(5);
    await expectEverywhere('LINES', 25);
    await edit(1);
    await expectEverywhere('LINES', 29);
    world.woo.refund(order.id, { lines: [], amountMinor: 1_000 });
    // Money alone: the store keeps the unit, and nothing of the order will ship any more.
    await expectEverywhere('LINES', 30);
    await edit(4);
    await expectEverywhere('LINES', 30);
  });

  it('taken out of the trash, it holds its units again', async () => {
    const order = sellInWoo('UNTRASH', 2);
    world.woo.trash(order.id);
    await expectEverywhere('UNTRASH', 30);
    world.woo.restore(order.id);
    await expectEverywhere('UNTRASH', 28);
  });

  it('cancelled after it was completed: the goods are gone, whatever the store thinks', async () => {
    const order = sellInWoo('GONE', 2);
    await expectEverywhere('GONE', 28);
    world.woo.setStatus(order.id, 'completed');
    await expectEverywhere('GONE', 28);
    world.woo.setStatus(order.id, 'cancelled');
    await expectEverywhere('GONE', 28);
  });

  it('an order deleted for good, of which no message tells', async () => {
    const order = sellInWoo('FORCE', 3);
    await expectEverywhere('FORCE', 27);
    world.woo.forceDelete(order.id);
    await world.settle();
    await world.db.query(
      `UPDATE customer_order SET updated_at = now() - interval '6 minutes' WHERE external_ref = $1`,
      [String(order.id)],
    );
    await poll();
    await expectEverywhere('FORCE', 30);
  });

  it('a refund before anything left, put back by the store or not', async () => {
    const order = sellInWoo('BACK', 3);
    await expectEverywhere('BACK', 27);
    const lineId = order.lines[0]?.id ?? 0;
    world.woo.refund(order.id, { lines: [{ lineId, quantity: 1 }] });
    await expectEverywhere('BACK', 28);
    world.woo.refund(order.id, { lines: [{ lineId, quantity: 2 }], restock: false });
    await world.settle();
    // Not put back there: whatever the ledger makes of them, the store follows it.
    expect(world.wooStock('BACK')).toBe((await world.level('BACK')).available);
  });

  it('a refund of more than was bought takes nothing more', async () => {
    const order = sellInWoo('OVER', 2);
    await world.settle();
    const lineId = order.lines[0]?.id ?? 0;
    world.woo.refund(order.id, { lines: [{ lineId, quantity: 9 }] });
    await expectEverywhere('OVER', 30);
  });
});

describe('a store that is silent', () => {
  beforeEach(async () => {
    await world.settle();
  });

  it('orders and their changes are found by asking', async () => {
    deaf();
    const order = sellInWoo('LOST', 2);
    await poll();
    await expectEverywhere('LOST', 28);
    // Changed once more within the second that its version names.
    world.woo.setStatus(order.id, 'cancelled');
    await poll();
    await expectEverywhere('LOST', 30);
  });

  it('new products and variations are taken in', async () => {
    deaf();
    const { id, variations } = world.woo.addProduct({
      name: 'Grow',
      variations: [{ sku: 'GROW-S', option: 'S', stock: 3 }, { option: 'M' }],
    });
    await poll();
    const { rows } = await world.db.query<{ ref: string; tracked: boolean }>(
      `SELECT external_ref AS ref, tracked FROM listing
        WHERE product_ref = $1 ORDER BY external_ref`,
      [`product:${id}`],
    );
    expect(rows).toEqual(
      variations.map((child, n) => ({ ref: `variation:${id}:${child.id}`, tracked: n === 0 })),
    );
  });

  it('webhooks that were switched off are made anew, and what was missed is read', async () => {
    expect(await checkWebhooks(context(), connectionId())).toMatchObject({ value: 0 });
    for (const webhook of world.woo.state.webhooks.values()) webhook.status = 'disabled';
    world.woo.state.webhooks.delete([...world.woo.state.webhooks.keys()][0] ?? 0);
    sellInWoo('OFF', 4);
    world.woo.setStock(productId('OFF-EDIT'), 3);
    await world.settle();
    expect((await world.level('OFF')).available).toBe(30);
    expect(await checkWebhooks(context(), connectionId())).toMatchObject({ value: 8 });
    await expectEverywhere('OFF', 26);
    await expectEverywhere('OFF-EDIT', 30);
    const webhooks = [...world.woo.state.webhooks.values()];
    expect(webhooks).toHaveLength(8);
    expect(
      webhooks.every(({ status, failureCount }) => status === 'active' && failureCount === 0),
    ).toBe(true);
    const { revived } = await world.db.one<{ revived: number }>(
      `SELECT count(*)::int AS revived FROM audit_record
        WHERE action = 'connection.webhooks_revived'`,
    );
    expect(revived).toBe(1);
    expect(await checkWebhooks(context(), connectionId())).toMatchObject({ value: 0 });
  });
});

describe('an order of many lines, and one on hold', () => {
  it('takes five hundred lines of one item in', async () => {
    world.woo.placeOrder({
      lines: Array.from({ length: 500 }, (_, n) => ({ sku: 'MANY', quantity: n < 20 ? 1 : 0 })),
      evenIfSoldOut: true,
    });
    await expectEverywhere('MANY', 10);
  });

  it('keeps the stock of an order that waits for a bank transfer', async () => {
    const order = world.woo.placeOrder({
      lines: [{ sku: 'HOLD', quantity: 2 }],
      status: 'on-hold',
    });
    await expectEverywhere('HOLD', 28);
    world.woo.setStatus(order.id, 'processing');
    await expectEverywhere('HOLD', 28);
  });
});
