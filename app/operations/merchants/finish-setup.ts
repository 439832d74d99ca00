import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { noteOnboarded } from '../../store/merchants';
import type { OperationContext } from '../context';

/** The first steps are behind the merchant: Home no longer shows them. */
export async function finishSetup(
  context: OperationContext,
  input: { readonly merchantId: string; readonly actor: Actor },
): Promise<{ readonly status: 'done' }> {
  const { merchantId, actor } = input;
  await context.db.transaction(async (tx) => {
    const now = context.clock.now();
    if (!(await noteOnboarded(tx, merchantId, now))) return;
    await writeAudit(tx, [
      {
        merchantId,
        at: now,
        actor,
        action: 'merchant.set_up',
        subject: { kind: 'merchant', id: merchantId },
        cause: { kind: 'request', id: merchantId },
        data: {},
      },
    ]);
  });
  return { status: 'done' };
}
