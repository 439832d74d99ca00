import { unitsOfBuyer } from '../catalog/explode-kit';
import type { GeoPoint } from '../shared/address';
import { distanceKm } from './distance';
import { type RoutingAssignment, type RoutingNeed, drawUnits } from './draw-units';

export type { RoutingAssignment, RoutingNeed };

/** A location the order's channel is mapped to, with what it has available now. */
export type RoutingCandidate = {
  readonly locationId: string;
  readonly name: string;
  /** Lower ships first. */
  readonly priority: number;
  readonly point: GeoPoint | null;
  /** Available units by item id; absent = none. */
  readonly available: ReadonlyMap<string, number>;
};

/** A choice that was looked at, best first, and how the rules rank it. */
export type RoutingConsidered = {
  readonly locations: readonly string[];
  readonly units: number;
  readonly parcels: number;
  readonly priorities: readonly number[];
  readonly distanceKm: number | null;
};

export type RoutingPlan = {
  readonly assignments: readonly RoutingAssignment[];
  readonly short: readonly RoutingNeed[];
  readonly considered: readonly RoutingConsidered[];
  /** Why, for a person, in one sentence. */
  readonly sentence: string;
  /** The first rule that separated the best from the second best. */
  readonly decidedBy:
    | 'only_choice'
    | 'units'
    | 'parcels'
    | 'kits'
    | 'priority'
    | 'distance'
    | 'name'
    | 'nothing_available';
};

/** Above this many stocked locations, sets are no longer enumerated but chosen greedily. */
const LOCATIONS_ENUMERATED_MAX = 10;
/** Choices kept for the record. */
const CONSIDERED_KEPT_MAX = 5;

/**
 * Chooses the locations that ship an order. Rules, in order, each breaking the ties of the one
 * before: most units that can be shipped at all; fewest parcels (locations); fewest kits whose
 * parts leave apart; priority; distance to the destination; name. What no location has is returned
 * as short, never thrown away, together with `missing`: what the caller knew to be short.
 */
export function routeOrder(
  needs: readonly RoutingNeed[],
  candidates: readonly RoutingCandidate[],
  destination: GeoPoint | null,
  missing: readonly RoutingNeed[] = [],
): RoutingPlan {
  const demand = sumByItem(needs);
  const stocked = candidates.filter((candidate) =>
    [...demand.keys()].some((itemId) => unitsAt(candidate, itemId) > 0),
  );
  if (stocked.length === 0) return nothingAvailable([...needs, ...missing], candidates);
  // With one position unknown the distance rule abstains for all: half a comparison is no order.
  const target = stocked.every((candidate) => candidate.point !== null) ? destination : null;
  const choices = countSplitKits(enumerateChoices(stocked, needs, target), needs);
  choices.sort(compareChoices);
  const best = choices[0];
  if (best === undefined) return nothingAvailable([...needs, ...missing], candidates);
  const second = choices[1];
  const decidedBy = second === undefined ? 'only_choice' : separatingRule(best, second);
  const drawn = drawUnits(needs, best.members);
  const short = [...drawn.short, ...missing];
  return {
    assignments: drawn.assignments,
    short,
    considered: choices.slice(0, CONSIDERED_KEPT_MAX).map(describeChoice),
    sentence: explain(best, second, decidedBy, short),
    decidedBy,
  };
}

type Choice = {
  /** In the order they are drawn from: priority, then distance, then name. */
  readonly members: readonly RoutingCandidate[];
  readonly units: number;
  /** Counted only of choices that nothing before it separates. */
  readonly splitKits: number;
  readonly priorities: readonly number[];
  readonly distance: number | null;
};

function sumByItem(needs: readonly RoutingNeed[]): Map<string, number> {
  const demand = new Map<string, number>();
  for (const need of needs) {
    demand.set(need.itemId, (demand.get(need.itemId) ?? 0) + need.quantity);
  }
  return demand;
}

function unitsAt(candidate: RoutingCandidate, itemId: string): number {
  return Math.max(0, candidate.available.get(itemId) ?? 0);
}

function enumerateChoices(
  stocked: readonly RoutingCandidate[],
  needs: readonly RoutingNeed[],
  destination: GeoPoint | null,
): Choice[] {
  const demand = sumByItem(needs);
  const ranked = [...stocked].sort((a, b) => compareCandidates(a, b, destination));
  if (ranked.length > LOCATIONS_ENUMERATED_MAX) {
    return [makeChoice(chooseGreedily(ranked, demand), demand, destination)];
  }
  const choices: Choice[] = [];
  for (let mask = 1; mask < 1 << ranked.length; mask += 1) {
    const members = ranked.filter((_, index) => (mask & (1 << index)) !== 0);
    choices.push(makeChoice(members, demand, destination));
  }
  return choices;
}

/** Again and again the location that adds most units, the better ranked one among equals. */
function chooseGreedily(
  ranked: readonly RoutingCandidate[],
  demand: ReadonlyMap<string, number>,
): RoutingCandidate[] {
  const open = new Map(demand);
  const chosen = new Set<RoutingCandidate>();
  const adds = (candidate: RoutingCandidate): number =>
    [...open].reduce(
      (sum, [itemId, units]) => sum + Math.min(units, unitsAt(candidate, itemId)),
      0,
    );
  for (;;) {
    let best: RoutingCandidate | undefined;
    for (const candidate of ranked) {
      if (chosen.has(candidate)) continue;
      if (adds(candidate) > (best === undefined ? 0 : adds(best))) best = candidate;
    }
    if (best === undefined) return ranked.filter((candidate) => chosen.has(candidate));
    chosen.add(best);
    for (const [itemId, units] of open) {
      open.set(itemId, Math.max(0, units - unitsAt(best, itemId)));
    }
  }
}

