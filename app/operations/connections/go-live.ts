import type { Actor } from '../../domain/shared/actor';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import { type StoredConnection, findConnection, setPublishing } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import { markAllDirty, publishJob } from '../../store/publications';
import { agreeToPush } from '../../store/push-measure';
import { type OperationContext, type Refused, refused } from '../context';

type Asked = { readonly merchantId: string; readonly connectionId: string; readonly actor: Actor };
type Answer = { readonly status: 'done' } | Refused;

/**
 * A person has seen the numbers and says: send them. Refused while the channel's orders are not
 * known, since numbers that ignore open orders oversell. What they saw may go at once: the brake
 * counts it as agreed.
 */
export async function goLive(context: OperationContext, input: Asked): Promise<Answer> {
  return change(context, input, async (tx, connection) => {
    if (connection.status === 'disconnected') {
      return refused('conflict', 'This channel is disconnected. Connect it again first.');
    }
    if (connection.importedAt === null) {
      return refused('conflict', 'Its orders are still being read. It can go live after that.');
    }
    if (connection.publishing) return { status: 'done' };
    await setPublishing(tx, connection.id, true);
    await markAllDirty(tx, connection.id);
    await agreeToPush(tx, connection.id);
    await audit(tx, context, input, 'connection.went_live');
    await enqueueJobs(tx, [publishJob(connection.merchantId, connection.id, null)]);
    return { status: 'done' };
  });
}

/** No number is sent any more until the channel goes live again; its orders are still taken. */
export async function pauseLive(context: OperationContext, input: Asked): Promise<Answer> {
  return change(context, input, async (tx, connection) => {
    if (!connection.publishing) return { status: 'done' };
    await setPublishing(tx, connection.id, false);
    await audit(tx, context, input, 'connection.paused');
    return { status: 'done' };
  });
}

/** A person has seen what the brake holds, and agrees to all of it. */
export async function agreeToSend(context: OperationContext, input: Asked): Promise<Answer> {
  return change(context, input, async (tx, connection) => {
    if (connection.brakedAt === null) return { status: 'done' };
    await agreeToPush(tx, connection.id);
    await audit(tx, context, input, 'connection.brake_agreed');
    await enqueueJobs(tx, [publishJob(connection.merchantId, connection.id, null)]);
    return { status: 'done' };
  });
}

async function change(
  context: OperationContext,
  input: Asked,
  work: (tx: Transaction, connection: StoredConnection) => Promise<Answer>,
): Promise<Answer> {
  const answer = await context.db.transaction(async (tx) => {
    const connection = await findConnection(tx, input.merchantId, input.connectionId);
    if (connection === null) return refused('not_found', 'This channel does not exist.');
    return work(tx, connection);
  });
  if (answer.status === 'done') context.afterCommit(input.merchantId);
  return answer;
}

async function audit(
  tx: Transaction,
  context: OperationContext,
  { merchantId, connectionId, actor }: Asked,
  action: string,
): Promise<void> {
  await writeAudit(tx, [
    {
      merchantId,
      at: context.clock.now(),
      actor,
      action,
      subject: { kind: 'connection', id: connectionId },
      cause: { kind: 'connection', id: connectionId },
      data: {},
    },
  ]);
}
