/**
 * `npm run trail -- search | restore --merchant <id>`: the audit trail for an operator, with the
 * environment of the application. `search` prints records, one JSON object a line, from the table
 * and from the archive; `restore` puts archived ones back into the table. Both take `--from` and
 * `--until` (ISO times), `search` also `--about <id>` and `--action <code>`. Exit code 2 when it
 * cannot do what was asked. See docs/operations.md.
 */
import { parseArgs } from 'node:util';
import { restoreRecords } from './operations/audit/archive-records';
import { getConfig } from './platform/config';
import { createDatabase } from './platform/database';
import { isId } from './platform/ids';
import { searchRecords } from './queries/audit/search-records';

const text = { type: 'string' } as const;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { merchant: text, from: text, until: text, about: text, action: text },
});
const [command = ''] = positionals;
const merchantId = values.merchant ?? '';
if ((command !== 'search' && command !== 'restore') || !isId(merchantId)) {
  fail('Usage: npm run trail -- search | restore --merchant <id> [--from <ISO time>] [--until …]');
}
const from = moment(values.from, new Date(0));
const until = moment(values.until, new Date());

const db = createDatabase(getConfig().databaseUrl, { max: 2, applicationName: 'crossdock-trail' });
if (command === 'search') {
  const { about = null, action = null } = values;
  let count = 0;
  for await (const { line } of searchRecords(db, { merchantId, from, until, about, action })) {
    process.stdout.write(`${line}\n`);
    count += 1;
  }
  process.stderr.write(`${String(count)} records.\n`);
} else {
  const restored = await restoreRecords(db, new Date(), { merchantId, from, until });
  if (restored.status === 'refused') fail(restored.message);
  process.stderr.write(`${String(restored.records)} records put back.\n`);
}
await db.close();

function moment(given: string | undefined, otherwise: Date): Date {
  const at = given === undefined ? otherwise : new Date(given);
  if (Number.isNaN(at.getTime())) fail(`${given ?? ''} is no time.`);
  return at;
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(2);
}
