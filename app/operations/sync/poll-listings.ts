import type { ChannelConnector, ChannelListing } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import {
  type StoredConnection,
  findConnectionById,
  setListingsSeenUntil,
} from '../../store/connections';
import { lookAgainJob } from '../../store/inbox';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import { knownNumbers } from '../../store/known-numbers';
import { importListings } from '../catalog/import-listings';
import type { OperationContext } from '../context';
import { noteRefusal } from './note-refusal';

/** Polls overlap by this much: channels stamp changes in whole seconds, by their own clocks. */
const OVERLAP_MS = 120_000;
/** The first poll looks back this far: the import may have read a page that long ago. */
const FIRST_LOOK_BACK_MS = 3_600_000;
/** Half a million listings in one poll: more is a channel that never ends its list. */
const PAGES_MAX = 10_000;

/** Reads a connection's changed listings; at most one such job waits. */
export function pollListingsJob(connection: {
  readonly id: string;
  readonly merchantId: string;
}): NewJob {
  return {
    kind: 'poll-listings',
    merchantId: connection.merchantId,
    connectionId: connection.id,
    payload: { connectionId: connection.id },
    serialKey: `poll-listings:${connection.id}`,
    dedupeKey: `poll-listings:${connection.id}`,
  };
}

/**
 * Finds what no message told of listings: new and changed ones are taken into the catalogue, and
 * a number that the channel holds otherwise than we know is looked at like a message about it.
 * `since` reads from an earlier time than the last poll. Answers how many had changed.
 */
export async function pollListings(
  context: OperationContext,
  input: { readonly connectionId: string; readonly since?: Date },
): Promise<Outcome<number>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection?.status !== 'connected' || connection.importedAt === null) {
    return { status: 'done', value: 0 };
  }
  const channel = await context.channelFor(connection);
  const started = context.clock.now();
  const seen = connection.listingsSeenUntil;
  const since =
    seen === null
      ? new Date(connection.importedAt.getTime() - FIRST_LOOK_BACK_MS)
      : new Date(seen.getTime() - OVERLAP_MS);
  const from = input.since !== undefined && input.since < since ? input.since : since;
  const outcome = await readPages(context, connection, channel, from);
  if (outcome.status !== 'done') {
    await noteRefusal(context, connection.id, outcome);
    return outcome;
  }
  await setListingsSeenUntil(context.db, connection.id, started);
  if (outcome.value > 0) context.afterCommit(connection.merchantId);
  return outcome;
}

async function readPages(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  since: Date,
): Promise<Outcome<number>> {
  let cursor: string | null = null;
  let found = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer: Awaited<ReturnType<ChannelConnector['listListingsChangedSince']>> =
      await channel.listListingsChangedSince(since, cursor);
    if (answer.status !== 'done' && answer.status !== 'duplicate') return answer;
    const { entries, nextCursor } = answer.value;
    if (entries.length > 0) await takePage(context, connection, channel, entries);
    found += entries.length;
    cursor = nextCursor;
    if (cursor === null) return { status: 'done', value: found };
  }
  throw new Error(`The list of changed listings did not end within ${String(PAGES_MAX)} pages.`);
}

async function takePage(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  entries: readonly ChannelListing[],
): Promise<void> {
  const importing = {
    merchantId: connection.merchantId,
    connectionId: connection.id,
    createsItems: channel.capabilities.multiLocation,
    newLocationIds: [],
  };
  await context.db.transaction(async (tx) => {
    await importListings(tx, importing, entries, context.clock.now());
    // Before it goes live a channel may show what it likes: nothing of it is ours yet.
    if (!connection.publishing) return;
    await enqueueJobs(tx, await differencesOf(tx, connection, entries));
  });
}

/** A look at each number that is not what we know of; numbers that listings share once. */
async function differencesOf(
  tx: Parameters<typeof knownNumbers>[0],
  connection: StoredConnection,
  entries: readonly ChannelListing[],
): Promise<readonly NewJob[]> {
  const refs = entries.map((listing) => listing.ref);
  const known = new Map(
    (await knownNumbers(tx, connection.id, refs)).map((number) => [
      `${number.listingRef} ${number.locationRef}`,
      number.known,
    ]),
  );
  const jobs = new Map<string, NewJob>();
  for (const { ref, stock } of entries) {
    for (const { stockRef, locationRef, available } of stock) {
      const held = known.get(`${ref} ${locationRef}`);
      if (held === undefined || available === null || held === available) continue;
      const concerns = { kind: 'stock' as const, stockRef, locationRef, claimed: available };
      jobs.set(`${stockRef} ${locationRef}`, {
        ...lookAgainJob(connection.merchantId, connection.id, concerns),
        causeKind: 'poll',
        causeId: connection.id,
      });
    }
  }
  return [...jobs.values()];
}
