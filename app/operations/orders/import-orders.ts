import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import {
  type StoredConnection,
  findConnectionById,
  setImported,
  setOrdersSeenUntil,
} from '../../store/connections';
import { reopenReports } from '../../store/fulfillments';
import { enqueueJobs } from '../../store/jobs';
import { markAllDirty, publishJob } from '../../store/publications';
import type { OperationContext } from '../context';
import { alignStock } from '../catalog/align-stock';
import { reportJob } from '../fulfillment/ship-fulfillment-order';
import { noteRefusal } from '../sync/note-refusal';
import { takeOrders } from './take-orders';

/** Without the read_all_orders scope Shopify shows the last 60 days; the others get the same. */
const LOOK_BACK_MS = 60 * 24 * 3_600_000;
const BATCH = 25;
/** Channels stamp changes in whole seconds, by their own clocks. */
const OVERLAP_MS = 120_000;

export type OrdersProgress = {
  readonly cursor: string | null;
  readonly orders: number;
  readonly since: string;
};

/**
 * Reads a connection's orders of the last weeks: shipped ones as history, open ones with their
 * stock. Only then can it go live: a number sent earlier would ignore open orders.
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
    const page = await takePage(context, connection, channel, since, progress.cursor);
    if (page.status !== 'done' && page.status !== 'duplicate') return page;
    const { orders, nextCursor } = page.value;
    progress = { ...progress, cursor: nextCursor, orders: progress.orders + orders };
    if (nextCursor === null) break;
    await saveProgress(progress);
  }
  if (channel.capabilities.multiLocation) {
    const newest = new Date(started.getTime() - OVERLAP_MS);
    const takeNewOrders = () => takeAll(context, connection, channel, newest);
    const began = new Date(since.getTime() + LOOK_BACK_MS);
    const aligned = await alignStock(context, connection, channel, takeNewOrders, began);
    if (aligned.status !== 'done' && aligned.status !== 'duplicate') return aligned;
  }
  await context.db.transaction(async (tx) => {
    await setOrdersSeenUntil(tx, id, started);
    await setImported(tx, id);
    await markAllDirty(tx, id);
    const waiting = await reopenReports(tx, merchantId, id);
    const reports = waiting.map((parcel) =>
      reportJob(merchantId, { connectionId: id, orderId: parcel.orderId }, parcel.id),
    );
    // One that was live before it was disconnected goes on by itself.
    const numbers = connection.publishing ? [publishJob(merchantId, id, null)] : [];
    await enqueueJobs(tx, [...reports, ...numbers]);
  });
  context.afterCommit(merchantId);
  return { status: 'done', value: progress };
}

type PageTaken = { readonly orders: number; readonly nextCursor: string | null };

async function takePage(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  since: Date,
  cursor: string | null,
): Promise<Outcome<PageTaken>> {
  const page = await channel.listOrdersChangedSince(since, cursor);
  if (page.status !== 'done' && page.status !== 'duplicate') {
    await noteRefusal(context, connection.id, page);
    return page;
  }
  const { entries, nextCursor } = page.value;
  for (let from = 0; from < entries.length; from += BATCH) {
    await takeOrders(
      context,
      connection.merchantId,
      entries.slice(from, from + BATCH).map((order) => ({
        connectionId: connection.id,
        orderRef: order.ref,
        order,
        cause: { kind: 'import', id: connection.id },
        eventIds: [],
      })),
    );
  }
  return { status: 'done', value: { orders: entries.length, nextCursor } };
}

/** Takes every order changed since then. */
async function takeAll(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  since: Date,
): Promise<Outcome<null>> {
  let cursor: string | null = null;
  do {
    const page: Outcome<PageTaken> = await takePage(context, connection, channel, since, cursor);
    if (page.status !== 'done' && page.status !== 'duplicate') return page;
    cursor = page.value.nextCursor;
  } while (cursor !== null);
  return { status: 'done', value: null };
}
