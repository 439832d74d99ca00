import { systemActor } from '../../domain/shared/actor';
import { type CountCatalog, type Place, matchRow } from '../../domain/stock/count';
import {
  type CountColumns,
  type CsvCountRow,
  columnsOf,
  readCsvRow,
} from '../../domain/stock/read-csv-row';
import { CsvBroken, type CsvRow, detectCsv, readCsvRows } from '../../platform/csv';
import {
  countPlaces,
  insertFileLines,
  lastPosition,
  readCountCatalog,
  refuseDuplicates,
  tallyLines,
} from '../../store/count-lines';
import {
  type StoredCount,
  deleteChunks,
  findCount,
  readChunks,
  updateCount,
} from '../../store/stock-counts';
import type { OperationContext } from '../context';
import { auditCount } from './count-audit';

const ROWS_PER_BATCH = 1_000;
/** More lines than a merchant has of items times places; more than any page of it can be read. */
const ROWS_MAX = 500_000;

type Target = { readonly merchantId: string; readonly countId: string };

/**
 * Reads an uploaded file into lines of its count, row by row, and says of each what is wrong with
 * it. A run that was broken off goes on after the last row it had kept. Changes no stock.
 */
export async function readCountFile(
  context: OperationContext,
  { merchantId, countId }: Target,
  signal: AbortSignal,
): Promise<void> {
  const count = await findCount(context.db, merchantId, countId);
  if (count?.state !== 'reading') return;
  try {
    const problem = await readAll(context, count, signal);
    if (problem === null) await finish(context, count);
    else await fail(context, count, problem);
  } catch (problem) {
    if (!(problem instanceof CsvBroken)) throw problem;
    await fail(context, count, problem.message);
  }
}

/** Null when all rows are kept (or nobody wants them any more); else why the file is no use. */
async function readAll(
  context: OperationContext,
  count: StoredCount,
  signal: AbortSignal,
): Promise<string | null> {
  const { db } = context;
  const shape = await detectCsv(readChunks(db, count.id));
  const rows = readCsvRows(readChunks(db, count.id), shape);
  const columns = await findColumns(rows);
  if (columns === null) return 'The file has no rows.';
  if ('problem' in columns) return columns.problem;
  const summary = { ...shape, heading: columns.heading };
  await updateCount(db, count.id, { summary, basis: columns.basis });
  const places = await countPlaces(db, count.merchantId);
  const kept = await lastPosition(db, count.id);
  let batch: (CsvCountRow & { position: number })[] = [];
  for await (const { row, cells } of rows) {
    if (row > ROWS_MAX) return 'The file has more than 500,000 rows: split it into several files.';
    if (row <= kept) continue;
    const read = readCsvRow(columns, cells);
    if (read === null) continue;
    batch.push({ ...read, position: row });
    if (batch.length < ROWS_PER_BATCH) continue;
    signal.throwIfAborted();
    if (!(await keepBatch(context, count, places, batch))) return null;
    batch = [];
  }
  if (batch.length > 0) await keepBatch(context, count, places, batch);
  const { rows: lines } = await tallyLines(db, count.id);
  return lines === 0 ? 'The file has a heading and no rows with a number below it.' : null;
}

/** The first row that is not empty is the heading. Null: there is none. */
async function findColumns(
  rows: AsyncGenerator<CsvRow>,
): Promise<CountColumns | { readonly problem: string } | null> {
  for (;;) {
    const next = await rows.next();
    if (next.done === true) return null;
    if (next.value.cells.some((cell) => cell.trim() !== '')) return columnsOf(next.value.cells);
  }
}

/** False: the count was given up meanwhile. */
async function keepBatch(
  { db }: OperationContext,
  count: StoredCount,
  places: readonly Place[],
  batch: readonly (CsvCountRow & { readonly position: number })[],
): Promise<boolean> {
  const found = await readCountCatalog(db, count.merchantId, batch);
  const catalog: CountCatalog = { ...found, places, otherwise: otherwiseOf(count, places) };
  const lines = batch.map((row) => ({ ...row, ...matchRow(row, catalog) }));
  return db.transaction(async (tx) => {
    const now = await findCount(tx, count.merchantId, count.id, { lock: true });
    if (now?.state !== 'reading') return false;
    await insertFileLines(tx, now, lines);
    await updateCount(tx, count.id, { summary: { rows: lines.at(-1)?.position ?? 0 } });
    return true;
  });
}

/** Where rows that name no location were counted: as chosen, or the only place there is. */
function otherwiseOf(count: StoredCount, places: readonly Place[]): Place | null {
  const chosen = places.find((place) => place.id === count.locationId);
  const active = places.filter((place) => place.active);
  return chosen ?? (active.length === 1 ? (active[0] ?? null) : null);
}

async function finish(context: OperationContext, count: StoredCount): Promise<void> {
  const { db } = context;
  const { merchantId, id } = count;
  await refuseDuplicates(db, id);
  await db.transaction(async (tx) => {
    const now = await findCount(tx, merchantId, id, { lock: true });
    if (now?.state !== 'reading') return;
    const { rows, problems } = await tallyLines(tx, id);
    await updateCount(tx, id, { state: 'open', summary: { rows, problems } });
    await deleteChunks(tx, id);
    await auditCount(context, tx, count, systemActor('counts'), 'count.read', { rows, problems });
  });
  context.afterCommit(merchantId);
}

async function fail(context: OperationContext, count: StoredCount, failure: string): Promise<void> {
  await context.db.transaction(async (tx) => {
    const now = await findCount(tx, count.merchantId, count.id, { lock: true });
    if (now?.state !== 'reading') return;
    await updateCount(tx, count.id, { state: 'failed', summary: { failure } });
    await deleteChunks(tx, count.id);
    await auditCount(context, tx, count, systemActor('counts'), 'count.failed', {
      detail: failure,
    });
  });
  context.afterCommit(count.merchantId);
}
