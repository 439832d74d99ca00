import { describe, expect, it } from 'vitest';
import { type RoutingNeed, drawUnits } from '../../../../app/domain/routing/draw-units';
import { type RoutingCandidate, routeOrder } from '../../../../app/domain/routing/route-order';

const kit = { lineId: 'set', units: 1 };
const SET: readonly RoutingNeed[] = [
  { lineId: 'mug', itemId: 'mug', quantity: 1, kit },
  { lineId: 'spoons', itemId: 'spoon', quantity: 2, kit: { lineId: 'set', units: 2 } },
];
const HAT: RoutingNeed = { lineId: 'hat', itemId: 'hat', quantity: 1 };

function place(name: string, priority: number, held: Record<string, number>): RoutingCandidate {
  const available = new Map(Object.entries(held));
  return { locationId: name, name, priority, point: null, available };
}

describe('routing kits', () => {
  it('keeps a kit in one place before it follows priorities', () => {
    const plan = routeOrder(
      [...SET, HAT],
      [
        place('First', 1, { mug: 1, hat: 1 }),
        place('Second', 2, { spoon: 2, mug: 1 }),
        place('Third', 3, { spoon: 2 }),
      ],
      null,
    );
    expect(plan.decidedBy).toBe('kits');
    expect(plan.sentence).toContain('they have what belongs to one kit in one place');
    expect(plan.assignments.map(({ lineId, locationId }) => [lineId, locationId])).toEqual([
      ['mug', 'Second'],
      ['spoons', 'Second'],
      ['hat', 'First'],
    ]);
  });

  it('takes a kit apart rather than leave it', () => {
    const plan = routeOrder(SET, [place('A', 1, { mug: 1 }), place('B', 1, { spoon: 2 })], null);
    expect(plan.short).toEqual([]);
    expect(new Set(plan.assignments.map(({ locationId }) => locationId)).size).toBe(2);
  });

  it('says that a kit is short as one unit, and why', () => {
    const plan = routeOrder([], [place('A', 1, { mug: 1 })], null, SET);
    expect(plan.sentence).toBe(
      'Not everything that belongs to a kit is available, so 1 unit is short.',
    );
    expect(plan.short).toEqual(SET);
  });

  it('counts the kits whose parts leave apart', () => {
    const twice = SET.map((need) => ({ ...need, quantity: need.quantity * 2 }));
    const drawn = drawUnits(twice, [
      place('A', 1, { mug: 2, spoon: 3 }),
      place('B', 1, { spoon: 1 }),
    ]);
    expect(drawn).toMatchObject({ splitKits: 1, short: [] });
  });
});
