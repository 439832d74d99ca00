import { GraphQLError } from 'graphql';

export type PageArgs = {
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
  reverse?: boolean | null;
};

/** What a list is sorted by; ties are settled by the digits of the id. */
type SortKey = string | number;

const PAGE_MAX = 250;

/**
 * A page of a sorted list. A cursor names its row's sort key and id, so paging goes on at the
 * right place although rows are added or change meanwhile.
 */
export function connection<Row extends { id: string }>(
  rows: readonly Row[],
  args: PageArgs,
  keyOf: (row: Row) => SortKey = () => 0,
): Record<string, unknown> {
  const size = args.first ?? args.last ?? null;
  if (size === null) throw invalid('you must provide one of first or last');
  if (size < 1 || size > PAGE_MAX) throw invalid(`page size must be 1 to ${PAGE_MAX}`);
  if (args.last !== undefined && args.last !== null) {
    throw new Error('simulator: paging with last is not implemented');
  }
  const direction = args.reverse === true ? -1 : 1;
  const sorted = rows
    .map((row) => ({ row, key: keyOf(row), rank: rankOf(row.id) }))
    .sort((a, b) => direction * compare(a, b));
  const after = args.after === undefined || args.after === null ? null : decode(args.after);
  const start =
    after === null ? 0 : sorted.findIndex((entry) => direction * compare(entry, after) > 0);
  const page = start < 0 ? [] : sorted.slice(start, start + size);
  const cursors = page.map(encode);
  return {
    nodes: page.map((entry) => entry.row),
    edges: page.map((entry, index) => ({ cursor: cursors[index], node: entry.row })),
    pageInfo: {
      hasNextPage: start >= 0 && start + size < sorted.length,
      hasPreviousPage: start > 0,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    },
  };
}

type Ranked = { key: SortKey; rank: string };

/** Digits padded to one width, so that text order is number order. */
const rankOf = (id: string): string => id.replace(/\d+/g, (digits) => digits.padStart(20, '0'));

function compare(a: Ranked, b: Ranked): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0;
}

const encode = ({ key, rank }: Ranked): string =>
  Buffer.from(JSON.stringify({ key, rank })).toString('base64url');

function decode(cursor: string): Ranked {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as Ranked;
  } catch {
    throw invalid('Invalid cursor for current pagination sort.');
  }
}

const invalid = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } });
