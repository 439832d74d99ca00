/**
 * `npm run soak -- --minutes 30 [--orders-per-minute 60] [--sample-seconds 15]
 * [--dispatcher embedded|bull] [--snapshots <folder>]`: a steady day in short. Ends with 1 when
 * something grows that must not. See docs/proof.md.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { archiveRecords } from '../../app/operations/audit/archive-records';
import type { Database } from '../../app/platform/database';
import { settle, startTraffic } from '../simulation/storm';
import { makeProduct } from '../simulation/storm-catalog';
import { type Dispatcher, type Fleet, startFleet } from '../simulation/storm-fleet';
import { HEAP_MB_PER_HOUR_MAX, type Verdict, judge } from './judge';
import { ask, createRecorder } from './take-samples';

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    'orders-per-minute': { type: 'string', default: '60' },
    'sample-seconds': { type: 'string', default: '15' },
    dispatcher: { type: 'string', default: 'embedded' },
    snapshots: { type: 'string' },
  },
});
const minutes = Number(options.minutes);
const ordersPerMinute = Number(options['orders-per-minute']);
const sampleMs = Number(options['sample-seconds']) * 1_000;
const dispatcher: Dispatcher = options.dispatcher === 'bull' ? 'bull' : 'embedded';
const MINUTE_MS = 60_000;
const durationMs = minutes * MINUTE_MS;
/** Caches fill, pools grow, code is compiled: not looked at. */
const warmMs = durationMs * 0.3;
/** What is over for longer than this is made old, so that retention, made for days, finds it. */
const keepMs = Math.max(MINUTE_MS, durationMs * 0.1);
const AGE_EVERY_MS = 10_000;
/** Nothing may sell out: a refused checkout would be no load. */
const UNITS = [90_000, 50_000, 30_000] as const;
const UNITS_EACH = UNITS.reduce((sum, units) => sum + units, 0);
const KINDS = ['Tee', 'Cap', 'Mug', 'Tote', 'Vase', 'Clog', 'Rug', 'Pack'];
const PROBE = fileURLToPath(new URL('./report-memory.mjs', import.meta.url));

const fleet = await startFleet({
  name: `soak-${dispatcher}`,
  dispatcher,
  products: KINDS.map((title, kind) =>
    makeProduct({
      title,
      skus: ['S', 'M', 'L', 'XL'].map((size) => `${title.toUpperCase()}-${size}`),
      kind,
      units: UNITS,
      onWooCommerce: true,
    }),
  ),
  environment: { NODE_OPTIONS: `--import ${PROBE}` },
});
let broken = true;
try {
  broken = await soak(fleet);
} finally {
  await fleet.close();
}
process.exit(broken ? 1 : 0);

async function soak({ db }: Fleet): Promise<boolean> {
  await fleet.start('web');
  await fleet.start('worker-1');
  await fleet.prepare();
  await keepShortly(db);
  const recorder = createRecorder(fleet);
  const startedAt = Date.now();
  const shipEveryMs = (MINUTE_MS / ordersPerMinute) * 0.7;
  console.log(
    `${minutes} minutes at ${ordersPerMinute} orders a minute, ${dispatcher} dispatcher; what is ` +
      `over is kept for ${(keepMs / MINUTE_MS).toFixed(1)} minutes; log: ${fleet.logFile}`,
  );
  const traffic = startTraffic(fleet, db, { ordersPerMinute, shipEveryMs });
  const aging = setInterval(() => {
    makeOld(db).catch((problem: unknown) => console.error('Not made old:', problem));
  }, AGE_EVERY_MS);
  let snapshots = 0;
  while (Date.now() - startedAt < durationMs) {
    await sleep(sampleMs);
    const line = await recorder.sample();
    const elapsed = (Date.now() - startedAt) / MINUTE_MS;
    console.log(`${elapsed.toFixed(1).padStart(5)} min: ${line}`);
    if (options.snapshots !== undefined && Date.now() - startedAt > warmMs && snapshots === 0) {
      snapshots += 1;
      await takeSnapshots(options.snapshots, 'early');
    }
  }
  if (options.snapshots !== undefined) await takeSnapshots(options.snapshots, 'late');
  clearInterval(aging);
  await traffic.stop();
  const wrong = await settle(fleet, db, UNITS_EACH);
  const verdicts = judge(recorder.series(), startedAt + warmMs);
  print(verdicts);
  for (const problem of [...wrong, ...fleet.deaths]) console.log(`BROKEN: ${problem}`);
  for (const { name } of verdicts.filter((one) => one.broken)) {
    console.log(`BROKEN: ${name} grows`);
  }
  return wrong.length + fleet.deaths.length > 0 || verdicts.some((one) => one.broken);
}

/** The shortest that a merchant can choose; `makeOld` does the rest. */
async function keepShortly(db: Database): Promise<void> {
  await db.query(
    `UPDATE merchant SET settings = COALESCE(settings, '{}')
       || '{"inboxDays": 1, "jobDays": 1, "reconcileDays": 1, "auditDays": 90}'`,
  );
}

/**
 * Days pass for what is over. The trail of what was done is not to be edited, not even by this:
 * its triggers have to be told that this is a copy being made.
 */
async function makeOld(db: Database): Promise<void> {
  const keep = [keepMs];
  await db.query(
    `UPDATE inbox_event SET processed_at = processed_at - interval '2 days',
       received_at = received_at - interval '2 days'
     WHERE state IN ('processed', 'ignored') AND processed_at > now() - interval '1 day'
       AND processed_at < now() - $1 * interval '1 millisecond'`,
    keep,
  );
  await db.query(
    `UPDATE job SET finished_at = finished_at - interval '2 days'
     WHERE state IN ('done', 'cancelled') AND finished_at > now() - interval '1 day'
       AND finished_at < now() - $1 * interval '1 millisecond'`,
    keep,
  );
  await db.transaction(async (tx) => {
    await tx.query(`SET LOCAL session_replication_role = replica`);
    await tx.query(
      `UPDATE audit_record SET at = at - interval '100 days'
       WHERE at > now() - interval '1 day' AND at < now() - $1 * interval '1 millisecond'`,
      keep,
    );
  });
  // The workers do this once an hour.
  await archiveRecords(db, new Date());
}

async function takeSnapshots(folder: string, when: string): Promise<void> {
  for (const name of ['web', 'worker-1'] as const) {
    const child = fleet.running(name);
    if (child === null) continue;
    const file = path.resolve(folder, `${name}-${when}.heapsnapshot`);
    await ask(child, `snapshot ${file}`);
    console.log(`Written: ${file}`);
  }
}

function print(verdicts: readonly Verdict[]): void {
  const head = ['', 'first third', 'last third', 'worst', 'per hour', 'verdict'];
  const rows = verdicts.map((one) => [
    ...[one.name, one.first, one.last, one.worst, one.perHour, one.verdict],
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  console.log(`\n${line(head)}`);
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  for (const row of rows) console.log(line(row));
  console.log(
    `Heaps are measured after a collection, after ${(warmMs / MINUTE_MS).toFixed(1)} minutes of ` +
      `warm-up; one that grows by more than ${HEAP_MB_PER_HOUR_MAX} MB an hour is a leak.`,
  );
}
