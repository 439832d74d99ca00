/**
 * Runs once before the suite: a PostgreSQL server (embedded, or the one in DATABASE_URL) and on it
 * a template database with every migration applied. Test files clone the template.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { applyMigrations, readMigrations } from '../../app/platform/migrations';
import { isAlive } from './embedded-postgres-process';
import { type PostgresServer, acquirePostgres } from './embedded-postgres';

declare module 'vitest' {
  interface ProvidedContext {
    /** Maintenance database of the test server, as a user who may create databases. */
    postgresUrl: string;
    templateDatabase: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const migrationsFolder = path.join(root, 'prisma', 'migrations');
/** Any number of ours: two runs must not build the same template at once. */
const TEMPLATE_LOCK_KEY = 720_411;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await acquirePostgres({ folder: path.join(root, '.data', 'postgres-test') });
  const template = await prepareTemplate(server);
  project.provide('postgresUrl', server.url);
  project.provide('templateDatabase', template);
  return () => server.release();
}

/** The name carries a hash of the migrations, so an unchanged template is used again. */
async function prepareTemplate(server: PostgresServer): Promise<string> {
  const hash = createHash('sha256');
  for (const { name, checksum } of readMigrations(migrationsFolder)) hash.update(name + checksum);
  const template = `crossdock_template_${hash.digest('hex').slice(0, 16)}`;
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  try {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK_KEY]);
    if (server.embedded) await dropLeftOvers(admin, (await server.leases()) === 1, template);
    const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      template,
    ]);
    if (rowCount === 0) {
      const unfinished = `${template}_unfinished`;
      await admin.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
      await admin.query(`CREATE DATABASE ${unfinished}`);
      await applyMigrations(server.urlOf(unfinished), migrationsFolder);
      await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
    }
  } finally {
    await admin.end();
  }
  return template;
}

/** Databases of runs that were killed, and, when nobody else is here, templates gone stale. */
async function dropLeftOvers(admin: pg.Client, alone: boolean, template: string): Promise<void> {
  const { rows } = await admin.query<{ datname: string }>(
    String.raw`SELECT datname FROM pg_database WHERE datname LIKE 'crossdock\_%'`,
  );
  for (const { datname } of rows) {
    const owner = /^crossdock_(?:test|scratch)_(\d+)_/.exec(datname)?.[1];
    const ownerGone = owner !== undefined && !isAlive(Number(owner));
    const stale = alone && datname.startsWith('crossdock_template_') && datname !== template;
    if (ownerGone || stale) await admin.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  }
}
