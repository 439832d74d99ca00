/** A database of one's own for a test file, with every migration applied. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { TestRunner, afterAll, inject, onTestFinished } from 'vitest';
import { type Database, createDatabase } from '../../app/platform/database';

export type TestDatabase = {
  /** For other processes, and for pools of one's own. */
  readonly url: string;
  readonly db: Database;
  /** Called by itself at the end of the file or test. */
  drop(): Promise<void>;
};

type TestDatabaseOptions = {
  /** False: an empty database, without migrations. */
  readonly migrated?: boolean;
  /** Connections at most of `db`. */
  readonly max?: number;
};

/**
 * `const { db, url } = await createTestDatabase();` at the top of a test file or in `beforeAll`:
 * the database is closed and dropped after the last test. In a test or `beforeEach`: after that
 * test.
 */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const postgresUrl = inject('postgresUrl');
  const name = `crossdock_test_${String(process.pid)}_${randomBytes(6).toString('hex')}`;
  const template = options.migrated === false ? 'template0' : inject('templateDatabase');
  await asAdmin(postgresUrl, [
    `CREATE DATABASE ${name} TEMPLATE ${template}`,
    // Nobody wants it back after a crash of the machine: commits need not wait for the disk.
    `ALTER DATABASE ${name} SET synchronous_commit = off`,
  ]);

  const url = new URL(postgresUrl);
  url.pathname = `/${name}`;
  const db = createDatabase(url.href, {
    applicationName: 'crossdock-test',
    ...(options.max === undefined ? {} : { max: options.max }),
  });
  let dropped: Promise<void> | null = null;
  const drop = async () => {
    await db.close();
    await asAdmin(postgresUrl, [`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`]);
  };
  const testDatabase = { url: url.href, db, drop: () => (dropped ??= drop()) };
  if (TestRunner.getCurrentTest() === undefined) afterAll(() => testDatabase.drop());
  else onTestFinished(() => testDatabase.drop());
  return testDatabase;
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    for (const statement of statements) await admin.query(statement);
  } finally {
    await admin.end();
  }
}
