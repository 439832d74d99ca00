/**
 * Goal: no text of a stranger runs in a spreadsheet, whatever separator that is set to, and a file
 * that comes back is read as what it was made of. Method: texts of the characters that matter.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, neutralized, withoutApostrophe } from '#app/domain/shared/csv-cell';

const text = fc.string({
  unit: fc.constantFrom(...`=+-@'",;\t\r\n a1`),
  maxLength: 12,
});

test('what was neutralized comes back exactly', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (cell) => {
      expect(withoutApostrophe(neutralized(cell))).toBe(cell);
    }),
    { numRuns: 5_000 },
  );
});

test('no field begins a formula, whatever separates fields', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), (cells) => {
      for (const part of [...cells.map(neutralized), csvLine(cells)]) {
        for (const field of part.split(/[,;\t\r\n]/)) expect(field).not.toMatch(/^"*[=+\-@]/);
      }
      for (const cell of cells) expect(neutralized(cell)).not.toMatch(/^[\t\r\n]/);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['=1+1', "'=1+1"],
  ['a;=1+1', "a;'=1+1"],
  ['a\n@x', "a\n'@x"],
  ['\n=x', "'\n'=x"],
  ['a;"=1+1;b', 'a;\'"=1+1;b'],
  ["'=1", "''=1"],
  ['MUG-L', 'MUG-L'],
  ['a - b', 'a - b'],
])('%j becomes %j', (cell, safe) => {
  expect(neutralized(cell)).toBe(safe);
});
