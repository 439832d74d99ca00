import type { Actor } from '../../domain/shared/actor';
import type { Transaction } from '../../platform/database';
import { type AuditEntry, writeAudit } from '../../store/audit';
import { type Hold, activeHoldsOf, askToEndHolds, endHolds } from '../../store/hold-orders';
import { enqueueJobs } from '../../store/jobs';
import { lockOrderHeads } from '../../store/order-heads';
import { type OperationContext, type Refused, refused } from '../context';
import { stepInput } from './hold-order';
import {
  type OrderSteps,
  type StepInput,
  answerOfStep,
  stepDone,
  stepFailed,
  stepSkipped,
} from './order-step';
import { channelsThatHold, reportHoldsJob } from './report-holds';

export type ReleaseHold = {
  readonly merchantId: string;
  readonly orderId: string;
  /** Null = every hold of the order. */
  readonly holdId: string | null;
  readonly actor: Actor;
  readonly idempotencyKey: string;
};

/**
 * Lifts one hold of an order, or all. A hold set here ends at once; one that the channel set ends
 * when the channel agrees, which a job asks for.
 */
export async function releaseHold(
  context: OperationContext,
  input: ReleaseHold,
): Promise<{ readonly status: 'done' } | Refused> {
  const steps = await context.db.transaction((tx) =>
    releaseHolds(tx, context, stepInput(context, input), () =>
      input.holdId === null ? null : [input.holdId],
    ),
  );
  const step = steps.get(input.orderId);
  if (step?.state === 'skipped') return refused('conflict', 'This hold was lifted already.');
  const answer = answerOfStep(step);
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

/**
 * Lifts holds in the caller's transaction: those named for an order, or (null) all of it. `before`
 * keeps reason and note of what was lifted.
 */
export async function releaseHolds(
  tx: Transaction,
  context: OperationContext,
  input: StepInput,
  holdsOf: (orderId: string) => readonly string[] | null,
): Promise<OrderSteps> {
  const orders = await lockOrderHeads(tx, input.merchantId, input.orderIds);
  const active = await activeHoldsOf(tx, input.merchantId, input.orderIds);
  const tells = await channelsThatHold(tx, context, input.merchantId, orders);
  const steps: OrderSteps = new Map();
  const lifted: (Hold & { readonly tell: boolean })[] = [];
  const asked: Hold[] = [];
  for (const order of orders) {
    const named = holdsOf(order.id);
    const holds = active.filter(
      (hold) => hold.orderId === order.id && (named === null || named.includes(hold.id)),
    );
    const known = tells.has(order.connectionId);
    const liftable = holds.filter((hold) => hold.origin === 'crossdock' || known);
    if (holds.length === 0) steps.set(order.id, stepSkipped('It is not on hold.'));
    else if (liftable.length === 0) {
      steps.set(order.id, stepFailed('Its store set the hold: it can only be lifted there.'));
    } else {
      steps.set(
        order.id,
        stepDone({ holds: liftable.map(({ reason, note }) => ({ reason, note })) }),
      );
      for (const hold of liftable) {
        if (hold.origin === 'channel') asked.push(hold);
        else lifted.push({ ...hold, tell: known && isOrMayBeThere(hold) });
      }
    }
  }
  await endHolds(tx, input.merchantId, lifted, { id: input.actor.id, at: input.now });
  await askToEndHolds(
    tx,
    input.merchantId,
    asked.map(({ id }) => id),
    input.actor.id,
  );
  await writeAudit(tx, [
    ...lifted.map((hold) => record(input, hold, 'order.hold_lifted')),
    ...asked.map((hold) => record(input, hold, 'order.hold_lift_asked')),
  ]);
  const told = new Set(
    [...asked, ...lifted.filter(({ tell }) => tell)].map((hold) => hold.orderId),
  );
  await enqueueJobs(
    tx,
    orders.filter(({ id }) => told.has(id)).map((order) => reportHoldsJob(input.merchantId, order)),
  );
  return steps;
}

/** The channel has it, or is being told of it at this moment. */
function isOrMayBeThere(hold: Hold): boolean {
  return hold.externalRef !== null || hold.reportState === 'pending';
}

function record(input: StepInput, hold: Hold, action: string): AuditEntry {
  return {
    merchantId: input.merchantId,
    at: input.now,
    actor: input.actor,
    action,
    subject: { kind: 'order', id: hold.orderId },
    cause: input.cause,
    data: { reason: hold.reason, holdId: hold.id },
  };
}
