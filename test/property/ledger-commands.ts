/** What may happen to a ledger, as plain data: items, places and merchants are numbered. */
import fc from 'fast-check';
import { ADJUSTMENT_REASONS } from '../../app/domain/stock/adjustment';
import { INSIDE_STATES, OUTSIDE_STATES } from '../../app/domain/stock/cell';

export const SKUS = ['A', 'B', 'C', 'KIT'] as const;
export const PLACES = ['X', 'Y', 'Z'] as const;

export type Side = { readonly state: string; readonly at: number };
export type PostLine = {
  readonly item: number;
  readonly units: number;
  readonly from: Side;
  readonly to: Side;
  /** Null: a new one. */
  readonly key: number | null;
};
export type Request = {
  readonly item: number;
  readonly at: number;
  readonly units: number;
  readonly to: 'reserved' | 'committed';
  readonly key: number;
};
type Form = {
  readonly who: number;
  readonly item: number;
  readonly at: number;
  readonly state: string;
  readonly reason: string;
  readonly note: string | null;
  readonly key: number;
};
/** What is another merchant's in it: nothing, mostly. */
export type Strange = 'no' | 'item' | 'place' | 'both';

export type LedgerCommand =
  | {
      readonly kind: 'post';
      readonly who: number;
      readonly mode: 'all' | 'partial';
      readonly lines: readonly PostLine[];
      readonly strange: Strange;
    }
  | {
      readonly kind: 'again';
      readonly of: number;
      readonly change: 'nothing' | 'units' | 'to' | 'from' | 'reason' | 'item' | 'merchant';
    }
  | {
      readonly kind: 'reserve';
      readonly who: number;
      readonly requests: readonly Request[];
      readonly strange: Strange;
    }
  | (Form & { readonly kind: 'adjust'; readonly change: number; readonly strange: Strange })
  | (Form & { readonly kind: 'set'; readonly units: number; readonly strange: Strange })
  | {
      readonly kind: 'count';
      readonly who: number;
      readonly at: number;
      readonly units: readonly (number | null)[];
    }
  | { readonly kind: 'post count'; readonly who: number; readonly rest: 'leave' | 'zero' }
  | { readonly kind: 'undo count'; readonly who: number }
  | { readonly kind: 'look' };

const who = fc.constantFrom(0, 0, 1);
const item = fc.constantFrom(0, 0, 1, 1, 2, 3);
const at = fc.nat({ max: PLACES.length - 1 });
const strange = fc.constantFrom<Strange>(
  ...(['no', 'no', 'no', 'no', 'no', 'no', 'no', 'no'] as const),
  ...(['item', 'place', 'both', 'both'] as const),
);
const source = fc.constantFrom<string>('supplier', 'supplier', 'adjustment');
const anyState = fc.constantFrom<string>(
  ...INSIDE_STATES,
  ...OUTSIDE_STATES,
  'available',
  'available',
  'available',
  'committed',
);
const side = (state: fc.Arbitrary<string>): fc.Arbitrary<Side> => fc.record({ state, at });

const line: fc.Arbitrary<PostLine> = fc.record({
  item,
  units: fc.oneof({ weight: 30, arbitrary: fc.integer({ min: 1, max: 9 }) }, fc.constant(0)),
  from: fc.oneof(side(anyState), side(source)),
  to: fc.oneof(side(anyState), side(fc.constant('available'))),
  key: fc.option(fc.nat({ max: 5 }), { freq: 12 }),
});

const request: fc.Arbitrary<Request> = fc.record({
  item,
  at,
  units: fc.integer({ min: 0, max: 7 }),
  to: fc.constantFrom('reserved' as const, 'committed' as const),
  key: fc.nat({ max: 12 }),
});

/** The first request once more in the same moment, of as many units or of one more. */
function withTwin(requests: readonly Request[], more: number | null): readonly Request[] {
  const [first] = requests;
  if (first === undefined || more === null) return requests;
  return [...requests, { ...first, units: first.units + more }];
}

