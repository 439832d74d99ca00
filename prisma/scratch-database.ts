/** A throw-away database that holds every committed migration. For development and tests. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { applyMigrations } from '../app/platform/migrations';
import { acquirePostgres } from '../test/support/embedded-postgres';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs the work against a migrated scratch database and drops it afterwards. */
export async function withScratchDatabase<T>(work: (url: string) => Promise<T>): Promise<T> {
  const server = await acquirePostgres({ folder: path.join(root, '.data', 'postgres-test') });
  const name = `crossdock_scratch_${String(process.pid)}_${String(Date.now())}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    await admin.query(`CREATE DATABASE ${name}`);
    const url = server.urlOf(name);
    await applyMigrations(url, path.join(root, 'prisma', 'migrations'));
    return await work(url);
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.end();
    await server.release();
  }
}
