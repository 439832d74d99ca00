import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acceptSuggestions } from '../../../app/operations/catalog/accept-suggestions';
import { createItems } from '../../../app/operations/catalog/create-items';
import { bringBack, linkToItem } from '../../../app/operations/catalog/link-listings';
import { newId } from '../../../app/platform/ids';
import {
  type MerchantWorld,
  STAFF,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'TEE-RED': { West: 10 }, MUG: { West: 6, East: 2 } });
});

afterAll(async () => {
  await world.close();
});

type Listing = {
  readonly id: string;
  readonly itemId: string | null;
  readonly matchedBy: string | null;
  readonly ambiguousBy: string | null;
  readonly ignored: boolean;
};

async function wooListing(title: string): Promise<Listing> {
  return world.db.one<Listing>(
    `SELECT id, item_id AS "itemId", matched_by AS "matchedBy", ambiguous_by AS "ambiguousBy",
        ignored FROM listing WHERE connection_id = $1 AND title = $2`,
    [world.wooId, title],
  );
}

async function addToWoo(product: {
  readonly name: string;
  readonly sku: string;
  readonly stock: number;
}): Promise<number> {
  const { id } = world.woo.addProduct({ price: '10.00', ...product });
  await world.settle();
  return id;
}

describe('matching', () => {
  it('notes how each listing came to its item', async () => {
    const { rows } = await world.db.query<{ kind: string; by: string; count: number }>(
      `SELECT c.kind, li.matched_by AS by, count(*)::int AS count FROM listing li
         JOIN connection c ON c.id = li.connection_id GROUP BY 1, 2 ORDER BY 1`,
    );
    expect(rows).toEqual([
      { kind: 'shopify', by: 'created', count: 2 },
      { kind: 'woocommerce', by: 'sku', count: 2 },
    ]);
  });

  it('lets a person link a listing, and its store shows the item’s number', async () => {
    const product = await addToWoo({ name: 'Red shirt', sku: 'SHIRT-7', stock: 3 });
    const listing = await wooListing('Red shirt');
    expect(listing).toMatchObject({ itemId: null, ambiguousBy: null, ignored: false });

    const itemId = await world.itemId('TEE-RED');
    const input = { merchantId: world.merchantId, listingIds: [listing.id], actor: STAFF };
    const linked = await linkToItem(world.wiring.ctx, { ...input, itemId });
    await world.settle();

    expect(linked).toEqual({ status: 'done', changed: 1 });
    expect(await wooListing('Red shirt')).toMatchObject({ itemId, matchedBy: 'hand' });
    expect(world.woo.stockOf(product)).toBe(10);
  });

  it('keeps a listing that was unlinked by hand aside, until it is brought back', async () => {
    const product = await addToWoo({ name: 'Spare mug', sku: 'SPARE', stock: 3 });
    const { id } = await wooListing('Spare mug');
    const input = { merchantId: world.merchantId, listingIds: [id], actor: STAFF };
    await linkToItem(world.wiring.ctx, { ...input, itemId: await world.itemId('MUG') });
    await world.settle();
    await linkToItem(world.wiring.ctx, { ...input, itemId: null });
    world.woo.setStock(product, 44);
    await world.settle();
    expect(await wooListing('Spare mug')).toMatchObject({ itemId: null, ignored: true });
    expect(world.woo.stockOf(product)).toBe(44);

    await bringBack(world.wiring.ctx, input);
    expect(await wooListing('Spare mug')).toMatchObject({ itemId: null, ignored: false });
  });

  it('makes an item of a listing, with what the store counts and its orders still want', async () => {
    const product = await addToWoo({ name: 'Only outlet', sku: 'OUTLET-1', stock: 8 });
    world.woo.placeOrder({ lines: [{ productId: product, quantity: 3 }] });
    await world.settle();
    const { id } = await wooListing('Only outlet');

    const made = await createItems(world.wiring.ctx, {
      merchantId: world.merchantId,
      listingIds: [id],
      locationId: await world.locationId('East'),
      actor: STAFF,
    });
    await world.settle();

    expect(made).toEqual({ status: 'done', changed: 1 });
    expect(await world.level('OUTLET-1')).toEqual({ available: 5, committed: 3 });
    expect(world.woo.stockOf(product)).toBe(5);
    expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  });

  it('makes one item of variations that share their stock, with its units once', async () => {
    const { id: parent, variations } = world.woo.addProduct({
      name: 'Deck tee',
      price: '10.00',
      stock: 10,
      variations: ['S', 'M', 'L'].map((option) => ({ option, sku: `DECK-${option}` })),
    });
    await world.settle();
    const [small, medium, large] = variations.map(({ id }) => id);
    const buy = (variation: number | undefined, quantity: number): void => {
      world.woo.placeOrder({ lines: [{ productId: variation ?? 0, quantity }] });
    };
    buy(small, 2);
    await world.settle();
    const { rows } = await world.db.query<{ id: string; sku: string }>(
      `SELECT id, sku FROM listing WHERE sku LIKE 'DECK-%' ORDER BY sku`,
    );
    expect(rows).toHaveLength(3);
    const east = await world.locationId('East');
    const make = (listings: readonly { readonly id: string }[]) =>
      createItems(world.wiring.ctx, {
        merchantId: world.merchantId,
        listingIds: listings.map(({ id }) => id),
        locationId: east,
        actor: STAFF,
      });
    expect(await make(rows.slice(1))).toEqual({ status: 'done', changed: 2 });
    expect(await make(rows.slice(0, 1))).toEqual({ status: 'done', changed: 1 });
    await world.settle();
    const items = await world.db.query<{ id: string; sku: string; title: string }>(
      `SELECT DISTINCT i.id, i.sku, i.title FROM item i JOIN listing li ON li.item_id = i.id
        WHERE li.sku LIKE 'DECK-%'`,
    );
    expect(items.rows).toMatchObject([{ title: 'Deck tee' }]);
    const sku = items.rows[0]?.sku ?? '';

    buy(small, 1);
    buy(medium, 3);
    buy(large, 1);
    await world.settle();
    const level = await world.level(sku);
    expect(world.woo.stockOf(parent)).toBe(level.available);
    expect(level).toEqual({ available: 3, committed: 7 });
    expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  });

  it('counts an order that comes while the numbers are read once', async () => {
    const product = await addToWoo({ name: 'Late', sku: 'LATE-1', stock: 8 });
    const { id } = await wooListing('Late');
    const { ctx } = world.wiring;
    let sold = false;
    const made = await createItems(
      {
        ...ctx,
        // The first answer is given; the order is there before anything is made of it.
        channelFor: async (connection) => {
          const channel = await ctx.channelFor(connection);
          return {
            ...channel,
            readStock: async (listings) => {
              const answer = await channel.readStock(listings);
              if (!sold) {
                sold = true;
                world.woo.placeOrder({ lines: [{ productId: product, quantity: 3 }] });
                await world.settle();
              }
              return answer;
            },
          };
        },
      },
      {
        merchantId: world.merchantId,
        listingIds: [id],
        locationId: await world.locationId('East'),
        actor: STAFF,
      },
    );
    await world.settle();
    expect(made).toEqual({ status: 'done', changed: 1 });
    expect(await world.level('LATE-1')).toEqual({ available: 5, committed: 3 });
    expect(world.woo.stockOf(product)).toBe(5);
  });

  it('suggests what differs in punctuation only, and links all suggestions at once', async () => {
    const product = await addToWoo({ name: 'Tee', sku: 'tee red', stock: 1 });
    const other = await addToWoo({ name: 'Item MUG', sku: '', stock: 2 });
    const accepted = await acceptSuggestions(world.wiring.ctx, {
      merchantId: world.merchantId,
      listingIds: null,
      connectionId: world.wooId,
      actor: STAFF,
    });
    // Both items are sold in this store already: nothing is taken for granted.
    expect(accepted).toEqual({ status: 'done', changed: 0 });
    expect([world.woo.stockOf(product), world.woo.stockOf(other)]).toEqual([1, 2]);
  });

  it('refuses what is another merchant’s, or not there', async () => {
    const { id } = await wooListing('Red shirt');
    const { ctx } = world.wiring;
    const stranger = { merchantId: newId(), listingIds: [id], actor: STAFF };
    expect(await linkToItem(ctx, { ...stranger, itemId: null })).toMatchObject({
      status: 'refused',
      code: 'not_found',
    });
    const input = { merchantId: world.merchantId, listingIds: [id], actor: STAFF };
    expect(await linkToItem(ctx, { ...input, itemId: newId() })).toMatchObject({
      status: 'refused',
      code: 'not_found',
    });
    const many = Array.from({ length: 501 }, () => newId());
    expect(await linkToItem(ctx, { ...input, listingIds: many, itemId: null })).toMatchObject({
      status: 'refused',
      code: 'validation',
    });
  });
});

