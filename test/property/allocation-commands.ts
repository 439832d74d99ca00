/** What may happen to orders and the stock they are promised, as plain data. */
import fc from 'fast-check';

/** The last one was placed before its channel was connected. */
export const REFS = ['1001', '1002', '1003', '1004', '1005'] as const;
/** The buyer's lines: two items, and a kit of both. */
export const SOLD = ['A', 'B', 'KIT'] as const;
/** By names other than by number; the last feeds no channel, and would come first. */
export const SITES = ['Quay', 'Pier', 'Mill', 'Attic'] as const;
export const PRIORITIES = [100, 100, 200, 50] as const;
/** The shop's own names of places. */
export const SHOP_REFS = ['q', 'p', 'm'] as const;

export type Refund = {
  readonly line: number;
  readonly units: number;
  readonly restock: 'return' | 'cancel' | 'none' | 'unknown';
  readonly place: string | null;
};

export type Reading = {
  readonly ref: number;
  readonly age: 'newer' | 'same' | 'older' | 'deleted';
  readonly stage: 'open' | 'fulfilled' | 'cancelled' | 'awaiting_payment';
  readonly units: readonly number[];
  /** Units the channel says have left; null: what we know has left. */
  readonly fulfilled: readonly (number | null)[];
  readonly refund: Refund | null;
};

export type AllocationCommand =
  | { readonly kind: 'read'; readonly readings: readonly Reading[] }
  | { readonly kind: 'cancel'; readonly ref: number; readonly stranger: boolean }
  | { readonly kind: 'hold'; readonly ref: number; readonly stranger: boolean }
  | { readonly kind: 'lift'; readonly ref: number; readonly stranger: boolean }
  | {
      readonly kind: 'ship';
      readonly pick: number;
      /** Null: everything of one place; else so many of one promise. */
      readonly units: number | null;
      readonly stranger: boolean;
    }
  | { readonly kind: 'ship again' }
  | { readonly kind: 'stock'; readonly item: number; readonly at: number; readonly change: number }
  | {
      readonly kind: 'switch';
      readonly at: number;
      readonly on: boolean;
      readonly withStock: boolean;
    }
  | { readonly kind: 'feed'; readonly places: readonly number[] }
  /** From now on a kit is made of so many of each; those ordered before stay as they were. */
  | { readonly kind: 'recipe'; readonly units: readonly [number, number] }
  | {
      readonly kind: 'reroute';
      readonly ref: number;
      /** Null: by the rules. */
      readonly to: number | null;
      /** Of one place's work alone. */
      readonly part: boolean;
      readonly stale: boolean;
      readonly stranger: boolean;
    };

/** Units at first, by place and item; what the kit is made of. */
export const allocationSetup = fc.record({
  stock: fc.array(fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 2, maxLength: 2 }), {
    minLength: SITES.length,
    maxLength: SITES.length,
  }),
  recipe: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 })),
});
export type AllocationSetup =
  typeof allocationSetup extends fc.Arbitrary<infer Value> ? Value : never;

/** Some orders have much happening to them, others little. */
const ref = fc.constantFrom(0, 0, 0, 1, 1, 2, 3, 4);
const at = fc.nat({ max: SITES.length - 1 });
const stranger = fc.constantFrom(false, false, false, true);

const refund: fc.Arbitrary<Refund> = fc.record({
  line: fc.constantFrom(0, 0, 0, 1, 2),
  units: fc.integer({ min: 1, max: 4 }),
  restock: fc.constantFrom(
    ...(['return', 'return', 'return', 'return', 'return'] as const),
    ...(['cancel', 'none', 'unknown'] as const),
  ),
  place: fc.constantFrom(null, null, ...SHOP_REFS, 'nowhere'),
});

const reading: fc.Arbitrary<Reading> = fc.record({
  ref,
  age: fc.constantFrom(
    'newer' as const,
    'newer',
    'newer',
    'newer',
    'newer',
    'newer',
    'same',
    'older',
    'deleted',
  ),
  stage: fc.constantFrom(
    ...(['open', 'open', 'open', 'open', 'open', 'open'] as const),
    ...(['fulfilled', 'cancelled', 'awaiting_payment'] as const),
  ),
  units: fc.tuple(
    fc.integer({ min: 0, max: 6 }),
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 0, max: 3 }),
  ),
  fulfilled: fc.array(
    fc
      .option(fc.integer({ min: 0, max: 4 }), { freq: 1 })
      .chain((said) => fc.constantFrom(null, null, said)),
    { minLength: 3, maxLength: 3 },
  ),
  refund: fc.option(refund, { freq: 1 }),
});

