/** What channels should show, after decisions 028 and 029, and what may change it. */
import fc from 'fast-check';

/** The first three may be parts; the last two may become kits of them. */
export const GOODS = ['A', 'B', 'C', 'SET', 'BOX'] as const;
export const DEPOTS = ['X', 'Y', 'Z'] as const;
export const CHANNELS = ['shop', 'outlet'] as const;
export type Channel = (typeof CHANNELS)[number];

export type Policy = {
  readonly sharePercent: number;
  readonly bufferUnits: number;
  readonly capUnits: number | null;
};
export type Recipe = readonly (readonly [number, number])[];

export type Listing = {
  readonly channel: Channel;
  /** Null: not matched with an item of ours. */
  readonly item: number | null;
  readonly tracked: boolean;
  /** Those with the same one share a number. */
  readonly shared: string;
};

/** One number: a listing at one of its channel's places. */
export type ModelNumber = { readonly listing: Listing; readonly ref: string };

export type Numbers = {
  readonly available: number[][];
  readonly damaged: number[][];
  readonly active: boolean[];
  readonly recipes: Map<number, Recipe>;
  readonly policies: Record<Channel, Policy>;
  /** Under which ref each depot feeds each channel; absent: it does not. */
  readonly feeds: Record<Channel, Map<number, string>>;
  readonly listings: readonly Listing[];
};

export const REFS: Readonly<Record<Channel, readonly string[]>> = {
  shop: ['x', 'y'],
  outlet: [''],
};

/** Whole kits of what lies there, or the units themselves. */
export function sellable({ available, recipes }: Numbers, item: number, at: number): number {
  const recipe = recipes.get(item);
  const units = (of: number): number => available[at]?.[of] ?? 0;
  if (recipe === undefined) return units(item);
  return Math.min(...recipe.map(([part, each]) => Math.floor(units(part) / each)));
}

/** What the depots that feed the number under these settings can sell of an item. */
export function unitsFor(
  numbers: Numbers,
  item: number,
  ref: string,
  feeds: ReadonlyMap<number, string>,
): number {
  return [...feeds].reduce((sum, [at, under]) => {
    return under === ref && numbers.active[at] === true ? sum + sellable(numbers, item, at) : sum;
  }, 0);
}

/** The share, rounded down; less the buffer, not below zero; at most the cap. */
export function shown(units: number, { sharePercent, bufferUnits, capUnits }: Policy): number {
  const share = (units * sharePercent - ((units * sharePercent) % 100)) / 100;
  const rest = share > bufferUnits ? share - bufferUnits : 0;
  return capUnits !== null && capUnits < rest ? capUnits : rest;
}

/** The smallest that any of those could show who share the number; null: nobody can say. */
export function wantedNumber(
  numbers: Numbers,
  { listing, ref }: ModelNumber,
  policy: Policy,
  feeds: ReadonlyMap<number, string>,
): number | null {
  const own = numbers.listings.flatMap(({ channel, item, tracked, shared }) => {
    const shares = channel === listing.channel && shared === listing.shared;
    return shares && tracked && item !== null
      ? [shown(unitsFor(numbers, item, ref, feeds), policy)]
      : [];
  });
  return own.length === 0 ? null : Math.min(...own);
}

export type NumbersCommand =
  | {
      readonly kind: 'stock';
      readonly item: number;
      readonly at: number;
      readonly state: 'available' | 'damaged';
      readonly change: number;
    }
  | {
      readonly kind: 'policy';
      readonly channel: Channel;
      readonly policy: Policy;
      /** Depots that feed the outlet; null: as it is. */
      readonly depots: readonly number[] | null;
      readonly stranger: boolean;
    }
  | {
      readonly kind: 'look';
      readonly channel: Channel;
      readonly policy: Policy;
      readonly depots: readonly number[];
    }
  | { readonly kind: 'switch'; readonly at: number; readonly on: boolean }
  | {
      readonly kind: 'kit';
      readonly item: number;
      /** An item that is not one of the goods is a stranger's. */
      readonly parts: Recipe;
      readonly writeOff: boolean;
    };

export const numbersSetup = fc.record({
  stock: fc.array(
    fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 })), {
      minLength: 5,
      maxLength: 5,
    }),
    {
      minLength: DEPOTS.length,
      maxLength: DEPOTS.length,
    },
  ),
  listings: fc.array(
    fc.record({
      channel: fc.constantFrom(...CHANNELS),
      item: fc.constantFrom(null, 0, 1, 2, 3, 3, 4),
      tracked: fc.constantFrom(true, true, true, false),
      shared: fc.constantFrom('s1', 's2', 's3', 's4', 's5', 's6'),
    }),
    { minLength: 4, maxLength: 9 },
  ),
});
export type NumbersSetup = typeof numbersSetup extends fc.Arbitrary<infer Value> ? Value : never;

const policy: fc.Arbitrary<Policy> = fc.record({
  sharePercent: fc.oneof(fc.constant(100), fc.integer({ min: -1, max: 101 })),
  bufferUnits: fc.oneof(fc.constant(0), fc.integer({ min: -1, max: 15 })),
  capUnits: fc.option(fc.integer({ min: 0, max: 30 }), { freq: 1 }),
});
const channel = fc.constantFrom(...CHANNELS);
const at = fc.nat({ max: DEPOTS.length - 1 });
const depots = fc.subarray(DEPOTS.map((_, index) => index));
const item = fc.nat({ max: GOODS.length - 1 });

/** Parts that may do, also of what is a kit by now; and lists that are wrong in themselves. */
const goodParts = fc.uniqueArray(
  fc.tuple(fc.constantFrom(0, 1, 2, 3, 4), fc.constantFrom(1, 1, 2, 3)),
  { maxLength: 2, selector: ([part]) => part },
);
const oddParts = fc.array(
  fc.tuple(fc.constantFrom(0, 1, 2, 99), fc.constantFrom(1, 1, 2, 0, 1001)),
  { maxLength: 3 },
);

export const numbersCommand: fc.Arbitrary<NumbersCommand> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('stock' as const),
      item,
      at,
      state: fc.constantFrom('available' as const, 'available', 'available', 'damaged'),
      change: fc.integer({ min: -20, max: 20 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('policy' as const),
      channel,
      policy,
      depots: fc.option(depots, { freq: 1 }),
      stranger: fc.constantFrom(false, false, false, false, true),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('look' as const), channel, policy, depots }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('switch' as const), at, on: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('kit' as const),
      item: fc.constantFrom(3, 3, 4, 4, 0),
      parts: fc.oneof({ weight: 4, arbitrary: goodParts }, oddParts),
      writeOff: fc.constantFrom(true, true, false),
    }),
  },
);

/** A command in a line, for whoever reads what failed. */
export function tellNumbersCommand(command: NumbersCommand): string {
  switch (command.kind) {
    case 'stock':
      return `${String(command.change)} ${command.state} ${GOODS[command.item] ?? '?'} at ${DEPOTS[command.at] ?? '?'}`;
    case 'switch':
      return `switch ${DEPOTS[command.at] ?? '?'} ${command.on ? 'on' : 'off'}`;
    case 'kit': {
      const parts = command.parts.map(([part, each]) => `${String(each)} ${GOODS[part] ?? '?'}`);
      return `${GOODS[command.item] ?? '?'} is made of ${parts.join(' + ') || 'nothing'}${command.writeOff ? ', writing off its own' : ''}`;
    }
    default:
      return `${command.kind} ${command.channel} ${JSON.stringify(command.policy)} fed by ${JSON.stringify(command.depots)}${'stranger' in command && command.stranger ? ' by a stranger' : ''}`;
  }
}
