import { describe, expect, it } from 'vitest';
import {
  type RefundableLine,
  type RefundedLine,
  planRefund,
  unitsReturned,
} from '../../../../app/domain/orders/plan-refunds';

function line(lineRef: string, more: Partial<RefundableLine> = {}): RefundableLine {
  return {
    lineId: lineRef,
    lineRef,
    itemId: lineRef,
    shipped: 2,
    isKit: false,
    becameKit: false,
    kit: null,
    ...more,
  };
}

function said(
  lineRef: string,
  quantity: number,
  restock: RefundedLine['restock'] = 'return',
): RefundedLine {
  return { lineRef, quantity, restock, locationRef: null };
}

const NOTHING = new Map<string, number>();

describe('a refund', () => {
  it('brings back what had left and was not back, however it is split', () => {
    const once = planRefund([said('tee', 1), said('tee', 5)], [line('tee')], NOTHING, false);
    expect(once.returns.map(({ quantity }) => quantity)).toEqual([1, 1]);
    expect(once).toMatchObject({ claimed: 6, possible: 2, unclear: 0 });
    const again = planRefund([said('tee', 1)], [line('tee')], unitsReturned(once.entries), false);
    expect(again.returns).toEqual([]);
  });

  it('of before our time moves nothing, and still counts as back', () => {
    const past = planRefund([said('tee', 1)], [line('tee')], NOTHING, true);
    expect(past).toMatchObject({ returns: [], claimed: 0, possible: 0 });
    const later = planRefund([said('tee', 2)], [line('tee')], unitsReturned(past.entries), false);
    expect(later.returns).toMatchObject([{ quantity: 1 }]);
  });

  it('of a kit brings back its components, each at most as it had left', () => {
    const lines = [
      line('set', { isKit: true, shipped: 0 }),
      line('mug', { shipped: 1, kit: { lineId: 'set', units: 1 } }),
      line('spoon', { shipped: 0, kit: { lineId: 'set', units: 2 } }),
    ];
    const plan = planRefund([said('set', 1)], lines, NOTHING, false);
    expect(plan.returns).toMatchObject([{ lineRef: 'mug', quantity: 1 }]);
  });

  it('that says nothing asks only about what had left', () => {
    const lines = [line('tee', { shipped: 1 })];
    expect(planRefund([said('tee', 3, 'unknown')], lines, NOTHING, false).unclear).toBe(1);
    expect(planRefund([said('who', 3, 'unknown')], lines, NOTHING, false).unclear).toBe(0);
  });

  it.each(['cancel', 'none', 'unknown'] as const)('that says "%s" moves nothing', (restock) => {
    const plan = planRefund([said('tee', 1, restock)], [line('tee')], NOTHING, false);
    expect(plan).toMatchObject({ returns: [], unclear: restock === 'unknown' ? 1 : 0 });
    expect(unitsReturned(plan.entries)).toEqual(NOTHING);
  });
});