describe('two products with one SKU in the shop', () => {
  it('are one item and one question', async () => {
    world.shop.addProduct({ title: 'Cap', variants: [{ sku: 'CAP', stock: { West: 4 } }] });
    await world.settle();
    world.shop.addProduct({ title: 'Cap again', variants: [{ sku: 'CAP', stock: { West: 9 } }] });
    await world.settle();
    const { rows } = await world.db.query(
      `SELECT title, item_id IS NOT NULL AS matched, ambiguous_by AS "ambiguousBy" FROM listing
        WHERE connection_id = $1 AND sku = 'CAP' ORDER BY title`,
      [world.shopifyId],
    );
    expect(rows).toEqual([
      { title: 'Cap', matched: true, ambiguousBy: null },
      { title: 'Cap again', matched: false, ambiguousBy: 'sku' },
    ]);
    expect(await world.level('CAP')).toEqual({ available: 4, committed: 0 });
  });
});

describe('an item that came later', () => {
  it('is found by the listings that have been waiting for it', async () => {
    const product = await addToWoo({ name: 'Scarf', sku: 'scarf-1', stock: 2 });
    expect(await wooListing('Scarf')).toMatchObject({ itemId: null });
    world.shop.addProduct({ title: 'Scarf', variants: [{ sku: 'SCARF-1', stock: { West: 7 } }] });
    await world.settle();
    expect(await wooListing('Scarf')).toMatchObject({ matchedBy: 'sku' });
    expect(world.woo.stockOf(product)).toBe(7);
  });
});
