/**
 * `npm run demo`: the product on the embedded database against the sandbox. Prints one address.
 * `--reset` starts over; `--orders N` sets how many orders arrive a minute (default 6);
 * `--first-day` leaves the merchant where they are right after installing.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { applyMigrations } from '../../app/platform/migrations';
import { acquirePostgres, removePostgres } from '../support/embedded-postgres';
import { appEnvironment, startApp } from './app-process';
import { prepareMerchant } from './install';
import {
  dataFolder,
  forgetData,
  loadSettings,
  logFile,
  postgresFolder,
  saveSnapshot,
} from './settings';
import { createWorld } from './world';

const SNAPSHOT_EVERY_MS = 5_000;
const DATABASE = 'crossdock_demo';
const migrationsFolder = path.resolve(import.meta.dirname, '../../prisma/migrations');

const { values: options } = parseArgs({
  options: {
    reset: { type: 'boolean', default: false },
    orders: { type: 'string', default: '6' },
    'first-day': { type: 'boolean', default: false },
  },
});

if (options.reset) {
  await removePostgres(postgresFolder);
  forgetData();
}
let stopping = false;
const settings = await loadSettings();
say('Starting PostgreSQL…');
const postgres = await acquirePostgres({ folder: postgresFolder });
const databaseUrl = await ensureDatabase();
await applyMigrations(databaseUrl, migrationsFolder);

say('Starting the stores…');
const appUrl = `http://127.0.0.1:${String(settings.ports.app)}`;
const world = await createWorld(settings, appUrl);

say('Starting Crossdock…');
const app = await startApp({
  port: settings.ports.app,
  logFile,
  environment: appEnvironment(settings, { databaseUrl, appUrl, shopifyUrl: world.shopify.url }),
});
const timer = setInterval(() => saveSnapshot(world.snapshot()), SNAPSHOT_EVERY_MS);
process.once('SIGINT', () => void stop(0));
process.once('SIGTERM', () => void stop(0));
app.process.once('exit', (code) => {
  if (code !== null) void stop(code === 0 ? 0 : 1);
});

if (!options['first-day']) {
  await prepareMerchant({ appUrl: app.url, databaseUrl, world, say }).catch(
    async (problem: unknown) => {
      const why = problem instanceof Error ? problem.message : String(problem);
      say(`\nThe demo could not be prepared: ${why}`);
      say(`The app's log: ${logFile}`);
      await stop(1);
    },
  );
}
world.traffic.start(Number(options.orders));
saveSnapshot(world.snapshot());
say('');
say(`  Crossdock, in the store's admin:  ${world.adminUrl}`);
say(`  The stores, to play with:         ${world.controlUrl}`);
if (options['first-day']) say(`  The WooCommerce store to connect: ${world.woo.url}`);
say('');
say(`  ${options.orders} orders a minute arrive on both stores. Ctrl+C stops; the data stays in`);
say(
  `  ${path.relative(process.cwd(), dataFolder)} (npm run demo -- --reset starts over; the app's log is there, too).`,
);

async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  say('\nStopping…');
  clearInterval(timer);
  world.traffic.stop();
  await app.stop();
  saveSnapshot(world.snapshot());
  await world.close();
  await postgres.release();
  process.exit(code);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function ensureDatabase(): Promise<string> {
  if (!postgres.embedded) return postgres.url;
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
    DATABASE,
  ]);
  if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  await client.end();
  return postgres.urlOf(DATABASE);
}
