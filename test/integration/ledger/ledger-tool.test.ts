/**
 * Goal: an operator sees drift, repairs it, and reads a past moment, from the command line alone.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { createTestDatabase } from '../../support/test-database';
import { receive, seedMerchant } from './seed-ledger';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

let db: Database;
let url: string;
let merchantId: string;

beforeAll(async () => {
  ({ db, url } = await createTestDatabase());
  const seeded = await seedMerchant(db, ['MUG'], ['Attic']);
  merchantId = seeded.merchantId;
  await receive(db, merchantId, seeded.items[0] ?? '', seeded.locations[0] ?? '', 10);
});

function ledger(...args: readonly string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', 'app/ledger-tool.ts', ...args],
    {
      cwd: ROOT,
      encoding: 'utf8',
      env: {
        NODE_ENV: 'test',
        PATH: process.env['PATH'],
        DATABASE_URL: url,
        SHOPIFY_API_KEY: 'crossdock-test',
        SHOPIFY_API_SECRET: 'crossdock-test-secret',
        SHOPIFY_APP_URL: 'http://127.0.0.1:3000',
        ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      },
    },
  );
  return { code: status, said: stdout + stderr };
}

test('drift is named, repaired and gone', async () => {
  expect(ledger('drift')).toMatchObject({ code: 0 });
  await db.query(`UPDATE stock_level SET available = 12 WHERE merchant_id = $1`, [merchantId]);

  const drift = ledger('drift', '--merchant', merchantId);
  expect(drift.code).toBe(1);
  expect(drift.said).toContain('MUG at Attic: available is 12, its movements say 10');

  expect(ledger('rebuild')).toMatchObject({ code: 0 });
  expect(ledger('drift')).toMatchObject({ code: 0 });
  const { available } = await db.one<{ available: number }>(`SELECT available FROM stock_level`);
  expect(available).toBe(10);
});

test('a past moment is read from the movements', () => {
  expect(ledger('as-of', '2001-01-01T00:00:00Z').said).toContain('0 levels');
  expect(ledger('as-of', new Date(Date.now() + 60_000).toISOString()).said).toContain(
    'MUG\tAttic\t10\t0\t10',
  );
});

test.each([
  { args: [], says: 'Usage' },
  { args: ['as-of', 'yesterday'], says: 'Usage' },
  { args: ['drift', '--merchant', 'nobody'], says: 'no merchant' },
  { args: ['rebuild', '--merchant', newId()], says: 'no merchant' },
])('what makes no sense is said: $args', ({ args, says }) => {
  const { code, said } = ledger(...args);
  expect(code).toBe(2);
  expect(said).toContain(says);
});
