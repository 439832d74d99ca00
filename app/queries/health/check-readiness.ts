/** Whether this process can work: a database that answers, laid out as this release needs. */
import path from 'node:path';
import type { Database } from '../../platform/database';
import { readMigrations } from '../../platform/migrations';

export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly why: 'database_away' | 'migrations_pending' };

const ANSWER_MS_MAX = 2_000;
/** Where a release keeps its migrations, seen from where it is started. */
const MIGRATIONS_FOLDER = path.resolve('prisma', 'migrations');

let expected: readonly string[] | null = null;

/** Never rejects, and answers within a few seconds whatever the database does. */
export async function checkReadiness(db: Database): Promise<Readiness> {
  expected ??= readMigrations(MIGRATIONS_FOLDER).map(({ name }) => name);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, ANSWER_MS_MAX, null);
  });
  const applied = await Promise.race([readApplied(db), late]);
  clearTimeout(timer);
  if (applied === null) return { ready: false, why: 'database_away' };
  return expected.every((name) => applied.has(name))
    ? { ready: true }
    : { ready: false, why: 'migrations_pending' };
}

/** Names of the applied migrations; null when the database does not answer. */
async function readApplied(db: Database): Promise<ReadonlySet<string> | null> {
  try {
    const { rows: tables } = await db.query<{ readonly present: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`,
    );
    if (tables[0]?.present !== true) return new Set();
    const { rows } = await db.query<{ readonly name: string }>(
      `SELECT migration_name AS name FROM "_prisma_migrations"
       WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
    );
    return new Set(rows.map(({ name }) => name));
  } catch {
    return null;
  }
}