const formParts = {
  who,
  item,
  at,
  state: fc.constantFrom<string>('available', 'available', 'available', ...INSIDE_STATES, 'lost'),
  reason: fc.constantFrom<string>(
    ...ADJUSTMENT_REASONS,
    ...['received', 'received', 'damaged', 'damaged', 'unheard of'],
  ),
  note: fc.constantFrom(null, 'as seen', ' '),
  key: fc.nat({ max: 15 }),
  strange,
};

export const ledgerCommand: fc.Arbitrary<LedgerCommand> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('post' as const),
      who,
      mode: fc.constantFrom('all' as const, 'partial' as const),
      lines: fc.array(line, { minLength: 1, maxLength: 5 }),
      strange,
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('again' as const),
      of: fc.nat({ max: 30 }),
      change: fc.constantFrom(
        ...(['nothing', 'nothing', 'nothing', 'units', 'to', 'to', 'from', 'from'] as const),
        ...(['reason', 'item', 'merchant'] as const),
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      who,
      requests: fc
        .tuple(fc.array(request, { minLength: 1, maxLength: 3 }), fc.constantFrom(null, null, 0, 1))
        .map(([asked, more]) => withTwin(asked, more)),
      strange,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('adjust' as const),
      ...formParts,
      change: fc.integer({ min: -8, max: 12 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      ...formParts,
      units: fc.integer({ min: -1, max: 15 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('count' as const),
      who,
      at,
      units: fc.array(fc.option(fc.integer({ min: 0, max: 12 }), { freq: 3 }), {
        minLength: 3,
        maxLength: 3,
      }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('post count' as const),
      who,
      rest: fc.constantFrom('leave' as const, 'leave' as const, 'zero' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo count' as const), who }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('look' as const) }) },
);

/** A command in a line, for whoever reads what failed. */
export function tellLedgerCommand(command: LedgerCommand): string {
  const merchant = 'who' in command ? ` of merchant ${String(command.who)}` : '';
  const odd =
    'strange' in command && command.strange !== 'no' ? ` (a strange ${command.strange})` : '';
  switch (command.kind) {
    case 'post':
      return `post ${command.mode}${merchant}: ${command.lines.map(tellLine).join('; ')}${odd}`;
    case 'again':
      return `post again what was posted ${String(command.of)} posts ago, other: ${command.change}`;
    case 'reserve':
      return `reserve${merchant}: ${command.requests.map(tellRequest).join('; ')}${odd}`;
    case 'adjust':
      return `adjust${merchant} by ${String(command.change)} ${tellForm(command)}${odd}`;
    case 'set':
      return `set${merchant} to ${String(command.units)} ${tellForm(command)}${odd}`;
    case 'count':
      return `count${merchant} at ${nameOf(PLACES, command.at)}: ${JSON.stringify(command.units)}`;
    case 'post count':
      return `post the count${merchant}, rest ${command.rest}`;
    case 'undo count':
      return `undo the count${merchant}`;
    case 'look':
      return 'remember this moment';
  }
}

function tellLine({ item: sku, units, from, to, key }: PostLine): string {
  const named = key === null ? '' : ` key ${String(key)}`;
  return `${String(units)} ${nameOf(SKUS, sku)} ${tellSide(from)} → ${tellSide(to)}${named}`;
}

function tellSide({ state, at: place }: Side): string {
  const outside = (OUTSIDE_STATES as readonly string[]).includes(state);
  return outside ? state : `${state}@${nameOf(PLACES, place)}`;
}

function tellRequest({ item: sku, at: place, units, to, key }: Request): string {
  const what = `${String(units)} ${nameOf(SKUS, sku)}@${nameOf(PLACES, place)}`;
  return `${what} to ${to} key ${String(key)}`;
}

function tellForm({ item: sku, at: place, state, reason, note, key }: Form): string {
  const what = `${nameOf(SKUS, sku)} ${state}@${nameOf(PLACES, place)}`;
  return `${what}, ${reason}, note ${JSON.stringify(note)}, key ${String(key)}`;
}

export function nameOf(names: readonly string[], index: number): string {
  return names[index] ?? '?';
}
