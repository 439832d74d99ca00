import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import type { Queryable } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { findConnection } from '../../store/connections';
import { type Hold, endChannelHold, holdsToReport, settleHold } from '../../store/hold-orders';
import { lookAgainJob } from '../../store/inbox';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import { type OrderToTell, findOrderToTell } from '../../store/order-heads';
import type { OperationContext } from '../context';

/** Which of the orders' channels know holds, and can be told of one. */
export async function channelsThatHold(
  q: Queryable,
  context: OperationContext,
  merchantId: string,
  orders: readonly { readonly connectionId: string }[],
): Promise<ReadonlySet<string>> {
  const told = new Set<string>();
  for (const id of new Set(orders.map(({ connectionId }) => connectionId))) {
    const channel = await channelOf(q, context, merchantId, id);
    if (channel?.capabilities.holds === true) told.add(id);
  }
  return told;
}

/** Null when it is disconnected: nobody is there to be told. */
async function channelOf(
  q: Queryable,
  context: OperationContext,
  merchantId: string,
  connectionId: string,
): Promise<ChannelConnector | null> {
  const connection = await findConnection(q, merchantId, connectionId);
  if (connection === null || connection.status === 'disconnected') return null;
  return context.channelFor(connection);
}

/** Keyed with the order, so that no reading of it crosses what is being told. */
export function reportHoldsJob(
  merchantId: string,
  order: Pick<OrderToTell, 'id' | 'connectionId' | 'externalRef'>,
): NewJob {
  return {
    kind: 'report-holds',
    merchantId,
    connectionId: order.connectionId,
    payload: { merchantId, orderId: order.id },
    serialKey: `order:${order.connectionId}:${order.externalRef}`,
    dedupeKey: `report-holds:${order.id}`,
    causeKind: 'order',
    causeId: order.id,
  };
}

/**
 * Tells an order's channel of holds that were set or lifted here, and asks it to lift its own.
 * Each refusal stands with its hold. Answers the first outcome that the job has to wait for.
 */
export async function reportHolds(
  context: OperationContext,
  input: { readonly merchantId: string; readonly orderId: string },
): Promise<Outcome<null>> {
  const { merchantId } = input;
  const order = await findOrderToTell(context.db, merchantId, input.orderId);
  if (order === null) return { status: 'duplicate', value: null };
  const channel = await channelOf(context.db, context, merchantId, order.connectionId);
  for (const hold of await holdsToReport(context.db, merchantId, order.id)) {
    const outcome = channel === null ? disconnected : await tell(channel, order.externalRef, hold);
    const waits =
      outcome.status === 'retry_later' ||
      outcome.status === 'unknown' ||
      (outcome.status === 'refused' && outcome.reason.code === 'unauthorized');
    if (waits) return outcome;
    await settle(context, merchantId, order, hold, outcome);
  }
  context.afterCommit(merchantId);
  return { status: 'done', value: null };
}

const disconnected: Outcome<string | null> = {
  status: 'refused',
  reason: { code: 'permanent', message: 'The channel is disconnected.' },
};

/** What the channel calls a hold it was told of; null when one was lifted. */
async function tell(
  channel: ChannelConnector,
  orderRef: string,
  hold: Hold,
): Promise<Outcome<string | null>> {
  const refs = hold.externalRef?.split(' ') ?? [];
  if (!isSetting(hold)) {
    // Lifted before the channel heard of it: there is nothing to lift.
    if (refs.length === 0) return { status: 'duplicate', value: null };
    return channel.releaseHolds(orderRef, refs, `release:${hold.id}`);
  }
  const outcome = await channel.holdOrder(
    orderRef,
    { reason: hold.reason, note: hold.note },
    `hold:${hold.id}`,
  );
  return outcome.status === 'done' || outcome.status === 'duplicate'
    ? { status: outcome.status, value: outcome.value.join(' ') }
    : outcome;
}

/** Whether the channel is to be told that it holds, rather than that it no longer does. */
function isSetting(hold: Hold): boolean {
  return hold.origin === 'crossdock' && hold.releasedAt === null;
}

async function settle(
  context: OperationContext,
  merchantId: string,
  order: OrderToTell,
  hold: Hold,
  outcome: Outcome<string | null>,
): Promise<void> {
  const at = context.clock.now();
  const message = outcome.status === 'refused' ? outcome.reason.message : null;
  const value = 'value' in outcome && outcome.value !== '' ? outcome.value : null;
  await context.db.transaction(async (tx) => {
    if (message === null && hold.origin === 'channel') {
      await endChannelHold(tx, merchantId, hold, at);
    } else {
      const state = message === null ? 'acknowledged' : 'refused';
      await settleHold(tx, merchantId, hold.id, {
        state,
        detail: message,
        externalRef: value,
        wasSet: isSetting(hold),
      });
    }
    const what = isSetting(hold) ? 'hold' : 'hold_lift';
    await writeAudit(tx, [
      {
        merchantId,
        at,
        actor: { kind: 'channel', id: order.connectionId },
        action: `order.${what}_${message === null ? 'acknowledged' : 'refused'}`,
        subject: { kind: 'order', id: hold.orderId },
        cause: { kind: 'order', id: hold.orderId },
        data: { reason: hold.reason, ...(message === null ? {} : { message }) },
      },
    ]);
    // A channel that keeps its hold, or ours, says so when it is read.
    if (message !== null && !isSetting(hold)) {
      const concerns = { kind: 'order', orderRef: order.externalRef } as const;
      await enqueueJobs(tx, [lookAgainJob(merchantId, order.connectionId, concerns)]);
    }
  });
}
