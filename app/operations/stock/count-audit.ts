import type { Actor } from '../../domain/shared/actor';
import type { Queryable } from '../../platform/database';
import { writeAudit } from '../../store/audit';
import type { OperationContext } from '../context';

/** Puts on record what was done to a count, by its name. */
export function auditCount(
  { clock }: OperationContext,
  tx: Queryable,
  count: { readonly merchantId: string; readonly id: string; readonly name: string },
  actor: Actor,
  action: string,
  data: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const subject = { kind: 'count', id: count.id };
  return writeAudit(tx, [
    {
      merchantId: count.merchantId,
      at: clock.now(),
      actor,
      action,
      subject,
      cause: subject,
      data: { countName: count.name, ...data },
    },
  ]);
}
