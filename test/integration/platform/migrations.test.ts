/**
 * Goal: migrations are applied once, in order, all or nothing, and never over a changed history.
 * Method: folders of small migrations against empty databases.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import type { Database } from '#app/platform/database';
import { MigrationRefused, applyMigrations } from '#app/platform/migrations';
import { createTestDatabase } from '../../support/test-database';

const FIRST = 'CREATE TABLE first (id int);';
const SECOND = 'CREATE TABLE second (id int); INSERT INTO first VALUES (2);';

let db: Database;
let url: string;
let folder: string;

beforeEach(async () => {
  ({ db, url } = await createTestDatabase({ migrated: false }));
  folder = mkdtempSync(path.join(os.tmpdir(), 'crossdock-migrations-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  write('20260101000000_first', FIRST);
});

function write(name: string, sql: string): void {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, 'migration.sql'), sql);
}

async function tables(): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_name NOT LIKE '\\_%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

test('pending files are applied in order, once', async () => {
  write('20260102000000_second', SECOND);
  expect(await applyMigrations(url, folder)).toEqual([
    '20260101000000_first',
    '20260102000000_second',
  ]);
  expect(await tables()).toEqual(['first', 'second']);
  expect(await applyMigrations(url, folder)).toEqual([]);
});

test('the rows are as Prisma writes them', async () => {
  await applyMigrations(url, folder);
  expect(await db.one('SELECT * FROM _prisma_migrations')).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    checksum: createHash('sha256').update(FIRST).digest('hex'),
    migration_name: '20260101000000_first',
    started_at: expect.any(Date) as Date,
    finished_at: expect.any(Date) as Date,
    logs: null,
    rolled_back_at: null,
    applied_steps_count: 1,
  });
});

test('several processes at once apply each file once', async () => {
  write('20260102000000_second', SECOND);
  const applied = await Promise.all([1, 2, 3].map(() => applyMigrations(url, folder)));
  expect(applied.flat()).toHaveLength(2);
});

test('a file changed after it was applied is refused, and nothing newer is applied', async () => {
  await applyMigrations(url, folder);
  write('20260101000000_first', `${FIRST} -- touched`);
  write('20260102000000_second', SECOND);
  const refused = applyMigrations(url, folder);
  await expect(refused).rejects.toThrow(MigrationRefused);
  await expect(refused).rejects.toThrow('20260101000000_first was changed');
  expect(await tables()).toEqual(['first']);
});

test('a file that disappeared is refused', async () => {
  await applyMigrations(url, folder);
  rmSync(path.join(folder, '20260101000000_first'), { recursive: true });
  await expect(applyMigrations(url, folder)).rejects.toThrow('not in the folder');
});

test('a failing file leaves nothing of itself behind, and those before it stay', async () => {
  write('20260102000000_second', `${SECOND} SELECT 1 / 0;`);
  await expect(applyMigrations(url, folder)).rejects.toThrow('20260102000000_second failed');
  expect(await tables()).toEqual(['first']);
  expect((await db.query('SELECT * FROM first')).rows).toEqual([]);

  write('20260102000000_second', SECOND);
  expect(await applyMigrations(url, folder)).toEqual(['20260102000000_second']);
});

test('a migration recorded as failed is refused until someone settles it', async () => {
  await applyMigrations(url, folder);
  await db.query('UPDATE _prisma_migrations SET finished_at = NULL');
  await expect(applyMigrations(url, folder)).rejects.toThrow('did not finish');
});
