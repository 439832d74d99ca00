import type { Outcome } from '../../contracts/outcome';
import { type StoredConnection, setConnectionStatus } from '../../store/connections';
import type { OperationContext } from '../context';
import { noteRefusal } from '../sync/note-refusal';
import { reviveConnection } from './revive';

/**
 * Asks a channel whether it lets us do all we need. What is missing is shown with the connection,
 * and stops its work; once nothing is, it goes on. Answers what is missing.
 */
export async function checkAccess(
  context: OperationContext,
  connection: StoredConnection,
): Promise<Outcome<readonly string[]>> {
  const channel = await context.channelFor(connection);
  const answer = await channel.identify();
  if (answer.status !== 'done' && answer.status !== 'duplicate') {
    await noteRefusal(context, connection.id, answer);
    return answer;
  }
  const missing = answer.value.missingAccess ?? [];
  if (missing.length === 0) {
    const { merchantId, id } = connection;
    await reviveConnection(context, { merchantId, connectionId: id });
  } else {
    const reason = `The app may not do all it has to: ${missing.join(', ')} is missing.`;
    await setConnectionStatus(context.db, connection.id, 'needs_attention', reason);
  }
  return { status: 'done', value: missing };
}
