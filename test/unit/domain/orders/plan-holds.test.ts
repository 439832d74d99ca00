import { describe, expect, it } from 'vitest';
import { type HoldState, causesToHold, planHolds } from '../../../../app/domain/orders/plan-holds';

function hold(more: Partial<HoldState> = {}): HoldState {
  return {
    id: 'hold',
    reason: 'other',
    origin: 'channel',
    externalRef: 'h1',
    createdBy: 'channel',
    active: true,
    releasedBy: null,
    ...more,
  };
}

const there = (ref: string, ours = false) => ({ ref, reason: 'other' as const, note: null, ours });
const byHand = hold({ origin: 'crossdock', externalRef: null, createdBy: 'staff-1' });

describe('holds', () => {
  it('of the channel come and go with what it says', () => {
    expect(planHolds([], [there('h1')], [])).toMatchObject({
      add: [{ origin: 'channel', externalRef: 'h1' }],
      held: true,
    });
    expect(planHolds([hold()], [there('h1')], [])).toEqual({ add: [], release: [], held: true });
    expect(planHolds([hold()], [], [])).toMatchObject({
      release: [{ by: 'channel' }],
      held: false,
    });
  });

  it('that a person set stay, whatever the channel says', () => {
    expect(planHolds([byHand], [], [])).toEqual({ add: [], release: [], held: true });
    const told = { ...byHand, externalRef: 'fo1 fo2' };
    expect(planHolds([told], [there('fo1', true)], [])).toMatchObject({ add: [], held: true });
  });

  it('that we set in another life are mirrored, since nobody here knows them', () => {
    expect(planHolds([], [there('old', true)], [])).toMatchObject({ add: [{ origin: 'channel' }] });
  });

  it('are not set by us for what the channel holds, or held, for the same reason', () => {
    const fraud = { ...there('h1'), reason: 'fraud' as const };
    expect(planHolds([], [fraud], ['fraud']).add).toHaveLength(1);
    const lifted = hold({ reason: 'fraud', active: false, releasedBy: 'channel' });
    expect(planHolds([lifted], [], ['fraud'])).toEqual({ add: [], release: [], held: false });
  });

  it('have causes only where something may still leave', () => {
    const order = {
      demand: 'ship',
      risk: 'high',
      shipTo: null,
      shippingMethod: null,
      toShip: true,
    } as const;
    const all = { holdHighRisk: true, holdMissingAddress: true };
    expect(causesToHold(order, all)).toEqual(['fraud', 'address']);
    expect(causesToHold({ ...order, toShip: false }, all)).toEqual([]);
    expect(causesToHold({ ...order, demand: 'cancel' }, all)).toEqual([]);
    expect(causesToHold({ ...order, shippingMethod: 'Click & Collect' }, all)).toEqual(['fraud']);
  });
});
