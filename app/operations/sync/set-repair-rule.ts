import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findConnection } from '../../store/connections';
import { type RepairRule, saveRepairRule } from '../../store/reconcile';
import { type OperationContext, type Refused, refused } from '../context';

/** What reconciling does from now on with a number that somebody changed in the channel. */
export async function setRepairRule(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly connectionId: string;
    readonly rule: RepairRule;
    readonly actor: Actor;
  },
): Promise<{ readonly status: 'done' } | Refused> {
  return context.db.transaction(async (tx) => {
    const connection = await findConnection(tx, input.merchantId, input.connectionId);
    if (connection === null) return refused('not_found', 'This channel does not exist.');
    const before = await saveRepairRule(tx, connection.id, input.rule);
    if (before === input.rule) return { status: 'done' as const };
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: 'reconcile.rule_set',
        subject: { kind: 'connection', id: connection.id },
        cause: { kind: 'connection', id: connection.id },
        data: { before, now: input.rule },
      },
    ]);
    return { status: 'done' as const };
  });
}
