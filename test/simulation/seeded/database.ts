/**
 * A database for each simulated world, made from a template that holds every migration. Its clock
 * is the world's: `now()` and `clock_timestamp()` are found before those of the server.
 */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import pg from 'pg';
import { applyMigrations } from '../../../app/platform/migrations';
import { type PostgresServer, acquirePostgres } from '../../support/embedded-postgres';

const root = path.resolve(import.meta.dirname, '../../..');
export const serverFolder = path.join(root, '.data', 'postgres-simulate');
const migrations = path.join(root, 'prisma', 'migrations');
/** Functions of the world come before the server's; tables are made in `public` as ever. */
const SEARCH_PATH = 'public,sim,pg_catalog';
/** The simulation finds circles of locks itself: the server's timing would decide otherwise. */
const OPTIONS = `-c search_path=${SEARCH_PATH} -c deadlock_timeout=1h -c synchronous_commit=off`;

const CLOCK = `
CREATE SCHEMA sim;
CREATE FUNCTION sim.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS
  $$ SELECT COALESCE(NULLIF(current_setting('sim.clock', true), '')::timestamptz, pg_catalog.clock_timestamp()) $$;
CREATE FUNCTION sim.now() RETURNS timestamptz LANGUAGE sql STABLE AS
  $$ SELECT COALESCE(NULLIF(current_setting('sim.now', true), '')::timestamptz, pg_catalog.now()) $$;
`;

/** CURRENT_TIMESTAMP is grammar, not a function that can be found elsewhere. */
const DEFAULTS = `
DO $$ DECLARE c record; BEGIN
  FOR c IN SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_default LIKE 'CURRENT_TIMESTAMP%'
  LOOP
    EXECUTE format('ALTER TABLE public.%I ALTER COLUMN %I SET DEFAULT sim.now()', c.table_name, c.column_name);
  END LOOP;
END $$`;

export type WorldDatabases = {
  /** A database of its own; the one of the same name before it is gone. */
  fresh(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  close(): Promise<void>;
};

export async function openWorldDatabases(template: string): Promise<WorldDatabases> {
  const server = await acquirePostgres({ folder: serverFolder });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await makeTemplate(server, admin, template);
  const role = await makeRole(admin, `${template}_role`);
  return {
    async fresh(name) {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
      return withOptions(asRole(server.urlOf(name), role));
    },
    async drop(name) {
      await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
    async close() {
      await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
      await admin.query(`DROP ROLE ${role.name}`);
      await admin.end();
      await server.release();
    },
  };
}

async function makeTemplate(
  server: PostgresServer,
  admin: pg.Client,
  template: string,
): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${template} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${template}`);
  const url = withOptions(server.urlOf(template));
  await once(url, CLOCK);
  await applyMigrations(url, migrations);
  await once(url, DEFAULTS);
}

type Role = { readonly name: string; readonly password: string };

/** Processes of a world connect all the time: this one's password is proven without the labor. */
async function makeRole(admin: pg.Client, name: string): Promise<Role> {
  const password = randomBytes(12).toString('hex');
  await admin.query(`SET scram_iterations = 1`);
  await admin.query(`DROP ROLE IF EXISTS ${name}`);
  await admin.query(`CREATE ROLE ${name} SUPERUSER LOGIN PASSWORD '${password}'`);
  return { name, password };
}

function asRole(address: string, { name, password }: Role): string {
  const url = new URL(address);
  url.username = name;
  url.password = password;
  return url.href;
}

async function once(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withOptions(address: string): string {
  const url = new URL(address);
  url.searchParams.set('options', OPTIONS);
  return url.href;
}
