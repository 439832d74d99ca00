import type { ChannelConnector, ChannelSignal } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { isEcho } from '../../domain/stock/publish-quantity';
import { writeAudit } from '../../store/audit';
import { type StoredConnection, findConnectionById, isLive } from '../../store/connections';
import {
  type ReceivedEvent,
  type WorkConcerns,
  markEvents,
  receivedEventsFor,
} from '../../store/inbox';
import { enqueueJobs } from '../../store/jobs';
import {
  LOW_UNITS,
  type PublicationState,
  findPublications,
  noteObserved,
  publishJob,
  publishingDue,
} from '../../store/publications';
import { isOvertaken } from '../../store/overtaken-claims';
import { repairRuleOf } from '../../store/reconcile';
import { takeAccountSignal } from '../connections/take-account-signal';
import { openNewStock } from '../catalog/open-new-stock';
import { refreshListing } from '../catalog/refresh-listing';
import { refreshProduct } from '../catalog/refresh-product';
import type { OperationContext } from '../context';
import type { OrderReading, TakenOrder } from '../orders/take-orders';
import { placedAtOf } from '../../store/order-versions';
import { lookAtWork } from './look-at-work';
import { noteRefusal } from './note-refusal';
import { visibleSince } from './order-window';
import { RAISE_HOLD_MS, findUnseenSalesJob } from './poll-orders';

/** A number that a late word of an earlier one casts doubt on is asked about after this. */
const SECOND_LOOK_MS = 2_000;

type TakeOrder = (merchantId: string, reading: OrderReading) => Promise<TakenOrder>;

/**
 * Looks again at what signals were about: reads the thing from its channel and acts on what is
 * there now, however late, repeated or out of order the signals came. Marks the signals it covers.
 */
export async function lookAgain(
  context: OperationContext,
  takeOrder: TakeOrder,
  input: {
    readonly connectionId: string;
    readonly concerns: WorkConcerns;
    readonly cause: { readonly kind: string; readonly id: string };
  },
): Promise<Outcome<string>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  // Noted before reading: what arrives later may know more than this reading will.
  const events = await receivedEventsFor(context.db, input.connectionId, input.concerns);
  if (connection === null) return { status: 'done', value: 'The connection is gone.' };
  const { concerns } = input;
  if (concerns.kind === 'account') {
    const same = events.filter(
      ({ concerns: other }) => other.kind === 'account' && other.change === concerns.change,
    );
    return takeAccountSignal(context, connection, concerns, same);
  }
  if (connection.status === 'disconnected') {
    await mark(context, events, 'ignored', 'The channel is disconnected.');
    return { status: 'done', value: 'disconnected' };
  }
  const channel = await context.channelFor(connection);
  const cause = events[0] === undefined ? input.cause : { kind: 'inbox_event', id: events[0].id };
  if (concerns.kind === 'order') {
    const read = await channel.getOrder(concerns.orderRef);
    if (read.status !== 'done' && read.status !== 'duplicate') {
      await noteRefusal(context, connection.id, read);
      return read;
    }
    if (read.value === null && (await isHidden(context, connection, channel, concerns.orderRef))) {
      await mark(context, events, 'ignored', 'The channel no longer shows orders of that age.');
      return { status: 'done', value: 'hidden' };
    }
    const taken = await takeOrder(connection.merchantId, {
      connectionId: connection.id,
      orderRef: concerns.orderRef,
      order: read.value,
      cause,
      eventIds: events.map((event) => event.id),
    });
    return { status: 'done', value: taken.outcome };
  }
  if (concerns.kind === 'work') {
    return lookAtWork(context, connection, channel, concerns, events);
  }
  if (concerns.kind === 'product') {
    const read = await refreshProduct(context, connection, channel, concerns.productRef);
    if (read.status === 'done') await mark(context, events, 'processed', read.value);
    else await noteRefusal(context, connection.id, read);
    return read;
  }
  return lookAtStock(context, connection, channel, concerns, events, cause);
}

/** Not found, but so old that its channel may only be hiding it: it is not taken for deleted. */
async function isHidden(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  orderRef: string,
): Promise<boolean> {
  const placedAt = await placedAtOf(context.db, connection.id, orderRef);
  return placedAt !== null && placedAt < visibleSince(channel, context.clock.now());
}

