/** The first import of a large shop: Shopify's export, read by a process of its own. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { createDatabase, type Database } from '../../app/platform/database';
import { newId } from '../../app/platform/ids';
import { createShopifySandbox, readAppConfiguration } from '../sandbox/shopify';
import { fillCatalog } from '../sandbox/shopify/fill-catalog';
import type { PostgresServer } from '../support/embedded-postgres';
import { brokenPromises, freshDatabase } from './ledger-database';
import { type BenchReport, rate, times, under } from './report';

const SHOP = 'large.myshopify.com';
const API = { apiKey: 'crossdock-bench', apiSecret: 'bench-shopify-secret' };
const LOCATIONS = 3;
const MEMORY_MB_MAX = 300;
/** Rows the bound inserts in one statement, as many as a page of the import. */
const BATCH = 500;

type Imported = { readonly seconds: number; readonly waitedMs: number; readonly rssBytes: number };

export async function benchImport(
  server: PostgresServer,
  database: string,
  variants: number,
  report: BenchReport,
): Promise<void> {
  const url = await freshDatabase(server, database);
  const db = createDatabase(url, { max: 3, applicationName: 'crossdock-bench' });
  const { scopes } = await readAppConfiguration(new URL('../../shopify.app.toml', import.meta.url));
  const sandbox = await createShopifySandbox({ ...API, appUrl: 'http://127.0.0.1:9', scopes });
  try {
    const shop = sandbox.createShop({
      domain: SHOP,
      locations: Array.from({ length: LOCATIONS }, (_, index) => ({ name: `Place ${index}` })),
    });
    fillCatalog(shop.state, variants);
    const ids = await connect(db);
    const task = { ...API, ...ids, database: url, shop: SHOP, idToken: shop.idToken() };
    const imported = await importInProcess(task, sandbox.url);
    console.log(`  ${imported.seconds.toFixed(1)} s; the same rows plainly…`);
    await db.query('ANALYZE');
    const found = await db.one<{ listings: number; items: number; numbers: number }>(
      `SELECT (SELECT count(*) FROM listing WHERE item_id IS NOT NULL) AS listings,
          (SELECT count(*) FROM item) AS items, (SELECT count(*) FROM publication) AS numbers`,
    );
    if (found.listings !== variants || found.items !== variants) {
      report.broken.push(`import: ${JSON.stringify(found)} of ${String(variants)} variants`);
    }
    report.broken.push(...(await brokenPromises(db, ids.merchantId, 'import')));
    const bound = await insertPlainly(db);
    addRows(report, variants, imported, bound);
  } finally {
    await sandbox.close();
    await db.close();
  }
}

async function connect(db: Database): Promise<{ merchantId: string; connectionId: string }> {
  const [merchantId, connectionId] = [newId(), newId()];
  await db.query(
    `INSERT INTO merchant (id, name, currency, timezone) VALUES ($1, 'Large', 'USD', 'UTC')`,
    [merchantId],
  );
  await db.query(
    `INSERT INTO connection (id, merchant_id, kind, account, name)
     VALUES ($1, $2, 'shopify', $3, 'Large')`,
    [connectionId, merchantId, SHOP],
  );
  return { merchantId, connectionId };
}

async function importInProcess(task: object, sandboxUrl: string): Promise<Imported> {
  const program = path.join(import.meta.dirname, 'import-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, TASK: JSON.stringify(task), SHOPIFY_SIM_URL: sandboxUrl },
  });
  return JSON.parse(stdout) as Imported;
}

/**
 * The bound: the very rows of the import, inserted plainly into tables like its own, in batches,
 * each committed. No matching, no ledger, no reading of a file.
 */
async function insertPlainly(db: Database): Promise<number> {
  const tables = ['item', 'listing', 'publication', 'stock_level', 'movement'];
  for (const table of tables) {
    await db.query(`CREATE TABLE bound_${table} (LIKE ${table} INCLUDING ALL)`);
  }
  const { rows: items } = await db.query<{ id: string }>('SELECT id FROM item ORDER BY id');
  const startedAt = performance.now();
  for (let from = 0; from < items.length; from += BATCH) {
    const ids = items.slice(from, from + BATCH).map(({ id }) => id);
    await db.transaction(async (tx) => {
      for (const table of tables) {
        await tx.query(
          `INSERT INTO bound_${table} SELECT * FROM ${table} WHERE ${ROWS_OF[table] ?? ''}`,
          [ids],
        );
      }
    });
  }
  return (performance.now() - startedAt) / 1_000;
}

/** The rows of a table that belong to the items $1. */
const ROWS_OF: Readonly<Record<string, string>> = {
  item: 'id = ANY($1::uuid[])',
  listing: 'item_id = ANY($1::uuid[])',
  publication: 'listing_id IN (SELECT id FROM listing WHERE item_id = ANY($1::uuid[]))',
  stock_level: 'item_id = ANY($1::uuid[])',
  movement: 'item_id = ANY($1::uuid[])',
};

function addRows(
  report: BenchReport,
  variants: number,
  { seconds, waitedMs, rssBytes }: Imported,
  boundSeconds: number,
): void {
  const megabytes = rssBytes / 1024 / 1024;
  const waited = (waitedMs / 1_000).toFixed(0);
  report.rows.push({
    what: `Import of ${variants.toLocaleString('en-US')} variants, ${String(LOCATIONS)} locations`,
    ours: `${seconds.toFixed(1)} s, ${rate(variants / seconds, 'variants')}`,
    bound: `${boundSeconds.toFixed(1)} s`,
    ratio: times(boundSeconds / seconds),
    target: under(seconds, 120, ' s'),
    boundIs: 'plain INSERT of the same rows',
    note: `the sandbox took ${waited} s to make the file`,
  });
  report.rows.push({
    what: 'Memory of the importing process beyond its start',
    ours: `${megabytes.toFixed(0)} MB`,
    bound: '',
    ratio: '',
    target: under(megabytes, MEMORY_MB_MAX, ' MB'),
    boundIs: '',
    note: 'peak RSS, sampled every 50 ms',
  });
}
