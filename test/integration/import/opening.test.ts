/**
 * Goal: what the shop counts at a place becomes an item's opening stock once, however the reading
 * is interrupted and repeated. Method: a reading of the sandbox's catalogue that is killed, or done
 * again, at chosen moments, while the shop's numbers go on changing unheard.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ImportProgress, importCatalog } from '../../../app/operations/catalog/import-catalog';
import { linkToItem } from '../../../app/operations/catalog/link-listings';
import { stockItemAt } from '../../sandbox/shopify/stock';
import {
  type MerchantWorld,
  STAFF,
  createMerchantWorld,
  ledgerProblems,
} from '../../support/merchant-world';

let world: MerchantWorld;

beforeAll(async () => {
  world = await createMerchantWorld({ 'KEEL-1': { West: 5 }, 'MAST-1': { West: 3 } });
  world.shopify.faults.set(world.shop.domain, 'dropWebhooks');
});

afterAll(async () => {
  expect(await ledgerProblems(world.db, world.merchantId)).toEqual([]);
  await world.close();
});

/** A place the shop opens while we do not look, with units of these variants. */
function openPlace(name: string, units: Readonly<Record<string, number>>): void {
  const place = world.shop.addLocation({ name });
  for (const [sku, count] of Object.entries(units)) {
    const variant = [...world.shop.state.variants.values()].find((one) => one.sku === sku);
    stockItemAt(world.shop.state, variant?.itemId ?? '', place.id, count);
  }
}

function read(
  progress: ImportProgress | null,
  save: (progress: ImportProgress) => Promise<void> = () => Promise.resolve(),
) {
  const input = { connectionId: world.shopifyId, thenOrders: false, progress };
  return importCatalog(world.wiring.ctx, input, save);
}

async function unitsAt(sku: string, location: string): Promise<number> {
  const row = await world.db.maybeOne<{ available: number }>(
    `SELECT l.available FROM stock_level l JOIN item i ON i.id = l.item_id AND i.sku = $1
       JOIN location lo ON lo.id = l.location_id AND lo.name = $2`,
    [sku, location],
  );
  return row?.available ?? 0;
}

const isKnown = async (location: string): Promise<boolean> =>
  (await world.db.maybeOne('SELECT 1 FROM location WHERE name = $1', [location])) !== null;

describe('the units at a new location', () => {
  it('are opened once, though the last page is read again with other numbers', async () => {
    openPlace('Annex', { 'KEEL-1': 7 });
    let first: ImportProgress | null = null;
    const done = await read(null, (known) => {
      first ??= known;
      return Promise.resolve();
    });
    expect(done.status).toBe('done');
    world.shop.setAvailable('KEEL-1', 'Annex', 9);

    expect((await read(first)).status).toBe('done');
    expect(await unitsAt('KEEL-1', 'Annex')).toBe(7);
  });

  it('are not lost when the reading dies right after making it', async () => {
    openPlace('Quay', { 'KEEL-1': 4, 'MAST-1': 2 });
    let noted: ImportProgress | null = null;
    const killed = read(null, async (known) => {
      if (await isKnown('Quay')) throw new Error('killed');
      noted = known;
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await isKnown('Quay')).toBe(true);

    expect((await read(noted)).status).toBe('done');
    expect([await unitsAt('KEEL-1', 'Quay'), await unitsAt('MAST-1', 'Quay')]).toEqual([4, 2]);
  });

  it('are added up where two listings sell one item', async () => {
    world.shop.addProduct({ title: 'Keel, old', variants: [{ sku: 'KEEL-0', stock: {} }] });
    await read(null);
    const { id } = await world.db.one<{ id: string }>(
      `SELECT id FROM listing WHERE sku = 'KEEL-0' AND connection_id = $1`,
      [world.shopifyId],
    );
    const itemId = await world.itemId('KEEL-1');
    const who = { merchantId: world.merchantId, actor: STAFF };
    await linkToItem(world.wiring.ctx, { ...who, listingIds: [id], itemId });
    openPlace('Loft', { 'KEEL-1': 5, 'KEEL-0': 6 });

    expect((await read(null)).status).toBe('done');
    expect(await unitsAt('KEEL-1', 'Loft')).toBe(11);
  });

  it('that nobody had counted yet can be filled in later', async () => {
    world.shopify.faults.clear(world.shop.domain);
    world.shop.addProduct({ title: 'Buoy', variants: [{ sku: 'BUOY', stock: { West: 0 } }] });
    await world.settle();
    expect((await read(null)).status).toBe('done');
    world.shop.setAvailable('BUOY', 'West', 12);
    await world.settle();
    expect(await world.level('BUOY')).toEqual({ available: 12, committed: 0 });
  });
});
