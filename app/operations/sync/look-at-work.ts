import type { ChannelConnector, ChannelSignal } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { StoredConnection } from '../../store/connections';
import { type ReceivedEvent, lookAgainJob, markEvents } from '../../store/inbox';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import { connectionsOfSeveralPlaces, findOrderId, moveWorkJob } from '../../store/work';
import type { OperationContext } from '../context';
import { noteRefusal } from './note-refusal';

type WorkSignal = Extract<ChannelSignal['concerns'], { readonly kind: 'work' }>;

/**
 * Signals about a piece of work: finds its order and hands on what there is to do with it, in jobs
 * that wait their turn with all others of that order. Being given to a location or moved does not
 * change what we read of an order, so only other changes have it read again.
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
    if (signals.some(({ change }) => change === 'other')) {
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
        jobs.push(moveWorkJob(merchantId, { orderId, connectionId }, movedTo));
      }
    }
    await enqueueJobs(tx, jobs);
    await markEvents(tx, ids, 'processed', null, null);
  });
  context.afterCommit(connection.merchantId);
  return { status: 'done', value: orderRef };
}

function workOnly(concerns: ReceivedEvent['concerns']): readonly WorkSignal[] {
  return concerns.kind === 'work' ? [concerns] : [];
}
