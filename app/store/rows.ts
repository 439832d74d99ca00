import type { Queryable } from '../platform/database';
import { toJsonParameter } from '../platform/postgres-types';

/** A row as column name to JSON-ready value; Dates are written as ISO text in UTC. */
export type Row = Readonly<Record<string, unknown>>;

/** Rows of one table to be written. All have the same columns. */
export type TableRows = {
  /** Table and column names are ours, never from outside. */
  readonly table: string;
  readonly rows: readonly Row[];
  /**
   * Where these columns are there already, the other columns are updated; absent: only inserted.
   */
  readonly key?: readonly string[];
  /** Columns that a row which exists keeps. */
  readonly onlyOnInsert?: readonly string[];
};

/** A statement that can be sent with others: its parameters are numbered from the one given. */
export type StatementPart = {
  readonly text: (first: number) => string;
  readonly params: readonly unknown[];
};

/**
 * Inserts many rows in one statement. All rows have the same columns. Table and column names are
 * ours, never from outside. Types come from the table itself (jsonb_populate_recordset).
 */
export async function insertRows(q: Queryable, table: string, rows: readonly Row[]): Promise<void> {
  await writeTables(q, [{ table, rows }]);
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
  await writeTables(q, [{ table, rows, key, onlyOnInsert }]);
}

/**
 * Writes rows of several tables in one statement, so that a transaction with many kinds of rows
 * waits for the server once. Foreign keys are checked when all of them are in, so rows may refer
 * to each other whatever their order. A table may come only once.
 */
export async function writeTables(q: Queryable, tables: readonly TableRows[]): Promise<void> {
  await writeTogether(q, tables, []);
}

/**
 * As {@link writeTables}, and in the same statement what else is to be done. Answers the rows of
 * the last part, which begins before the tables are written.
 */
export async function writeTogether<Row extends object>(
  q: Queryable,
  tables: readonly TableRows[],
  parts: readonly StatementPart[],
): Promise<readonly Row[]> {
  const written = tables.filter(({ rows }) => rows.length > 0);
  if (written.length + parts.length === 0) return [];
  const { text, name } = statementOf(written, parts);
  const params = [
    ...written.map(({ rows }) => toJsonParameter(rows)),
    ...parts.flatMap((part) => part.params),
  ];
  return (await q.query<Row>(text, params, { name })).rows;
}

type Statement = { readonly text: string; readonly name: string };

/** Statements differ by tables and columns only, so there are a few dozen of them. */
const statements = new Map<string, Statement>();
/** Parts are told apart by the functions that write them. */
const partIds = new Map<StatementPart['text'], number>();

function statementOf(written: readonly TableRows[], others: readonly StatementPart[]): Statement {
  const shape = [...written.map(shapeOf), ...others.map(({ text }) => partId(text))].join('|');
  const known = statements.get(shape);
  if (known !== undefined) return known;
  const texts = written.map((part, index) => insertText(part, index + 1));
  let first = written.length + 1;
  for (const { text, params } of others) {
    texts.push(text(first));
    first += params.length;
  }
  const last = texts.pop() ?? '';
  const before = texts.map((part, index) => `w${String(index)} AS (${part})`);
  const text = before.length === 0 ? last : `WITH ${before.join(', ')} ${last}`;
  const statement = { text, name: `rows_${String(statements.size)}` };
  statements.set(shape, statement);
  return statement;
}

function partId(text: StatementPart['text']): number {
  const known = partIds.get(text) ?? partIds.size;
  partIds.set(text, known);
  return known;
}

/** Everything that `insertText` looks at. */
function shapeOf({ table, rows, key, onlyOnInsert }: TableRows): string {
  const columns = Object.keys(rows[0] ?? {}).join();
  return `${table} ${columns} ${key?.join() ?? '-'} ${onlyOnInsert?.join() ?? ''}`;
}

function insertText({ table, rows, key, onlyOnInsert = [] }: TableRows, parameter: number): string {
  const columns = Object.keys(rows[0] ?? {});
  const insert = `INSERT INTO "${table}" (${quoted(columns)})
    SELECT ${quoted(columns)} FROM jsonb_populate_recordset(NULL::"${table}", $${String(parameter)}::jsonb)`;
  if (key === undefined) return insert;
  const updates = columns
    .filter((column) => !key.includes(column) && !onlyOnInsert.includes(column))
    .map((column) => `"${column}" = excluded."${column}"`);
  const action = updates.length === 0 ? 'NOTHING' : `UPDATE SET ${updates.join(', ')}`;
  return `${insert} ON CONFLICT (${quoted(key)}) DO ${action}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}
