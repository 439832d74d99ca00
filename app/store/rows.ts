import type { Queryable } from '../platform/database';

/** A row as column name to JSON-ready value; Dates are written as ISO text in UTC. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * Inserts many rows in one statement. All rows have the same columns. Table and column names are
 * ours, never from outside. Types come from the table itself (jsonb_populate_recordset).
 */
export async function insertRows(q: Queryable, table: string, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await q.query(insertText(table, Object.keys(rows[0] ?? {})), [JSON.stringify(rows)]);
}

/**
 * As {@link insertRows}, updating every other column where `key` columns are there already, but
 * for those in `onlyOnInsert`, which a row that exists keeps.
 */
export async function upsertRows(
  q: Queryable,
  table: string,
  key: readonly string[],
  rows: readonly Row[],
  onlyOnInsert: readonly string[] = [],
): Promise<void> {
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0] ?? {});
  const updates = columns
    .filter((column) => !key.includes(column) && !onlyOnInsert.includes(column))
    .map((column) => `"${column}" = excluded."${column}"`);
  const action = updates.length === 0 ? 'NOTHING' : `UPDATE SET ${updates.join(', ')}`;
  await q.query(`${insertText(table, columns)} ON CONFLICT (${quoted(key)}) DO ${action}`, [
    JSON.stringify(rows),
  ]);
}

function insertText(table: string, columns: readonly string[]): string {
  return `INSERT INTO "${table}" (${quoted(columns)})
    SELECT ${quoted(columns)} FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
