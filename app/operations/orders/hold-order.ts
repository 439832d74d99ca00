import { v5 } from 'uuid';
import type { HoldReason } from '../../domain/orders/plan-holds';
import type { Actor } from '../../domain/shared/actor';
import type { Transaction } from '../../platform/database';
import { type AuditEntry, writeAudit } from '../../store/audit';
import { activeHoldsOf, findHolds, refreshHeldOfMany } from '../../store/hold-orders';
import { enqueueJobs } from '../../store/jobs';
import { type OrderHead, lockOrderHeads } from '../../store/order-heads';
import { type NewHold, insertHolds } from '../../store/order-holds';
import { type OperationContext, type Refused, refused } from '../context';
import {
  type OrderSteps,
  type StepInput,
  answerOfStep,
  stepDone,
  stepFailed,
  stepSkipped,
} from './order-step';
import { channelsThatHold, reportHoldsJob } from './report-holds';

export type HoldOrder = {
  readonly merchantId: string;
  readonly orderId: string;
  readonly reason: HoldReason;
  readonly note: string | null;
  readonly actor: Actor;
  readonly idempotencyKey: string;
};

/** What a hold may be set for. */
export type HoldWish = { readonly reason: HoldReason; readonly note: string | null };

/** As long as a sentence or two; channels keep about as much. */
export const HOLD_NOTE_LENGTH_MAX = 500;

/**
 * Nothing of the order may leave until the hold is lifted; its stock stays set aside. A channel
 * that knows holds is told by a job. The same key holds once.
 */
export async function holdOrder(
  context: OperationContext,
  input: HoldOrder,
): Promise<{ readonly status: 'done' } | Refused> {
  if ((input.note?.length ?? 0) > HOLD_NOTE_LENGTH_MAX) {
    return refused('validation', `Keep the note under ${String(HOLD_NOTE_LENGTH_MAX)} characters.`);
  }
  const steps = await context.db.transaction((tx) =>
    holdOrders(tx, context, stepInput(context, input), () => input),
  );
  const answer = answerOfStep(steps.get(input.orderId));
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

/** A form about one order as a step. */
export function stepInput(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly orderId: string;
    readonly actor: Actor;
    readonly idempotencyKey: string;
  },
): StepInput {
  return {
    merchantId: input.merchantId,
    orderIds: [input.orderId],
    actor: input.actor,
    cause: { kind: 'form', id: input.idempotencyKey },
    now: context.clock.now(),
  };
}

/**
 * Holds orders in the caller's transaction. Each hold's id follows from its cause and order, so
 * that a repeated call finds what the first one made. `before` names the hold.
 */
export async function holdOrders(
  tx: Transaction,
  context: OperationContext,
  input: StepInput,
  wishOf: (orderId: string) => HoldWish | null,
): Promise<OrderSteps> {
  const orders = await lockOrderHeads(tx, input.merchantId, input.orderIds);
  const active = await activeHoldsOf(tx, input.merchantId, input.orderIds);
  const made = await findHolds(
    tx,
    input.merchantId,
    orders.map((order) => holdIdOf(input, order.id)),
  );
  const tells = await channelsThatHold(tx, context, input.merchantId, orders);
  const steps: OrderSteps = new Map();
  const holds: NewHold[] = [];
  for (const order of orders) {
    const wish = wishOf(order.id);
    if (wish === null) continue;
    const id = holdIdOf(input, order.id);
    const problem = holdProblem(order);
    const same = active.some((hold) => hold.orderId === order.id && hold.reason === wish.reason);
    if (made.some((hold) => hold.id === id)) steps.set(order.id, stepDone({ holdIds: [id] }));
    else if (problem !== null) steps.set(order.id, stepFailed(problem));
    else if (same) steps.set(order.id, stepSkipped('It is on hold for this reason already.'));
    else {
      steps.set(order.id, stepDone({ holdIds: [id] }));
      holds.push(newHold(input, order, wish, id, tells.has(order.connectionId)));
    }
  }
  await insertHolds(tx, holds, input.now);
  await refreshHeldOfMany(
    tx,
    input.merchantId,
    holds.map(({ orderId }) => orderId),
  );
  await writeAudit(
    tx,
    holds.map((hold) => heldRecord(input, hold)),
  );
  const told = new Set(
    holds.filter(({ reportState }) => reportState === 'pending').map(({ orderId }) => orderId),
  );
  await enqueueJobs(
    tx,
    orders.filter(({ id }) => told.has(id)).map((order) => reportHoldsJob(input.merchantId, order)),
  );
  return steps;
}

function newHold(
  input: StepInput,
  order: OrderHead,
  wish: HoldWish,
  id: string,
  tell: boolean,
): NewHold {
  return {
    id,
    merchantId: input.merchantId,
    orderId: order.id,
    reason: wish.reason,
    note: wish.note,
    origin: 'crossdock',
    externalRef: null,
    reportState: tell ? 'pending' : 'not_needed',
    createdBy: input.actor.id,
  };
}

function heldRecord(input: StepInput, hold: NewHold): AuditEntry {
  return {
    merchantId: input.merchantId,
    at: input.now,
    actor: input.actor,
    action: 'order.held',
    subject: { kind: 'order', id: hold.orderId },
    cause: input.cause,
    data: { reason: hold.reason, holdId: hold.id },
  };
}

function holdProblem(order: OrderHead): string | null {
  if (order.status === 'cancelled') return 'This order was cancelled.';
  if (order.status === 'shipped') return 'Everything of this order has left already.';
  return null;
}

/** Any fixed namespace does; this one is ours. */
const HOLD_IDS = '6d0a2b1e-5f0b-4c0e-9a53-2f6f3f1c7d11';

function holdIdOf(input: StepInput, orderId: string): string {
  return v5(`${input.merchantId} ${input.cause.kind} ${input.cause.id} ${orderId}`, HOLD_IDS);
}
