import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findConnection } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import { importJob } from './install-shop';
import { type OperationContext, type Refused, refused } from '../context';

/** Reads a channel's whole catalog once more: for what its messages did not say. */
export async function readAgain(
  context: OperationContext,
  input: { readonly merchantId: string; readonly connectionId: string; readonly actor: Actor },
): Promise<{ readonly status: 'done' } | Refused> {
  const { merchantId, connectionId, actor } = input;
  const answer = await context.db.transaction(async (tx) => {
    const connection = await findConnection(tx, merchantId, connectionId);
    if (connection === null) return refused('not_found', 'This channel does not exist.');
    if (connection.status === 'disconnected') {
      return refused('conflict', 'This channel is disconnected. Connect it again first.');
    }
    const first = connection.importedAt === null;
    await enqueueJobs(tx, [
      importJob(merchantId, connectionId, first ? 'import-catalog' : 'refresh-catalog'),
    ]);
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor,
        action: 'connection.read_again',
        subject: { kind: 'connection', id: connectionId },
        cause: { kind: 'connection', id: connectionId },
        data: {},
      },
    ]);
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}
