/** The one table that a run prints, and what went wrong in it. */

export type BenchRow = {
  readonly what: string;
  readonly ours: string;
  readonly bound: string;
  /** Ours by the bound; '' where there is nothing to divide. */
  readonly ratio: string;
  readonly target: string;
  /** What the bound is, or what else is to be known. */
  readonly note: string;
};

export type BenchReport = {
  /** Broken promises (units oversold, drift): the run ends with 1. */
  readonly broken: string[];
  readonly rows: BenchRow[];
};

const HEAD: BenchRow = {
  what: 'What',
  ours: 'Ours',
  bound: 'Bound',
  ratio: 'Ratio',
  target: 'Target',
  note: 'The bound, and notes',
};
const COLUMNS = ['what', 'ours', 'bound', 'ratio', 'target', 'note'] as const;

export function printTable(rows: readonly BenchRow[]): void {
  const all = [HEAD, ...rows];
  const widths = COLUMNS.map((column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row: BenchRow): string =>
    `| ${COLUMNS.map((column, index) => row[column].padEnd(widths[index] ?? 0)).join(' | ')} |`;
  console.log(line(HEAD));
  console.log(`|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  for (const row of rows) console.log(line(row));
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
