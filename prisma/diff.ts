/**
 * `npm run db:diff`: prints the SQL of the next migration, from the committed migrations to
 * schema.prisma. `npm run db:diff -- <name>` writes it to a new migration folder instead, to be
 * read and completed by hand.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { sqlToSchema } from './schema-engine';
import { withScratchDatabase } from './scratch-database';

const sql = await withScratchDatabase((url) => sqlToSchema(url));
const name = process.argv[2];

if (sql === null) {
  console.error('schema.prisma and the migrations agree.');
} else if (name === undefined) {
  await new Promise((resolve) => process.stdout.write(sql, resolve));
} else if (!/^[a-z0-9_]+$/.test(name)) {
  console.error('A migration name holds lower-case letters, digits and underscores.');
  process.exitCode = 1;
} else {
  const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = fileURLToPath(new URL(`./migrations/${stamp}_${name}`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'migration.sql'), sql);
  console.error(`Written: prisma/migrations/${path.basename(folder)}/migration.sql`);
}
// The engine keeps its connection open, so the end has to be said.
process.exit();
