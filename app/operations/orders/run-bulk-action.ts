import {
  type BulkAction,
  type BulkResult,
  type WaitingResult,
  findBulkAction,
  finishBulkAction,
  lockWaitingResults,
  saveBulkResults,
  wasCancelledBy,
} from '../../store/bulk-actions';
import type { OperationContext } from '../context';
import { takeSteps, wishOf } from './bulk-steps';
import { cancelOrder } from './cancel-order';
import { type OrderStep, type StepInput, stepDone, stepFailed, stepSkipped } from './order-step';

/** Orders done together: large enough to be quick, small enough for a bar that moves. */
const BATCH_SIZE = 50;

type Run = {
  readonly merchantId: string;
  readonly actionId: string;
  /** Aborted when the process ends; the job goes on in another. */
  readonly signal: AbortSignal;
};

/**
 * Carries out an action, batch by batch. What was done and that it was done are committed
 * together, so a process that dies loses nothing and repeats nothing. False: it was interrupted.
 */
export async function runBulkAction(context: OperationContext, input: Run): Promise<boolean> {
  const action = await findBulkAction(context.db, input.merchantId, input.actionId);
  if (action?.state !== 'running') return true;
  while (!input.signal.aborted) {
    const count =
      action.kind === 'cancel'
        ? await cancelNext(context, action)
        : await stepNext(context, action, BATCH_SIZE);
    context.afterCommit(input.merchantId);
    if (count > 0) continue;
    await finishBulkAction(context.db, action.id, context.clock.now());
    return true;
  }
  return false;
}

/** A batch in one transaction; one that fails as a whole is done order by order. */
async function stepNext(
  context: OperationContext,
  action: BulkAction,
  size: number,
): Promise<number> {
  try {
    return await context.db.transaction(async (tx) => {
      const waiting = await lockWaitingResults(tx, action.id, size);
      if (waiting.length === 0) return 0;
      const steps = await takeSteps(
        tx,
        context,
        action,
        inputOf(context, action, waiting),
        waiting,
      );
      await saveBulkResults(
        tx,
        action.id,
        waiting.map(({ orderId }) => resultOf(orderId, steps.get(orderId))),
      );
      return waiting.length;
    });
  } catch (problem) {
    context.log.warn({ err: problem, actionId: action.id, size }, 'a batch of orders failed');
    if (size > 1) return stepNext(context, action, 1);
    return failNext(context, action);
  }
}

/** The order that cannot be done is put aside, so that the others go on. */
async function failNext(context: OperationContext, action: BulkAction): Promise<number> {
  return context.db.transaction(async (tx) => {
    const waiting = await lockWaitingResults(tx, action.id, 1);
    const step = stepFailed('Something went wrong with this order. Try it by itself.');
    await saveBulkResults(
      tx,
      action.id,
      waiting.map(({ orderId }) => resultOf(orderId, step)),
    );
    return waiting.length;
  });
}

/** Cancels the next order; found cancelled by this very action, it was done before a crash. */
async function cancelNext(context: OperationContext, action: BulkAction): Promise<number> {
  const wish = wishOf(action);
  const [next] = await context.db.transaction((tx) => lockWaitingResults(tx, action.id, 1));
  if (next === undefined || wish.kind !== 'cancel') return 0;
  const { merchantId } = action;
  const idempotencyKey = causeIdOf(action);
  const answer = await cancelOrder(context, {
    merchantId,
    orderId: next.orderId,
    reason: wish.reason,
    actor: actorOf(action),
    idempotencyKey,
  });
  let step: OrderStep = stepDone();
  if (answer.status === 'refused') step = stepFailed(answer.message);
  else if (answer.status === 'duplicate') {
    const ours = await wasCancelledBy(context.db, merchantId, next.orderId, idempotencyKey);
    step = ours ? stepDone() : stepSkipped('It was cancelled already.');
  }
  await saveBulkResults(context.db, action.id, [resultOf(next.orderId, step)]);
  return 1;
}

function inputOf(
  context: OperationContext,
  action: BulkAction,
  waiting: readonly WaitingResult[],
): StepInput {
  return {
    merchantId: action.merchantId,
    orderIds: waiting.map(({ orderId }) => orderId),
    actor: actorOf(action),
    cause: { kind: 'bulk_action', id: causeIdOf(action) },
    now: context.clock.now(),
  };
}

/** The person who asked for it. */
function actorOf(action: BulkAction): StepInput['actor'] {
  return { kind: 'staff', id: action.createdBy };
}

function causeIdOf(action: BulkAction): string {
  return `bulk:${action.id}`;
}

function resultOf(orderId: string, step: OrderStep | undefined): BulkResult {
  const { state, message, before } = step ?? stepSkipped('There was nothing to do.');
  return { orderId, state, message, before };
}