function makeChoice(
  members: readonly RoutingCandidate[],
  demand: ReadonlyMap<string, number>,
  destination: GeoPoint | null,
): Choice {
  let units = 0;
  for (const [itemId, wanted] of demand) {
    const held = members.reduce((sum, member) => sum + unitsAt(member, itemId), 0);
    units += Math.min(wanted, held);
  }
  const distances = members.map((member) => distanceTo(member, destination));
  return {
    members,
    units,
    splitKits: 0,
    priorities: members.map((member) => member.priority),
    distance: distances.some((km) => km === null)
      ? null
      : distances.reduce<number>((sum, km) => sum + (km ?? 0), 0),
  };
}

function countSplitKits(choices: readonly Choice[], needs: readonly RoutingNeed[]): Choice[] {
  if (needs.every((need) => need.kit === undefined)) return [...choices];
  const units = Math.max(...choices.map((choice) => choice.units));
  const best = choices.filter((choice) => choice.units === units);
  const parcels = Math.min(...best.map((choice) => choice.members.length));
  return choices.map((choice) =>
    choice.units === units && choice.members.length === parcels
      ? { ...choice, splitKits: drawUnits(needs, choice.members).splitKits }
      : choice,
  );
}

function distanceTo(candidate: RoutingCandidate, destination: GeoPoint | null): number | null {
  if (candidate.point === null || destination === null) return null;
  return distanceKm(candidate.point, destination);
}

function compareCandidates(
  a: RoutingCandidate,
  b: RoutingCandidate,
  destination: GeoPoint | null,
): number {
  return (
    a.priority - b.priority ||
    compareDistances(distanceTo(a, destination), distanceTo(b, destination)) ||
    compareText(a.name, b.name) ||
    compareText(a.locationId, b.locationId)
  );
}

function compareDistances(a: number | null, b: number | null): number {
  return a === null || b === null ? 0 : a - b;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareChoices(a: Choice, b: Choice): number {
  return (
    b.units - a.units ||
    a.members.length - b.members.length ||
    a.splitKits - b.splitKits ||
    compareLists(a.priorities, b.priorities) ||
    compareDistances(a.distance, b.distance) ||
    compareText(nameOf(a), nameOf(b)) ||
    compareText(idsOf(a), idsOf(b))
  );
}

function separatingRule(best: Choice, second: Choice): RoutingPlan['decidedBy'] {
  if (best.units !== second.units) return 'units';
  if (best.members.length !== second.members.length) return 'parcels';
  if (best.splitKits !== second.splitKits) return 'kits';
  if (compareLists(best.priorities, second.priorities) !== 0) return 'priority';
  if (compareDistances(best.distance, second.distance) !== 0) return 'distance';
  return 'name';
}

function nameOf(choice: Choice): string {
  return choice.members.map((member) => member.name).join(' and ');
}

function idsOf(choice: Choice): string {
  return choice.members.map((member) => member.locationId).join();
}

function describeChoice(choice: Choice): RoutingConsidered {
  return {
    locations: choice.members.map((member) => member.name),
    units: choice.units,
    parcels: choice.members.length,
    priorities: choice.priorities,
    distanceKm: choice.distance === null ? null : Math.round(choice.distance),
  };
}

function explain(
  best: Choice,
  second: Choice | undefined,
  decidedBy: RoutingPlan['decidedBy'],
  short: RoutingPlan['short'],
): string {
  const units = unitsOfBuyer(short);
  const tail = units === 0 ? '' : ` ${plural(units, 'unit is', 'units are')} short everywhere.`;
  return `${nameOf(best)} ${best.members.length === 1 ? 'ships' : 'ship'} this order: ${because(best, second, decidedBy, units)}.${tail}`;
}

function because(
  best: Choice,
  second: Choice | undefined,
  decidedBy: RoutingPlan['decidedBy'],
  shortUnits: number,
): string {
  const all = shortUnits === 0 ? 'everything' : 'everything there is';
  const other = second === undefined ? '' : nameOf(second);
  const one = best.members.length === 1;
  switch (decidedBy) {
    case 'units':
      return one
        ? `it is the only one with ${all}`
        : `only together do they have ${all}, in ${String(best.members.length)} parcels`;
    case 'parcels':
      return `${one ? 'it has' : 'they have'} ${all}, so it leaves in the fewest parcels (${String(best.members.length)})`;
    case 'kits':
      return `${one ? 'it has' : 'they have'} what belongs to one kit in one place`;
    case 'priority':
      return `${one ? 'it comes' : 'they come'} before ${other} in your priorities`;
    case 'distance':
      return `${one ? 'it is' : 'they are'} closest to the destination (${wholeKm(best)} against ${wholeKm(second)} from ${other})`;
    case 'name':
      return one
        ? `it is as good as ${other} by every rule and comes first by name`
        : `they are as good as ${other} by every rule and come first by name`;
    default:
      return 'no other location has any of it';
  }
}

/** "3,992 km", for a sentence. */
function wholeKm(choice: Choice | undefined): string {
  const km = String(Math.round(choice?.distance ?? 0));
  return `${km.replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')} km`;
}

function nothingAvailable(
  needs: readonly RoutingNeed[],
  candidates: readonly RoutingCandidate[],
): RoutingPlan {
  const short = `so ${plural(unitsOfBuyer(needs), 'unit is', 'units are')} short`;
  const sentence =
    candidates.length === 0
      ? `No location ships for this channel, ${short}.`
      : needs.every((need) => need.kit !== undefined)
        ? `Not everything that belongs to a kit is available, ${short}.`
        : `No location has any of it available, ${short}.`;
  return {
    assignments: [],
    short: needs,
    considered: [],
    sentence,
    decidedBy: 'nothing_available',
  };
}

function plural(count: number, one: string, many: string): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
