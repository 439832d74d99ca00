/**
 * Goal: what happens to a product in the shop is in the catalogue moments later, and what is gone
 * is sold no more, without harm to open orders. Method: the sandbox's merchant acts, our parts and
 * worker hear of it by webhooks; one pass is given up on purpose, for the regular reading to find.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importJob } from '../../../app/operations/connections/install-shop';
import { enqueueJobs } from '../../../app/store/jobs';
import {
  type MerchantWorld,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'KEEL-1': { West: 5, East: 5 } });
});

afterAll(() => world.close());

type Row = { sku: string; itemId: string | null; active: boolean; tracked: boolean };

async function listings(like: string): Promise<Row[]> {
  const { rows } = await world.db.query<Row>(
    `SELECT li.sku, li.item_id AS "itemId", li.active, li.tracked FROM listing li
       JOIN connection c ON c.id = li.connection_id AND c.kind = 'shopify'
      WHERE li.sku LIKE $1 ORDER BY li.sku`,
    [like],
  );
  return rows;
}

async function refresh(): Promise<void> {
  const job = importJob(world.merchantId, world.shopifyId, 'refresh-catalog');
  await enqueueJobs(world.db, [job]);
  world.wiring.ctx.afterCommit(world.merchantId);
  await world.settle();
}

describe('a product made in the shop', () => {
  it('is in the catalogue with all its variants and their units', async () => {
    world.shop.addProduct({
      title: 'Oilskin',
      variants: ['S', 'M', 'L'].map((size, index) => ({
        sku: `OIL-${size}`,
        title: size,
        stock: { West: index + 1, East: 2 },
      })),
    });
    await world.settle();
    expect(await world.level('OIL-S')).toMatchObject({ available: 3 });
    expect(await world.level('OIL-L')).toMatchObject({ available: 5 });
    expect(world.shopStock('OIL-L')).toBe(5);
    expect((await listings('OIL-%')).every((row) => row.itemId !== null && row.active)).toBe(true);
  });

  it('keeps its items when its SKUs are renamed', async () => {
    const before = (await listings('OIL-S'))[0]?.itemId;
    const variant = [...world.shop.state.variants.values()].find(({ sku }) => sku === 'OIL-S');
    world.shop.editVariant(variant?.id ?? '', { sku: 'OILSKIN-SMALL' });
    await world.settle();
    expect(await listings('OIL-S')).toEqual([]);
    expect(await listings('OILSKIN-SMALL')).toMatchObject([{ itemId: before, active: true }]);
    expect(await world.level('OIL-S')).toMatchObject({ available: 3 });
  });
});

describe('a product deleted in the shop', () => {
  it('is sold no more, and its open order is shipped all the same', async () => {
    const order = world.shop.placeOrder({ lines: [{ sku: 'OIL-M', quantity: 2 }] });
    await world.settle();
    const product = [...world.shop.state.products.values()].find(
      ({ title }) => title === 'Oilskin',
    );
    world.shop.deleteProduct(product?.id ?? '');
    await world.settle();
    const gone = await listings('OIL%');
    expect(gone).toHaveLength(3);
    expect(gone.every((row) => !row.active && !row.tracked && row.itemId !== null)).toBe(true);
    const { lines } = await world.db.one<{ lines: number }>(
      `SELECT count(*) AS lines FROM order_line l JOIN customer_order o ON o.id = l.order_id
        WHERE o.external_ref = $1 AND l.item_id IS NOT NULL AND l.quantity = 2`,
      [order.id],
    );
    expect(lines).toBe(1);
    expect(await world.level('OIL-M')).toMatchObject({ committed: 2 });
    const { said } = await world.db.one<{ said: number }>(
      `SELECT count(*) AS said FROM audit_record WHERE action = 'listing.gone'`,
    );
    expect(said).toBe(3);
    expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  });

  it('is found out by the regular reading when no message told of it', async () => {
    const { product } = world.shop.addProduct({
      title: 'Lantern',
      variants: [{ sku: 'LANTERN', stock: { West: 4 } }],
    });
    await world.settle();
    world.shopify.faults.set(world.shop.domain, 'dropWebhooks');
    world.shop.deleteProduct(product.id);
    await world.settle();
    expect(await listings('LANTERN')).toMatchObject([{ active: true }]);
    world.shopify.faults.clear(world.shop.domain);
    await refresh();
    expect(await listings('LANTERN')).toMatchObject([{ active: false, tracked: false }]);
    expect(await listings('KEEL-1')).toMatchObject([{ active: true, tracked: true }]);
  });
});

describe('a product that is made first and filled a moment later', () => {
  it('begins with what the shop counts then; a later edit there is an edit', async () => {
    world.shop.addProduct({
      title: 'Lantern',
      variants: [{ sku: 'LAMP', stock: { West: 0, East: 0 } }],
    });
    await world.settle();
    world.shop.setAvailable('LAMP', 'West', 12);
    await world.settle();
    world.shop.setAvailable('LAMP', 'East', 3);
    await world.settle();
    expect(await world.level('LAMP')).toEqual({ available: 15, committed: 0 });
    expect(world.shopStock('LAMP')).toBe(15);

    world.shop.placeOrder({ lines: [{ sku: 'LAMP', quantity: 2 }] });
    await world.settle();
    world.shop.setAvailable('LAMP', 'East', 40);
    await world.settle();
    expect(await world.level('LAMP')).toEqual({ available: 13, committed: 2 });
    expect(world.shopStock('LAMP')).toBe(13);
    expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  });
});