export const allocationCommand: fc.Arbitrary<AllocationCommand> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      readings: fc.array(reading, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), ref, stranger }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const), ref, stranger }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lift' as const), ref, stranger }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('ship' as const),
      pick: fc.nat({ max: 30 }),
      units: fc.option(fc.integer({ min: 1, max: 4 }), { freq: 2 }),
      stranger,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ship again' as const) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('stock' as const),
      item: fc.nat({ max: 1 }),
      at,
      change: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -3, max: 5 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('switch' as const),
      at,
      on: fc.boolean(),
      withStock: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('feed' as const),
      places: fc.subarray(SITES.map((_, index) => index)),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('recipe' as const),
      units: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 2 })),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('reroute' as const),
      ref,
      to: fc.option(at, { freq: 2 }),
      part: fc.boolean(),
      stale: fc.constantFrom(false, false, false, true),
      stranger,
    }),
  },
);

/** Lives of two orders of which much leaves and comes back. */
export const returnCommand: fc.Arbitrary<AllocationCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      readings: fc.array(
        fc.record({
          ref: fc.constantFrom(0, 0, 1),
          age: fc.constantFrom('newer' as const, 'newer', 'newer', 'same'),
          stage: fc.constantFrom('open' as const, 'open', 'fulfilled'),
          units: fc.constant([4, 2, 2]),
          fulfilled: fc.tuple(
            fc.constantFrom(null, 2, 4),
            fc.constantFrom(null, 1, 2),
            fc.constantFrom(null, 1, 2),
          ),
          refund: fc.option(refund, { freq: 6 }),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('ship' as const),
      pick: fc.nat({ max: 9 }),
      units: fc.option(fc.integer({ min: 1, max: 2 }), { freq: 1 }),
      stranger: fc.constant(false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('reroute' as const),
      ref: fc.constantFrom(0, 1),
      to: fc.option(at, { freq: 2 }),
      part: fc.boolean(),
      stale: fc.constant(false),
      stranger: fc.constant(false),
    }),
  },
);

/** Two orders of different channels that staff and channels change their minds about. */
export const staffCommand: fc.Arbitrary<AllocationCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      readings: fc.array(
        fc.record({
          ref: fc.constantFrom(0, 1),
          age: fc.constant('newer' as const),
          stage: fc.constantFrom('open' as const, 'cancelled'),
          units: fc.tuple(fc.integer({ min: 2, max: 9 }), fc.constant(0), fc.constant(0)),
          fulfilled: fc.constant([null, null, null]),
          refund: fc.constant(null),
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('cancel' as const, 'cancel', 'cancel', 'hold', 'hold', 'lift'),
      ref: fc.constantFrom(0, 1),
      stranger: fc.constant(false),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('reroute' as const),
      ref: fc.constantFrom(0, 0, 1),
      // Mostly to where only the shop ships from: the outlet may wait for what that frees.
      to: fc.constantFrom(null, 0, 1, 1, 1, 2),
      part: fc.boolean(),
      stale: fc.constant(false),
      stranger: fc.constant(false),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('stock' as const),
      item: fc.constant(0),
      at,
      change: fc.integer({ min: 1, max: 6 }),
    }),
  },
);

/** A command in a line, for whoever reads what failed. */
export function tellAllocationCommand(command: AllocationCommand): string {
  const by = 'stranger' in command && command.stranger ? ' by a stranger' : '';
  const order = 'ref' in command ? ` #${REFS[command.ref] ?? '?'}` : '';
  const site = (place: number): string => SITES[place] ?? '?';
  switch (command.kind) {
    case 'read':
      return `read ${command.readings.map(tellReading).join('; ')}`;
    case 'ship':
      return `ship ${command.units === null ? 'all' : String(command.units)} of work ${String(command.pick)}${by}`;
    case 'ship again':
      return 'send the last parcel form again';
    case 'stock':
      return `${String(command.change)} ${SOLD[command.item] ?? '?'} at ${site(command.at)}`;
    case 'switch':
      return `switch ${site(command.at)} ${command.on ? 'on' : 'off'}${command.withStock ? ' with its stock' : ''}`;
    case 'feed':
      return `feed the outlet from ${command.places.map(site).join(', ')}`;
    case 'recipe':
      return `a kit is made of ${String(command.units[0])} A and ${String(command.units[1])} B`;
    case 'reroute':
      return `reroute${order} to ${command.to === null ? 'what the rules say' : site(command.to)}${command.part ? ', one place only' : ''}${command.stale ? ', after an old look' : ''}${by}`;
    default:
      return `${command.kind}${order}${by}`;
  }
}

function tellReading({ ref: index, age, stage, units, fulfilled, refund: back }: Reading): string {
  const lines = SOLD.map((sku, line) => {
    const gone = fulfilled[line] ?? null;
    return `${String(units[line] ?? 0)} ${sku}${gone === null ? '' : ` (${String(gone)} gone)`}`;
  });
  const refunded =
    back === null
      ? ''
      : `, refund of ${String(back.units)} ${SOLD[back.line] ?? '?'}: ${back.restock} to ${String(back.place)}`;
  return `#${REFS[index] ?? '?'} ${age} ${stage}: ${lines.join(', ')}${refunded}`;
}
