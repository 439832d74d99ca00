import { describe, expect, it } from 'vitest';
import { formatMoneyDecimal, parseMoney } from '../../../../app/domain/shared/money';

describe('money', () => {
  it.each([
    ['71.00', 'USD', 7100],
    ['0.1', 'USD', 10],
    ['-3.5', 'USD', -350],
    ['1200', 'JPY', 1200],
    ['1.2345', 'KWD', 1235],
    ['19.999', 'USD', 2000],
    ['-0.00', 'USD', 0],
  ])('reads %s %s as %i', (text, currency, minor) => {
    expect(parseMoney(text, currency)).toEqual({ minor, currency });
  });

  it.each(['', 'abc', '1,50', '1.2.3', '1e5', 'NaN'])('does not read %j', (text) => {
    expect(parseMoney(text, 'USD')).toBeNull();
  });

  it('writes what it read', () => {
    for (const [text, currency] of [
      ['71.00', 'USD'],
      ['-3.50', 'EUR'],
      ['0.05', 'USD'],
      ['1200', 'JPY'],
      ['1.235', 'KWD'],
    ] as const) {
      const money = parseMoney(text, currency);
      expect(money === null ? null : formatMoneyDecimal(money)).toBe(text);
    }
  });
});
