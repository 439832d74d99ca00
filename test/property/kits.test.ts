/** Kits of random recipes, in random places, planned by the pure rules alone. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LineState, OrderDemand } from '../../app/domain/orders/order-state';
import { type OrderPlan, planOrder } from '../../app/domain/orders/plan-order';
import type { RoutingCandidate } from '../../app/domain/routing/route-order';
import { PROPERTY_TIMEOUT_MS, timesAsMany } from './sequences';

const ITEMS = ['mug', 'spoon', 'box'] as const;
const PLACES = ['West', 'East', 'North'] as const;

const part = fc.record({
  units: fc.integer({ min: 1, max: 3 }),
  /** Units that left before, perhaps not in whole kits. */
  shipped: fc.integer({ min: 0, max: 3 }),
});
const scene = fc.record({
  kits: fc.integer({ min: 0, max: 5 }),
  parts: fc.tuple(part, part),
  fulfilled: fc.integer({ min: 0, max: 2 }),
  plain: fc.integer({ min: 0, max: 5 }),
  plainFirst: fc.boolean(),
  stock: fc.array(fc.tuple(units(), units(), units()), { minLength: 0, maxLength: 3 }),
  demand: fc.constantFrom<OrderDemand>('ship', 'ship', 'ship', 'hold', 'cancel'),
});
type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

function units(): fc.Arbitrary<number> {
  return fc.integer({ min: 0, max: 8 });
}

function lineOf(id: string, more: Partial<LineState>): LineState {
  return {
    id,
    itemId: id,
    quantity: 0,
    requiresShipping: true,
    shippedQuantity: 0,
    channelFulfilled: 0,
    isKit: false,
    kit: null,
    allocations: [],
    ...more,
  };
}

/** A kit of mugs and spoons, and a mug sold alone. */
function linesOf(one: Scene): LineState[] {
  const fulfilled = Math.min(one.fulfilled, one.kits);
  const parts = one.parts.map((of, index) =>
    lineOf(`part-${String(index)}`, {
      itemId: ITEMS[index] ?? '',
      quantity: one.kits * of.units,
      channelFulfilled: fulfilled * of.units,
      shippedQuantity: of.shipped,
      kit: { lineId: 'kit', units: of.units },
    }),
  );
  const kit = lineOf('kit', { quantity: one.kits, channelFulfilled: fulfilled, isKit: true });
  const plain = lineOf('plain', { itemId: 'mug', quantity: one.plain });
  return one.plainFirst ? [plain, kit, ...parts] : [kit, ...parts, plain];
}

function candidatesOf({ stock }: Scene): RoutingCandidate[] {
  return stock.map((held, index) => ({
    locationId: PLACES[index] ?? '',
    name: PLACES[index] ?? '',
    priority: 1,
    point: null,
    available: new Map(ITEMS.map((item, at) => [item, held[at] ?? 0])),
  }));
}

/** The state after a plan was carried out; throws when it takes what is not there. */
function carryOut(
  lines: readonly LineState[],
  candidates: readonly RoutingCandidate[],
  plan: OrderPlan,
): { lines: LineState[]; candidates: RoutingCandidate[] } {
  const levels = candidates.map((one) => ({ ...one, available: new Map(one.available) }));
  const change = (locationId: string, itemId: string, by: number): void => {
    const level = levels.find((one) => one.locationId === locationId)?.available;
    const now = (level?.get(itemId) ?? 0) + by;
    if (now < 0) throw new Error(`${itemId} at ${locationId} would be ${String(now)}`);
    level?.set(itemId, now);
  };
  for (const { allocation, quantity } of plan.releases) {
    change(allocation.locationId, allocation.itemId, quantity);
  }
  for (const gone of plan.departures) {
    if (gone.allocation === null && gone.locationId !== null) {
      change(gone.locationId, gone.itemId, -gone.quantity);
    }
  }
  for (const { locationId, itemId, quantity } of plan.routing?.assignments ?? []) {
    change(locationId, itemId, -quantity);
  }
  const after = lines.map((line) => {
    const left = line.allocations.map((allocation) => {
      const out = [...plan.releases, ...plan.departures]
        .filter((one) => one.allocation?.id === allocation.id)
        .reduce((sum, one) => sum + one.quantity, 0);
      return { ...allocation, quantity: allocation.quantity - out };
    });
    const taken = (plan.routing?.assignments ?? [])
      .filter(({ lineId }) => lineId === line.id)
      .map((one, index) => ({
        ...one,
        id: `${line.id}-${String(line.allocations.length + index)}`,
        fulfillmentOrderId: one.locationId,
      }));
    const shipped = plan.lines.find(({ lineId }) => lineId === line.id)?.shipped;
    return {
      ...line,
      shippedQuantity: shipped ?? line.shippedQuantity,
      allocations: [...left, ...taken].filter(({ quantity }) => quantity > 0),
    };
  });
  return { lines: after, candidates: levels };
}

