/** The parts of the bench, each with the database or the running application it works on. */
import { createDatabase } from '../../app/platform/database';
import type { PostgresServer } from '../support/embedded-postgres';
import { type AppWorld, startAppWorld } from './app-world';
import { benchBesideMedusa } from './beside-medusa';
import { benchHotItem } from './hot-item';
import { benchImport } from './import-variants';
import { installMedusa } from './install-medusa';
import { benchJobs } from './job-rate';
import {
  type LedgerWorld,
  createLedgerWorld,
  dropDatabase,
  emptyDatabase,
  freshDatabase,
} from './ledger-database';
import { benchOrderLines } from './order-lines';
import { createRawBound } from './raw-bound';
import { benchReconcile } from './reconcile';
import { type BenchReport, notMeasured } from './report';
import { benchSaleToNumber } from './sale-to-number';
import { LEVELS, benchSetLevels } from './set-levels';
import { benchWebhookAnswers } from './webhook-answers';

/** Connections that the raw statements may use; the server allows a hundred. */
const RAW_CALLERS_MAX = 64;

/** What every part is given. */
export type Bench = {
  readonly server: PostgresServer;
  /** Fewer and shorter rounds. */
  readonly short: boolean;
  readonly report: BenchReport;
};

export type BenchPart = {
  /** As in `--only <name>`. */
  readonly name: string;
  readonly run: (bench: Bench) => Promise<void>;
};

/** A database of the part's own, migrated and empty, dropped at the end. */
export async function inDatabase(
  { server }: Bench,
  name: string,
  work: (url: string) => Promise<void>,
): Promise<void> {
  const database = `crossdock_bench_${name}`;
  try {
    await work(await freshDatabase(server, database));
  } finally {
    await dropDatabase(server, database);
  }
}

/** A merchant with `items` items in three locations and on two channels. */
export function inLedgerWorld(
  bench: Bench,
  name: string,
  work: (world: LedgerWorld) => Promise<void>,
  items?: number,
): Promise<void> {
  return inDatabase(bench, name, async (url) => {
    const world = await createLedgerWorld(url, items);
    try {
      await work(world);
    } finally {
      await world.close();
    }
  });
}

/** The built application, web and worker, with both stores. */
export async function inAppWorld(
  { server }: Bench,
  name: string,
  work: (world: AppWorld) => Promise<void>,
  processes: 'apart' | 'together' = 'apart',
): Promise<void> {
  const database = `crossdock_bench_${name}`;
  const world = await startAppWorld(server, database, processes);
  try {
    await work(world);
  } finally {
    await world.close();
    await dropDatabase(server, database);
  }
}

export function runLedger(bench: Bench): Promise<void> {
  const settings = bench.short ? { rounds: 3, roundMs: 700 } : { rounds: 5, roundMs: 1_500 };
  return inLedgerWorld(bench, 'ledger', async (world) => {
    const raw = await createRawBound(world, RAW_CALLERS_MAX);
    try {
      await benchHotItem(world, raw, settings, bench.report);
      await benchOrderLines(world, raw, settings, bench.report);
    } finally {
      await raw.close();
    }
  });
}

export function runLevels(bench: Bench): Promise<void> {
  const items = Math.ceil(LEVELS / 3);
  const rounds = bench.short ? 3 : 5;
  return inLedgerWorld(
    bench,
    'levels',
    (world) => benchSetLevels(world, rounds, bench.report),
    items,
  );
}

export function runReconcile(bench: Bench): Promise<void> {
  return inDatabase(bench, 'reconcile', async (url) => {
    const db = createDatabase(url);
    try {
      await benchReconcile(db, bench.short ? 20_000 : 100_000, bench.report);
    } finally {
      await db.close();
    }
  });
}

export function runJobs(bench: Bench): Promise<void> {
  return inDatabase(bench, 'jobs', (url) =>
    benchJobs(url, bench.short ? 2_000 : 5_000, bench.report),
  );
}

/** Both work in databases of their own on the same server. */
export async function runMedusa(bench: Bench): Promise<void> {
  const missing = installMedusa();
  if (missing !== null) {
    console.error(`  Not measured: ${missing}.`);
    bench.report.rows.push(notMeasured('Beside Medusa', missing));
    return;
  }
  const database = 'crossdock_bench_medusa';
  const medusaUrl = await emptyDatabase(bench.server, database);
  try {
    await inLedgerWorld(bench, 'beside_medusa', (world) =>
      benchBesideMedusa(world, medusaUrl, bench.short ? 1 : 3, bench.report),
    );
  } finally {
    await dropDatabase(bench.server, database);
  }
}

export async function runImport({ server, short, report }: Bench): Promise<void> {
  const database = 'crossdock_bench_import';
  try {
    await benchImport(server, database, short ? 10_000 : 100_000, report);
  } finally {
    await dropDatabase(server, database);
  }
}

export async function runWebhooks(bench: Bench): Promise<void> {
  const milliseconds = bench.short ? 6_000 : 20_000;
  const apart = { paces: [50, 200, 500], milliseconds, processes: 'web and worker apart' };
  await inAppWorld(bench, 'webhooks', (world) => benchWebhookAnswers(world, apart, bench.report));
  const together = { paces: [200], milliseconds, processes: 'web and worker in one process' };
  await inAppWorld(
    bench,
    'webhooks',
    (world) => benchWebhookAnswers(world, together, bench.report),
    'together',
  );
}

export function runSales(bench: Bench): Promise<void> {
  const milliseconds = bench.short ? 20_000 : 120_000;
  return inAppWorld(bench, 'sales', (world) =>
    benchSaleToNumber(world, { milliseconds }, bench.report),
  );
}
