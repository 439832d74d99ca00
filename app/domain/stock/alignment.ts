/** Sellable units of an item at one location: as the ledger and as the channel count them. */
export type ChannelUnits = {
  readonly itemId: string;
  readonly listingId: string;
  readonly locationId: string;
  readonly ours: number;
  readonly channel: number;
  /** What the channel last had from us here; null = nothing yet. */
  readonly told: ToldUnits | null;
};

export type ToldUnits = {
  /** The number we sent, or agreed with. */
  readonly units: number;
  /** False: what became of the last one we sent is not known. */
  readonly clear: boolean;
  /** Units that the channel's own orders have taken here since. */
  readonly sold: number;
  /** Units of the item that they still wait for, at no location yet; the same at each place. */
  readonly short: number;
};

/** Units to add (> 0) or take away (< 0) at a location. */
export type AlignmentChange = {
  readonly itemId: string;
  readonly locationId: string;
  readonly units: number;
};

/**
 * What brings the ledger to what the channel counts. Totals are compared, not places: an open order
 * may hold its units elsewhere with us than in the channel. `before` was read before the channel's
 * numbers, `now` after its newest orders were taken: an item that changed in between may be lowered
 * (that cannot oversell) but not raised. Items with two listings are left alone.
 *
 * A channel that never had a number from us keeps the count: the ledger becomes what it shows. One
 * that had shows our number, made by its policy and before whatever other channels have sold
 * since: only what has changed there by other hands than its own orders' is taken over.
 */
export function alignmentOf(
  before: readonly ChannelUnits[],
  now: readonly ChannelUnits[],
): readonly AlignmentChange[] {
  const earlier = groupByItem(before);
  return [...groupByItem(now)].flatMap(([itemId, places]) => {
    if (new Set(places.map((place) => place.listingId)).size > 1) return [];
    const was = earlier.get(itemId) ?? [];
    return places.every((place) => place.told === null)
      ? spread(itemId, places, wholeDifference(was, places), (place) => place.ours)
      : spread(itemId, places, changeSince(was, places), toldOrSame);
  });
}

/** Units between the channel's count and ours. */
function wholeDifference(was: readonly ChannelUnits[], places: readonly ChannelUnits[]): number {
  const total = sum(places, (place) => place.ours);
  const counted = sum(places, (place) => place.channel);
  const difference = Math.max(0, counted) - total;
  return difference > 0 && sum(was, (place) => place.ours) !== total ? 0 : difference;
}

/**
 * Units that people have added or taken in the channel since it had our number. They are moved as
 * they are, whatever share of the stock the channel shows: 8 units counted away are 8 units.
 */
function changeSince(was: readonly ChannelUnits[], places: readonly ChannelUnits[]): number {
  if (places.some(({ told }) => told?.clear === false)) return 0;
  const sold = soldSince(places);
  const change = sum(places, (place) => place.channel - toldOrSame(place)) + sold;
  // Where one place is new, a sale from there would look like units that came in.
  const raisable = places.every(({ told }) => told !== null) && soldSince(was) === sold;
  return change > 0 && !raisable ? 0 : change;
}

function toldOrSame({ told, channel }: ChannelUnits): number {
  return told?.units ?? channel;
}

function soldSince(places: readonly ChannelUnits[]): number {
  const short = Math.max(0, ...places.map(({ told }) => told?.short ?? 0));
  return sum(places, ({ told }) => told?.sold ?? 0) + short;
}

/** Puts the difference where the channel differs that way from `base`, the rest at the first. */
function spread(
  itemId: string,
  places: readonly ChannelUnits[],
  difference: number,
  base: (place: ChannelUnits) => number,
): AlignmentChange[] {
  const sign = Math.sign(difference);
  let left = Math.abs(difference);
  const changes = new Map<string, number>();
  const take = (place: ChannelUnits, most: number): void => {
    const taken = changes.get(place.locationId) ?? 0;
    const there = sign > 0 ? left : Math.max(0, place.ours - taken);
    const units = Math.min(left, Math.max(0, most), there);
    if (units === 0) return;
    changes.set(place.locationId, taken + units);
    left -= units;
  };
  for (const place of places) take(place, sign * (place.channel - base(place)));
  for (const place of places) take(place, left);
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
