import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findConnection, isLive } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import { endRun, findRun, leaveUnjudged, openRun } from '../../store/reconcile';
import { type OperationContext, type Refused, refused } from '../context';
import { reconcileJob } from './reconcile-stock';

type Asked = { readonly merchantId: string; readonly actor: Actor };

/** Starts comparing a channel now. Answers the run, also when one was under way already. */
export async function startReconcile(
  context: OperationContext,
  input: Asked & { readonly connectionId: string },
): Promise<
  { readonly status: 'done'; readonly runId: string; readonly started: boolean } | Refused
> {
  const { merchantId, actor } = input;
  const now = context.clock.now();
  const answer = await context.db.transaction(async (tx) => {
    const connection = await findConnection(tx, merchantId, input.connectionId);
    if (connection === null) return refused('not_found', 'This channel does not exist.');
    if (connection.status !== 'connected') {
      return refused('unavailable', 'The channel has to be connected before it can be checked.');
    }
    if (!isLive(connection)) {
      return refused(
        'unavailable',
        'Its numbers are not live yet, so there is nothing to compare.',
      );
    }
    const run = await openRun(tx, {
      merchantId,
      connectionId: connection.id,
      trigger: 'hand',
      startedBy: actor.id,
      now,
    });
    if (run.started) {
      await writeAudit(tx, [
        {
          merchantId,
          at: now,
          actor,
          action: 'reconcile.started',
          subject: { kind: 'connection', id: connection.id },
          cause: { kind: 'reconcile_run', id: run.id },
          data: {},
        },
      ]);
    }
    await enqueueJobs(tx, [reconcileJob(connection)]);
    return { status: 'done' as const, runId: run.id, started: run.started };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}

/** Ends a run that is under way; what it has put right stays so. */
export async function cancelReconcile(
  context: OperationContext,
  input: Asked & { readonly runId: string },
): Promise<{ readonly status: 'done' } | Refused> {
  const { merchantId, actor } = input;
  const now = context.clock.now();
  return context.db.transaction(async (tx) => {
    const run = await findRun(tx, merchantId, input.runId);
    if (run === null) return refused('not_found', 'This check does not exist.');
    if (!(await endRun(tx, run.id, 'cancelled', null, now))) {
      return refused('conflict', 'This check is over already.');
    }
    await leaveUnjudged(tx, run.id, 'The check was cancelled before it was looked into.');
    await writeAudit(tx, [
      {
        merchantId,
        at: now,
        actor,
        action: 'reconcile.cancelled',
        subject: { kind: 'connection', id: run.connectionId },
        cause: { kind: 'reconcile_run', id: run.id },
        data: { checked: run.checked },
      },
    ]);
    return { status: 'done' as const };
  });
}
