import { systemActor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findConnection, setConnectionStatus } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import type { OperationContext } from '../context';
import { pollOrdersJob } from '../sync/poll-orders';
import { importJob } from './install-shop';

/** Access to a channel is back: what was missed is read, and publishing goes on. */
export async function reviveConnection(
  context: OperationContext,
  input: { readonly merchantId: string; readonly connectionId: string },
): Promise<void> {
  const { merchantId, connectionId: id } = input;
  await context.db.transaction(async (tx) => {
    const connection = await findConnection(tx, merchantId, id);
    if (connection === null || connection.status !== 'needs_attention') return;
    await setConnectionStatus(tx, id, 'connected', null);
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor: systemActor('install'),
        action: 'connection.revived',
        subject: { kind: 'connection', id },
        cause: { kind: 'connection', id },
        data: {},
      },
    ]);
    await enqueueJobs(tx, [
      connection.publishing ? pollOrdersJob(connection, null) : importJob(merchantId, id),
    ]);
  });
  context.afterCommit(merchantId);
}
