import { describe, expect, it } from 'vitest';
import { alignmentOf } from '../../../../app/domain/stock/alignment';

const at = (locationId: string, ours: number, channel: number, listingId = 'listing') => ({
  itemId: 'item',
  listingId,
  locationId,
  ours,
  channel,
});

const align = (...places: ReturnType<typeof at>[]) => alignmentOf(places, places);

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
