import { systemActor } from '../../domain/shared/actor';
import { type BrakeHold, judgePush } from '../../domain/stock/push-brake';
import type { Transaction } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import type { StoredConnection } from '../../store/connections';
import { clearBraked, measurePush, setBraked } from '../../store/push-measure';
import type { OperationContext } from '../context';

/**
 * Measures what a connection's push would change beyond what orders explain and people agreed to,
 * puts the brake on or takes it off, and answers what it holds (decision 028).
 */
export async function applyBrake(
  context: OperationContext,
  connection: StoredConnection,
): Promise<BrakeHold> {
  const now = context.clock.now();
  const measure = await measurePush(context.db, connection.id, now);
  const hold = measure === null ? 'nothing' : judgePush(measure, connection.brakePercent);
  if (measure === null || hold === 'nothing') {
    if (connection.brakedAt !== null) {
      await context.db.transaction(async (tx) => {
        if (!(await clearBraked(tx, connection.id))) return;
        await audit(tx, connection, 'connection.brake_released', {}, now);
      });
    }
    return 'nothing';
  }
  await context.db.transaction(async (tx) => {
    if (!(await setBraked(tx, connection.id, { ...measure, hold }, now))) return;
    await audit(tx, connection, 'connection.braked', measure, now);
  });
  return hold;
}

async function audit(
  tx: Transaction,
  connection: StoredConnection,
  action: string,
  data: Readonly<Record<string, unknown>>,
  at: Date,
): Promise<void> {
  await writeAudit(tx, [
    {
      merchantId: connection.merchantId,
      at,
      actor: systemActor('publish-stock'),
      action,
      subject: { kind: 'connection', id: connection.id },
      cause: { kind: 'connection', id: connection.id },
      data,
    },
  ]);
}
