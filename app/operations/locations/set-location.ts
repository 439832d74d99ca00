import type { Actor } from '../../domain/shared/actor';
import {
  type LocationDetails,
  locationChanges,
  locationProblem,
} from '../../domain/stock/location-details';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import {
  type FedChannel,
  type KnownLocation,
  fedChannels,
  locationLoad,
  lockLocations,
  setFeeding,
  switchLocation,
  writeLocation,
} from '../../store/location-details';
import { wakeOrdersShortAt } from '../../store/locations';
import { type OperationContext, type Refused, refused } from '../context';

type Change = { readonly merchantId: string; readonly locationId: string; readonly actor: Actor };

export type SaveLocation = Change & {
  readonly details: LocationDetails;
  /** Channels with one number per listing that its stock is sold on, all of them. */
  readonly feeds: readonly string[];
};

/**
 * Changes a location, or adds one that no channel knows when there is none of this id yet (made
 * once per form). Shopify's numbers are made of Shopify's own locations only; other channels may
 * be fed by any.
 */
export async function saveLocation(
  context: OperationContext,
  input: SaveLocation,
): Promise<{ readonly status: 'done'; readonly locationId: string } | Refused> {
  const details = { ...input.details, name: input.details.name.trim() };
  const problem = locationProblem(details);
  if (problem !== null) return refused('validation', problem);
  const { merchantId, locationId } = input;
  const answer = await context.db.transaction(async (tx) => {
    const known = await lockLocations(tx, merchantId);
    const before = known.find((location) => location.id === locationId) ?? null;
    const wanted = details.name.toLowerCase();
    const twin = known.find(({ id, name }) => id !== locationId && name.toLowerCase() === wanted);
    if (twin !== undefined) return refused('conflict', `Another location is called ${twin.name}.`);
    const channels = await fedChannels(tx, merchantId);
    const unknown = input.feeds.some((id) => channels.every((channel) => channel.id !== id));
    if (unknown) return refused('not_found', 'A channel does not exist any more: reload the page.');
    const starved = starvedChannel(channels, input);
    if (starved !== undefined) {
      return refused(
        'conflict',
        `${starved.name} would have no location left: choose another first.`,
      );
    }
    await writeLocation(tx, merchantId, locationId, details);
    // An id that another merchant has is written nowhere.
    const written = (await lockLocations(tx, merchantId)).some(({ id }) => id === locationId);
    if (!written) return refused('not_found', 'This location does not exist.');
    const fed = await feedChannels(tx, input, channels);
    await record(context, tx, input, before, details, fed);
    if (fed.added.length > 0) await wakeOrdersShortAt(tx, merchantId, [locationId]);
    return { status: 'done' as const, locationId };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}

/** A channel that is fed by this location alone, and would not be any more. */
function starvedChannel(
  channels: readonly FedChannel[],
  { locationId, feeds }: SaveLocation,
): FedChannel | undefined {
  return channels.find(
    ({ id, locationIds }) =>
      locationIds.length === 1 && locationIds[0] === locationId && !feeds.includes(id),
  );
}

type Fed = { readonly added: readonly string[]; readonly removed: readonly string[] };

/** Answers the names of channels that it feeds now and did not, and the other way around. */
async function feedChannels(
  tx: Transaction,
  { merchantId, locationId, feeds }: SaveLocation,
  channels: readonly FedChannel[],
): Promise<Fed> {
  const [added, removed]: [string[], string[]] = [[], []];
  for (const channel of channels) {
    const wanted = feeds.includes(channel.id);
    if (wanted === channel.locationIds.includes(locationId)) continue;
    await setFeeding(tx, merchantId, channel, locationId, wanted);
    (wanted ? added : removed).push(channel.name);
  }
  return { added, removed };
}

async function record(
  { clock }: OperationContext,
  tx: Transaction,
  { merchantId, locationId, actor }: Change,
  before: KnownLocation | null,
  details: LocationDetails,
  fed: Fed,
): Promise<void> {
  const changed = before === null ? [] : [...locationChanges(before, details)];
  if (fed.added.length > 0) changed.push(`now feeds ${fed.added.join(', ')}`);
  if (fed.removed.length > 0) changed.push(`no longer feeds ${fed.removed.join(', ')}`);
  if (before !== null && changed.length === 0) return;
  const subject = { kind: 'location', id: locationId };
  await writeAudit(tx, [
    {
      merchantId,
      at: clock.now(),
      actor,
      action: before === null ? 'location.added' : 'location.changed',
      subject,
      cause: subject,
      data: { locationName: details.name, changed: changed.join(', ') },
    },
  ]);
}

/**
 * Switches a location on or off. Off is refused while orders are to be shipped from it, and asks
 * again (`withStock`) while units lie there, since no channel sells them then.
 */
export async function setLocationActive(
  context: OperationContext,
  input: Change & { readonly active: boolean; readonly withStock: boolean },
): Promise<{ readonly status: 'done' } | Refused> {
  const { merchantId, locationId, active } = input;
  const answer = await context.db.transaction(async (tx) => {
    const known = await lockLocations(tx, merchantId);
    const location = known.find(({ id }) => id === locationId);
    if (location === undefined) return refused('not_found', 'This location does not exist.');
    if (location.active === active) return { status: 'done' as const };
    if (!active) {
      const problem = await offProblem(tx, input, location, known);
      if (problem !== null) return refused('conflict', problem);
    }
    await switchLocation(tx, merchantId, locationId, active);
    const subject = { kind: 'location', id: locationId };
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: active ? 'location.switched_on' : 'location.switched_off',
        subject,
        cause: subject,
        data: { locationName: location.name },
      },
    ]);
    if (active) await wakeOrdersShortAt(tx, merchantId, [locationId]);
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}

async function offProblem(
  tx: Transaction,
  {
    merchantId,
    locationId,
    withStock,
  }: { merchantId: string; locationId: string; withStock: boolean },
  { name }: KnownLocation,
  known: readonly KnownLocation[],
): Promise<string | null> {
  if (!known.some(({ id, active }) => active && id !== locationId)) {
    return `${name} is the only location that is switched on.`;
  }
  const { orders, units } = await locationLoad(tx, merchantId, locationId);
  if (orders > 0) {
    const what = orders === 1 ? '1 order is' : `${String(orders)} orders are`;
    return `${what} to be shipped from ${name}: ship or move them first.`;
  }
  if (units > 0 && !withStock) {
    const what = units === 1 ? '1 unit is' : `${String(units)} units are`;
    return `${what} at ${name}, and would no longer be sold. Confirm that to go on.`;
  }
  return null;
}
