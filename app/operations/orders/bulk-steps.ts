import { z } from 'zod';
import type { Transaction } from '../../platform/database';
import type { BulkAction, WaitingResult } from '../../store/bulk-actions';
import type { OperationContext } from '../context';
import { annotateOrders } from './annotate-order';
import { type BulkWish, bulkWish } from './bulk-wish';
import { type HoldWish, holdOrders } from './hold-order';
import { type OrderSteps, type StepInput, stepSkipped } from './order-step';
import { releaseHolds } from './release-hold';
import { rerouteByRules } from './reroute-order';

/** What one order's undoing goes by: what the action kept of it. */
const kept = z.object({
  holdIds: z.array(z.string()).default([]),
  holds: z.array(z.object({ reason: z.string(), note: z.string().nullable() })).default([]),
  added: z.array(z.string()).default([]),
  removed: z.array(z.string()).default([]),
  /** Its tags were erased with its buyer. */
  erased: z.boolean().default(false),
});

/** Does the next orders of an action in one transaction. Cancelling has transactions of its own. */
export async function takeSteps(
  tx: Transaction,
  context: OperationContext,
  action: BulkAction,
  input: StepInput,
  waiting: readonly WaitingResult[],
): Promise<OrderSteps> {
  if (action.undoOf !== null) return undoSteps(tx, context, action, input, waiting);
  const wish = wishOf(action);
  switch (wish.kind) {
    case 'hold':
      return holdOrders(tx, context, input, () => wish);
    case 'release':
      return releaseHolds(tx, context, input, () => null);
    case 'tag':
      return annotateOrders(tx, input, () => ({ note: null, addTags: wish.tags, removeTags: [] }));
    case 'untag':
      return annotateOrders(tx, input, () => ({ note: null, addTags: [], removeTags: wish.tags }));
    case 'reroute':
      return rerouteByRules(tx, input);
    case 'cancel':
      throw new Error('Cancelling is not a step of a shared transaction.');
  }
}

/** What an action asks for. Throws for one that this version does not know. */
export function wishOf(action: BulkAction): BulkWish {
  return bulkWish.parse({ ...(action.payload as object), kind: action.kind });
}

async function undoSteps(
  tx: Transaction,
  context: OperationContext,
  action: BulkAction,
  input: StepInput,
  waiting: readonly WaitingResult[],
): Promise<OrderSteps> {
  const before = new Map(waiting.map((one) => [one.orderId, kept.parse(one.before ?? {})]));
  const of = (orderId: string) => before.get(orderId) ?? kept.parse({});
  switch (action.kind) {
    case 'release':
      return releaseHolds(tx, context, input, (orderId) => of(orderId).holdIds);
    case 'hold':
      return holdAgain(tx, context, input, of);
    case 'untag':
    case 'tag':
      return tagBack(tx, input, of);
    default:
      throw new Error(`An action of the kind ${action.kind} is not undone.`);
  }
}

async function tagBack(
  tx: Transaction,
  input: StepInput,
  of: (orderId: string) => z.infer<typeof kept>,
): Promise<OrderSteps> {
  const steps = await annotateOrders(tx, input, (orderId) => {
    const { erased, added, removed } = of(orderId);
    return erased ? null : { note: null, addTags: removed, removeTags: added };
  });
  for (const orderId of input.orderIds) {
    if (of(orderId).erased) steps.set(orderId, stepSkipped('Its buyer was erased since.'));
  }
  return steps;
}

/** Sets again what was lifted: an order may have had several holds. */
async function holdAgain(
  tx: Transaction,
  context: OperationContext,
  input: StepInput,
  of: (orderId: string) => z.infer<typeof kept>,
): Promise<OrderSteps> {
  const most = Math.max(...input.orderIds.map((orderId) => of(orderId).holds.length));
  const steps: OrderSteps = new Map();
  for (let index = 0; index < most; index += 1) {
    const cause = { ...input.cause, id: `${input.cause.id}:${String(index)}` };
    const some = await holdOrders(tx, context, { ...input, cause }, (orderId) => {
      const hold = of(orderId).holds[index];
      return hold === undefined ? null : (hold as HoldWish);
    });
    for (const [orderId, step] of some) {
      // One hold set again is the order held again, whatever there was to say of the others.
      if (steps.get(orderId)?.state !== 'done') steps.set(orderId, step);
    }
  }
  return steps;
}
