/**
 * Goal: a large file with every mistake people make is read, previewed and posted, and memory does
 * not grow with the file. Method: the file is made while it is read; figures are printed.
 */
import { expect, test } from 'vitest';
import { postCount, carryOutPosting } from '#app/operations/stock/post-count';
import { readCountFile } from '#app/operations/stock/read-count-file';
import { receiveCountFile } from '#app/operations/stock/receive-count-file';
import { newId } from '#app/platform/ids';
import { findDrift } from '#app/store/movements';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, createCountWorld } from './count-world';

const { db } = await createTestDatabase();
/** More than is read, checked and posted at a time; a day's file of 200,000 is asked for. */
const ROWS = Number(process.env['CROSSDOCK_COUNT_ROWS'] ?? 60_000);
const ITEMS = Math.ceil(ROWS * 0.225);
const PLACES = ['West', 'East', 'Zürich'];
const MISTAKES = [
  'NOPE-1;West;5',
  'ITEM-1;Moon;5',
  'ITEM-1;West;1.000',
  'ITEM-1;West;3,5',
  'ITEM-1;West;-4',
  'ITEM-1;West;1e3',
  'ITEM-1;West;',
  'ITEM-1;West;=SUM(A1:A9)',
  '=HYPERLINK("http://x");West;1',
  ';West;1',
  'ITEM-1;;1',
  'ITEM-2;West;1;and;more;cells',
  'ITEM-2;West',
  '"ITEM-3 with ""quotes"" and\r\na line break";West;1',
  'ITEM-1;West;99999999999',
  '1.23E+12;West;4',
  'Ärger;Zürich;1',
  ';;',
];

/** Windows-1252 with semicolons; every 20th row is a mistake. */
async function* hostileFile(): AsyncGenerator<Uint8Array> {
  let piece = 'SKU;Location;On hand\r\n';
  for (let index = 0; index < ROWS; index += 1) {
    const place = PLACES[Math.floor(index / ITEMS) % PLACES.length] ?? '';
    piece +=
      index % 20 === 7
        ? `${MISTAKES[((index / 20) % MISTAKES.length) | 0] ?? ''}\r\n`
        : `ITEM-${String(index % ITEMS)};${place};${String(index % 13)}\r\n`;
    if (piece.length < 60_000) continue;
    await Promise.resolve();
    yield Buffer.from(piece, 'latin1');
    piece = '';
  }
  yield Buffer.from(piece, 'latin1');
}

test('a large file with every mistake', { timeout: 600_000 }, async () => {
  const skus = Array.from({ length: ITEMS }, (_, index) => `ITEM-${String(index)}`);
  const shop = await createCountWorld(db, {
    ...Object.fromEntries(skus.map((sku) => [sku, {}])),
    MUG: { West: 3, East: 1, Zürich: 1 },
  });
  const target = { merchantId: shop.merchantId, countId: newId() };
  const never = new AbortController().signal;
  const figures = await measured({
    received: async () => {
      const answer = await receiveCountFile(shop.context, {
        ...target,
        id: target.countId,
        actor: STAFF,
        fileName: 'hostile.csv',
        locationId: null,
        bytes: hostileFile(),
      });
      expect(answer.status).toBe('done');
    },
    read: () => readCountFile(shop.context, target, never),
    posted: async () => {
      await postCount(shop.context, { ...target, actor: STAFF, rest: 'leave' });
      await carryOutPosting(shop.context, target, never);
    },
  });
  const { state, summary } = await shop.count(target.countId);
  console.log(figures, summary);
  expect(state).toBe('posted');
  expect(summary).toMatchObject({ encoding: 'windows-1252', separator: ';' });
  const { reasons } = await db.one<{ reasons: number }>(
    `SELECT count(DISTINCT problem)::int AS reasons FROM stock_count_line
      WHERE count_id = $1 AND problem NOT LIKE 'Rows %'`,
    [target.countId],
  );
  expect(reasons).toBeGreaterThanOrEqual(14);
  expect(await findDrift(db, shop.merchantId)).toEqual([]);
  const { wrong } = await db.one<{ wrong: number }>(
    `SELECT count(*)::int AS wrong FROM stock_count_line c
       JOIN stock_level l ON l.item_id = c.item_id AND l.location_id = c.location_id
      WHERE c.count_id = $1 AND c.problem IS NULL AND l.available <> c.counted`,
    [target.countId],
  );
  expect(wrong).toBe(0);
});

/** Seconds of each step, and how much memory the process had at most in it. */
async function measured(steps: Readonly<Record<string, () => Promise<void>>>) {
  const figures: string[] = [];
  for (const [name, step] of Object.entries(steps)) {
    let most = process.memoryUsage().rss;
    const before = most;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 20);
    const startedAt = performance.now();
    await step();
    clearInterval(timer);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    const mb = (bytes: number) => String(Math.round(bytes / 1024 / 1024));
    figures.push(`${name}: ${seconds} s, memory ${mb(before)} to at most ${mb(most)} MB`);
  }
  return figures;
}
