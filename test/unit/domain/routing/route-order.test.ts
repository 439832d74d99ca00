import { describe, expect, it } from 'vitest';
import { pointOfAddress } from '../../../../app/domain/routing/place-points';
import { type RoutingCandidate, routeOrder } from '../../../../app/domain/routing/route-order';

const PORTLAND = { latitude: 45.5, longitude: -122.7 };
const PHILADELPHIA = { latitude: 40, longitude: -75.1 };
const NEW_JERSEY = pointOfAddress({ province: 'NJ', countryCode: 'US' });

function candidate(
  name: string,
  available: Readonly<Record<string, number>>,
  more: Partial<RoutingCandidate> = {},
): RoutingCandidate {
  return {
    locationId: name,
    name,
    priority: 100,
    point: null,
    available: new Map(Object.entries(available)),
    ...more,
  };
}

const need = (itemId: string, quantity: number) => ({ lineId: `line-${itemId}`, itemId, quantity });

describe('routing an order', () => {
  it('ships from the only location that has everything', () => {
    const plan = routeOrder(
      [need('a', 2), need('b', 1)],
      [candidate('West', { a: 2 }), candidate('East', { a: 5, b: 5 })],
      null,
    );
    expect(plan.assignments.map((one) => one.locationId)).toEqual(['East', 'East']);
    expect(plan.decidedBy).toBe('parcels');
    expect(plan.sentence).toBe(
      'East ships this order: it has everything, so it leaves in the fewest parcels (1).',
    );
  });

  it('prefers fewer parcels to a better priority', () => {
    const plan = routeOrder(
      [need('a', 1), need('b', 1)],
      [
        candidate('First', { a: 9 }, { priority: 1 }),
        candidate('Second', { b: 9 }, { priority: 2 }),
        candidate('Last', { a: 1, b: 1 }, { priority: 900 }),
      ],
      null,
    );
    expect(new Set(plan.assignments.map((one) => one.locationId))).toEqual(new Set(['Last']));
  });

  it('splits when only that ships everything, in as few parcels as can be', () => {
    const plan = routeOrder(
      [need('a', 1), need('b', 1), need('c', 1)],
      [candidate('One', { a: 1 }), candidate('Two', { b: 1 }), candidate('Both', { b: 1, c: 1 })],
      null,
    );
    expect(new Set(plan.assignments.map((one) => one.locationId))).toEqual(
      new Set(['One', 'Both']),
    );
    expect(plan.short).toEqual([]);
    expect(plan.sentence).toContain('2');
  });

  it('breaks a tie by priority, then by distance, then by name', () => {
    const all = { a: 5 };
    const byPriority = routeOrder(
      [need('a', 1)],
      [candidate('X', all, { priority: 2 }), candidate('Y', all, { priority: 1 })],
      null,
    );
    expect(byPriority).toMatchObject({ decidedBy: 'priority' });
    expect(byPriority.assignments[0]?.locationId).toBe('Y');
    const byDistance = routeOrder(
      [need('a', 1)],
      [
        candidate('West', all, { point: PORTLAND }),
        candidate('East', all, { point: PHILADELPHIA }),
      ],
      NEW_JERSEY,
    );
    expect(byDistance).toMatchObject({ decidedBy: 'distance' });
    expect(byDistance.assignments[0]?.locationId).toBe('East');
    expect(byDistance.sentence).toMatch(/East ships this order: it is closest .* km from West/);
    const byName = routeOrder(
      [need('a', 1)],
      [candidate('B', all), candidate('A', all)],
      NEW_JERSEY,
    );
    expect(byName).toMatchObject({ decidedBy: 'name' });
    expect(byName.assignments[0]?.locationId).toBe('A');
    expect(byName.sentence).toBe(
      'A ships this order: it is as good as B by every rule and comes first by name.',
    );
  });

  it('lets the distance rule abstain when a position is unknown', () => {
    const plan = routeOrder(
      [need('a', 1)],
      [candidate('B', { a: 1 }, { point: PHILADELPHIA }), candidate('A', { a: 1 })],
      NEW_JERSEY,
    );
    expect(plan.decidedBy).toBe('name');
  });

  it('ships what there is and names what is short', () => {
    const plan = routeOrder(
      [need('a', 5)],
      [candidate('One', { a: 2 }), candidate('Two', { a: 1 })],
      null,
    );
    expect(plan.assignments.reduce((sum, one) => sum + one.quantity, 0)).toBe(3);
    expect(plan.short).toEqual([need('a', 2)]);
    expect(plan.sentence).toContain('2 units are short everywhere');
  });

  it('never gives two lines of one item the same unit', () => {
    const lines = [
      { lineId: '1', itemId: 'a', quantity: 2 },
      { lineId: '2', itemId: 'a', quantity: 2 },
    ];
    const plan = routeOrder(lines, [candidate('One', { a: 3 })], null);
    expect(plan.assignments.map((one) => one.quantity)).toEqual([2, 1]);
    expect(plan.short).toEqual([{ lineId: '2', itemId: 'a', quantity: 1 }]);
  });

  it('says so when nobody ships, or nobody has any', () => {
    expect(routeOrder([need('a', 1)], [], null).sentence).toContain('No location ships');
    const none = routeOrder([need('a', 2)], [candidate('One', { a: 0 })], null);
    expect(none).toMatchObject({ decidedBy: 'nothing_available', short: [need('a', 2)] });
  });

  it('finds the last unit among many locations', () => {
    const many = Array.from({ length: 60 }, (_, n) =>
      candidate(`L${String(n)}`, n === 59 ? { b: 1 } : { a: 1 }),
    );
    const plan = routeOrder([need('a', 4), need('b', 1)], many, null);
    expect(plan.short).toEqual([]);
    expect(new Set(plan.assignments.map((one) => one.locationId)).size).toBe(5);
  });
});
