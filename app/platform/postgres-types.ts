/** How values cross between PostgreSQL and JavaScript, for every query of the product. */
import pg from 'pg';

const INT8 = 20;
const DATE = 1082;
const TIMESTAMP = 1114;
const INT8_ARRAY = 1016;

type Parser = (text: string) => unknown;

const parsers: ReadonlyMap<number, Parser> = new Map<number, Parser>([
  [INT8, parseSafeInteger],
  [INT8_ARRAY, parseIntegerArray],
  // A calendar day has no time zone; as a Date it would shift with the machine's.
  [DATE, (text) => text],
  // A timestamp without zone is UTC by our convention, never the machine's zone.
  [TIMESTAMP, (text) => new Date(`${text.replace(' ', 'T')}Z`)],
]);

/** For the pool: int8 as number, date as text, the rest as `pg` does it. */
export const postgresTypes: pg.CustomTypesConfig = { getTypeParser: parserOf };

function parserOf(oid: number, format: 'text' | 'binary' = 'text'): Parser {
  if (format === 'binary') return pg.types.getTypeParser(oid, format) as Parser;
  return parsers.get(oid) ?? (pg.types.getTypeParser(oid, format) as Parser);
}

/**
 * Dates as ISO text in UTC, since `pg` would write them in the machine's zone. Texts without NUL,
 * the one character PostgreSQL cannot hold: a store's odd title must not stop its orders.
 */
export function toParameter(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '');
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(toParameter);
  return value;
}

/** JSON for a jsonb parameter: as JSON.stringify, but for NUL, which jsonb refuses, too. */
export function toJsonParameter(value: unknown): string {
  const text = JSON.stringify(value);
  // Texts with a NUL are rare, and looking at each of them in turn is slow.
  if (!text.includes(String.raw`\u0000`)) return text;
  return JSON.stringify(value, (_name, entry: unknown) =>
    typeof entry === 'string' ? entry.replaceAll('\0', '') : entry,
  );
}

/** A flat int8[] such as {1,NULL,3}. */
function parseIntegerArray(text: string): (number | null)[] {
  if (text === '{}') return [];
  const entries = text.slice(1, -1).split(',');
  return entries.map((entry) => (entry === 'NULL' ? null : parseSafeInteger(entry)));
}

/** Counts and sums; a number JavaScript cannot hold exactly is an error, not a guess. */
function parseSafeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is not a safe integer.`);
  return value;
}
