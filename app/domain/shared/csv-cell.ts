/** Cells of files for spreadsheets: quoted where they must be, and never run as a formula. */

/**
 * Where a spreadsheet would begin to read a formula, after any apostrophes of ours: at the start of
 * a cell, and after whatever a program set to another separator takes for the end of one.
 */
const FORMULA = /(?<=^|[,;\t\r\n])(?=['"]*[=+\-@])|^(?=['"]*[\t\r\n])/g;
const NEUTRALIZED = /(?<=^|[,;\t\r\n])'(?=['"]*[=+\-@])|^'(?=['"]*[\t\r\n])/g;

/**
 * A text with an apostrophe wherever a spreadsheet would run what follows; `withoutApostrophe`
 * gives back exactly the text.
 */
export function neutralized(text: string): string {
  return text.replace(FORMULA, "'");
}

/** A cell as it was before `neutralized`. */
export function withoutApostrophe(cell: string): string {
  return cell.replace(NEUTRALIZED, '');
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
