import { describe, expect, it } from 'vitest';
import { isEcho, publishQuantity } from '../../../../app/domain/stock/publish-quantity';

describe('the number a channel shows', () => {
  it.each([
    [[3, 4], 0, 7],
    [[3, 4], 2, 5],
    [[1], 5, 0],
    [[], 0, 0],
    [[5], -3, 5],
  ])('of %j with a buffer of %i is %i', (available, buffer, shown) => {
    expect(publishQuantity(available, buffer)).toBe(shown);
  });
});

describe('an echo', () => {
  const at = new Date('2026-01-01T12:00:00Z');
  const soon = new Date(at.getTime() + 1_000);
  it('is recognised by the last two numbers we sent, for two minutes', () => {
    const sent = { quantity: 7, previous: 9, at };
    expect(isEcho(7, sent, soon)).toBe(true);
    expect(isEcho(9, sent, soon)).toBe(true);
    expect(isEcho(8, sent, soon)).toBe(false);
    expect(isEcho(7, sent, new Date(at.getTime() + 121_000))).toBe(false);
    expect(isEcho(7, { quantity: null, previous: null, at: null }, soon)).toBe(false);
  });
});
