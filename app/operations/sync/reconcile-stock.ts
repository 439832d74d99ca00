import type { ChannelConnector, ChannelStockLevel } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { publishQuantity } from '../../domain/stock/publish-quantity';
import { systemActor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { type StoredConnection, findConnectionById } from '../../store/connections';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import {
  type PublishedNumber,
  noteObserved,
  publishJob,
  publishedNumbers,
} from '../../store/publications';
import { subscribeWebhooks } from '../connections/subscribe-webhooks';
import type { OperationContext } from '../context';
import { noteRefusal } from './note-refusal';
import { RAISE_HOLD_MS, findUnseenSalesJob } from './poll-orders';

/** Listings compared in one read of the channel. */
const READ_BATCH = 100;

export type Reconciled = { readonly compared: number; readonly repaired: number };

export function reconcileJob(connection: {
  readonly id: string;
  readonly merchantId: string;
}): NewJob {
  return {
    kind: 'reconcile-stock',
    merchantId: connection.merchantId,
    connectionId: connection.id,
    payload: { connectionId: connection.id },
    serialKey: `poll:${connection.id}`,
    dedupeKey: `reconcile:${connection.id}`,
  };
}

/**
 * Compares every number a channel holds with what it should hold, and sends again those that
 * differ; sees to it that the channel still tells us of changes. A number that changed while we
 * were reading is left to its own publication.
 */
export async function reconcileStock(
  context: OperationContext,
  input: { readonly connectionId: string },
): Promise<Outcome<Reconciled>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || connection.status !== 'connected' || !connection.publishing) {
    return { status: 'done', value: { compared: 0, repaired: 0 } };
  }
  const channel = await context.channelFor(connection);
  let after: string | null = null;
  let compared = 0;
  let repaired = 0;
  for (;;) {
    const numbers: readonly PublishedNumber[] = await publishedNumbers(
      context.db,
      connection.id,
      after,
      READ_BATCH,
    );
    if (numbers.length === 0) break;
    after = numbers.at(-1)?.listingId ?? null;
    const outcome = await compare(context, connection, channel, numbers);
    if (outcome.status !== 'done' && outcome.status !== 'duplicate') {
      await noteRefusal(context, connection.id, outcome);
      return outcome;
    }
    compared += numbers.length;
    repaired += outcome.value;
  }
  if (repaired > 0) {
    await enqueueJobs(context.db, [publishJob(connection.merchantId, connection.id, null)]);
    context.afterCommit(connection.merchantId);
  }
  const heard = await keepHearing(context, connection, channel);
  return heard.status === 'done' || heard.status === 'duplicate'
    ? { status: 'done', value: { compared, repaired } }
    : heard;
}

/**
 * A store may stop sending webhooks without a word: WooCommerce switches one off after a few
 * deliveries in a row that we could not take. They are switched on again here.
 */
async function keepHearing(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
): Promise<Outcome<string>> {
  if (channel.capabilities.subscribesByConfiguration) return { status: 'done', value: '' };
  const callbackUrl = context.stores.callbackUrl(connection.id);
  return subscribeWebhooks(context, { connectionId: connection.id, callbackUrl });
}

async function compare(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  numbers: readonly PublishedNumber[],
): Promise<Outcome<number>> {
  const asked = new Map(numbers.map(({ listingRef, stockRef }) => [listingRef, stockRef]));
  const read = await channel.readStock(
    [...asked].map(([listingRef, stockRef]) => ({ listingRef, stockRef })),
  );
  if (read.status !== 'done' && read.status !== 'duplicate') return read;
  const held = new Map(read.value.map((level) => [keyOf(level), level.available]));
  const now = context.clock.now();
  const wrong = numbers.flatMap((number) => {
    const wanted = publishQuantity(number.available, connection.bufferUnits);
    const holds = held.get(keyOf(number));
    // Dirty numbers are on their way already; absent ones the channel does not track.
    if (number.dirty || holds === undefined || holds === null || holds === wanted) return [];
    return [{ ...number, wanted, holds }];
  });
  if (wrong.length === 0) return { status: 'done', value: 0 };
  await context.db.transaction(async (tx) => {
    await noteObserved(
      tx,
      // Raising waits for a sale we may not have heard of; lowering cannot oversell.
      wrong.map((number) => ({
        id: number.id,
        quantity: number.holds,
        again: true,
        retryAt: number.wanted > number.holds ? new Date(now.getTime() + RAISE_HOLD_MS) : null,
      })),
      now,
    );
    await enqueueJobs(tx, [findUnseenSalesJob(connection, now)]);
    await writeAudit(tx, [
      {
        merchantId: connection.merchantId,
        at: now,
        actor: systemActor('reconcile'),
        action: 'stock.reconciled',
        subject: { kind: 'connection', id: connection.id },
        cause: { kind: 'connection', id: connection.id },
        data: {
          numbers: wrong.map(({ sku, locationRef, holds, wanted }) => ({
            sku,
            locationRef,
            holds,
            wanted,
          })),
        },
      },
    ]);
  });
  return { status: 'done', value: wrong.length };
}

function keyOf(level: Pick<ChannelStockLevel, 'stockRef' | 'locationRef'>): string {
  return `${level.stockRef} ${level.locationRef}`;
}
