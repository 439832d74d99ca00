import type { Outcome } from '../../contracts/outcome';
import { findConnectionById } from '../../store/connections';
import type { OperationContext } from '../context';
import { noteRefusal } from '../sync/note-refusal';

/** Registers (or repairs) a connection's webhooks with the secret kept for it. */
export async function subscribeWebhooks(
  context: OperationContext,
  input: { readonly connectionId: string; readonly callbackUrl: string },
): Promise<Outcome<string>> {
  const connection = await findConnectionById(context.db, input.connectionId);
  if (connection === null || connection.webhookSecret === null) {
    return { status: 'refused', reason: { code: 'not_found', message: 'Not connected any more.' } };
  }
  const secret = context.secrets.open(connection.webhookSecret, `webhook:${connection.id}`);
  const channel = await context.channelFor(connection);
  const outcome = await channel.subscribe(input.callbackUrl, secret);
  if (outcome.status === 'done' || outcome.status === 'duplicate') {
    return { status: outcome.status, value: outcome.value.topics.join(', ') };
  }
  await noteRefusal(context, connection.id, outcome);
  return outcome;
}
