import { writeAudit } from '../../store/audit';
import { rewriteLevels } from '../../store/levels';
import { findDrift } from '../../store/movements';
import type { Actor } from '../../domain/shared/actor';
import type { OperationContext } from '../context';

export type DriftRow = Awaited<ReturnType<typeof findDrift>>[number];

/**
 * Sets every level of a merchant to the fold of its movements, under lock. Drift should never be;
 * if it was, what it was is returned and kept in the audit trail before it is gone.
 */
export async function rebuildLevels(
  context: OperationContext,
  input: { readonly merchantId: string; readonly actor: Actor },
): Promise<readonly DriftRow[]> {
  const { merchantId } = input;
  const drift = await context.db.transaction(async (tx) => {
    await tx.query(`LOCK TABLE stock_level IN SHARE ROW EXCLUSIVE MODE`);
    const found = await findDrift(tx, merchantId);
    await rewriteLevels(tx, merchantId, found);
    if (found.length > 0) {
      await writeAudit(tx, [
        {
          merchantId,
          at: context.clock.now(),
          actor: input.actor,
          action: 'stock.rebuilt',
          subject: { kind: 'merchant', id: merchantId },
          cause: { kind: 'merchant', id: merchantId },
          data: { cells: found },
        },
      ]);
    }
    return found;
  });
  if (drift.length > 0) context.afterCommit(merchantId);
  return drift;
}
