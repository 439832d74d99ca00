import {
  SHORT_ORDERS_PER_JOB_MAX,
  enqueueShortLines,
  ordersShortOf,
} from '../../store/short-lines';
import { lockOrdersById } from '../../store/orders';
import { systemActor } from '../../domain/shared/actor';
import type { OperationContext } from '../context';
import { carryOutPlans } from './carry-out-plans';

/**
 * Gives an item's newly available units to the orders that wait for it, oldest first. Answers how
 * many orders it planned; more of them are left to a job of their own.
 */
export async function allocateShort(
  context: OperationContext,
  input: { readonly merchantId: string; readonly itemId: string },
): Promise<number> {
  const planned = await context.db.transaction(async (tx) => {
    const ids = await ordersShortOf(tx, input.merchantId, input.itemId);
    const orders = await lockOrdersById(tx, input.merchantId, ids);
    const byAge = orders.sort((a, b) => a.placedAt.getTime() - b.placedAt.getTime());
    const done = await carryOutPlans(
      tx,
      input.merchantId,
      byAge.map((order) => ({
        order,
        channelFulfilled: new Map(order.lines.map((line) => [line.id, line.shippedQuantity])),
        history: false,
        isNew: false,
        changed: [],
        cause: { kind: 'item', id: input.itemId },
        actor: systemActor('allocate-short'),
      })),
      context.clock.now(),
    );
    const gained = done.some(({ plan }) => (plan.routing?.assignments.length ?? 0) > 0);
    if (gained && ids.length === SHORT_ORDERS_PER_JOB_MAX) {
      await enqueueShortLines(tx, input.merchantId, [input.itemId]);
    }
    return done.length;
  });
  context.afterCommit(input.merchantId);
  return planned;
}
