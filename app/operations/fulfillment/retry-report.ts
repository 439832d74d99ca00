import type { Actor } from '../../domain/shared/actor';
import { writeAudit } from '../../store/audit';
import { findFulfillmentToReport } from '../../store/fulfillments';
import { enqueueJobs } from '../../store/jobs';
import { type OperationContext, type Refused, refused } from '../context';
import { reportJob } from './ship-fulfillment-order';

/** A person asks for a refused or uncertain report to be tried again. */
export async function retryFulfillmentReport(
  context: OperationContext,
  input: { readonly merchantId: string; readonly fulfillmentId: string; readonly actor: Actor },
): Promise<{ readonly status: 'done' } | Refused> {
  const found = await findFulfillmentToReport(context.db, input.merchantId, input.fulfillmentId);
  if (found === null) return refused('not_found', 'This fulfillment does not exist.');
  if (found.reportState === 'acknowledged' || found.reportState === 'not_needed') {
    return refused('conflict', found.reportDetail ?? 'The channel knows of it already.');
  }
  await context.db.transaction(async (tx) => {
    await writeAudit(tx, [
      {
        merchantId: input.merchantId,
        at: context.clock.now(),
        actor: input.actor,
        action: 'fulfillment.report_retried',
        subject: { kind: 'order', id: found.orderId },
        cause: { kind: 'fulfillment', id: found.id },
        data: {},
      },
    ]);
    await enqueueJobs(tx, [reportJob(input.merchantId, found, found.id)]);
  });
  context.afterCommit(input.merchantId);
  return { status: 'done' };
}
