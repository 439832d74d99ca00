import {
  SHORT_ORDERS_PER_PAGE,
  type WaitingOrder,
  hasAvailable,
  ordersShortOf,
} from '../../store/short-lines';
import { lockOrdersById } from '../../store/orders';
import { systemActor } from '../../domain/shared/actor';
import type { OperationContext } from '../context';
import { carryOutPlans } from './carry-out-plans';

type ShortItem = { readonly merchantId: string; readonly itemId: string };

/**
 * Gives an item's newly available units to the orders that wait for it, oldest first, some at a
 * time, until none are left of either. An order may have to be passed over: its channel is not
 * shipped from there, or its kit lacks another part. Answers how many orders it planned.
 */
export async function allocateShort(context: OperationContext, input: ShortItem): Promise<number> {
  let planned = 0;
  let after: WaitingOrder | null = null;
  do {
    const page: Page = await allocatePage(context, input, after);
    planned += page.orders;
    after = page.goOnAfter;
  } while (after !== null);
  return planned;
}

type Page = { readonly orders: number; readonly goOnAfter: WaitingOrder | null };

async function allocatePage(
  context: OperationContext,
  input: ShortItem,
  after: WaitingOrder | null,
): Promise<Page> {
  const page = await context.db.transaction(async (tx): Promise<Page> => {
    const waiting = await ordersShortOf(tx, input.merchantId, input.itemId, after);
    const orders = await lockOrdersById(
      tx,
      input.merchantId,
      waiting.map(({ id }) => id),
    );
    const byAge = orders.sort((a, b) => a.placedAt.getTime() - b.placedAt.getTime());
    await carryOutPlans(
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
    const last = waiting[SHORT_ORDERS_PER_PAGE - 1] ?? null;
    const more = last !== null && (await hasAvailable(tx, input.merchantId, input.itemId));
    return { orders: byAge.length, goOnAfter: more ? last : null };
  });
  context.afterCommit(input.merchantId);
  return page;
}
