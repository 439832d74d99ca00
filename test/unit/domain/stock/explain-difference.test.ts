import { describe, expect, it } from 'vitest';
import {
  type BelievedNumber,
  explainDifference,
  unitsThatShow,
} from '../../../../app/domain/stock/explain-difference';

const now = new Date('2026-11-24T12:00:00Z');
const before = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000);
const number = (changes: Partial<BelievedNumber> = {}): BelievedNumber => ({
  wanted: 10,
  waitsSince: null,
  refused: null,
  previous: 12,
  ...changes,
});
const explain = (believed: BelievedNumber, quantity: number, ordersRead: boolean) =>
  explainDifference(believed, { kind: 'holds', quantity }, { now, ordersRead });
const differs = (explanation: string) => ({ kind: 'differs', explanation });

describe('a number that differs', () => {
  it.each([
    ['agrees', number(), 10, false, { kind: 'agrees' }],
    ['changed a moment ago', number({ waitsSince: before(5) }), 9, false, { kind: 'under_way' }],
    ['has waited too long', number({ waitsSince: before(61) }), 9, true, differs('not_arrived')],
    [
      'was refused',
      number({ waitsSince: before(1), refused: 'no' }),
      9,
      true,
      differs('not_arrived'),
    ],
    ['may have been sold', number(), 9, false, differs('unseen_sale')],
    ['no order explains', number(), 9, true, differs('edited_in_channel')],
    ['rose by itself', number(), 11, false, differs('edited_in_channel')],
    ['shows what was sent before', number(), 12, true, differs('not_arrived')],
  ] as const)('%s', (_, believed, quantity, ordersRead, expected) => {
    expect(explain(believed, quantity, ordersRead)).toEqual(expected);
  });

  it('is told from a listing that is gone, or not counted', () => {
    const at = { now, ordersRead: true };
    expect(explainDifference(number(), { kind: 'gone' }, at)).toEqual(differs('listing_gone'));
    expect(explainDifference(number(), { kind: 'untracked' }, at)).toEqual(differs('not_tracked'));
    const none = number({ wanted: 0 });
    expect(explainDifference(none, { kind: 'absent' }, at)).toEqual({ kind: 'agrees' });
  });
});

describe('the units that show a number', () => {
  const buffered = (units: number) => Math.max(0, units - 3);
  const halved = (units: number) => Math.floor(units / 2);
  const capped = (units: number) => Math.min(20, units);

  it('undo the policy, moving as few as can be', () => {
    expect(unitsThatShow(5, 10, buffered)).toBe(8);
    expect(unitsThatShow(0, 10, buffered)).toBe(3);
    expect(unitsThatShow(4, 30, halved)).toBe(9);
    expect(unitsThatShow(4, 1, halved)).toBe(8);
    expect(unitsThatShow(20, 75, capped)).toBe(75);
  });

  it('are none for a number that the policy never shows', () => {
    expect(unitsThatShow(21, 75, capped)).toBeNull();
    expect(unitsThatShow(-1, 5, buffered)).toBeNull();
  });
});
