/**
 * `npm run bench`: our figures beside bounds measured in the same run. `--short` runs fewer and
 * shorter rounds; `--only ledger` (or several, with commas) runs parts. Ends with 1 when something
 * crashed or a promise was broken, never because a figure is low. See docs/bench.md.
 */
import { parseArgs } from 'node:util';
import { runGrowth } from './growth';
import { runMemory } from './intake-memory';
import { acquireBenchPostgres } from './ledger-database';
import {
  type BenchPart,
  runImport,
  runJobs,
  runLedger,
  runLevels,
  runMedusa,
  runReconcile,
  runSales,
  runWebhooks,
} from './parts';
import { type BenchReport, printTable } from './report';
import { runScreens } from './screens';

/** In the order they run. */
const PARTS: readonly BenchPart[] = [
  { name: 'ledger', run: runLedger },
  { name: 'medusa', run: runMedusa },
  { name: 'levels', run: runLevels },
  { name: 'growth', run: runGrowth },
  { name: 'memory', run: runMemory },
  { name: 'reconcile', run: runReconcile },
  { name: 'jobs', run: runJobs },
  { name: 'import', run: runImport },
  { name: 'webhooks', run: runWebhooks },
  { name: 'sales', run: runSales },
  { name: 'screens', run: runScreens },
];

const { values: options } = parseArgs({
  options: { short: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const parts = chosen(options.only);
const report: BenchReport = { rows: [], broken: [] };
const server = await acquireBenchPostgres();

try {
  for (const { name, run } of parts) {
    console.log(`${name}…`);
    try {
      await run({ server, short: options.short, report });
    } catch (problem) {
      // The other parts are still worth having.
      console.error(problem);
      report.broken.push(`${name}: ${problem instanceof Error ? problem.message : 'failed'}`);
    }
  }
} finally {
  await server.release();
}
console.log('');
printTable(report.rows);
for (const sentence of report.broken) console.error(`BROKEN: ${sentence}`);
// A part that broke may have left something open.
process.exit(report.broken.length > 0 ? 1 : 0);

function chosen(only: string | undefined): readonly BenchPart[] {
  if (only === undefined) return PARTS;
  const names = only.split(',');
  const unknown = names.filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    console.error(
      `No such part: ${unknown.join(', ')}. Say some of: ${PARTS.map(({ name }) => name).join(', ')}.`,
    );
    process.exit(2);
  }
  return PARTS.filter(({ name }) => names.includes(name));
}
