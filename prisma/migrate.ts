/** `npm run db:migrate`: applies the pending migrations to the database named by DATABASE_URL. */
import { fileURLToPath } from 'node:url';
import { MigrationRefused, applyMigrations } from '../app/platform/migrations';

const folder = fileURLToPath(new URL('./migrations', import.meta.url));
const url = process.env['DATABASE_URL'];

if (url === undefined || url === '') {
  console.error('DATABASE_URL is not set: name the database to migrate.');
  process.exit(1);
}

try {
  const applied = await applyMigrations(url, folder);
  for (const name of applied) console.log(`Applied ${name}.`);
  if (applied.length === 0) console.log('The database is up to date.');
} catch (problem) {
  console.error(problem instanceof MigrationRefused ? problem.message : problem);
  process.exit(1);
}