const nothing = { releases: [], departures: [] };

it(
  'plans nothing for what was planned before, and never what is not there',
  () => {
    fc.assert(
      fc.property(
        scene,
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
        (one, edits) => {
          let lines = linesOf(one);
          let candidates = candidatesOf(one);
          for (const kits of [one.kits, ...edits]) {
            // An edit of the kit's quantity, which its parts follow.
            lines = lines.map((line) => ({
              ...line,
              quantity: line.isKit
                ? kits
                : line.kit === null
                  ? line.quantity
                  : kits * line.kit.units,
            }));
            const plan = planOrder(lines, one.demand, candidates, null);
            ({ lines, candidates } = carryOut(lines, candidates, plan));
            const again = planOrder(lines, one.demand, candidates, null);
            expect(again).toMatchObject(nothing);
            expect(again.routing?.assignments ?? []).toEqual([]);
            expect(again.lines).toEqual(plan.lines);
          }
        },
      ),
      timesAsMany(500),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

it(
  'promises as many whole kits as there can be, and no part of another',
  () => {
    fc.assert(
      fc.property(scene, (one) => {
        const whole = {
          ...one,
          demand: 'ship' as const,
          parts: one.parts.map((of) => ({ ...of, shipped: 0 })) as unknown as Scene['parts'],
        };
        const before = linesOf(whole);
        const plan = planOrder(before, 'ship', candidatesOf(whole), null);
        const { lines, candidates } = carryOut(before, candidatesOf(whole), plan);
        const kit = plan.lines.find(({ lineId }) => lineId === 'kit');
        expect((kit?.allocated ?? 0) + (kit?.shipped ?? 0) + (kit?.short ?? 0)).toBe(one.kits);
        const parts = lines.filter((line) => line.kit !== null);
        const held = (line: LineState): number =>
          line.allocations.reduce((sum, { quantity }) => sum + quantity, 0);
        for (const line of parts) {
          expect(held(line)).toBe((kit?.allocated ?? 0) * (line.kit?.units ?? 0));
        }
        const free = (itemId: string | null): number =>
          candidates.reduce((sum, place) => sum + (place.available.get(itemId ?? '') ?? 0), 0);
        const another = parts.every((line) => free(line.itemId) >= (line.kit?.units ?? 0));
        expect((kit?.short ?? 0) > 0 && another).toBe(false);
      }),
      timesAsMany(500),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

it(
  'ships a kit from one place whenever one place has all of the order',
  () => {
    fc.assert(
      fc.property(scene, (one) => {
        const scattered = { ...one, fulfilled: 0, demand: 'ship' as const };
        const before = linesOf(scattered);
        const plan = planOrder(before, 'ship', candidatesOf(scattered), null);
        if ((plan.routing?.short.length ?? 0) > 0) return;
        const needs = new Map<string, number>();
        for (const { itemId, quantity } of plan.routing?.assignments ?? []) {
          needs.set(itemId, (needs.get(itemId) ?? 0) + quantity);
        }
        const enough = candidatesOf(scattered).some((place) =>
          [...needs].every(([itemId, wanted]) => (place.available.get(itemId) ?? 0) >= wanted),
        );
        const places = new Set(plan.routing?.assignments.map(({ locationId }) => locationId));
        if (enough) expect(places.size).toBeLessThanOrEqual(1);
      }),
      timesAsMany(500),
    );
  },
  PROPERTY_TIMEOUT_MS,
);
