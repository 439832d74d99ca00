import type { Actor } from '../../domain/shared/actor';
import { deleteChunks, findCount, updateCount } from '../../store/stock-counts';
import { type OperationContext, type Refused, refused } from '../context';
import { auditCount } from './count-audit';

/** Gives up a count that was not posted. Its lines stay to be looked at; no stock changes. */
export async function cancelCount(
  context: OperationContext,
  input: { readonly merchantId: string; readonly countId: string; readonly actor: Actor },
): Promise<{ readonly status: 'done' } | Refused> {
  const { merchantId, countId, actor } = input;
  const answer = await context.db.transaction(async (tx) => {
    const count = await findCount(tx, merchantId, countId, { lock: true });
    if (count === null) return refused('not_found', 'This count does not exist.');
    if (count.state === 'cancelled') return { status: 'done' as const };
    if (count.state !== 'open' && count.state !== 'reading') {
      return refused('conflict', 'This count cannot be given up any more.');
    }
    await updateCount(tx, countId, { state: 'cancelled' });
    await deleteChunks(tx, countId);
    await auditCount(context, tx, count, actor, 'count.cancelled');
    return { status: 'done' as const };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}