type StockConcerns = Extract<ChannelSignal['concerns'], { readonly kind: 'stock' | 'listing' }>;

async function lookAtStock(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  concerns: StockConcerns,
  events: readonly ReceivedEvent[],
  cause: { readonly kind: string; readonly id: string },
): Promise<Outcome<string>> {
  const found = await findPublications(
    context.db,
    connection.id,
    concerns.kind === 'stock'
      ? { stockRef: concerns.stockRef, locationRef: concerns.locationRef }
      : { stockRef: concerns.listingRef, locationRef: null },
  );
  const newest = newestClaim(concerns, events);
  const { claimed } = newest;
  const publication = found[0];
  const now = context.clock.now();
  if (publication === undefined || claimed === null) {
    if (concerns.kind !== 'listing') {
      await mark(context, events, 'ignored', 'We do not list this here.');
      return { status: 'done', value: 'not listed' };
    }
    const refreshed = await refreshListing(context, connection, channel, concerns.listingRef);
    if (refreshed.status === 'done') await mark(context, events, 'processed', refreshed.value);
    else await noteRefusal(context, connection.id, refreshed);
    return refreshed;
  }
  const heardAt = events.at(-1)?.receivedAt;
  if (heardAt !== undefined && publication.knownAt !== null && heardAt < publication.knownAt) {
    // Taken for news it would hide from us what we have written since.
    await mark(context, events, 'processed', 'Older than what the channel has told us since.');
    return { status: 'done', value: 'older than known' };
  }
  const { sent, previous, sentAt, wanted } = publication;
  // Listings that share the number hear of it together.
  const ids = found.filter((one) => one.wanted === wanted).map(({ id }) => id);
  if (wanted === null) {
    await mark(context, events, 'ignored', 'It is not matched to an item: its stock is not kept.');
    return { status: 'done', value: 'not matched' };
  }
  // Without a message of its own, the claim is of a reading that is no newer than what we know.
  const knownFrom = heardAt ?? publication.knownAt ?? now;
  if (claimed === wanted || isEcho(claimed, { quantity: sent, previous, at: sentAt }, now)) {
    // Right after a write of ours the message may be of before it. Where the number still has to be
    // sent the channel says whether it holds it; where only a late word of an earlier number
    // disagrees with what we know, the number is sent once more to see.
    const doubtful = claimed !== wanted && claimed !== sent;
    const isNews =
      heardAt !== undefined &&
      claimed === wanted &&
      claimed !== publication.known &&
      !(await isLate(context, connection, newest, publication, now));
    if (isNews || doubtful) {
      const retryAt = doubtful ? new Date(now.getTime() + SECOND_LOOK_MS) : null;
      const observed = ids.map((id) => ({ id, quantity: claimed, again: doubtful, retryAt }));
      await noteObserved(context.db, observed, now, knownFrom);
      if (retryAt !== null && isLive(connection)) {
        await enqueueJobs(context.db, [publishJob(connection.merchantId, connection.id, retryAt)]);
      }
    }
    await mark(
      context,
      events,
      'processed',
      'Nothing new: it confirms a number we sent or a sale we had.',
    );
    return { status: 'done', value: 'as known' };
  }
  const [only] = ids;
  const isNew =
    channel.capabilities.multiLocation && wanted === 0 && claimed > 0 && only !== undefined
      ? await openNewStock(context, {
          merchantId: connection.merchantId,
          connectionId: connection.id,
          publicationId: only,
          claimed,
        })
      : false;
  if (isNew) {
    await mark(context, events, 'processed', 'The opening stock of a new product.');
    return { status: 'done', value: 'opening stock' };
  }
  await correct(context, connection, { ids, claimed, wanted, cause, knownFrom }, events);
  return { status: 'done', value: `holds ${String(claimed)}, should hold ${String(wanted)}` };
}

/**
 * An older message that arrived late: the newer one has been read, or, where the channel does not
 * say which is newer, another one of a moment ago disagreed. The channel will be asked.
 */
