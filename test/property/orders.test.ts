/**
 * One order in every state its channel can have it in, read in any order and again: what is left in
 * the end depends on the newest state alone, and the ledger is right at every step.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ChannelOrder } from '../../app/contracts/channel-order';
import { findDrift } from '../../app/store/movements';
import {
  ADDRESS,
  type LineFigures,
  type OrderWorld,
  channelHold,
  channelOrder,
  channelRefund,
  createOrderWorld,
} from '../integration/ledger/order-world';
import { createTestDatabase } from '../support/test-database';
import { PROPERTY_TIMEOUT_MS, timesAsMany } from './sequences';

const { db } = await createTestDatabase();

const KITS = { SET: { MUG: 1, SPOON: 2 } };
/** Lines of the order: one sold as it is, which is a part of the kit too, another, and the kit. */
const SKUS = ['MUG', 'TEE', 'SET'] as const;
const PLENTY = { MUG: [40, 60], SPOON: [90, 90], TEE: [50, 50] } as const;
const SCARCE = { MUG: [3, 2], SPOON: [5, 4], TEE: [0, 3] } as const;

const line = fc.record({
  quantity: fc.integer({ min: 0, max: 6 }),
  /** Of it, units fulfilled since the state before. */
  fulfilled: fc.integer({ min: 0, max: 2 }),
});
const refund = fc.record({
  sku: fc.constantFrom(...SKUS),
  quantity: fc.integer({ min: 1, max: 3 }),
  restock: fc.constantFrom('return', 'return', 'cancel', 'none', 'unknown'),
  locationRef: fc.constantFrom(null, 'Here', 'There', 'Nowhere'),
});
const step = fc.record({
  lines: fc.tuple(line, line, line),
  stage: fc.constantFrom('open', 'open', 'open', 'cancelled', 'awaiting_payment'),
  holds: fc.subarray(['h1', 'h2']),
  risk: fc.constantFrom(null, 'low', 'high'),
  addressed: fc.boolean(),
  refund: fc.option(refund, { freq: 2 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** The states a channel would show: what has left stays left, refunds stay made. */
function statesOf(steps: readonly Step[], excess: boolean): ChannelOrder[] {
  const fulfilled = new Map<string, number>(SKUS.map((sku) => [sku, 0]));
  const returned = new Map<string, number>();
  const refunds: ChannelOrder['refunds'][number][] = [];
  return steps.map((one, index) => {
    SKUS.forEach((sku, at) => {
      fulfilled.set(sku, (fulfilled.get(sku) ?? 0) + (one.lines[at]?.fulfilled ?? 0));
    });
    if (one.refund !== null) {
      const { sku, restock, locationRef } = one.refund;
      const left = (fulfilled.get(sku) ?? 0) - (returned.get(sku) ?? 0);
      const quantity = excess ? one.refund.quantity : Math.min(left, one.refund.quantity);
      if (restock === 'return') returned.set(sku, (returned.get(sku) ?? 0) + quantity);
      const place = locationRef === null ? {} : { locationRef };
      refunds.push(channelRefund(`r${String(index)}`, sku, quantity, restock, place));
    }
    const lines = SKUS.map((sku, at) => {
      const gone = fulfilled.get(sku) ?? 0;
      const quantity = Math.max(gone, one.lines[at]?.quantity ?? 0);
      return [sku, { quantity, fulfilledQuantity: gone }];
    });
    return channelOrder('1', index, Object.fromEntries(lines) as Record<string, object>, {
      stage: one.stage,
      holds: one.holds.map((ref) => channelHold(ref)),
      risk: one.risk,
      shipTo: one.addressed ? ADDRESS : null,
      refunds: [...refunds],
    });
  });
}

async function takeAll(
  stock: typeof PLENTY | typeof SCARCE,
  states: readonly ChannelOrder[],
): Promise<OrderWorld> {
  const world = await createOrderWorld(db, stock, KITS);
  for (const state of states) {
    await world.take('1', state);
    await world.allocateAll();
    await expectSound(world);
    expectWholeKits(await world.lines('1'));
  }
  const before = await movementsOf(world);
  await world.take('1', states.at(-1) ?? null);
  expect(await movementsOf(world)).toBe(before);
  return world;
}

async function movementsOf(world: OrderWorld): Promise<number> {
  const { count } = await db.one<{ count: number }>(
    'SELECT count(*)::int AS count FROM movement WHERE merchant_id = $1',
    [world.merchantId],
  );
  return count;
}

async function expectSound(world: OrderWorld): Promise<void> {
  expect(await findDrift(db, world.merchantId)).toEqual([]);
  const { rows } = await db.query<{ committed: number; promised: number }>(
    `SELECT l.committed, COALESCE((SELECT sum(a.quantity) FROM allocation a
          WHERE a.item_id = l.item_id AND a.location_id = l.location_id), 0)::int AS promised
       FROM stock_level l WHERE l.merchant_id = $1`,
    [world.merchantId],
  );
  for (const { committed, promised } of rows) expect(committed).toBe(promised);
  const { back, gone } = await db.one<{ back: number; gone: number }>(
    `SELECT COALESCE(sum(quantity) FILTER (WHERE from_state = 'customer'), 0)::int AS back,
        COALESCE(sum(quantity) FILTER (WHERE to_state = 'customer'), 0)::int AS gone
       FROM movement WHERE merchant_id = $1`,
    [world.merchantId],
  );
  expect(back).toBeLessThanOrEqual(gone);
}

/**
 * Where only the channel ships, and it ships whole kits, no part is promised without the others.
 */
function expectWholeKits(lines: readonly LineFigures[]): void {
  const [set, mugs, spoons] = lines.slice(-3);
  expect(mugs?.allocated).toBe(set?.allocated);
  expect(spoons?.allocated).toBe(2 * (set?.allocated ?? 0));
  expect(set).toMatchObject({ isKit: true, shipped: mugs?.shipped, short: mugs?.short });
}

/** All that a person sees of it. */
async function seen(world: OrderWorld) {
  const { id: _id, ...figures } = await world.order('1');
  const { rows: holds } = await db.query(
    `SELECT reason, external_ref AS ref FROM order_hold
      WHERE merchant_id = $1 AND released_at IS NULL ORDER BY reason, external_ref`,
    [world.merchantId],
  );
  const { rows: refunds } = await db.query<{ ref: string; lines: { taken: number }[] }>(
    'SELECT external_ref AS ref, lines FROM order_refund WHERE merchant_id = $1 ORDER BY 1',
    [world.merchantId],
  );
  return {
    figures,
    lines: await world.lines('1'),
    levels: await Promise.all(Object.keys(PLENTY).map((sku) => world.level(sku))),
    holds,
    refunds: refunds.map(({ ref, lines }) => ({ ref, taken: lines.map(({ taken }) => taken) })),
  };
}

it(
  'ends as if only the newest state had ever been read',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (steps, order) => {
          const states = statesOf(steps, false);
          const newest = states.at(-1);
          if (newest === undefined) return;
          const readings = order.flatMap((at) => states[at % states.length] ?? []);
          const wandering = await takeAll(PLENTY, [...readings, newest]);
          const direct = await takeAll(PLENTY, [newest]);
          expect(await seen(wandering)).toEqual(await seen(direct));
        },
      ),
      timesAsMany(40),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

it(
  'never breaks the ledger when there is too little, and refunds exceed what was bought',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 8 }),
        async (steps, order) => {
          const states = statesOf(steps, true);
          await takeAll(SCARCE, [
            ...order.flatMap((at) => states[at % states.length] ?? []),
            ...states,
          ]);
        },
      ),
      timesAsMany(40),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

it(
  'never breaks the ledger when parcels with parts of kits leave in between',
  async () => {
    const parcel = fc.record({ pick: fc.nat(), units: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(step, fc.option(parcel)), { minLength: 1, maxLength: 6 }),
        async (steps) => {
          const world = await createOrderWorld(db, SCARCE, KITS);
          const states = statesOf(
            steps.map(([one]) => ({ ...one, holds: [], risk: null, addressed: true })),
            true,
          );
          for (const [index, state] of states.entries()) {
            await world.take('1', state);
            await world.allocateAll();
            const work = await world.work('1');
            const sent = steps[index]?.[1];
            const line = work[(sent?.pick ?? 0) % Math.max(1, work.length)];
            if (sent !== undefined && sent !== null && line !== undefined) {
              const { workId, allocationId } = line;
              const quantity = Math.min(sent.units, line.quantity);
              const answer = await world.ship(workId, [{ allocationId, quantity }]);
              expect(answer).toMatchObject({ status: 'done' });
            }
            await expectSound(world);
            expectKitFigures(await world.lines('1'));
          }
          const before = await movementsOf(world);
          await world.take('1', states.at(-1) ?? null);
          expect(await movementsOf(world)).toBe(before);
          expectReportsAddUp(await world.lines('1'), await reportedKits(world));
        },
      ),
      timesAsMany(40),
    );
  },
  PROPERTY_TIMEOUT_MS,
);

/** A kit's own figures follow from those of its parts, by whoever changed them last. */
function expectKitFigures(lines: readonly LineFigures[]): void {
  const [set, mugs, spoons] = lines.slice(-3);
  const whole = (of: (line: LineFigures | undefined) => number): number =>
    Math.min(of(mugs), Math.floor(of(spoons) / 2));
  expect(set?.shipped).toBe(whole((line) => line?.shipped ?? 0));
  const covered = whole((line) => (line?.shipped ?? 0) + (line?.allocated ?? 0));
  expect(set?.allocated).toBe(
    Math.max(0, Math.min(set?.quantity ?? 0, covered) - (set?.shipped ?? 0)),
  );
}

/** Kits that the channel is told of by our parcels. */
async function reportedKits(world: OrderWorld): Promise<number> {
  const { units } = await db.one<{ units: number }>(
    `SELECT COALESCE(sum((l->>'quantity')::int), 0)::int AS units
       FROM fulfillment f, jsonb_array_elements(f.report_content->'lines') l
      WHERE f.merchant_id = $1 AND l->>'lineRef' = 'line-SET'`,
    [world.merchantId],
  );
  return units;
}

function expectReportsAddUp(lines: readonly LineFigures[], reported: number): void {
  expect(reported).toBeLessThanOrEqual(lines.at(-3)?.shipped ?? 0);
}
