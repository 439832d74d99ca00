import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findConnection, setConnectionStatus } from '../../store/connections';
import { type OperationContext, type Refused, refused } from '../context';

/**
 * Ends a connection: its webhooks are taken off as far as the channel lets us, its credentials
 * forgotten. Orders, movements and audit stay.
 */
export async function disconnectConnection(
  context: OperationContext,
  input: { readonly merchantId: string; readonly connectionId: string; readonly actor: Actor },
): Promise<{ readonly status: 'done' } | Refused> {
  const connection = await findConnection(context.db, input.merchantId, input.connectionId);
  if (connection === null) return refused('not_found', 'This channel does not exist.');
  if (connection.kind === 'shopify') {
    return refused('conflict', 'Shopify is disconnected by uninstalling the app in its admin.');
  }
  if (connection.status === 'disconnected') return { status: 'done' };
  const channel = await context.channelFor(connection);
  const left = await channel.unsubscribe(context.stores.callbackUrl(connection.id));
  await context.db.transaction(async (tx) => {
    await setConnectionStatus(tx, connection.id, 'disconnected', 'Disconnected here.');
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: 'connection.disconnected',
        subject: { kind: 'connection', id: connection.id },
        cause: { kind: 'connection', id: connection.id },
        data: { webhooksRemoved: left.status === 'done' || left.status === 'duplicate' },
      },
    ]);
  });
  return { status: 'done' };
}
