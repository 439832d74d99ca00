import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import {
  type StoredConnection,
  findConnectionById,
  setOrdersSeenUntil,
} from '../../store/connections';
import { lookAgainJob } from '../../store/inbox';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import { ordersUnseenSince, storedVersions } from '../../store/order-versions';
import { firstUnexplainedHold } from '../../store/publications';
import type { OperationContext } from '../context';
import { noteRecovery, noteRefusal } from './note-refusal';
import { visibleSince } from './order-window';

/** Polls overlap by this much: channels stamp changes in whole seconds, by their own clocks. */
const OVERLAP_MS = 120_000;
/** How long raising a number waits for a sale in the channel that may be on its way to us. */
export const RAISE_HOLD_MS = 3_000;
/** The first poll of a connection that has not seen any order yet looks back this far. */
const FIRST_LOOK_BACK_MS = 3_600_000;
/** A hundred thousand orders in one poll: more is a channel that never ends its list. */
const PAGES_MAX = 10_000;
/** Longer than the second in which a change can hide, and than clocks differ. */
const SAME_SECOND_MS = 5_000;
/**
 * An open order is asked for at least this often, a few at a time: it may be gone without a word.
 */
const FORGOTTEN_MS = 6 * 3_600_000;
/** Sooner where no message ever tells of an order that was deleted for good. */
const FORGOTTEN_SILENT_MS = 5 * 60_000;
const FORGOTTEN_PER_POLL = 10;

/** Reads a connection's changed orders; at most one such job waits. */
export function pollOrdersJob(
  connection: { readonly id: string; readonly merchantId: string },
  runAt: Date | null,
): NewJob {
  return {
    kind: 'poll-orders',
    merchantId: connection.merchantId,
    connectionId: connection.id,
    payload: { connectionId: connection.id },
    serialKey: `poll:${connection.id}`,
    dedupeKey: `poll-orders:${connection.id}`,
    runAt,
  };
}

/** A number that fell gets this long to be explained by its order before the channel is asked. */
const EXPLAIN_MS = 1_500;

/**
 * Looks for sales behind numbers that fell in the channel and that no order explains; only when
 * there still are any. Due a little later, since the order mostly arrives by itself.
 */
export function findUnseenSalesJob(
  connection: { readonly id: string; readonly merchantId: string },
  now: Date,
): NewJob {
  return {
    ...pollOrdersJob(connection, new Date(now.getTime() + EXPLAIN_MS)),
    payload: { connectionId: connection.id, onlyUnexplained: true },
    dedupeKey: `unseen-sales:${connection.id}`,
  };
}

/**
 * Finds what webhooks never told us: orders changed since the last poll whose version we do not
 * have are looked at again, each through its own keyed job. `since` reads from an earlier time
 * than the last poll. Answers how many.
 */
export async function pollOrders(
  context: OperationContext,
  input: {
    readonly connectionId: string;
    readonly onlyUnexplained?: boolean | undefined;
    readonly since?: Date;
  },
): Promise<Outcome<number>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || connection.status === 'disconnected') {
    return { status: 'done', value: 0 };
  }
  if (input.onlyUnexplained === true && !(await unexplainedByNow(context, connection))) {
    return { status: 'done', value: 0 };
  }
  const channel = await context.channelFor(connection);
  const started = context.clock.now();
  const since =
    connection.ordersSeenUntil === null
      ? new Date(started.getTime() - FIRST_LOOK_BACK_MS)
      : new Date(connection.ordersSeenUntil.getTime() - OVERLAP_MS);
  const from = input.since !== undefined && input.since < since ? input.since : since;
  const outcome = await readPages(context, connection, channel, from);
  if (outcome.status !== 'done') {
    await noteRefusal(context, connection.id, outcome);
    return outcome;
  }
  await setOrdersSeenUntil(context.db, connection.id, started);
  await noteRecovery(context, connection);
  await lookAtForgotten(context, connection, channel, started);
  context.afterCommit(connection.merchantId);
  return outcome;
}

/** Whether a number has waited long enough for its order; younger ones get a job of their own. */
async function unexplainedByNow(
  context: OperationContext,
  connection: StoredConnection,
): Promise<boolean> {
  const now = context.clock.now();
  const until = await firstUnexplainedHold(context.db, connection.id, now);
  if (until === null) return false;
  const ripe = new Date(until.getTime() - RAISE_HOLD_MS + EXPLAIN_MS);
  if (ripe <= now) return true;
  await enqueueJobs(context.db, [{ ...findUnseenSalesJob(connection, now), runAt: ripe }]);
  return false;
}

/** Asks for open orders that no message and no page has mentioned for hours. */
async function lookAtForgotten(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  now: Date,
): Promise<void> {
  const { subscribesByConfiguration } = channel.capabilities;
  const patienceMs = subscribesByConfiguration ? FORGOTTEN_MS : FORGOTTEN_SILENT_MS;
  const before = new Date(now.getTime() - patienceMs);
  const refs = await ordersUnseenSince(
    context.db,
    connection.id,
    before,
    visibleSince(channel, now),
    FORGOTTEN_PER_POLL,
  );
  await enqueueJobs(
    context.db,
    refs.map((orderRef) =>
      lookAgainJob(connection.merchantId, connection.id, { kind: 'order', orderRef }),
    ),
  );
}

/**
 * Versions are dates of whole seconds: an order read in the very second of a change may have
 * changed once more in it. Where no message is sure to tell, the first poll after it looks again.
 */
function mayHaveMore(
  connection: StoredConnection,
  channel: ChannelConnector,
  order: { readonly updatedAt: Date },
): boolean {
  if (channel.capabilities.subscribesByConfiguration) return false;
  const { ordersSeenUntil } = connection;
  return (
    ordersSeenUntil !== null &&
    order.updatedAt.getTime() >= ordersSeenUntil.getTime() - SAME_SECOND_MS
  );
}

async function readPages(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  since: Date,
): Promise<Outcome<number>> {
  let cursor: string | null = null;
  let found = 0;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer: Awaited<ReturnType<ChannelConnector['listOrderVersions']>> =
      await channel.listOrderVersions(since, cursor);
    if (answer.status !== 'done' && answer.status !== 'duplicate') return answer;
    const orders = answer.value.entries;
    const versions = await storedVersions(
      context.db,
      connection.id,
      orders.map((order) => order.ref),
    );
    const changed = orders.filter(
      (order) =>
        versions.get(order.ref) !== order.version || mayHaveMore(connection, channel, order),
    );
    await enqueueJobs(
      context.db,
      changed.map((order) => ({
        ...lookAgainJob(connection.merchantId, connection.id, {
          kind: 'order',
          orderRef: order.ref,
        }),
        causeKind: 'poll',
        causeId: connection.id,
      })),
    );
    found += changed.length;
    cursor = answer.value.nextCursor;
    if (cursor === null) return { status: 'done', value: found };
  }
  // Nothing is taken as seen: the newest orders are the ones that are missing.
  throw new Error(`The list of changed orders did not end within ${String(PAGES_MAX)} pages.`);
}
