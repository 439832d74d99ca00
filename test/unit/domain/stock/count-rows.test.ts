/** Goal: what a row of a stock file says is read as a person means it, or refused with a reason. */
import { describe, expect, test } from 'vitest';
import { csvLine, neutralized, withoutApostrophe } from '#app/domain/shared/csv-cell';
import { type CountCatalog, matchRow, planCountMove } from '#app/domain/stock/count';
import { columnsOf, readCsvRow, readUnits } from '#app/domain/stock/read-csv-row';

describe('the heading', () => {
  test.each([
    ['SKU,Location,On hand', 'on_hand', 'On hand'],
    ['location;Quantity;sku', 'on_hand', 'Quantity'],
    ['Item Code,Warehouse,COUNTED', 'on_hand', 'COUNTED'],
    ['variant_sku,qty', 'on_hand', 'qty'],
    ['SKU,Location,Available', 'available', 'Available'],
    ['Barcode,Units', 'on_hand', 'Units'],
    [
      'Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Location,Incoming (not editable),Unavailable (not editable),Committed (not editable),Available (not editable),On hand (current),On hand (new)',
      'on_hand',
      'On hand (new)',
    ],
  ])('%s', (line, basis, heading) => {
    const columns = columnsOf(line.split(/[,;]/));
    expect(columns).toMatchObject({ basis, heading });
  });

  test('without what is needed, the file is refused with what it says instead', () => {
    expect(columnsOf(['Name', 'On hand'])).toMatchObject({
      problem: expect.stringContaining('No column is called SKU') as string,
    });
    expect(columnsOf(['SKU', 'Price'])).toMatchObject({
      problem: expect.stringContaining('SKU | Price') as string,
    });
  });
});

test.each([
  ['0', 0],
  ['12', 12],
  ['007', 7],
  ['1000000', 1_000_000],
])('%s is so many units', (text, units) => {
  expect(readUnits(text)).toBe(units);
});

test.each([
  ['', 'no number'],
  ['1,000', 'two ways'],
  ['1.000', 'two ways'],
  ['1 000', 'two ways'],
  ['3.5', 'not a whole number'],
  ['3,5', 'not a whole number'],
  ['1e3', 'shortened by a spreadsheet'],
  ['1.2E+12', 'shortened by a spreadsheet'],
  ['-4', 'negative'],
  ['=A1+1', 'formula'],
  ['ten', 'not a whole number'],
  ['5 pcs', 'not a whole number'],
  ['1000001', 'more than a million'],
  ['99999999999999999999999', 'more than a million'],
  ['٣', 'not a whole number'],
])('“%s” is refused', (text, reason) => {
  expect(readUnits(text)).toContain(reason);
});

test('in a Shopify export, rows without a new number are left alone, others set it', () => {
  const columns = columnsOf(['SKU', 'Location', 'On hand (current)', 'On hand (new)']);
  if ('problem' in columns) throw new Error(columns.problem);
  expect(readCsvRow(columns, ['A', 'West', '5', ''])).toBeNull();
  expect(readCsvRow(columns, ['A', 'West', '5', '7'])).toMatchObject({ counted: 7 });
  expect(readCsvRow(columns, ['', ' ', '', ''])).toBeNull();
});

test('a formula is written so that no spreadsheet runs it, and read back as it was', () => {
  for (const text of ['=1+1', '+49', '-5', '@x', "'=1", "''-", '\tx', 'plain', "'plain", '']) {
    expect(withoutApostrophe(neutralized(text))).toBe(text);
  }
  expect(csvLine(['=HYPERLINK("x")', 'a,b', 'say "hi"', -3, null])).toBe(
    `"'=HYPERLINK(""x"")","a,b","say ""hi""",-3,\r\n`,
  );
});

describe('a row is matched', () => {
  const item = (id: string, sku: string, kind = 'simple') => ({ id, sku, kind });
  const west = { id: 'w', name: 'West', active: true };
  const catalog: CountCatalog = {
    bySku: new Map([
      ['MUG', item('1', 'MUG')],
      ['SET', item('2', 'SET', 'kit')],
    ]),
    byLowerSku: new Map([
      ['tee', [item('3', 'Tee')]],
      ['cap', [item('4', 'CAP'), item('5', 'Cap')]],
    ]),
    byBarcode: new Map([
      ['400', [item('6', 'X')]],
      ['500', [item('6', 'X'), item('7', 'Y')]],
    ]),
    places: [
      west,
      { id: 'o', name: 'Old', active: false },
      { id: 'd1', name: 'Twin', active: true },
      { id: 'd2', name: 'Twin', active: true },
    ],
    otherwise: null,
  };
  const row = (sku: string, location = 'West', barcode = '') => ({
    sku,
    barcode,
    location,
    countedText: '1',
    counted: 1,
    problem: null,
  });

  test.each([
    ['MUG', 'West', '', '1'],
    [' MUG ', 'west ', '', '1'],
    ['TEE', 'WEST', '', '3'],
    ['', 'West', '400', '6'],
  ])('%s at %s', (sku, location, barcode, itemId) => {
    const found = matchRow(row(sku, location.trim(), barcode), catalog);
    expect(found).toEqual({ itemId, locationId: 'w', problem: null });
  });

  test.each([
    ['cap', 'West', '', 'Several items'],
    ['SET', 'West', '', 'kit'],
    ['NOPE', 'West', '', 'No item has the SKU “NOPE”'],
    ['1.23E+12', 'West', '', 'spreadsheet'],
    ['', 'West', '', 'no SKU'],
    ['', 'West', '500', 'Several items'],
    ['MUG', '', '', 'no location'],
    ['MUG', 'Nowhere', '', 'No location is called'],
    ['MUG', 'Old', '', 'switched off'],
    ['MUG', 'Twin', '', 'Several locations'],
  ])('not: %s at %s', (sku, location, barcode, reason) => {
    expect(matchRow(row(sku, location, barcode), catalog).problem).toContain(reason);
  });
});

test.each([
  ['more than there was', 12, { available: 8, onHand: 10, flow: 0 }, { change: 2, missing: 0 }],
  ['fewer', 7, { available: 8, onHand: 10, flow: 0 }, { change: -3, missing: 0 }],
  ['the same', 10, { available: 8, onHand: 10, flow: 0 }, { change: 0, missing: 0 }],
  ['fewer than promised', 1, { available: 3, onHand: 8, flow: 0 }, { change: -3, missing: 4 }],
  ['nothing, all promised', 0, { available: 0, onHand: 5, flow: 0 }, { change: 0, missing: 5 }],
  ['and 2 left since', 7, { available: 6, onHand: 8, flow: -2 }, { change: -3, missing: 0 }],
  ['and 4 came since', 10, { available: 12, onHand: 14, flow: 4 }, { change: 0, missing: 0 }],
])('counted %s', (_what, counted, level, move) => {
  expect(planCountMove('on_hand', counted, level)).toEqual(move);
});

test('a number of what is available leaves promised units alone', () => {
  const level = { available: 3, onHand: 8, flow: 0 };
  expect(planCountMove('available', 5, level)).toEqual({ change: 2, missing: 0 });
  expect(planCountMove('available', 0, level)).toEqual({ change: -3, missing: 0 });
});
