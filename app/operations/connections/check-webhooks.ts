import type { Outcome } from '../../contracts/outcome';
import { systemActor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import {
  type StoredConnection,
  findConnectionById,
  noteConnectionError,
  setWebhooksChecked,
} from '../../store/connections';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import type { OperationContext } from '../context';
import { noteRefusal } from '../sync/note-refusal';
import { pollListings } from '../sync/poll-listings';
import { pollOrders } from '../sync/poll-orders';

/** What was missed is read from this much before the last time all was well. */
const MARGIN_MS = 5 * 60_000;

/** Looks at a connection's webhooks; at most one such job waits. */
export function checkWebhooksJob(connection: {
  readonly id: string;
  readonly merchantId: string;
}): NewJob {
  return {
    kind: 'check-webhooks',
    merchantId: connection.merchantId,
    connectionId: connection.id,
    payload: { connectionId: connection.id },
    serialKey: `webhooks:${connection.id}`,
    dedupeKey: `check-webhooks:${connection.id}`,
  };
}

/**
 * Sees to it that a channel still tells us of changes. A store stops without a word: WooCommerce
 * switches a webhook off after a few deliveries in a row that we could not take, and sends none of
 * them again. What happened since the last look is then read from the store itself. Answers how
 * many webhooks had been off or missing.
 */
export async function checkWebhooks(
  context: OperationContext,
  input: { readonly connectionId: string },
): Promise<Outcome<number>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || connection.webhookSecret === null) {
    return { status: 'done', value: 0 };
  }
  if (connection.status === 'disconnected') return { status: 'done', value: 0 };
  const channel = await context.channelFor(connection);
  if (channel.capabilities.subscribesByConfiguration) return { status: 'done', value: 0 };
  const secret = context.secrets.open(connection.webhookSecret, `webhook:${connection.id}`);
  const looked = context.clock.now();
  const outcome = await channel.checkSubscription(
    context.stores.callbackUrl(connection.id),
    secret,
  );
  if (outcome.status !== 'done' && outcome.status !== 'duplicate') {
    await noteRefusal(context, connection.id, outcome);
    return outcome;
  }
  const { revived } = outcome.value;
  // The first time nothing was off: they were being made.
  if (revived > 0 && connection.webhooksCheckedAt !== null) {
    await noteRevival(context, connection, connection.webhooksCheckedAt, revived);
  }
  await setWebhooksChecked(context.db, connection.id, looked);
  return { status: 'done', value: revived };
}

async function noteRevival(
  context: OperationContext,
  connection: StoredConnection,
  lastWell: Date,
  revived: number,
): Promise<void> {
  const { id, merchantId } = connection;
  const since = new Date(lastWell.getTime() - MARGIN_MS);
  await context.db.transaction(async (tx) => {
    await noteConnectionError(
      tx,
      id,
      `The store had switched off ${String(revived)} of our webhooks; they are on again.`,
    );
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor: systemActor('check-webhooks'),
        action: 'connection.webhooks_revived',
        subject: { kind: 'connection', id },
        cause: { kind: 'connection', id },
        data: { revived, since: since.toISOString() },
      },
    ]);
    await enqueueJobs(tx, [
      {
        kind: 'read-missed',
        merchantId,
        connectionId: id,
        payload: { connectionId: id, since: since.toISOString() },
        serialKey: `poll:${id}`,
        causeKind: 'connection',
        causeId: id,
      },
    ]);
  });
  context.afterCommit(merchantId);
}

/** Reads from a channel whatever changed since a time when its messages were lost. */
export async function readMissed(
  context: OperationContext,
  input: { readonly connectionId: string; readonly since: Date },
): Promise<Outcome<number>> {
  const orders = await pollOrders(context, input);
  if (orders.status !== 'done' && orders.status !== 'duplicate') return orders;
  const listings = await pollListings(context, input);
  if (listings.status !== 'done' && listings.status !== 'duplicate') return listings;
  return { status: 'done', value: orders.value + listings.value };
}
