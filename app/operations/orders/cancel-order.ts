import type { Actor } from '../../domain/shared/actor';
import type { Outcome } from '../../contracts/outcome';
import { writeAudit } from '../../store/audit';
import { enqueueJobs } from '../../store/jobs';
import { lookAgainJob } from '../../store/inbox';
import { type StoredOrder, lockOrdersById } from '../../store/orders';
import { findCancelToReport, settleCancel } from '../../store/order-cancel';
import { type OperationContext, type Refused, refused } from '../context';
import { carryOutPlans } from './carry-out-plans';

export type CancelOrder = {
  readonly merchantId: string;
  readonly orderId: string;
  readonly reason: string;
  readonly actor: Actor;
  readonly idempotencyKey: string;
};

const REASON_LENGTH_MAX = 255;
/** How soon a channel is asked whether it has cancelled. */
const VERIFY_MS = 2_000;

/**
 * Cancels an order here at once (its units are available again when this answers) and in its
 * channel by a job. A channel that refuses brings the order back, as a visible exception.
 */
export async function cancelOrder(
  context: OperationContext,
  input: CancelOrder,
): Promise<{ readonly status: 'done' | 'duplicate' } | Refused> {
  const reason = input.reason.trim();
  if (reason === '' || reason.length > REASON_LENGTH_MAX) {
    return refused('validation', 'Give a reason of at most 255 characters.');
  }
  const answer = await context.db.transaction(async (tx) => {
    const [order] = await lockOrdersById(tx, input.merchantId, [input.orderId]);
    if (order === undefined) return refused('not_found', 'This order does not exist.');
    if (order.status === 'cancelled') return { status: 'duplicate' as const };
    const problem = cancelProblem(order);
    if (problem !== null) return refused('conflict', problem);
    const now = context.clock.now();
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: now,
        actor: input.actor,
        action: 'order.cancelled',
        subject: { kind: 'order', id: order.id },
        cause: { kind: 'form', id: input.idempotencyKey },
        data: { reason },
      },
    ]);
    await carryOutPlans(
      tx,
      input.merchantId,
      [
        {
          order: { ...order, cancelState: 'pending', cancelReason: reason, cancelledAt: now },
          channelFulfilled: new Map(),
          history: false,
          isNew: false,
          changed: [],
          cause: { kind: 'form', id: input.idempotencyKey },
          actor: input.actor,
        },
      ],
      now,
    );
    await enqueueJobs(tx, [
      {
        kind: 'cancel-in-channel',
        merchantId: input.merchantId,
        connectionId: order.connectionId,
        payload: { merchantId: input.merchantId, orderId: order.id },
        serialKey: `order:${order.connectionId}:${order.externalRef}`,
        causeKind: 'order',
        causeId: order.id,
      },
    ]);
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

function cancelProblem(order: StoredOrder): string | null {
  const shipped = order.lines.some((line) => line.shippedQuantity > 0);
  if (order.status === 'shipped') return 'Everything has left already: make a return instead.';
  return shipped
    ? 'Part of this order has left already, so it cannot be cancelled as a whole.'
    : null;
}

function verifyLater(context: OperationContext): Outcome<string> {
  const retryAt = new Date(context.clock.now().getTime() + VERIFY_MS);
  return { status: 'retry_later', retryAt, message: 'Asked for; not seen cancelled yet.' };
}

/** Tells the channel; answers what it said, for the job to act on. */
export async function cancelInChannel(
  context: OperationContext,
  input: { readonly merchantId: string; readonly orderId: string },
): Promise<Outcome<string>> {
  const order = await findCancelToReport(context.db, input.merchantId, input.orderId);
  if (order === null || order.cancelState !== 'pending') return { status: 'duplicate', value: '' };
  const channel = await context.channelFor(order.connection);
  const outcome = await channel.cancelOrder(
    order.externalRef,
    order.cancelReason ?? 'Cancelled',
    `cancel:${order.id}`,
  );
  if (outcome.status === 'retry_later' || outcome.status === 'unknown') return outcome;
  // Some channels only take the wish on and cancel later: asking again tells (`duplicate`).
  if (outcome.status === 'done') return verifyLater(context);
  // Without access nothing was decided: the wish stands until we are let in again.
  if (outcome.status === 'refused' && outcome.reason.code === 'unauthorized') return outcome;
  const accepted = outcome.status !== 'refused';
  await context.db.transaction(async (tx) => {
    await settleCancel(tx, input.merchantId, order.id, accepted ? 'confirmed' : 'refused');
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: context.clock.now(),
        actor: { kind: 'channel', id: order.connection.id },
        action: accepted ? 'order.cancel_confirmed' : 'order.cancel_refused',
        subject: { kind: 'order', id: order.id },
        cause: { kind: 'order', id: order.id },
        data: outcome.status === 'refused' ? { message: outcome.reason.message } : {},
      },
    ]);
    // Refused: what the channel says holds again, so the order is read and allocated anew.
    if (!accepted) {
      const concerns = { kind: 'order', orderRef: order.externalRef } as const;
      await enqueueJobs(tx, [lookAgainJob(input.merchantId, order.connection.id, concerns)]);
    }
  });
  context.afterCommit(input.merchantId);
  return outcome;
}
