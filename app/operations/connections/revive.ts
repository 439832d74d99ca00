import { findConnection } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import type { OperationContext } from '../context';
import { noteRecovery } from '../sync/note-refusal';
import { pollOrdersJob } from '../sync/poll-orders';
import { importJob } from './install-shop';

/** Access to a channel is back: what was missed is read, and publishing goes on. */
export async function reviveConnection(
  context: OperationContext,
  input: { readonly merchantId: string; readonly connectionId: string },
): Promise<void> {
  const { merchantId, connectionId } = input;
  const connection = await findConnection(context.db, merchantId, connectionId);
  if (connection?.status !== 'needs_attention') return;
  if (!(await noteRecovery(context, connection))) return;
  await enqueueJobs(context.db, [
    connection.importedAt === null
      ? importJob(merchantId, connectionId)
      : pollOrdersJob(connection, null),
  ]);
  context.afterCommit(merchantId);
}
