/**
 * Goal: a file of counted numbers changes nothing until it is posted, then exactly what it says and
 * what can be, once, and undoing gives it back. Method: files as people make them; judged by
 * levels, lines and movements.
 */
import { expect, test } from 'vitest';
import { setStock } from '#app/operations/stock/adjust-stock';
import { cancelCount } from '#app/operations/stock/cancel-count';
import { carryOutPosting } from '#app/operations/stock/post-count';
import { receiveCountFile } from '#app/operations/stock/receive-count-file';
import { newId } from '#app/platform/ids';
import { findDrift } from '#app/store/movements';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, createCountWorld } from './count-world';

const { db } = await createTestDatabase();
const world = () =>
  createCountWorld(db, {
    MUG: { West: 10, East: 4 },
    TEE: { West: 5, East: 0 },
    CAFÉ: { West: 1, East: 0 },
  });

test('a file is previewed, posted and undone', async () => {
  const shop = await world();
  const file = 'Location,On hand,SKU\r\nWest,7,MUG\r\nEast,6,MUG\r\nWest,5,TEE\r\n';
  const id = await shop.read(file);
  expect(await shop.count(id)).toMatchObject({ state: 'open', summary: { rows: 3, problems: 0 } });
  expect(await shop.lines(id)).toEqual({
    '2 MUG': 'expected 10 counted 7',
    '3 MUG': 'expected 4 counted 6',
    '4 TEE': 'expected 5 counted 5',
  });
  expect(await shop.level('MUG', 'West')).toBe('10 + 0');

  expect(await shop.post(id)).toEqual({ status: 'done' });
  expect(await shop.level('MUG', 'West')).toBe('7 + 0');
  expect(await shop.level('MUG', 'East')).toBe('6 + 0');
  expect(await shop.count(id)).toMatchObject({
    state: 'posted',
    summary: { total: 3, done: 3, changed: 2, added: 2, removed: 3, partly: 0 },
  });
  // Again is not twice.
  await shop.post(id);
  const { rows } = await db.query<{ n: number }>(
    `SELECT 1 AS n FROM movement WHERE cause_kind = 'count' AND cause_id = $1 AND reason = 'count'`,
    [id],
  );
  expect(rows).toHaveLength(2);

  // Five of the six at East are sold meanwhile: only one of the two that were added is left.
  await shop.move('MUG', 'East', 5, 'available', 'customer');
  expect(await shop.undo(id)).toEqual({ status: 'done' });
  expect(await shop.level('MUG', 'West')).toBe('10 + 0');
  expect(await shop.level('MUG', 'East')).toBe('0 + 0');
  expect(await shop.count(id)).toMatchObject({ state: 'undone', summary: { done: 2, partly: 1 } });
  expect((await shop.lines(id))['3 MUG']).toContain(
    'moved 2 reversed -1 1 unit could not be taken back',
  );
  expect(await shop.undo(id)).toEqual({ status: 'done' });
  expect(await findDrift(db, shop.merchantId)).toEqual([]);
});

test('committed units are part of what is on hand, and stay with their orders', async () => {
  const shop = await world();
  await shop.move('MUG', 'West', 6, 'available', 'committed');
  const id = await shop.read('SKU,Location,Quantity\nMUG,West,4\nTEE,West,9\n');
  await shop.post(id);
  expect(await shop.level('MUG', 'West')).toBe('0 + 6');
  expect(await shop.level('TEE', 'West')).toBe('9 + 0');
  expect((await shop.lines(id))['2 MUG']).toContain(
    'expected 10 counted 4 moved -4 2 units are missing that orders wait for',
  );
  expect(await shop.count(id)).toMatchObject({ summary: { partly: 1 } });
});

test('what leaves between the count and its posting is not counted twice', async () => {
  const shop = await world();
  const id = await shop.read('SKU,Location,On hand\nMUG,West,9\n');
  await shop.move('MUG', 'West', 3, 'available', 'customer');
  await shop.post(id);
  // Nine were there, three have gone: six are left.
  expect(await shop.level('MUG', 'West')).toBe('6 + 0');
});

test('two counts of one shelf do not add up, nor does a correction made meanwhile', async () => {
  const shop = await world();
  const first = await shop.read('SKU,Location,On hand\nMUG,West,7\nTEE,West,3\n');
  const second = await shop.read('SKU,Location,On hand\nMUG,West,7\n');
  await shop.post(first);
  await shop.post(second);
  expect(await shop.level('MUG', 'West')).toBe('7 + 0');
  const third = await shop.read('SKU,Location,On hand\nTEE,West,1\n');
  await setStock(shop.context, {
    merchantId: shop.merchantId,
    itemId: shop.itemId('TEE'),
    locationId: shop.locationId('West'),
    reason: 'correction',
    note: null,
    actor: STAFF,
    idempotencyKey: newId(),
    quantity: 1,
  });
  await shop.post(third);
  expect(await shop.level('TEE', 'West')).toBe('1 + 0');
});

test('numbers of what is available are set as such', async () => {
  const shop = await world();
  await shop.move('MUG', 'West', 6, 'available', 'committed');
  const id = await shop.read('SKU;Location;Available\nMUG;West;2\n');
  expect(await shop.count(id)).toMatchObject({ basis: 'available' });
  await shop.post(id);
  expect(await shop.level('MUG', 'West')).toBe('2 + 6');
});

