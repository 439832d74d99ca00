import { createHash } from 'node:crypto';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { forgetGrantedKeys } from '../../store/connect-intents';
import {
  type StoredConnection,
  lockConnectionsOf,
  setConnectionStatus,
} from '../../store/connections';
import {
  type PrivacyMessage,
  blankAllMessages,
  blankMessagesOf,
  collectMessages,
  collectOrders,
  emptyBodies,
  findAllOrders,
  findCustomerOrders,
  redactOrders,
} from '../../store/customer-data';
import { deleteSessionsOfShop } from '../../store/merchants';
import {
  type PrivacyKind,
  type PrivacySummary,
  closePrivacyRequest,
  disconnectedAtOf,
  forgetCustomerOfRequests,
  openPrivacyRequest,
} from '../../store/privacy';
import type { OperationContext } from '../context';

const KINDS: Readonly<Record<string, PrivacyKind>> = {
  'customers/data_request': 'customer_data',
  'customers/redact': 'customer_redact',
  'shop/redact': 'shop_redact',
};

type Done = PrivacySummary & { readonly collected: object | null };

/**
 * Does what one message asks for: collects what is kept of a buyer, erases it, or erases all of a
 * shop that removed the app. The message itself, which names the buyer, is blanked. Repeating it
 * does no harm: it finds less, or nothing, to do.
 */
export async function carryOutRequest(
  context: OperationContext,
  tx: Transaction,
  connection: StoredConnection,
  message: PrivacyMessage,
): Promise<void> {
  const kind = KINDS[message.topic];
  // Replayed by hand after it was done: what it asked for is no longer known.
  if (kind === undefined || message.asked === null) return;
  const { merchantId, id: connectionId } = connection;
  const { customerRef, orderRefs } = message.asked;
  const now = context.clock.now();
  const request = await openPrivacyRequest(tx, {
    ...{ merchantId, connectionId, kind, customerRef, orderRefs },
    externalRef: await refOf(tx, kind, message, connection),
    receivedAt: message.receivedAt,
  });
  const done = await carryOut(tx, connection, kind, message.asked, now);
  const before = kind === 'customer_data' ? null : request.summary;
  await closePrivacyRequest(tx, request.id, {
    summary: {
      orders: done.orders + (before?.orders ?? 0),
      messages: done.messages + (before?.messages ?? 0),
    },
    sealedExport:
      done.collected === null
        ? null
        : context.secrets.seal(
            JSON.stringify(done.collected, null, 2),
            `privacy_request:${request.id}`,
          ),
    at: now,
  });
  await emptyBodies(tx, merchantId, [message.eventId]);
  await writeAudit(tx, [
    {
      merchantId,
      at: now,
      actor: { kind: 'channel', id: connectionId },
      action: kind === 'customer_data' ? 'account.request' : 'account.redact',
      subject: { kind: 'privacy_request', id: request.id },
      cause: { kind: 'inbox_event', id: message.eventId },
      data: { kind, orders: done.orders, messages: done.messages },
    },
  ]);
}

type Asked = NonNullable<PrivacyMessage['asked']>;

async function carryOut(
  tx: Transaction,
  connection: StoredConnection,
  kind: PrivacyKind,
  asked: Asked,
  now: Date,
): Promise<Done> {
  const { merchantId, id } = connection;
  if (kind === 'shop_redact') return eraseShop(tx, connection);
  const found = await findCustomerOrders(tx, merchantId, id, asked.orderRefs, asked.emailHash);
  const orderIds = found.map((order) => order.id);
  const refs = [...new Set([...asked.orderRefs, ...found.map((order) => order.ref)])];
  if (kind === 'customer_data') {
    const orders = await collectOrders(tx, merchantId, orderIds);
    const messages = await collectMessages(tx, merchantId, id, refs);
    const shop = connection.account;
    const collected = { shop, collectedAt: now, customer: { id: asked.customerRef } };
    return {
      orders: orders.length,
      messages: messages.length,
      collected: { ...collected, orders, messages },
    };
  }
  const orders = await redactOrders(tx, merchantId, orderIds);
  const messages = await blankMessagesOf(tx, merchantId, id, refs);
  await forgetCustomerOfRequests(tx, merchantId, { ref: asked.customerRef, orderRefs: refs });
  return { orders, messages, collected: null };
}

/**
 * The merchant is gone, and nobody can come to its pages any more: no buyer's data stays, of any
 * of its channels, and no access to them. Movements and figures, which name nobody, do stay. What
 * is taking orders in at this moment ends first, and nothing begins until this is done.
 */
async function eraseShop(tx: Transaction, connection: StoredConnection): Promise<Done> {
  const { merchantId, account } = connection;
  for (const id of await lockConnectionsOf(tx, merchantId)) {
    await setConnectionStatus(tx, id, 'disconnected', 'The shop was erased.');
  }
  await deleteSessionsOfShop(tx, account);
  const all = await findAllOrders(tx, merchantId);
  const orders = await redactOrders(
    tx,
    merchantId,
    all.map((order) => order.id),
    true,
  );
  await forgetGrantedKeys(tx, merchantId);
  const messages = await blankAllMessages(tx, merchantId);
  await forgetCustomerOfRequests(tx, merchantId, null);
  return { orders, messages, collected: null };
}

/** The same request again has the same ref, whatever message brings it. */
async function refOf(
  tx: Transaction,
  kind: PrivacyKind,
  message: PrivacyMessage,
  connection: StoredConnection,
): Promise<string> {
  const { requestRef, customerRef, orderRefs } = message.asked ?? {
    requestRef: null,
    customerRef: null,
    orderRefs: [],
  };
  if (kind === 'shop_redact') {
    // A shop may come back, leave again, and be erased again.
    const left = await disconnectedAtOf(tx, connection.id);
    return `shop:${left?.toISOString() ?? 'connected'}`;
  }
  if (requestRef !== null) return requestRef;
  // It outlives the erasure, so it tells a repetition without naming the buyer.
  const named = [connection.id, customerRef ?? '', ...[...orderRefs].sort()].join('\n');
  return `customer:${createHash('sha256').update(named).digest('hex').slice(0, 32)}`;
}
