import type { Outcome } from '../../contracts/outcome';
import { writeAudit } from '../../store/audit';
import { hastenJobs } from '../../store/job-upkeep';
import {
  type StoredConnection,
  noteConnectionError,
  setConnectionStatus,
} from '../../store/connections';
import type { OperationContext } from '../context';

/**
 * A channel that refused our access and now answers again goes on by itself, unless it still keeps
 * from us something we need. Answers whether it goes on.
 */
export async function noteRecovery(
  context: OperationContext,
  connection: StoredConnection,
): Promise<boolean> {
  if (connection.status !== 'needs_attention') return false;
  const channel = await context.channelFor(connection);
  const answer = await channel.identify();
  if (answer.status !== 'done' && answer.status !== 'duplicate') return false;
  if ((answer.value.missingAccess ?? []).length > 0) return false;
  await context.db.transaction(async (tx) => {
    await setConnectionStatus(tx, connection.id, 'connected', null);
    await hastenJobs(tx, connection.id);
    await writeAudit(tx, [
      {
        merchantId: connection.merchantId,
        at: context.clock.now(),
        actor: { kind: 'channel', id: connection.id },
        action: 'connection.revived',
        subject: { kind: 'connection', id: connection.id },
        cause: { kind: 'connection', id: connection.id },
        data: {},
      },
    ]);
  });
  return true;
}

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
