/** What the columns of a stock file are, and what one of its rows says. */
import { withoutApostrophe } from '../shared/csv-cell';
import { MOVEMENT_UNITS_MAX } from './movement';

/** What counted numbers are of: everything at the location, or only what can still be sold. */
export type CountBasis = 'on_hand' | 'available';

/** Where in a row each thing is; null where the file has no such column. */
export type CountColumns = {
  readonly sku: number | null;
  readonly barcode: number | null;
  readonly location: number | null;
  readonly quantity: number;
  readonly basis: CountBasis;
  /** A row without a number is left out rather than refused (Shopify's "On hand (new)"). */
  readonly mayBeEmpty: boolean;
  /** The heading of the column that the numbers are taken from. */
  readonly heading: string;
};

const SKU = ['sku', 'variantsku', 'itemsku', 'productsku', 'itemcode', 'productcode', 'code'];
const BARCODE = ['barcode', 'variantbarcode', 'ean', 'gtin', 'upc'];
const LOCATION = ['location', 'locationname', 'warehouse', 'warehousename', 'place', 'site'];
/** The first that is there is taken. Counted numbers go before those a system has written. */
const ON_HAND = [
  'onhandnew',
  'counted',
  'count',
  'countedquantity',
  'onhand',
  'quantityonhand',
  'onhandcurrent',
  'quantity',
  'qty',
  'units',
  'stock',
  'stockquantity',
  'inventory',
  'inventoryquantity',
  'variantinventoryqty',
];
const AVAILABLE = ['available', 'availablequantity', 'quantityavailable', 'availablenew'];

/** The columns by their headings, or why the file cannot be used. */
export function columnsOf(
  headings: readonly string[],
): CountColumns | { readonly problem: string } {
  const names = headings.map((heading) => heading.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
  const find = (known: readonly string[]): number | null => {
    for (const name of known) {
      const index = names.indexOf(name);
      if (index >= 0) return index;
    }
    return null;
  };
  const [sku, barcode] = [find(SKU), find(BARCODE)];
  const onHand = find(ON_HAND);
  const quantity = onHand ?? find(AVAILABLE);
  const seen = `The first row reads: ${headings.join(' | ').slice(0, 200)}`;
  if (sku === null && barcode === null) {
    return { problem: `No column is called SKU or Barcode. ${seen}` };
  }
  if (quantity === null) {
    return { problem: `No column is called On hand, Quantity, Counted or Available. ${seen}` };
  }
  return {
    sku,
    barcode,
    location: find(LOCATION),
    quantity,
    basis: onHand === null ? 'available' : 'on_hand',
    mayBeEmpty: names[quantity] === 'onhandnew' || names[quantity] === 'availablenew',
    heading: headings[quantity]?.trim() ?? '',
  };
}

export type CsvCountRow = {
  readonly sku: string;
  readonly barcode: string;
  readonly location: string;
  readonly countedText: string;
  readonly counted: number | null;
  /** Why the number cannot be used. */
  readonly problem: string | null;
};

/** Longer than any SKU; the rest is only kept out of the tables. */
const CELL_LENGTH_MAX = 200;

/** One row's cells by their meaning; null for a row that is empty or says nothing. */
export function readCsvRow(columns: CountColumns, cells: readonly string[]): CsvCountRow | null {
  if (cells.every((cell) => cell.trim() === '')) return null;
  const whole = (index: number | null) =>
    index === null ? '' : withoutApostrophe(cells[index] ?? '').slice(0, CELL_LENGTH_MAX);
  const cell = (index: number | null) => whole(index).trim();
  const countedText = cell(columns.quantity);
  if (countedText === '' && columns.mayBeEmpty) return null;
  const units = readUnits(countedText);
  return {
    // As it is: a SKU may begin with a space. Whoever looks for it looks without, too.
    sku: whole(columns.sku),
    barcode: cell(columns.barcode),
    location: cell(columns.location),
    countedText,
    counted: typeof units === 'number' ? units : null,
    problem: typeof units === 'number' ? null : units,
  };
}

/** Whole units as written, or why they are none. What could be read two ways is refused. */
export function readUnits(text: string): number | string {
  if (text === '') return 'There is no number.';
  if (/^\d+$/.test(text)) {
    const units = Number(text);
    return units > MOVEMENT_UNITS_MAX
      ? `${text.slice(0, 30)} is more than a million units: check the number.`
      : units;
  }
  const shown = `“${text.slice(0, 40)}”`;
  if (/^[=@]/.test(text)) return `${shown} is a formula: save the file with its result.`;
  if (/^[-−]\s*\d/.test(text)) return `${shown} is negative: what is there is 0 or more.`;
  if (/^\d{1,3}([.,' \u00A0]\d{3})+$/.test(text)) {
    return `${shown} could be read two ways: write the number without a separator.`;
  }
  if (/^\d+(\.\d+)?e[+-]?\d+$/i.test(text)) {
    return `${shown} was shortened by a spreadsheet: write out the number.`;
  }
  return `${shown} is not a whole number.`;
}
