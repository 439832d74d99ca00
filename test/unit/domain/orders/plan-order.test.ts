import { describe, expect, it } from 'vitest';
import type { LineState } from '../../../../app/domain/orders/order-state';
import { orderDemand, orderStatus } from '../../../../app/domain/orders/order-status';
import { planOrder } from '../../../../app/domain/orders/plan-order';

function line(more: Partial<LineState> = {}): LineState {
  return {
    id: 'line',
    itemId: 'item',
    quantity: 5,
    requiresShipping: true,
    shippedQuantity: 0,
    channelFulfilled: 0,
    isKit: false,
    kit: null,
    allocations: [],
    ...more,
  };
}

const promised = (quantity: number, id = 'allocation') => ({
  id,
  fulfillmentOrderId: 'work',
  itemId: 'item',
  locationId: 'West',
  quantity,
});

const west = (available: number) => [
  {
    locationId: 'West',
    name: 'West',
    priority: 1,
    point: null,
    available: new Map([['item', available]]),
  },
];

describe('planning an order', () => {
  it('promises what the buyer wants', () => {
    const plan = planOrder([line()], 'ship', west(8), null);
    expect(plan.routing?.assignments).toMatchObject([{ locationId: 'West', quantity: 5 }]);
    expect(plan.lines).toEqual([{ lineId: 'line', allocated: 5, shipped: 0, short: 0 }]);
  });

  it('plans nothing for what it planned before', () => {
    const plan = planOrder([line({ allocations: [promised(5)] })], 'ship', west(3), null);
    expect(plan).toMatchObject({ releases: [], departures: [], routing: null });
  });

  it('keeps a short line short until there is more', () => {
    const plan = planOrder([line({ allocations: [promised(2)] })], 'ship', west(1), null);
    expect(plan.lines).toEqual([{ lineId: 'line', allocated: 3, shipped: 0, short: 2 }]);
  });

  it('gives back what the buyer no longer wants, the newest promise first', () => {
    const allocations = [promised(3, 'old'), promised(2, 'new')];
    const plan = planOrder([line({ quantity: 2, allocations })], 'ship', west(0), null);
    expect(plan.releases.map((one) => [one.allocation.id, one.quantity])).toEqual([
      ['new', 2],
      ['old', 1],
    ]);
  });

  it.each(['hold', 'cancel'] as const)('gives everything back on %s', (demand) => {
    const plan = planOrder([line({ allocations: [promised(5)] })], demand, west(0), null);
    expect(plan.releases).toMatchObject([{ quantity: 5 }]);
    expect(plan.lines).toEqual([{ lineId: 'line', allocated: 0, shipped: 0, short: 0 }]);
  });

  it('takes what the channel shipped itself out of the promise, and only once', () => {
    const before = line({ channelFulfilled: 2, allocations: [promised(5)] });
    const plan = planOrder([before], 'ship', west(0), null);
    expect(plan.departures).toMatchObject([{ quantity: 2, locationId: 'West' }]);
    expect(plan.lines).toEqual([{ lineId: 'line', allocated: 3, shipped: 2, short: 0 }]);
    const after = line({ channelFulfilled: 2, shippedQuantity: 2, allocations: [promised(3)] });
    expect(planOrder([after], 'ship', west(0), null)).toMatchObject({
      departures: [],
      releases: [],
    });
  });

  it('says when units left that no location had', () => {
    const plan = planOrder([line({ quantity: 4, channelFulfilled: 4 })], 'ship', west(1), null);
    expect(plan.departures.map((one) => [one.locationId, one.quantity])).toEqual([
      ['West', 1],
      [null, 3],
    ]);
    expect(plan.routing).toBeNull();
  });

  it('leaves lines alone that need no shipping or match no item', () => {
    const lines = [
      line({ id: 'gift card', requiresShipping: false }),
      line({ id: 'unknown', itemId: null }),
    ];
    const plan = planOrder(lines, 'ship', west(9), null);
    expect(plan.routing).toBeNull();
    expect(plan.lines.every((one) => one.allocated === 0 && one.short === 0)).toBe(true);
  });

  it('never promises the released units twice within one order', () => {
    const lines = [
      line({ id: 'less', quantity: 1, allocations: [promised(4)] }),
      line({ id: 'more', quantity: 5 }),
    ];
    const plan = planOrder(lines, 'ship', west(1), null);
    expect(plan.lines).toEqual([
      { lineId: 'less', allocated: 1, shipped: 0, short: 0 },
      { lineId: 'more', allocated: 4, shipped: 0, short: 1 },
    ]);
  });
});

describe('what an order asks and where it stands', () => {
  it.each([
    ['open', null, 'ship'],
    ['fulfilled', null, 'ship'],
    ['awaiting_payment', null, 'hold'],
    ['cancelled', null, 'cancel'],
    ['open', 'pending', 'cancel'],
    ['open', 'confirmed', 'cancel'],
    ['open', 'refused', 'ship'],
  ] as const)('%s with our cancellation %s asks to %s', (stage, cancelState, demand) => {
    expect(orderDemand(stage, cancelState)).toBe(demand);
  });

  const lines = (shipped: number) => [{ quantity: 3, shipped, requiresShipping: true }];
  it.each([
    ['ship', 0, 'open', 'open'],
    ['ship', 1, 'open', 'partially_shipped'],
    ['ship', 3, 'open', 'shipped'],
    ['hold', 0, 'awaiting_payment', 'awaiting_payment'],
    ['cancel', 1, 'cancelled', 'cancelled'],
  ] as const)('%s with %i of 3 shipped is %s → %s', (demand, shipped, stage, status) => {
    expect(orderStatus(demand, lines(shipped), stage)).toBe(status);
  });
});
