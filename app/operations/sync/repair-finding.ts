import type { Outcome } from '../../contracts/outcome';
import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findConnectionById } from '../../store/connections';
import { enqueueJobs } from '../../store/jobs';
import {
  LEFT_BY_A_PERSON,
  chooseRepair,
  findRun,
  findingsIn,
  repairRuleOf,
} from '../../store/reconcile';
import { type OperationContext, type Refused, refused } from '../context';
import { judgeFindings } from './judge-findings';
import { noteRefusal } from './note-refusal';
import { readOrdersFirst } from './read-orders-first';

/** Ours is sent, theirs is taken as a count, or it stays as it is. */
export type RepairChoice = 'send' | 'take' | 'leave';

const FINDINGS_PER_READ = 100;

const STATE_OF = { send: 'sending', take: 'taking', leave: 'left' } as const;

/** Notes a person's choice about differences of a run, and has it carried out. */
export async function chooseRepairs(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly runId: string;
    /** Null: all that wait. */
    readonly findingIds: readonly string[] | null;
    readonly choice: RepairChoice;
    readonly actor: Actor;
  },
): Promise<{ readonly status: 'done'; readonly chosen: number } | Refused> {
  const { merchantId, runId, choice, actor } = input;
  const answer = await context.db.transaction(async (tx) => {
    const run = await findRun(tx, merchantId, runId);
    if (run === null) return refused('not_found', 'This check does not exist.');
    const note = choice === 'leave' ? LEFT_BY_A_PERSON : null;
    const chosen = await chooseRepair(
      tx,
      merchantId,
      runId,
      input.findingIds,
      STATE_OF[choice],
      note,
    );
    if (chosen === 0) {
      return refused('conflict', 'Nothing was left to decide: a check has gone over it meanwhile.');
    }
    await writeAudit(tx, [
      {
        merchantId,
        at: context.clock.now(),
        actor,
        action: 'reconcile.decided',
        subject: { kind: 'connection', id: run.connectionId },
        cause: { kind: 'reconcile_run', id: runId },
        data: { choice, count: chosen },
      },
    ]);
    if (choice !== 'leave') {
      await enqueueJobs(tx, [
        {
          kind: 'repair-findings',
          merchantId,
          connectionId: run.connectionId,
          payload: { merchantId, runId, staffId: actor.id },
          serialKey: `repair:${run.connectionId}`,
          causeKind: 'reconcile_run',
          causeId: runId,
        },
      ]);
    }
    return { status: 'done' as const, chosen };
  });
  if (answer.status === 'done') context.afterCommit(merchantId);
  return answer;
}

/**
 * Carries out what was chosen. The channel's orders are read first and each number is looked at
 * again, since it may have changed after the person looked. `ordersReadAt`: when an earlier try
 * read them; `noteOrdersRead` keeps it for the next.
 */
export async function repairChosen(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly runId: string;
    readonly by: Actor;
    readonly ordersReadAt: Date | null;
  },
  noteOrdersRead: (at: Date) => Promise<void>,
): Promise<Outcome<number>> {
  const run = await findRun(context.db, input.merchantId, input.runId);
  const connection = run === null ? null : await findConnectionById(context.db, run.connectionId);
  if (run === null || connection === null || connection.status === 'disconnected') {
    return { status: 'done', value: 0 };
  }
  const channel = await context.channelFor(connection);
  const rule = await repairRuleOf(context.db, connection.id);
  let repaired = 0;
  let readAt = input.ordersReadAt;
  for (;;) {
    const findings = await findingsIn(context.db, run.id, ['sending', 'taking'], FINDINGS_PER_READ);
    if (findings.length === 0) return { status: 'done', value: repaired };
    const orders = await readOrdersFirst(context, connection.id, readAt);
    if (orders.status !== 'done' && orders.status !== 'duplicate') return orders;
    const { at, known, waitUntil } = orders.value;
    if (at !== readAt) await noteOrdersRead(at);
    readAt = at;
    if (waitUntil !== null) {
      const message = 'Orders of the channel are being read.';
      return { status: 'retry_later', retryAt: waitUntil, message };
    }
    const judged = await judgeFindings(context, {
      connection,
      channel,
      rule,
      run,
      findings,
      by: input.by,
      ordersKnown: known,
    });
    if (judged.status !== 'done' && judged.status !== 'duplicate') {
      await noteRefusal(context, connection.id, judged);
      return judged;
    }
    repaired += findings.length;
  }
}
