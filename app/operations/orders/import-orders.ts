import type { Outcome } from '../../contracts/outcome';
import { findConnectionById, setOrdersSeenUntil, startPublishing } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import { markAllDirty, publishJob } from '../../store/publications';
import type { OperationContext } from '../context';
import { noteRefusal } from '../sync/note-refusal';
import { takeOrders } from './take-orders';

/** Without the read_all_orders scope Shopify shows the last 60 days; the others get the same. */
const LOOK_BACK_MS = 60 * 24 * 3_600_000;
const BATCH = 25;

export type OrdersProgress = {
  readonly cursor: string | null;
  readonly orders: number;
  readonly since: string;
};

/**
 * Reads a connection's orders of the last weeks: shipped ones as history, open ones with their
 * stock. Only then is publishing switched on: a number sent earlier would ignore open orders.
 */
export async function importOrders(
  context: OperationContext,
  input: { readonly connectionId: string; readonly progress: OrdersProgress | null },
  saveProgress: (progress: OrdersProgress) => Promise<void>,
): Promise<Outcome<OrdersProgress>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || connection.status === 'disconnected') {
    return { status: 'refused', reason: { code: 'not_found', message: 'Not connected any more.' } };
  }
  const { merchantId, id } = connection;
  const channel = await context.channelFor(connection);
  const started = context.clock.now();
  const since = new Date(
    input.progress === null ? started.getTime() - LOOK_BACK_MS : input.progress.since,
  );
  let progress = input.progress ?? { cursor: null, orders: 0, since: since.toISOString() };
  for (;;) {
    const page = await channel.listOrdersChangedSince(since, progress.cursor);
    if (page.status !== 'done' && page.status !== 'duplicate') {
      await noteRefusal(context, id, page);
      return page;
    }
    const { entries, nextCursor } = page.value;
    for (let from = 0; from < entries.length; from += BATCH) {
      await takeOrders(
        context,
        merchantId,
        entries.slice(from, from + BATCH).map((order) => ({
          connectionId: id,
          orderRef: order.ref,
          order,
          cause: { kind: 'import', id },
          eventIds: [],
        })),
      );
    }
    progress = { ...progress, cursor: nextCursor, orders: progress.orders + entries.length };
    if (nextCursor === null) break;
    await saveProgress(progress);
  }
  await context.db.transaction(async (tx) => {
    await setOrdersSeenUntil(tx, id, started);
    await startPublishing(tx, id);
    await markAllDirty(tx, id);
    await enqueueJobs(tx, [publishJob(merchantId, id, null)]);
  });
  context.afterCommit(merchantId);
  return { status: 'done', value: progress };
}
