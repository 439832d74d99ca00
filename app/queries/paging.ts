/**
 * Keyset paging: a page starts after (or ends before) a row named by its sort value and id, so the
 * hundredth page of a million rows costs what the first one does. Cursors are opaque to callers;
 * one that cannot be read, or was made for another order, gives the first page.
 */
import { Prisma } from '../../generated/prisma/client';
import { isId } from '#app/platform/ids';

/** As many rows as fit a screen without endless scrolling. */
export const PAGE_SIZE = 50;

export type PageInput = { readonly after: string | null; readonly before: string | null };

export type Page<Row> = {
  readonly rows: readonly Row[];
  /** Give as `after` for the following page; null on the last one. */
  readonly next: string | null;
  /** Give as `before` for the page above; null on the first one. */
  readonly previous: string | null;
};

export const FIRST_PAGE: PageInput = { after: null, before: null };

type SortType = 'timestamptz' | 'text' | 'bigint';

export type Keyset = {
  readonly backward: boolean;
  readonly position: { readonly value: string; readonly id: string } | null;
  /** `AND (column, id) < (…)`, or nothing on the first page. */
  readonly condition: Prisma.Sql;
  /** `column DESC, id DESC` in the direction the rows have to be read. */
  readonly order: Prisma.Sql;
  readonly limit: number;
};

/**
 * What a statement needs to read one page ordered by (column, id). `column` and `id` are SQL
 * written by us. For a bigint key the row's key is both the value and the id.
 */
export function keyset(
  input: PageInput,
  sort: { column: string; id: string; type: SortType; descending: boolean; size?: number },
): Keyset {
  const position = readCursor(input.before ?? input.after, sort.type);
  const backward = input.before !== null && position !== null;
  const down = sort.descending !== backward;
  const [column, id] = [Prisma.raw(sort.column), Prisma.raw(sort.id)];
  const direction = Prisma.raw(down ? 'DESC' : 'ASC');
  const comparison = Prisma.raw(down ? '<' : '>');
  const type = Prisma.raw(sort.type);
  const single = sort.type === 'bigint';
  const condition =
    position === null
      ? Prisma.empty
      : single
        ? Prisma.sql`AND ${id} ${comparison} ${position.id}::bigint`
        : Prisma.sql`AND (${column}, ${id}) ${comparison}
            (${position.value}::${type}, ${position.id}::uuid)`;
  return {
    backward,
    position,
    condition,
    order: single
      ? Prisma.sql`${id} ${direction}`
      : Prisma.sql`${column} ${direction}, ${id} ${direction}`,
    limit: (sort.size ?? PAGE_SIZE) + 1,
  };
}

/** Rows as read (one more than a page when there are more) as a page in the order people see. */
export function toPage<Row>(
  read: readonly Row[],
  keys: Keyset,
  positionOf: (row: Row) => { value: string; id: string },
): Page<Row> {
  const size = keys.limit - 1;
  const more = read.length > size;
  const kept = read.slice(0, size);
  const rows = keys.backward ? kept.reverse() : kept;
  const cursor = (row: Row | undefined) => (row ? writeCursor(positionOf(row)) : null);
  const hasNext = keys.backward || more;
  const hasPrevious = keys.backward ? more : keys.position !== null;
  return {
    rows,
    next: hasNext ? cursor(rows.at(-1)) : null,
    previous: hasPrevious ? cursor(rows[0]) : null,
  };
}

function writeCursor({ value, id }: { value: string; id: string }): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url');
}

function readCursor(text: string | null, type: SortType): Keyset['position'] {
  if (text === null) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || parsed.length !== 2) return null;
  const [value, id] = parsed as unknown[];
  if (typeof value !== 'string' || typeof id !== 'string' || value.includes('\0')) return null;
  if (type === 'bigint') return isRowNumber(id) ? { value, id } : null;
  if (!isId(id)) return null;
  if (type === 'timestamptz' && Number.isNaN(Date.parse(value))) return null;
  return { value, id };
}

function isRowNumber(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
