import type { ChannelConnector, ChannelSignal } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { StoredConnection } from '../../store/connections';
import { type ReceivedEvent, lookAgainJob, markEvents } from '../../store/inbox';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import {
  connectionsOfSeveralPlaces,
  findOrderId,
  moveWorkJob,
  refusedReports,
} from '../../store/work';
import type { OperationContext } from '../context';
import { retryFulfillmentReport } from '../fulfillment/retry-report';
import { noteRefusal } from './note-refusal';

type WorkSignal = Extract<ChannelSignal['concerns'], { readonly kind: 'work' }>;

/**
 * Signals about a piece of work: finds its order and hands on what there is to do with it, in jobs
 * that wait their turn with all others of that order. Being given to a location or moved does not
 * change what we read of an order, so only other changes have it read again. Work that is free
 * again has refused reports of its parcels told again: a hold may have been all that was wrong.
 */
export async function lookAtWork(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  concerns: WorkSignal,
  events: readonly ReceivedEvent[],
): Promise<Outcome<string>> {
  const found = await channel.orderOfWork(concerns.workRef);
  if (found.status !== 'done' && found.status !== 'duplicate') {
    await noteRefusal(context, connection.id, found);
    return found;
  }
  const ids = events.map((event) => event.id);
  const orderRef = found.value;
  if (orderRef === null) {
    await markEvents(context.db, ids, 'ignored', 'The channel no longer has this work.', null);
    return { status: 'done', value: 'gone' };
  }
  const signals = [concerns, ...events.flatMap(({ concerns: one }) => workOnly(one))];
  await context.db.transaction(async (tx) => {
    const jobs: NewJob[] = [];
    if (signals.some(({ change }) => change === 'other' || change === 'freed')) {
      const order = { kind: 'order', orderRef } as const;
      jobs.push(lookAgainJob(connection.merchantId, connection.id, order));
    }
    const { merchantId, id: connectionId } = connection;
    // An order that we do not know yet is told of its places once it has been routed.
    const orderId = await findOrderId(tx, merchantId, connectionId, orderRef);
    const several = await connectionsOfSeveralPlaces(tx, merchantId, [connectionId]);
    if (orderId !== null && several.has(connectionId)) {
      for (const { change, locationRef } of signals) {
        const movedTo = change === 'moved' ? locationRef : null;
        const now = movedTo === null ? context.clock.now() : null;
        jobs.push(moveWorkJob(merchantId, { orderId, connectionId }, movedTo, now));
      }
    }
    await enqueueJobs(tx, jobs);
    await markEvents(tx, ids, 'processed', null, null);
  });
  const freed = signals.some(({ change }) => change === 'freed');
  if (freed) await retryReports(context, connection, orderRef);
  context.afterCommit(connection.merchantId);
  return { status: 'done', value: orderRef };
}

async function retryReports(
  context: OperationContext,
  { id: connectionId, merchantId }: StoredConnection,
  orderRef: string,
): Promise<void> {
  const actor = { kind: 'channel', id: connectionId } as const;
  for (const fulfillmentId of await refusedReports(context.db, connectionId, orderRef)) {
    await retryFulfillmentReport(context, { merchantId, fulfillmentId, actor });
  }
}

function workOnly(concerns: ReceivedEvent['concerns']): readonly WorkSignal[] {
  return concerns.kind === 'work' ? [concerns] : [];
}
