/** Sellable units of an item at one location: as the ledger and as the channel count them. */
export type ChannelUnits = {
  readonly itemId: string;
  readonly listingId: string;
  readonly locationId: string;
  readonly ours: number;
  readonly channel: number;
};

/** Units to add (> 0) or take away (< 0) at a location. */
export type AlignmentChange = {
  readonly itemId: string;
  readonly locationId: string;
  readonly units: number;
};

/**
 * What brings the ledger's total of each item to the channel's. Totals are compared, not places:
 * an open order may hold its units elsewhere with us than in the channel. `before` was read before
 * the channel's numbers, `now` after its newest orders were taken: an item that changed in between
 * may be lowered (that cannot oversell) but not raised. Items with two listings are left alone.
 */
export function alignmentOf(
  before: readonly ChannelUnits[],
  now: readonly ChannelUnits[],
): readonly AlignmentChange[] {
  const earlier = groupByItem(before);
  return [...groupByItem(now)].flatMap(([itemId, places]) => {
    if (new Set(places.map((place) => place.listingId)).size > 1) return [];
    const total = sum(places, (place) => place.ours);
    const difference =
      Math.max(
        0,
        sum(places, (place) => place.channel),
      ) - total;
    const moved = sum(earlier.get(itemId) ?? [], (place) => place.ours) !== total;
    if (difference === 0 || (difference > 0 && moved)) return [];
    return spread(itemId, places, difference);
  });
}

/** Puts the difference where the two counts differ that way, the rest at the first place. */
function spread(
  itemId: string,
  places: readonly ChannelUnits[],
  difference: number,
): AlignmentChange[] {
  const sign = Math.sign(difference);
  let left = Math.abs(difference);
  const changes = new Map<string, number>();
  const take = (locationId: string, most: number): void => {
    const units = Math.min(left, Math.max(0, most));
    if (units === 0) return;
    changes.set(locationId, (changes.get(locationId) ?? 0) + units);
    left -= units;
  };
  for (const place of places) take(place.locationId, sign * (place.channel - place.ours));
  for (const place of places) {
    const most = sign > 0 ? left : place.ours - (changes.get(place.locationId) ?? 0);
    take(place.locationId, most);
  }
  return [...changes].map(([locationId, units]) => ({ itemId, locationId, units: sign * units }));
}

function groupByItem(rows: readonly ChannelUnits[]): Map<string, ChannelUnits[]> {
  const groups = new Map<string, ChannelUnits[]>();
  for (const row of rows) groups.set(row.itemId, [...(groups.get(row.itemId) ?? []), row]);
  return groups;
}

function sum(rows: readonly ChannelUnits[], of: (row: ChannelUnits) => number): number {
  return rows.reduce((total, row) => total + of(row), 0);
}
