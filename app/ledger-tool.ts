/**
 * `npm run ledger -- drift | rebuild | as-of <ISO time>`, each with `--merchant <id>` for one
 * merchant only: for an operator, with the environment of the application. Exit code 1 when there
 * is drift, 2 when it cannot do what was asked. See docs/operations.md.
 */
import { parseArgs } from 'node:util';
import { rebuildLevels } from './operations/stock/rebuild-levels';
import { isId } from './platform/ids';
import {
  type DriftedLevel,
  LEDGER_STATES,
  listDrift,
  listLedgers,
  listLevelsAsOf,
} from './queries/stock/audit-ledger';
import { wiring } from './wiring.server';

const USAGE = 'Usage: npm run ledger -- drift | rebuild | as-of <ISO time> [--merchant <id>]';
/** The operating system knows who that is; the audit trail says that it was the command line. */
const OPERATOR = { kind: 'system', id: 'ledger-tool' } as const;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { merchant: { type: 'string' } },
});
const [command = '', time = ''] = positionals;
const at = new Date(time);
const known = command === 'drift' || command === 'rebuild' || command === 'as-of';
if (!known || (command === 'as-of' && Number.isNaN(at.getTime()))) fail(USAGE);
const merchantId = values.merchant ?? null;
if (merchantId !== null && !isId(merchantId)) fail(`${merchantId} is no merchant's id.`);

const { ctx, db, jobs } = wiring();
const ledgers = await listLedgers(db, merchantId);
if (merchantId !== null && ledgers.length === 0) fail(`There is no merchant ${merchantId}.`);
let drifted = 0;
for (const { id, name } of ledgers) {
  say(`${name} (${id})`);
  drifted += await run(id);
}
await jobs.close();
await db.close();
process.exit(command === 'drift' && drifted > 0 ? 1 : 0);

async function run(id: string): Promise<number> {
  if (command === 'as-of') {
    const levels = await listLevelsAsOf(db, id, at);
    for (const { sku, location, available, committed, onHand } of levels) {
      say(`  ${[sku, location, available, committed, onHand].join('\t')}`);
    }
    say(`  ${String(levels.length)} levels: SKU, location, available, committed, on hand.`);
    return 0;
  }
  const found = await listDrift(db, id);
  for (const row of found) say(`  ${describe(row)}`);
  if (command === 'rebuild') {
    const rebuilt = await rebuildLevels(ctx, { merchantId: id, actor: OPERATOR });
    say(`  ${String(rebuilt.length)} levels set to what their movements add up to.`);
  } else say(`  ${String(found.length)} levels differ from their movements.`);
  return found.length;
}

function describe({ sku, location, level, fold }: DriftedLevel): string {
  const units = LEDGER_STATES.flatMap((state, index) => {
    const [is, should] = [level[index] ?? 0, fold[index] ?? 0];
    return is === should ? [] : [`${state} is ${String(is)}, its movements say ${String(should)}`];
  });
  return `${sku} at ${location}: ${units.join('; ')}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
