/** One term of Shopify's search syntax: `name:value`, `name:>value`, or bare text. */
export type SearchTerm = {
  readonly name: string | null;
  readonly operator: '=' | '>' | '>=' | '<' | '<=';
  readonly value: string;
};

const TERM = /(?:(-?\w+):)?(>=|<=|>|<)?(?:'([^']*)'|"([^"]*)"|([^\s'"]+))/g;

/** Reads terms joined by AND (or by nothing). OR, NOT and brackets are not implemented. */
export function parseSearchQuery(query: string | null | undefined): SearchTerm[] {
  if (query === null || query === undefined || query.trim() === '') return [];
  if (/\bOR\b|\bNOT\b|[()]/.test(query)) {
    throw new Error(`simulator: search syntax not implemented: ${query}`);
  }
  const terms: SearchTerm[] = [];
  for (const match of query.matchAll(TERM)) {
    const value = match[3] ?? match[4] ?? match[5] ?? '';
    if (match[1] === undefined && value === 'AND') continue;
    if (match[1]?.startsWith('-') === true) {
      throw new Error(`simulator: negated search not implemented: ${query}`);
    }
    terms.push({
      name: match[1] ?? null,
      operator: (match[2] ?? '=') as SearchTerm['operator'],
      value,
    });
  }
  return terms;
}

/** Compares a time, a number or a text field with a term; text is compared without case. */
export function matchesTerm(term: SearchTerm, actual: Date | number | string | bigint): boolean {
  if (actual instanceof Date) {
    return ordered(term, wholeSecond(actual) - wholeSecond(new Date(term.value)));
  }
  if (typeof actual === 'bigint') {
    const difference = actual - BigInt(term.value.replace(/^gid:.*\//, ''));
    return ordered(term, difference > 0n ? 1 : difference < 0n ? -1 : 0);
  }
  if (typeof actual === 'number') return ordered(term, actual - Number(term.value));
  const wanted = term.value.toLowerCase();
  if (term.value.endsWith('*')) return actual.toLowerCase().startsWith(wanted.slice(0, -1));
  return actual.toLowerCase() === wanted;
}

/** Shopify keeps and shows these times to the second, so it compares them to the second too. */
const wholeSecond = (time: Date): number => Math.floor(time.getTime() / 1000);

function ordered(term: SearchTerm, difference: number): boolean {
  switch (term.operator) {
    case '=':
      return difference === 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
  }
}

/** Keeps the rows that satisfy every term; `readers` tells which names are known. */
export function search<Row>(
  rows: readonly Row[],
  query: string | null | undefined,
  readers: Record<string, (row: Row, term: SearchTerm) => boolean>,
): Row[] {
  const terms = parseSearchQuery(query);
  return rows.filter((row) =>
    terms.every((term) => {
      const reader = readers[term.name ?? 'default'];
      if (reader === undefined) {
        throw new Error(`simulator: search by ${term.name ?? 'text'} not implemented`);
      }
      return reader(row, term);
    }),
  );
}
