import type { Outcome } from '../../contracts/outcome';
import { noteConnectionError, setConnectionStatus } from '../../store/connections';
import type { OperationContext } from '../context';

/** Keeps a channel's "no" with its connection; revoked access also stops the connection's work. */
export async function noteRefusal(
  context: OperationContext,
  connectionId: string,
  outcome: Outcome<unknown>,
): Promise<void> {
  if (outcome.status === 'done' || outcome.status === 'duplicate') return;
  const message = outcome.status === 'refused' ? outcome.reason.message : outcome.message;
  await noteConnectionError(context.db, connectionId, message);
  if (outcome.status === 'refused' && outcome.reason.code === 'unauthorized') {
    await setConnectionStatus(context.db, connectionId, 'needs_attention', message);
  }
}
