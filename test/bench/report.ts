/** The one table that a run prints, and what went wrong in it. */

/** What a row is asked for; `reached` is false as well where nothing could be measured. */
export type Target = { readonly words: string; readonly reached: boolean };

export type BenchRow = {
  readonly what: string;
  readonly ours: string;
  readonly bound: string;
  /** In a few words; '' where there is no bound. */
  readonly boundIs: string;
  /** Ours by the bound; '' where there is nothing to divide. */
  readonly ratio: string;
  readonly target: Target | null;
  /** What else is to be known. */
  readonly note?: string;
};

export type BenchReport = {
  /** Broken promises (units oversold, drift): the run ends with 1. */
  readonly broken: string[];
  readonly rows: BenchRow[];
};

const HEADS = [
  'What',
  'Ours',
  'Bound',
  'The bound is',
  'Ratio',
  'Target',
  'Reached',
  'To know',
] as const;

/** The table, and under it the rows that did not reach what they are asked for. */
export function printTable(rows: readonly BenchRow[]): void {
  const cells = rows.map(cellsOf);
  const widths = HEADS.map((head, index) =>
    Math.max(head.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  console.log(line(HEADS));
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  for (const row of cells) console.log(line(row));

  const missed = rows.filter(({ target }) => target?.reached === false);
  const asked = rows.filter(({ target }) => target !== null).length;
  console.log('');
  if (missed.length === 0) console.log(`Reached: all ${String(asked)} targets.`);
  else console.log(`Not reached: ${String(missed.length)} of ${String(asked)} targets.`);
  for (const { what, ours, ratio, target } of missed) {
    const figure = ratio === '' ? ours : `${ours}, ratio ${ratio}`;
    console.log(`- ${what}: ${figure} (asked: ${target?.words ?? ''})`);
  }
}

function cellsOf({ what, ours, bound, boundIs, ratio, target, note }: BenchRow): string[] {
  const reached = target === null ? '' : target.reached ? 'yes' : 'NO';
  return [what, ours, bound, boundIs, ratio, target?.words ?? '', reached, note ?? ''];
}

/** A row that says why there is no figure. */
export function notMeasured(what: string, why: string): BenchRow {
  return { what, ours: 'not measured', bound: '', boundIs: '', ratio: '', target: null, note: why };
}

/** Asked: not less than `floor`. */
export function atLeast(value: number, floor: number, unit = ''): Target {
  return { words: `>= ${String(floor)}${unit}`, reached: value >= floor };
}

/** Asked: less than `ceiling`; `name` says what of, as in "p99". */
export function under(value: number, ceiling: number, unit = '', name = ''): Target {
  const words = `${name === '' ? '' : `${name} `}< ${String(ceiling)}${unit}`;
  return { words, reached: value < ceiling };
}

/** Asked: exactly none of them. */
export function none(count: number): Target {
  return { words: '0', reached: count === 0 };
}

export function rate(perSecond: number, unit: string): string {
  return `${Math.round(perSecond).toLocaleString('en-US')} ${unit}/s`;
}

export function times(ratio: number): string {
  return ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2);
}

export function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
