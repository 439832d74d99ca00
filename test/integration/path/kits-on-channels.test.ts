import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setKit } from '../../../app/operations/catalog/set-kit';
import { shipFulfillmentOrder } from '../../../app/operations/fulfillment/ship-fulfillment-order';
import { newId } from '../../../app/platform/ids';
import { ADDRESS } from '../../support/buyer';
import {
  type MerchantWorld,
  STAFF,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

const SKUS = ['SOAP', 'TOWEL', 'BOX'] as const;
let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ SOAP: { West: 10 }, TOWEL: { West: 6 }, BOX: { West: 1 } });
  const part = async (sku: string, quantity: number) => ({
    itemId: await world.itemId(sku),
    quantity,
  });
  await setKit(world.wiring.ctx, {
    merchantId: world.merchantId,
    itemId: await world.itemId('BOX'),
    parts: [await part('SOAP', 2), await part('TOWEL', 1)],
    writeOff: true,
    actor: STAFF,
  });
  await world.settle();
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  expect(world.shopify.invariants()).toEqual([]);
  expect(world.woo.invariants()).toEqual([]);
  await world.close();
});

async function expectNumbers(soap: number, towel: number, box: number): Promise<void> {
  await world.settle();
  expect(SKUS.map((sku) => world.wooStock(sku))).toEqual([soap, towel, box]);
  expect(SKUS.map((sku) => world.shopStock(sku))).toEqual([soap, towel, box]);
}

async function openWork(name: string) {
  const { rows } = await world.db.query<{ workId: string; id: string; sku: string; units: number }>(
    `SELECT f.id AS "workId", a.id, i.sku, a.quantity AS units FROM customer_order o
       JOIN fulfillment_order f ON f.order_id = o.id
       JOIN allocation a ON a.fulfillment_order_id = f.id JOIN item i ON i.id = a.item_id
      WHERE o.name = $1 AND a.quantity > 0 ORDER BY i.sku`,
    [name],
  );
  return rows;
}

async function ship(
  line: { readonly workId: string; readonly id: string; readonly units: number } | undefined,
  number: string,
) {
  const answer = await shipFulfillmentOrder(world.wiring.ctx, {
    merchantId: world.merchantId,
    fulfillmentOrderId: line?.workId ?? '',
    lines: [{ allocationId: line?.id ?? '', quantity: line?.units ?? 0 }],
    tracking: { company: 'UPS', number, url: null },
    notifyCustomer: false,
    actor: STAFF,
    idempotencyKey: newId(),
  });
  expect(answer).toMatchObject({ status: 'done' });
  await world.settle();
}

describe('a kit that is sold on both channels', () => {
  it('shows what its components make', async () => {
    await expectNumbers(10, 6, 5);
  });

  it('sold on one, lowers it and its components on the other', async () => {
    world.woo.placeOrder({ lines: [{ sku: 'BOX', quantity: 2 }], address: ADDRESS });
    await expectNumbers(6, 4, 3);
    expect(await world.level('SOAP')).toEqual({ available: 6, committed: 4 });
    expect(await world.level('TOWEL')).toEqual({ available: 4, committed: 2 });
    world.shop.placeOrder({ lines: [{ sku: 'BOX', quantity: 1 }], shippingAddress: ADDRESS });
    await expectNumbers(4, 3, 2);
  });

  it('leaves in two parcels, of which the store is told once, with both numbers', async () => {
    const [order] = [...world.woo.state.orders.values()];
    const [soap, towel] = await openWork(`#${String(order?.id)}`);
    await ship(soap, 'SOAP-1');
    expect(world.woo.state.orders.get(order?.id ?? 0)?.fulfillments).toHaveLength(0);
    await ship(towel, 'TOWEL-1');
    const told = world.woo.state.orders.get(order?.id ?? 0);
    expect(told?.fulfillments).toHaveLength(1);
    expect(JSON.stringify(told?.fulfillments)).toContain('TOWEL-1, SOAP-1');
    expect(told?.status).toBe('completed');
    await expectNumbers(4, 3, 2);
    expect(await world.level('SOAP')).toEqual({ available: 4, committed: 2 });
  });

  it('cancelled in the store, comes back part by part', async () => {
    const sold = world.woo.placeOrder({ lines: [{ sku: 'BOX', quantity: 1 }], address: ADDRESS });
    await expectNumbers(2, 2, 1);
    world.woo.setStatus(sold.id, 'cancelled');
    await expectNumbers(4, 3, 2);
  });

  it('leaves from Shopify as one fulfillment of its line', async () => {
    const [order] = [...world.shop.state.orders.values()];
    for (const line of await openWork(order?.name ?? '')) await ship(line, `S-${line.sku}`);
    const sent = world.shop.fulfillments(order?.id ?? '');
    expect(sent).toHaveLength(1);
    expect(JSON.stringify(sent)).toContain('S-TOWEL, S-SOAP');
    await expectNumbers(4, 3, 2);
  });

  it('returned in Shopify, is back as what it was made of, on both channels', async () => {
    const [order] = [...world.shop.state.orders.values()];
    world.shop.refundInAdmin(order?.id ?? '', {
      lines: [{ sku: 'BOX', quantity: 1 }],
      restock: true,
      shippedFirst: true,
    });
    await expectNumbers(6, 4, 3);
    const { rows } = await world.db.query<{ sku: string; units: number }>(
      `SELECT i.sku, m.quantity AS units FROM movement m JOIN item i ON i.id = m.item_id
        WHERE m.reason = 'return_restocked' ORDER BY i.sku`,
    );
    expect(rows).toEqual([
      { sku: 'SOAP', units: 2 },
      { sku: 'TOWEL', units: 1 },
    ]);
  });

  it('returned in WooCommerce, too, as the store says that it put it back', async () => {
    const [order] = [...world.woo.state.orders.values()];
    world.woo.refund(order?.id ?? 0, {
      lines: [{ lineId: order?.lines[0]?.id ?? 0, quantity: 2 }],
      restock: true,
    });
    await expectNumbers(10, 6, 5);
    expect(await world.level('SOAP')).toEqual({ available: 10, committed: 0 });
  });
});
