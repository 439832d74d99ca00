/** Which places ship an order, against a model that tries every set of them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type RoutingNeed, routeOrder } from '../../app/domain/routing/route-order';
import { type Line, type Place, route } from './allocation-model';
import { timesAsMany } from './sequences';

const NAMES = ['Quay', 'Pier', 'Mill', 'Attic'] as const;

/** A line as it is sold, and the parts of a kit; each wants units of one of three items. */
const scene = fc.record({
  plain: fc.integer({ min: 0, max: 3 }),
  kits: fc.integer({ min: 0, max: 3 }),
  recipe: fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 2 })),
  plainFirst: fc.boolean(),
  places: fc.array(
    fc.record({
      priority: fc.constantFrom(1, 1, 1, 2),
      stock: fc.tuple(units(), units(), units()),
    }),
    { minLength: 1, maxLength: NAMES.length },
  ),
});

function units(): fc.Arbitrary<number> {
  return fc.constantFrom(0, 0, 1, 2, 3, 4);
}

it('ships from the places that the rules put first', () => {
  fc.assert(
    fc.property(scene, ({ plain, kits, recipe, plainFirst, places }) => {
      const parts = recipe.map((each, index) =>
        lineOf(`part-${String(index)}`, index, kits * each, { name: 'kit', units: each }),
      );
      const sold = lineOf('plain', 2, plain, null);
      const also = lineOf('also', 0, plain, null);
      const lines = plainFirst ? [sold, also, ...parts] : [...parts, sold, also];
      const wanted = lines.filter(({ quantity }) => quantity > 0);
      const model = route(
        wanted.map((line) => ({ line, item: line.item ?? 0, quantity: line.quantity })),
        places.map((_, at) => at),
        places.map(({ priority }, at) => placeOf(at, priority)),
        (at, item) => places[at]?.stock[item] ?? 0,
      );
      const plan = routeOrder(
        wanted.map(needOf),
        places.map(({ priority, stock }, at) => ({
          locationId: String(at),
          name: NAMES[at] ?? '',
          priority,
          point: null,
          available: new Map(stock.map((held, item) => [String(item), held])),
        })),
        null,
      );
      expect(plan.assignments).toEqual(
        model.assigned.map(({ line, item, at, quantity }) => ({
          lineId: line.name,
          itemId: String(item),
          locationId: String(at),
          quantity,
        })),
      );
      expect(plan.short.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(model.short);
    }),
    timesAsMany(1500),
  );
});

function lineOf(name: string, item: number, quantity: number, kit: Line['kit']): Line {
  return {
    name,
    item,
    kit,
    quantity,
    shipped: 0,
    allocated: 0,
    short: 0,
    returned: 0,
    promises: [],
  };
}

function needOf({ name, item, quantity, kit }: Line): RoutingNeed {
  const need = { lineId: name, itemId: String(item), quantity };
  return kit === null ? need : { ...need, kit: { lineId: kit.name, units: kit.units } };
}

function placeOf(at: number, priority: number): Place {
  return { name: NAMES[at] ?? '', priority, active: true, feeds: new Set() };
}
