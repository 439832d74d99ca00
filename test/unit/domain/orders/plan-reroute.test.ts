import { describe, expect, it } from 'vitest';
import { type MovableUnits, planReroute } from '../../../../app/domain/orders/plan-reroute';
import type { RoutingCandidate } from '../../../../app/domain/routing/route-order';

function place(locationId: string, available: Record<string, number>): RoutingCandidate {
  return {
    locationId,
    name: locationId,
    priority: 1,
    point: null,
    available: new Map(Object.entries(available)),
  };
}

function units(
  lineId: string,
  itemId: string,
  locationId: string,
  quantity: number,
  kit: MovableUnits['kit'] = null,
): MovableUnits {
  const id = `${lineId}-${locationId}`;
  const allocation = { id, fulfillmentOrderId: `work-${locationId}`, itemId, locationId, quantity };
  return { lineId, kit, allocation };
}

const to = (locationId: string) => ({ kind: 'location', locationId }) as const;
const RULES = { kind: 'rules' } as const;

describe('to a location', () => {
  it('moves what is elsewhere and keeps the promise of what is there', () => {
    const plan = planReroute(
      [units('a', 'mug', 'East', 2), units('a', 'mug', 'West', 1)],
      [place('East', { mug: 0 }), place('West', { mug: 5 })],
      to('West'),
      null,
    );
    expect(plan.moves).toEqual([
      { lineId: 'a', itemId: 'mug', from: 'East', to: 'West', quantity: 2 },
    ]);
    expect(plan.releases.map(({ allocation, quantity }) => [allocation.id, quantity])).toEqual([
      ['a-East', 2],
    ]);
    expect(plan.assignments.map(({ quantity }) => quantity)).toEqual([2]);
    expect(plan.missing).toEqual([]);
  });

  it('says what is missing, counting what the order itself has there', () => {
    const plan = planReroute(
      [units('a', 'mug', 'East', 3), units('a', 'mug', 'West', 1)],
      [place('East', { mug: 0 }), place('West', { mug: 1 })],
      to('West'),
      null,
    );
    expect(plan.missing).toEqual([{ lineId: 'a', itemId: 'mug', quantity: 2 }]);
  });

  it('counts one item of two lines once', () => {
    const plan = planReroute(
      [units('a', 'mug', 'East', 2), units('b', 'mug', 'East', 2)],
      [place('West', { mug: 3 })],
      to('West'),
      null,
    );
    expect(plan.missing.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(1);
  });

  it('that does not ship for the channel has nothing', () => {
    const plan = planReroute([units('a', 'mug', 'East', 2)], [place('East', {})], to('Moon'), null);
    expect(plan.moves).toEqual([]);
    expect(plan.missing).toHaveLength(1);
  });
});

describe('by the rules', () => {
  it('brings a split order together where one place has all of it', () => {
    const plan = planReroute(
      [units('a', 'mug', 'East', 1), units('b', 'cap', 'West', 1)],
      [place('East', { cap: 4 }), place('West', { mug: 0 })],
      RULES,
      null,
    );
    expect(plan.moves).toEqual([
      { lineId: 'b', itemId: 'cap', from: 'West', to: 'East', quantity: 1 },
    ]);
  });

  it('changes nothing where nothing is better', () => {
    const plan = planReroute(
      [units('a', 'mug', 'East', 1)],
      [place('East', { mug: 0 }), place('West', { mug: 0 })],
      RULES,
      null,
    );
    expect([plan.moves, plan.releases, plan.assignments, plan.missing]).toEqual([[], [], [], []]);
  });

  it('keeps the components of a kit together', () => {
    const kit = { lineId: 'kit', units: 1 };
    const plan = planReroute(
      [units('a', 'mug', 'East', 1, kit), units('b', 'lid', 'West', 1, kit)],
      [place('East', { lid: 1 }), place('West', { mug: 1 })],
      RULES,
      null,
    );
    expect(new Set(plan.moves.map((move) => move.to)).size).toBe(1);
    expect(plan.moves).toHaveLength(1);
  });
});
