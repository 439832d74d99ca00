/**
 * Goal: files that were sent do not pile up, and old counts do not keep their lines for ever.
 * Method: files are sent and left; the scheduler runs over counts of every state and age.
 */
import { expect, test } from 'vitest';
import { startScheduler } from '#app/jobs/scheduler';
import { receiveCountFile } from '#app/operations/stock/receive-count-file';
import { readCountFile } from '#app/operations/stock/read-count-file';
import { newId } from '#app/platform/ids';
import { silentLog } from '#app/platform/log';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, createCountWorld } from './count-world';

const { db } = await createTestDatabase();

async function world() {
  const shop = await createCountWorld(db, { MUG: { West: 10 } });
  const send = (locationId: string | null = null, id = newId()) =>
    receiveCountFile(shop.context, {
      merchantId: shop.merchantId,
      actor: STAFF,
      id,
      fileName: 'stock.csv',
      locationId,
      bytes: pieces(),
    });
  return { ...shop, send };
}

async function* pieces() {
  await Promise.resolve();
  yield Buffer.from('SKU,On hand\nMUG,1\n');
}

test('a fourth file waits until one of three is read; others have room of their own', async () => {
  const { send, context, merchantId } = await world();
  const sent = await Promise.all([send(), send(), send(), send()]);
  const kept = sent.flatMap((answer) => (answer.status === 'done' ? [answer.countId] : []));
  expect(kept).toHaveLength(3);
  expect(await send()).toMatchObject({ code: 'conflict' });
  // The same file again is the one that was kept.
  expect(await send(null, kept[0])).toMatchObject({ status: 'done', countId: kept[0] });
  expect(await (await world()).send()).toMatchObject({ status: 'done' });
  const target = { merchantId, countId: kept[0] ?? '' };
  await readCountFile(context, target, new AbortController().signal);
  expect(await send()).toMatchObject({ status: 'done' });
});

test('a file is counted at a place of the merchant that is switched on', async () => {
  const [mine, other] = [await world(), await world()];
  const west = mine.locationId('West');
  expect(await mine.send(other.locationId('West'))).toMatchObject({ code: 'not_found' });
  expect(await mine.send(newId())).toMatchObject({ code: 'not_found' });
  expect(await mine.send(west)).toMatchObject({ status: 'done' });
  await db.query(`UPDATE location SET active = false WHERE id = $1`, [west]);
  expect(await mine.send(west)).toMatchObject({ code: 'conflict' });
});

test('lines of counts that are over go in time, and pieces of broken uploads', async () => {
  const { merchantId } = await world();
  const DAYS = { young: 364, old: 366 };
  for (const state of ['open', 'posted', 'undone', 'cancelled', 'failed', 'reading', 'uploading'])
    for (const [age, days] of Object.entries(DAYS)) {
      const id = newId();
      await db.query(
        `INSERT INTO stock_count (id, merchant_id, name, kind, state, created_by, created_at,
            posted_at, undone_at) VALUES ($1, $2, $3, 'file', $4, 'x', now() - $5 * interval '1 day',
            now() - $5 * interval '1 day', now() - $5 * interval '1 day')`,
        [
          id,
          merchantId,
          `${state} ${age}`,
          state,
          state === 'uploading' ? (days - 364) / 1.5 : days,
        ],
      );
      await db.query(
        `INSERT INTO stock_count_line (id, count_id, merchant_id, position) VALUES ($1, $2, $3, 1)`,
        [newId(), id, merchantId],
      );
      if (state === 'reading' || state === 'uploading')
        await db.query(`INSERT INTO stock_count_chunk VALUES ($1, 0, 'x')`, [id]);
    }
  const left = async (table: string) =>
    (
      await db.query<{ name: string }>(
        `SELECT c.name FROM ${table} l JOIN stock_count c ON c.id = l.count_id
          WHERE c.merchant_id = $1 ORDER BY 1`,
        [merchantId],
      )
    ).rows.map(({ name }) => name);
  const scheduler = startScheduler({
    db,
    log: silentLog,
    queue: { announce: () => undefined },
    tasks: [],
    upkeepMs: 50,
    retentionEveryMs: 50,
  });
  await expect
    .poll(() => left('stock_count_line'))
    .toEqual([
      ...['open old', 'open young', 'posted young', 'reading old', 'reading young'],
      ...['undone young', 'uploading old', 'uploading young'],
    ]);
  await expect
    .poll(() => left('stock_count_chunk'))
    .toEqual(['reading old', 'reading young', 'uploading young']);
  await scheduler.stop();
});
