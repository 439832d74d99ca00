/** Goal: long whole numbers survive, everything else parses as ever. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseDigitSafeJson } from '#app/connectors/channels/shopify/parse-digit-safe-json';

describe('parsing JSON without losing digits', () => {
  it('keeps long ids as text and short numbers as numbers', () => {
    const text = '{"id":820982911946154508,"n":[1,-12345678901234567890],"x":1.5e3,"y":0.1}';
    expect(parseDigitSafeJson(text)).toEqual({
      id: '820982911946154508',
      n: [1, '-12345678901234567890'],
      x: 1500,
      y: 0.1,
    });
  });

  it('leaves digits inside texts alone, also beside escaped quotes', () => {
    const value = { 'key 1234567890123456789': 'a "820982911946154508" \\ 820982911946154508' };
    expect(parseDigitSafeJson(JSON.stringify(value))).toEqual(value);
  });

  it('agrees with JSON.parse wherever no digit would be lost', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/\d{16}/.test(text));
        expect(parseDigitSafeJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses what JSON.parse refuses', () => {
    for (const text of ['', '{', '{"a":}', "{'a':1}", '01234567890123456789']) {
      expect(() => parseDigitSafeJson(text), text).toThrow(SyntaxError);
    }
  });

  it('reads a megabyte of text without running out of stack', () => {
    const text = JSON.stringify({ note: 'a\\"'.repeat(400_000), id: 1 });
    expect(parseDigitSafeJson(text)).toMatchObject({ id: 1 });
  });
});
