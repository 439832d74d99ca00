import { v5 } from 'uuid';
import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { insertBulkAction } from '../../store/bulk-actions';
import { type NewJob, enqueueJobs } from '../../store/jobs';
import { type OperationContext, type Refused, refused } from '../context';
import { type BulkWish, bulkProblem } from './bulk-wish';

/** More orders than this are done in several goes. */
export const BULK_ORDERS_MAX = 10_000;

export type StartBulkAction = {
  readonly merchantId: string;
  readonly orderIds: readonly string[];
  readonly wish: BulkWish;
  readonly actor: Actor;
  readonly idempotencyKey: string;
};

export type StartedBulkAction = { readonly status: 'done'; readonly actionId: string };

/** Starts an action on many orders, which a job carries out. The same key starts one action. */
export async function startBulkAction(
  context: OperationContext,
  input: StartBulkAction,
): Promise<StartedBulkAction | Refused> {
  const { merchantId, wish, actor, orderIds } = input;
  const problem = bulkProblem(wish);
  if (problem !== null) return problem;
  if (orderIds.length > BULK_ORDERS_MAX) {
    return refused('validation', `Choose at most ${String(BULK_ORDERS_MAX)} orders at once.`);
  }
  const actionId = bulkActionId(merchantId, input.idempotencyKey);
  const now = context.clock.now();
  const started = await context.db
    .transaction(async (tx) => {
      const { kind, ...payload } = wish;
      const total = await insertBulkAction(
        tx,
        {
          id: actionId,
          merchantId,
          kind,
          payload,
          undoOf: null,
          createdBy: actor.id,
          createdAt: now,
        },
        orderIds,
      );
      if (total === null) return { status: 'done' as const, actionId };
      if (total === 0) throw new NothingChosen();
      await writeAudit(tx, [
        {
          merchantId,
          at: now,
          actor,
          action: 'bulk.started',
          subject: { kind: 'bulk_action', id: actionId },
          cause: { kind: 'form', id: input.idempotencyKey },
          data: { kind, orders: total },
        },
      ]);
      await enqueueJobs(tx, [runBulkJob(merchantId, actionId)]);
      return { status: 'done' as const, actionId };
    })
    .catch((thrown: unknown) => {
      if (thrown instanceof NothingChosen)
        return refused('validation', 'Choose at least one order.');
      throw thrown;
    });
  if (started.status === 'done') context.afterCommit(merchantId);
  return started;
}

/** Takes the row of an action without orders back. */
class NothingChosen extends Error {}

/** Any fixed namespace does; this one is ours. */
const ACTION_IDS = 'a8a7f1de-0f2e-4f7c-8a1e-1c8f6f7b2d40';

/** An action's id follows from the form that asked for it. */
export function bulkActionId(merchantId: string, idempotencyKey: string): string {
  return v5(`${merchantId} ${idempotencyKey}`, ACTION_IDS);
}

/** One action of a merchant at a time, so that undoing comes after what it undoes. */
export function runBulkJob(merchantId: string, actionId: string): NewJob {
  return {
    kind: 'run-bulk-action',
    merchantId,
    payload: { merchantId, actionId },
    serialKey: `bulk:${merchantId}`,
    dedupeKey: `run-bulk-action:${actionId}`,
    causeKind: 'bulk_action',
    causeId: actionId,
  };
}
