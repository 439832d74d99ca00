import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findBulkAction, hasResults, insertUndoing, markUndone } from '../../store/bulk-actions';
import { enqueueJobs } from '../../store/jobs';
import { type OperationContext, type Refused, refused } from '../context';
import { UNDOABLE } from './bulk-wish';
import { type StartedBulkAction, bulkActionId, runBulkJob } from './start-bulk-action';

const OPPOSITE: Readonly<Record<string, string>> = {
  hold: 'release',
  release: 'hold',
  tag: 'untag',
  untag: 'tag',
};

/**
 * Takes back what an action did: exactly that, of exactly the orders it changed. It is an action of
 * its own, with results of its own.
 */
export async function undoBulkAction(
  context: OperationContext,
  input: { readonly merchantId: string; readonly actionId: string; readonly actor: Actor },
): Promise<StartedBulkAction | Refused> {
  const { merchantId, actor } = input;
  const answer = await context.db.transaction(async (tx): Promise<StartedBulkAction | Refused> => {
    const action = await findBulkAction(tx, merchantId, input.actionId);
    if (action === null) return refused('not_found', 'This action does not exist.');
    const kind = OPPOSITE[action.kind];
    if (kind === undefined || !UNDOABLE.has(action.kind) || action.undoOf !== null) {
      return refused('conflict', 'This action cannot be undone.');
    }
    if (action.state === 'running') return refused('conflict', 'Wait until it has finished.');
    if (!(await hasResults(tx, action.id))) {
      return refused('conflict', 'What it did is not known any more: it was too long ago.');
    }
    const key = `undo:${action.id}`;
    const undoId = bulkActionId(merchantId, key);
    if (!(await markUndone(tx, merchantId, action.id))) return { status: 'done', actionId: undoId };
    const now = context.clock.now();
    const total = await insertUndoing(tx, {
      id: undoId,
      merchantId,
      kind,
      payload: {},
      undoOf: action.id,
      createdBy: actor.id,
      createdAt: now,
    });
    await writeAudit(tx, [
      {
        merchantId,
        at: now,
        actor,
        action: 'bulk.undone',
        subject: { kind: 'bulk_action', id: action.id },
        cause: { kind: 'form', id: key },
        data: { kind: action.kind, orders: total ?? 0 },
      },
    ]);
    await enqueueJobs(tx, [runBulkJob(merchantId, undoId)]);
    return { status: 'done', actionId: undoId };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}
