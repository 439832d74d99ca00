/**
 * `npm run bench`: our figures beside bounds measured in the same run. `--short` takes about a
 * minute and a half; `--only ledger` (or levels, jobs, webhooks, sales) runs a part. Ends with 1
 * when
 * something crashed or a promise was broken, never because a figure is low. See docs/bench.md.
 */
import { parseArgs } from 'node:util';
import { createDatabase } from '../../app/platform/database';
import {
  acquireBenchPostgres,
  createLedgerWorld,
  dropDatabase,
  freshDatabase,
} from './ledger-database';
import { startAppWorld } from './app-world';
import { benchHotItem } from './hot-item';
import { benchJobs } from './job-rate';
import { benchImport } from './import-variants';
import { benchOrderLines } from './order-lines';
import { createRawBound } from './raw-bound';
import { type BenchReport, printTable } from './report';
import { benchReconcile } from './reconcile';
import { benchSaleToNumber } from './sale-to-number';
import { LEVELS, benchSetLevels } from './set-levels';
import { benchWebhookAnswers } from './webhook-answers';

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const report: BenchReport = { rows: [], broken: [] };
const server = await acquireBenchPostgres();
const wanted = (part: string): boolean => options.only === undefined || options.only === part;

try {
  if (wanted('ledger')) await benchLedger();
  if (wanted('levels')) await benchLevels();
  if (wanted('reconcile')) await benchReconciling();
  if (wanted('jobs')) await benchJobRate();
  if (wanted('import')) await benchLargeImport();
  if (wanted('webhooks') || wanted('sales')) await benchApp();
} finally {
  await server.release();
}
console.log('');
printTable(report.rows);
for (const sentence of report.broken) console.error(`BROKEN: ${sentence}`);
process.exitCode = report.broken.length > 0 ? 1 : 0;

async function benchLedger(): Promise<void> {
  console.log('The ledger…');
  const database = 'crossdock_bench_ledger';
  const world = await createLedgerWorld(await freshDatabase(server, database));
  const raw = await createRawBound(world, 16);
  const settings = options.short ? { rounds: 3, roundMs: 700 } : { rounds: 5, roundMs: 1_500 };
  try {
    await benchHotItem(world, raw, settings, report);
    await benchOrderLines(world, raw, settings, report);
  } finally {
    await raw.close();
    await world.close();
    await dropDatabase(server, database);
  }
}

async function benchLevels(): Promise<void> {
  console.log('Levels…');
  const database = 'crossdock_bench_levels';
  const url = await freshDatabase(server, database);
  const world = await createLedgerWorld(url, Math.ceil(LEVELS / 3));
  try {
    await benchSetLevels(world, options.short ? 3 : 5, report);
  } finally {
    await world.close();
    await dropDatabase(server, database);
  }
}

async function benchReconciling(): Promise<void> {
  console.log('Reconciliation…');
  const database = 'crossdock_bench_reconcile';
  const db = createDatabase(await freshDatabase(server, database));
  try {
    await benchReconcile(db, options.short ? 20_000 : 100_000, report);
  } finally {
    await db.close();
    await dropDatabase(server, database);
  }
}

async function benchJobRate(): Promise<void> {
  console.log('Jobs…');
  const database = 'crossdock_bench_jobs';
  try {
    await benchJobs(await freshDatabase(server, database), options.short ? 2_000 : 5_000, report);
  } finally {
    await dropDatabase(server, database);
  }
}

async function benchLargeImport(): Promise<void> {
  console.log('The first import of a large shop…');
  const database = 'crossdock_bench_import';
  try {
    await benchImport(server, database, options.short ? 10_000 : 100_000, report);
  } finally {
    await dropDatabase(server, database);
  }
}

async function benchApp(): Promise<void> {
  console.log('The application, with both stores…');
  const database = 'crossdock_bench_app';
  const world = await startAppWorld(server, database);
  try {
    if (wanted('webhooks')) {
      const rounds = options.short ? 2 : 3;
      await benchWebhookAnswers(world, { rounds, roundMs: options.short ? 4_000 : 10_000 }, report);
    }
    if (wanted('sales')) {
      await benchSaleToNumber(world, { milliseconds: options.short ? 20_000 : 120_000 }, report);
    }
  } finally {
    await world.close();
    await dropDatabase(server, database);
  }
}
