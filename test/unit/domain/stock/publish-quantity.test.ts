import { describe, expect, it } from 'vitest';
import { isEcho, publishQuantity } from '../../../../app/domain/stock/publish-quantity';

describe('the number a channel shows', () => {
  it.each([
    [[3, 4], { sharePercent: 100, bufferUnits: 0, capUnits: null }, 7],
    [[3, 4], { sharePercent: 100, bufferUnits: 2, capUnits: null }, 5],
    [[1], { sharePercent: 100, bufferUnits: 5, capUnits: null }, 0],
    [[], { sharePercent: 100, bufferUnits: 0, capUnits: null }, 0],
    [[5], { sharePercent: 100, bufferUnits: -3, capUnits: null }, 5],
    // The order that the screen's example states: share, rounded down, buffer, cap.
    [[30, 7], { sharePercent: 50, bufferUnits: 3, capUnits: 10 }, 10],
    [[30, 7], { sharePercent: 50, bufferUnits: 3, capUnits: null }, 15],
    [[9], { sharePercent: 0, bufferUnits: 0, capUnits: null }, 0],
    [[9], { sharePercent: 100, bufferUnits: 0, capUnits: 0 }, 0],
    [
      [2_000_000_000, 2_000_000_000],
      { sharePercent: 100, bufferUnits: 0, capUnits: null },
      2_147_483_647,
    ],
  ])('of %j under %j is %i', (sellable, policy, shown) => {
    expect(publishQuantity(sellable, policy)).toBe(shown);
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