async function isLate(
  context: OperationContext,
  connection: StoredConnection,
  claim: StockConcerns,
  { known, knownAt, wanted }: PublicationState,
  now: Date,
): Promise<boolean> {
  if (claim.kind === 'stock' && claim.saidAt !== undefined) {
    return isOvertaken(context.db, connection, { ...claim, saidAt: claim.saidAt });
  }
  const since = knownAt === null ? null : now.getTime() - knownAt.getTime();
  return known !== wanted && since !== null && since < SECOND_LOOK_MS;
}

/**
 * The channel's number changed by itself: a sale still on its way to us, or an edit made there.
 * Orders are read first, then the ledger's number is sent again: the ledger decides. Where the
 * merchant chose otherwise the number is left, for the next comparison to explain and settle.
 */
async function correct(
  context: OperationContext,
  connection: StoredConnection,
  found: {
    readonly ids: readonly string[];
    readonly claimed: number;
    readonly wanted: number;
    readonly cause: { readonly kind: string; readonly id: string };
    readonly knownFrom: Date;
  },
  events: readonly ReceivedEvent[],
): Promise<void> {
  const now = context.clock.now();
  // Lowering cannot oversell and happens at once, as does raising where plenty is left; raising the
  // last few waits for a sale we may not know of.
  const raises = found.wanted > found.claimed && found.claimed < LOW_UNITS;
  const retryAt = raises ? new Date(now.getTime() + RAISE_HOLD_MS) : null;
  await context.db.transaction(async (tx) => {
    const again = (await repairRuleOf(tx, connection.id)) === 'publish';
    await noteObserved(
      tx,
      found.ids.map((id) => ({ id, quantity: found.claimed, again, retryAt })),
      now,
      found.knownFrom,
    );
    // A number that fell is most often a sale whose order arrives in a moment; if it is not, the
    // publication that raises it again is on record. One that rose was edited in the channel.
    if (found.wanted < found.claimed) await writeAudit(tx, [editedAudit(connection, found, now)]);
    await markEvents(
      tx,
      events.map((event) => event.id),
      'processed',
      outcomeWords(found, raises, again),
      null,
    );
    await enqueueJobs(tx, [
      ...(raises ? [findUnseenSalesJob(connection, now)] : []),
      ...(again && isLive(connection)
        ? [publishJob(connection.merchantId, connection.id, retryAt ?? publishingDue(now))]
        : []),
    ]);
  });
  context.afterCommit(connection.merchantId);
}

function outcomeWords(
  { claimed, wanted }: { readonly claimed: number; readonly wanted: number },
  raises: boolean,
  again: boolean,
): string {
  const instead = `${String(claimed)} instead of ${String(wanted)}`;
  if (!again) return `It holds ${instead}: the next comparison settles that by the channel's rule.`;
  return raises
    ? `It holds ${String(claimed)}: its orders are read before ${String(wanted)} is sent.`
    : `It held ${instead}, which is sent again.`;
}

function editedAudit(
  connection: StoredConnection,
  found: Parameters<typeof correct>[2],
  now: Date,
): Parameters<typeof writeAudit>[1][number] {
  return {
    merchantId: connection.merchantId,
    at: now,
    actor: { kind: 'channel', id: connection.id },
    action: 'stock.differs_in_channel',
    subject: { kind: 'publication', id: found.ids[0] ?? '' },
    cause: found.cause,
    data: { holds: found.claimed, wanted: found.wanted },
  };
}

/** The latest of the signals; the job's own payload may be of an earlier one. */
function newestClaim(concerns: StockConcerns, events: readonly ReceivedEvent[]): StockConcerns {
  const claims = events.flatMap(({ concerns: one }) =>
    one.kind === 'stock' || one.kind === 'listing' ? [one] : [],
  );
  const saidAt = (one: StockConcerns): string => (one.kind === 'stock' ? (one.saidAt ?? '') : '');
  let newest = claims[0] ?? concerns;
  for (const claim of claims) {
    // As they came, unless the channel says that one overtook the other on its way.
    if (saidAt(claim) === '' || saidAt(claim) >= saidAt(newest)) newest = claim;
  }
  return newest;
}

async function mark(
  context: OperationContext,
  events: readonly ReceivedEvent[],
  state: 'processed' | 'ignored',
  detail: string,
): Promise<void> {
  await markEvents(
    context.db,
    events.map((event) => event.id),
    state,
    detail,
    null,
  );
}
