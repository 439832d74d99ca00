import { describe, expect, it } from 'vitest';
import { judgePush } from '../../../../app/domain/stock/push-brake';

const push = (live: number, raises: number, drops: number) => ({
  live,
  changes: raises + drops,
  raises,
  drops,
  toZero: 0,
});

describe('the brake', () => {
  it.each([
    ['nothing of a push within the share', push(100, 15, 15), 30, 'nothing'],
    ['raises of one beyond it', push(100, 16, 15), 30, 'raises'],
    ['all of one that lowers more than the share', push(100, 0, 31), 30, 'all'],
    ['nothing of fewer than 20 listings, however small the channel', push(19, 19, 0), 1, 'nothing'],
    ['20 listings of a small channel', push(20, 20, 0), 30, 'raises'],
    ['nothing where any share is allowed', push(50, 0, 50), 100, 'nothing'],
    ['nothing of a channel without listings', push(0, 0, 0), 30, 'nothing'],
  ])('holds %s', (_, measure, percent, held) => {
    expect(judgePush(measure, percent)).toBe(held);
  });
});
