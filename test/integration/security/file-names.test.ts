/** Goal: of an uploaded file's name only its last part is kept, and nothing that is not text. */
import { expect, test } from 'vitest';
import { receiveCountFile } from '../../../app/operations/stock/receive-count-file';
import { newId } from '../../../app/platform/ids';
import { createTestDatabase } from '../../support/test-database';
import { STAFF, countContext } from '../counts/count-world';
import { seedMerchant } from '../ledger/seed-ledger';

const { db } = await createTestDatabase();

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('SKU,On hand\nMUG,1\n');
}

test('a name that is a path, or holds what cannot be seen, is kept as a name', async () => {
  const { merchantId } = await seedMerchant(db, ['MUG'], ['West']);
  const context = countContext(db);
  const kept: string[] = [];
  for (const fileName of [
    '../../../etc/cron.d/stock.csv',
    'C:\\Users\\Mara Quay\\stock.csv',
    '/stock\u0000\r\n.csv',
    '../..',
    'a/',
  ]) {
    const file = { merchantId, actor: STAFF, id: newId(), fileName, locationId: null };
    const received = await receiveCountFile(context, { ...file, bytes: bytes() });
    expect(received.status).toBe('done');
    const { name } = await db.one<{ name: string }>(
      `SELECT file_name AS name FROM stock_count WHERE id = $1`,
      [file.id],
    );
    kept.push(name);
    await db.query(`UPDATE stock_count SET state = 'cancelled'`);
  }
  expect(kept).toEqual(['stock.csv', 'stock.csv', 'stock.csv', '..', 'File']);
});
