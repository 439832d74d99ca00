/** Cells of files for spreadsheets: quoted where they must be, and never run as a formula. */

/** What a spreadsheet takes for the start of a formula, after any apostrophes of ours. */
const FORMULA = /^'*[=+\-@\t\r]/;
const NEUTRALIZED = /^'+[=+\-@\t\r]/;

/**
 * A text with an apostrophe in front where a spreadsheet would run it; `withoutApostrophe` gives
 * back exactly the text.
 */
export function neutralized(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** A cell as it was before `neutralized`. */
export function withoutApostrophe(cell: string): string {
  return NEUTRALIZED.test(cell) ? cell.slice(1) : cell;
}

/** One line of a CSV file (RFC 4180), its line end included. Numbers are written as they are. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = neutralized(cell);
  return /[",;\t\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
