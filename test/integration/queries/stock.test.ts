/**
 * Items, levels, movements and listings as the inventory pages read them, written by the ledger's
 * own writer.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { type Prisma, createPrisma } from '../../../app/platform/prisma';
import { FIRST_PAGE } from '../../../app/queries/paging';
import { getItem } from '../../../app/queries/stock/get-item';
import { levelsAsOf } from '../../../app/queries/stock/levels-as-of';
import { type ItemListInput, listItems } from '../../../app/queries/stock/list-items';
import { listMovements } from '../../../app/queries/stock/list-movements';
import { createTestDatabase } from '../../support/test-database';
import { type SeededMerchant, seedItem, seedMerchant, seedMovement, seedOrder } from './seed';

const ALL: ItemListInput = {
  ...FIRST_PAGE,
  view: 'all',
  search: null,
  locationId: null,
  sort: 'title',
  descending: false,
};

let db: Database;
let prisma: Prisma;
let ours: SeededMerchant;
let theirs: SeededMerchant;
let mug: string;
let tote: string;
let order: string;

beforeAll(async () => {
  ({ db } = await createTestDatabase());
  prisma = createPrisma(db);
  ours = await seedMerchant(db, 'ours');
  theirs = await seedMerchant(db, 'theirs');
  mug = await seedItem(db, ours, 'MUG-1', 'Mug', '0123456789012');
  tote = await seedItem(db, ours, 'TOTE_50%', 'Canvas tote');
  await seedItem(db, ours, 'BEANIE', 'beanie');
  const [brooklyn, reno] = ours.locations;
  await receive(mug, 10, brooklyn);
  await receive(mug, 4, reno);
  await receive(tote, 1, reno);
  order = await seedOrder(db, ours, { name: '#1', itemId: tote, unitsShort: 2 });
  await seedMovement(db, ours, {
    itemId: mug,
    quantity: 3,
    from: ['available', brooklyn],
    to: ['committed', brooklyn],
    reason: 'sale',
    cause: ['order', order],
  });
  await seedMovement(db, ours, {
    itemId: mug,
    quantity: 2,
    from: ['available', brooklyn],
    to: ['damaged', brooklyn],
  });
  await list(mug, ours.shopify, [
    [brooklyn, 7, 0],
    [reno, 4, 0],
  ]);
  await list(mug, ours.woo, [['', 14, 1]]);
  const foreign = await seedItem(db, theirs, 'MUG-1', 'Mug');
  await seedMovement(db, theirs, {
    itemId: foreign,
    quantity: 99,
    from: ['supplier', null],
    to: ['available', theirs.locations[0]],
  });
});

function receive(itemId: string, quantity: number, locationId: string): Promise<void> {
  return seedMovement(db, ours, {
    itemId,
    quantity,
    from: ['supplier', null],
    to: ['available', locationId],
    reason: 'received',
  });
}

async function list(
  itemId: string,
  connectionId: string,
  numbers: readonly (readonly [string, number, number])[],
): Promise<void> {
  const listingId = newId();
  await db.query(
    `INSERT INTO listing (id, merchant_id, connection_id, item_id, external_ref, stock_ref, title)
     VALUES ($1::uuid, $2, $3, $4, $1::uuid::text, 'stock', 'Listed')`,
    [listingId, ours.id, connectionId, itemId],
  );
  for (const [locationRef, known, dirty] of numbers) {
    await db.query(
      `INSERT INTO publication (id, merchant_id, connection_id, listing_id, location_ref,
         known_quantity, known_at, dirty_seq) VALUES ($1, $2, $3, $4, $5, $6, now(), $7)`,
      [newId(), ours.id, connectionId, listingId, locationRef, known, dirty],
    );
  }
}

async function skus(input: Partial<ItemListInput>): Promise<string[]> {
  return (await listItems(prisma, ours.id, { ...ALL, ...input })).rows.map(({ sku }) => sku);
}

describe('the item list', () => {
  it('adds up the states over all locations', async () => {
    const page = await listItems(prisma, ours.id, { ...ALL, search: 'mug' });
    expect(page.rows).toMatchObject([
      { available: 9, committed: 3, unavailable: 2, onHand: 14, incoming: 0, listings: 2 },
    ]);
    expect(page.rows[0]?.places).toHaveLength(2);
  });

  it('shows one location alone', async () => {
    const page = await listItems(prisma, ours.id, { ...ALL, locationId: ours.locations[1] });
    expect(page.rows.map(({ sku, available }) => [sku, available])).toEqual([
      ['TOTE_50%', 1],
      ['MUG-1', 4],
    ]);
    expect(await skus({ locationId: theirs.locations[0] })).toEqual([]);
    expect(await skus({ locationId: 'nonsense' })).toEqual([]);
  });

  it('has views for what is out of stock, short, or sold nowhere', async () => {
    expect(await skus({ view: 'out-of-stock' })).toEqual(['BEANIE']);
    expect(await skus({ view: 'short' })).toEqual(['TOTE_50%']);
    expect((await skus({ view: 'not-listed' })).sort()).toEqual(['BEANIE', 'TOTE_50%']);
  });

  it('has a view for what is low, by what the merchant calls low', async () => {
    expect(await skus({ view: 'low', lowUnits: 1 })).toEqual([]);
    const low = await skus({ view: 'low', lowUnits: 1_000 });
    expect(low).not.toContain('BEANIE');
    expect(low).toContain('MUG-1');
  });

  it('finds by part of SKU, title or barcode, with signs as they are', async () => {
    expect(await skus({ search: 'CANVAS' })).toEqual(['TOTE_50%']);
    expect(await skus({ search: 'e_50%' })).toEqual(['TOTE_50%']);
    expect(await skus({ search: '0123456789012' })).toEqual(['MUG-1']);
    expect(await skus({ search: '012345' })).toEqual(['MUG-1']);
  });

  it('walks forth and back in every order', async () => {
    const merchant = await seedMerchant(db, 'pages');
    for (let index = 0; index < 107; index += 1) {
      await seedItem(
        db,
        merchant,
        `S${String(index)}`,
        index % 3 === 0 ? 'Same' : `T${index % 20}`,
      );
    }
    for (const sort of ['title', 'sku'] as const) {
      for (const descending of [true, false]) {
        const read = (page: Partial<ItemListInput>) =>
          listItems(prisma, merchant.id, { ...ALL, sort, descending, ...page });
        const first = await read({});
        const second = await read({ after: first.next });
        const third = await read({ after: second.next });
        const all = [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id));
        expect(new Set(all).size).toBe(107);
        expect(all).toHaveLength(107);
        expect(third.next).toBeNull();
        expect((await read({ before: second.previous })).rows).toEqual(first.rows);
      }
    }
  });
});

describe('the item page', () => {
  it('has a level for every location', async () => {
    const item = await getItem(prisma, ours.id, mug);
    expect(item?.levels).toMatchObject([
      { locationName: 'Brooklyn', available: 5, committed: 3, damaged: 2 },
      { locationName: 'Reno', available: 4 },
      { locationName: 'Leipzig', available: 0 },
    ]);
  });

  it('says what each channel was told and what it should be told', async () => {
    const item = await getItem(prisma, ours.id, mug);
    const told = item?.listings.map((row) => [
      row.channelName,
      row.locationName,
      row.knownQuantity,
      row.shouldBe,
      row.waiting,
    ]);
    expect(told?.sort()).toEqual(
      [
        ['Outlet', null, 14, 9, true],
        ['Shop', 'Brooklyn', 7, 5, false],
        ['Shop', 'Reno', 4, 4, false],
      ].sort(),
    );
  });

  it('has the units that orders wait for', async () => {
    expect(await getItem(prisma, ours.id, tote)).toMatchObject({ shortUnits: 2 });
  });

  it('lists movements, newest first, with the order behind them', async () => {
    const { rows } = await listMovements(prisma, ours.id, mug, FIRST_PAGE);
    expect(rows.map(({ quantity, toState }) => [quantity, toState])).toEqual([
      [2, 'damaged'],
      [3, 'committed'],
      [4, 'available'],
      [10, 'available'],
    ]);
    expect(rows[1]).toMatchObject({ orderId: order, orderName: '#1', fromLocation: 'Brooklyn' });
    expect(rows[0]).toMatchObject({ orderId: null });
  });

  it('pages movements', async () => {
    const item = await seedItem(db, ours, 'BUSY', 'Busy');
    for (let units = 1; units <= 60; units += 1) await receive(item, units, ours.locations[0]);
    const first = await listMovements(prisma, ours.id, item, FIRST_PAGE);
    const second = await listMovements(prisma, ours.id, item, { after: first.next, before: null });
    const third = await listMovements(prisma, ours.id, item, { after: second.next, before: null });
    const all = [first, second, third].flatMap(({ rows }) => rows.map(({ quantity }) => quantity));
    expect(all).toEqual(Array.from({ length: 60 }, (_, index) => 60 - index));
    const back = await listMovements(prisma, ours.id, item, {
      after: null,
      before: third.previous,
    });
    expect(back.rows).toEqual(second.rows);
  });

  it('knows the levels of an earlier moment', async () => {
    const { rows } = await listMovements(prisma, ours.id, mug, FIRST_PAGE);
    const sale = await db.one<{ at: Date }>(
      "SELECT recorded_at - interval '1 millisecond' AS at FROM movement WHERE seq = $1::bigint",
      [rows[1]?.seq],
    );
    const then = await levelsAsOf(prisma, ours.id, mug, sale.at);
    expect(then).toMatchObject([
      { locationName: 'Brooklyn', available: 10, committed: 0 },
      { locationName: 'Reno', available: 4 },
    ]);
    expect(await levelsAsOf(prisma, ours.id, mug, new Date('2020-01-01'))).toEqual([]);
  });
});

describe('tenants', () => {
  it('shows nothing of another merchant', async () => {
    expect(await getItem(prisma, theirs.id, mug)).toBeNull();
    expect((await listMovements(prisma, theirs.id, mug, FIRST_PAGE)).rows).toEqual([]);
    expect(await levelsAsOf(prisma, theirs.id, mug, new Date())).toEqual([]);
    const page = await listItems(prisma, theirs.id, ALL);
    expect(page.rows).toMatchObject([{ sku: 'MUG-1', available: 99 }]);
  });

  it('answers nothing for what is no id', async () => {
    for (const id of ['', 'x', "' OR true --"]) {
      expect(await getItem(prisma, ours.id, id)).toBeNull();
      expect((await listMovements(prisma, ours.id, id, FIRST_PAGE)).rows).toEqual([]);
      expect(await levelsAsOf(prisma, ours.id, id, new Date())).toEqual([]);
    }
  });
});
