import { describe, expect, it } from 'vitest';
import {
  type ChannelUnits,
  type ToldUnits,
  alignmentOf,
} from '../../../../app/domain/stock/alignment';

const at = (locationId: string, ours: number, channel: number, listingId = 'listing') => ({
  itemId: 'item',
  listingId,
  locationId,
  ours,
  channel,
  told: null,
});

/** A place whose number the channel has had from us. */
const told = (
  locationId: string,
  ours: number,
  channel: number,
  units: number,
  rest: Partial<ToldUnits> = {},
): ChannelUnits => ({
  ...at(locationId, ours, channel),
  told: { units, clear: true, sold: 0, short: 0, ...rest },
});

const align = (...places: ChannelUnits[]) => alignmentOf(places, places);

describe('bringing the ledger to what the channel counts', () => {
  it('changes nothing where the totals agree, wherever the units are', () => {
    expect(align(at('A', 3, 5), at('B', 4, 2))).toEqual([]);
  });

  it('takes away what the channel does not offer', () => {
    expect(align(at('A', 9, 7), at('B', 1, 1))).toEqual([
      { itemId: 'item', locationId: 'A', units: -2 },
    ]);
    expect(align(at('A', 2, -3))).toEqual([{ itemId: 'item', locationId: 'A', units: -2 }]);
  });

  it('adds what was received meanwhile, where it was', () => {
    expect(align(at('A', 2, 2), at('B', 0, 40))).toEqual([
      { itemId: 'item', locationId: 'B', units: 40 },
    ]);
  });

  it('never raises an item that moved while it was being compared', () => {
    const before = [at('A', 10, 10)];
    expect(alignmentOf(before, [at('A', 9, 10)])).toEqual([]);
    expect(alignmentOf(before, [at('A', 9, 8)])).toEqual([
      { itemId: 'item', locationId: 'A', units: -1 },
    ]);
  });

  it('leaves items with two listings to a person', () => {
    expect(align(at('A', 9, 7), at('A', 9, 3, 'other listing'))).toEqual([]);
  });
});

describe('taking over what has changed in a channel that had our numbers', () => {
  const change = (locationId: string, units: number) => ({ itemId: 'item', locationId, units });

  it('ignores what other channels sold and what the policy withholds', () => {
    expect(align(told('A', 5, 10, 10))).toEqual([]);
    expect(align(told('A', 500, 50, 50))).toEqual([]);
    expect(align(told('A', 20, 10, 10))).toEqual([]);
  });

  it('ignores what its own orders have taken, wherever we take them from', () => {
    expect(align(told('A', 493, 43, 50, { sold: 7 }))).toEqual([]);
    expect(align(told('A', 10, 8, 10), told('B', 3, 5, 5, { sold: 2 }))).toEqual([]);
    expect(align(told('A', 0, -2, 5, { sold: 5, short: 2 }))).toEqual([]);
  });

  it('moves what was counted or received there, as many units as there', () => {
    expect(align(told('A', 5, 42, 10))).toEqual([change('A', 32)]);
    expect(align(told('A', 500, 42, 50))).toEqual([change('A', -8)]);
    expect(align(told('A', 5, 5, 5), told('B', 2, 6, 4))).toEqual([change('B', 2)]);
    expect(align(told('A', 0, 18, 5, { sold: 5, short: 2 }))).toEqual([change('A', 20)]);
  });

  it('takes away no more than there is at a place', () => {
    expect(align(told('A', 1, 5, 8), told('B', 4, 4, 4))).toEqual([
      change('A', -1),
      change('B', -2),
    ]);
  });

  it('moves nothing where the last number it was sent has no known end', () => {
    expect(align(told('A', 10, 8, 10, { clear: false }))).toEqual([]);
    expect(align(told('A', 10, 12, 10, { clear: false }))).toEqual([]);
  });

  it('does not raise what it sold while it was compared, or has at a new place', () => {
    const before = [told('A', 10, 12, 10)];
    expect(alignmentOf(before, [told('A', 9, 12, 10, { sold: 1 })])).toEqual([]);
    expect(alignmentOf(before, [told('A', 9, 12, 10)])).toEqual([change('A', 2)]);
    expect(align(told('A', 9, 10, 10, { sold: 1 }), at('B', 7, 6))).toEqual([]);
  });
});