test('every encoding and separator is read alike', async () => {
  const shop = await world();
  const text = 'sku;location;on hand\r\n"CAFÉ";"West";3\r\n';
  const utf16 = Buffer.from(`\uFEFF${text}`, 'utf16le');
  const files: Readonly<Record<string, Uint8Array>> = {
    plain: Buffer.from(text),
    marked: Buffer.from(`\uFEFF${text}`),
    utf16,
    'utf16 without a mark': Buffer.from(text, 'utf16le'),
    'utf16 the other way': Buffer.from(utf16).swap16(),
    'windows-1252': Buffer.from(text, 'latin1'),
    tabs: Buffer.from(text.replaceAll(';', '\t')),
    commas: Buffer.from(text.replaceAll(';', ',')),
    'named separator': Buffer.from(`sep=;\r\n${text}`),
    'old line ends': Buffer.from(text.replaceAll('\r\n', '\r')),
    'empty rows': Buffer.from(`\r\n;;\r\n${text}\r\n;;\r\n`),
  };
  for (const [what, bytes] of Object.entries(files)) {
    const id = await shop.read(bytes);
    expect([what, Object.values(await shop.lines(id))]).toEqual([what, ['expected 1 counted 3']]);
  }
});

test('each row that cannot be used says why, and the others go on', async () => {
  const shop = await world();
  await db.query(
    `INSERT INTO item (id, merchant_id, sku, title, kind) VALUES ($1, $2, 'SET', 'Set', 'kit')`,
    [newId(), shop.merchantId],
  );
  const id = await shop.read(
    [
      'SKU,Location,On hand',
      'MUG,West,8',
      'MUG,East,"1,000"',
      'TEE,West,1',
      'NOPE,West,1',
      'TEE,West,2',
      'MUG,Moon,3',
      'SET,West,3',
      '=cmd|calc,West,1',
      'MUG,East,=1+1',
      'MUG,East',
      '',
    ].join('\n'),
  );
  const lines = await shop.lines(id);
  expect(lines['2 MUG']).toBe('expected 10 counted 8');
  expect(lines['3 MUG']).toContain('two ways');
  expect(lines['4 TEE']).toContain('Rows 4, 6 are about the same item');
  expect(lines['6 TEE']).toContain('Rows 4, 6 are about the same item');
  expect(lines['5 NOPE']).toContain('No item has the SKU');
  expect(lines['7 MUG']).toContain('No location is called “Moon”');
  expect(lines['8 SET']).toContain('kit');
  expect(lines['9 =cmd|calc']).toContain('No item has the SKU');
  expect(lines['10 MUG']).toContain('formula');
  expect(lines['11 MUG']).toContain('no number');
  await shop.post(id);
  expect(await shop.count(id)).toMatchObject({ summary: { problems: 9, changed: 1 } });
  expect(await shop.level('TEE', 'West')).toBe('5 + 0');
});

test('a file that is none is refused with a reason, and no stock changes', async () => {
  const shop = await world();
  const refusals: Readonly<Record<string, string>> = {
    'Name,Price\nMug,3\n': 'No column is called SKU',
    'SKU,Location,On hand\n': 'no rows with a number',
    '\n\n': 'no rows',
    ['SKU,Location,On hand\nMUG,West,"' + 'x\n'.repeat(60_000)]: 'never closed',
  };
  for (const [file, reason] of Object.entries(refusals)) {
    const id = await shop.read(file);
    expect(await shop.count(id)).toMatchObject({
      state: 'failed',
      summary: { failure: expect.stringContaining(reason) as string },
    });
    expect(await shop.post(id)).toMatchObject({ status: 'refused' });
  }
  await expect(shop.read('')).rejects.toThrow('empty');
  await expect(shop.read(Buffer.from('504b030414000600', 'hex'))).rejects.toThrow('workbook');
  const { chunks } = await db.one<{ chunks: number }>(
    `SELECT count(*)::int AS chunks FROM stock_count_chunk`,
  );
  expect(chunks).toBe(0);
});

test('a count that was given up cannot be posted, and the same upload is one count', async () => {
  const shop = await world();
  const file = {
    merchantId: shop.merchantId,
    actor: STAFF,
    id: newId(),
    fileName: 'twice.csv',
    locationId: null,
  };
  async function* bytes() {
    await Promise.resolve();
    yield Buffer.from('SKU,Location,On hand\nMUG,West,1\n');
  }
  const first = await receiveCountFile(shop.context, { ...file, bytes: bytes() });
  const second = await receiveCountFile(shop.context, { ...file, bytes: bytes() });
  expect(second).toEqual(first);
  const target = { merchantId: shop.merchantId, countId: file.id };
  await cancelCount(shop.context, { ...target, actor: STAFF });
  await carryOutPosting(shop.context, target, new AbortController().signal);
  expect(await shop.post(file.id)).toMatchObject({ status: 'refused' });
  expect(await shop.level('MUG', 'West')).toBe('10 + 0');
  const stranger = await world();
  expect(await stranger.post(file.id)).toMatchObject({ code: 'not_found' });
});
