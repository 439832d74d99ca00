/**
 * Goal: what became a kit gets no units of its own, and if it had some they would not be sold.
 * Judged by levels, by what a form or a line of a count says, and by what can be sold.
 */
import { expect, test } from 'vitest';
import { adjustStock, setStock } from '#app/operations/stock/adjust-stock';
import { setKit } from '#app/operations/catalog/set-kit';
import { newId } from '#app/platform/ids';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, createCountWorld } from '../counts/count-world';

const { db } = await createTestDatabase();

async function world(boxes = 0) {
  const shop = await createCountWorld(db, { BOX: { West: boxes }, SOAP: { West: 6 } });
  const makeKit = () =>
    setKit(shop.context, {
      merchantId: shop.merchantId,
      itemId: shop.itemId('BOX'),
      parts: [{ itemId: shop.itemId('SOAP'), quantity: 2 }],
      writeOff: true,
      actor: STAFF,
    });
  const sellable = async () => {
    const { rows } = await db.query<{ available: number }>(
      `SELECT available FROM sellable_level WHERE item_id = $1`,
      [shop.itemId('BOX')],
    );
    return rows.map(({ available }) => available);
  };
  const form = () => ({
    merchantId: shop.merchantId,
    itemId: shop.itemId('BOX'),
    locationId: shop.locationId('West'),
    reason: 'found',
    note: null,
    actor: STAFF,
    idempotencyKey: newId(),
  });
  return { ...shop, makeKit, sellable, form };
}

test('the stock of a kit is not adjusted', async () => {
  const { context, makeKit, form, level } = await world();
  expect(await makeKit()).toEqual({ status: 'done' });
  const sentence = 'A kit has no stock of its own: change the stock of its components.';
  expect(await adjustStock(context, { ...form(), change: 5 })).toMatchObject({ message: sentence });
  expect(await setStock(context, { ...form(), quantity: 5 })).toMatchObject({ message: sentence });
  expect(await level('BOX', 'West')).toBe('0 + 0');
});

test('a count posts nothing to what has become a kit since its file was read', async () => {
  const { read, post, lines, makeKit, level, count } = await world(1);
  const id = await read('SKU,Location,On hand\nBOX,West,9\nSOAP,West,8\n');
  await makeKit();
  await post(id);
  expect(await level('BOX', 'West')).toBe('0 + 0');
  expect(await level('SOAP', 'West')).toBe('8 + 0');
  expect(await lines(id)).toMatchObject({
    '2 BOX': expect.stringContaining('moved 0 This is a kit, which has no stock') as string,
    '3 SOAP': 'expected 6 counted 8 moved 2',
  });
  expect(await count(id)).toMatchObject({ state: 'posted', summary: { changed: 1, partly: 1 } });
});

test('undoing a count gives nothing back to what has become a kit since', async () => {
  const { read, post, undo, lines, makeKit, level } = await world(5);
  const id = await read('SKU,Location,On hand\nBOX,West,2\nSOAP,West,8\n');
  await post(id);
  await makeKit();
  await undo(id);
  expect(await level('BOX', 'West')).toBe('0 + 0');
  expect(await level('SOAP', 'West')).toBe('6 + 0');
  expect(await lines(id)).toMatchObject({
    '2 BOX': expect.stringContaining('reversed 0 This is a kit now') as string,
  });
});

test('units that a kit should have all the same are not sold on top of its components', async () => {
  const { makeKit, move, sellable } = await world();
  expect(await sellable()).toEqual([]);
  await makeKit();
  await move('BOX', 'West', 4, 'supplier', 'available');
  expect(await sellable()).toEqual([3]);
});
