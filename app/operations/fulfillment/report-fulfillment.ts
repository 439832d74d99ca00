import type { FulfillmentReport } from '../../contracts/channel';
import type { ExternalRef, Outcome } from '../../contracts/outcome';
import { writeAudit } from '../../store/audit';
import { findConnectionById } from '../../store/connections';
import {
  type FulfillmentToReport,
  type ReportState,
  findFulfillmentToReport,
  settleReport,
} from '../../store/fulfillments';
import type { OperationContext } from '../context';
import { joinTracking } from './tracking';

/**
 * Tells the channel of one fulfillment, at most once: what may have happened is looked up before
 * anything is sent again. Answers the channel's outcome for the job to act on.
 */
export async function reportFulfillment(
  context: OperationContext,
  input: {
    readonly merchantId: string;
    readonly fulfillmentId: string;
    readonly firstTry: boolean;
  },
): Promise<Outcome<ExternalRef>> {
  const found = await findFulfillmentToReport(context.db, input.merchantId, input.fulfillmentId);
  if (found === null) {
    return { status: 'refused', reason: { code: 'not_found', message: 'No such fulfillment.' } };
  }
  if (found.reportState === 'acknowledged' || found.reportState === 'not_needed') {
    return { status: 'duplicate', value: '' };
  }
  const connection = await findConnectionById(context.db, found.connectionId);
  if (connection === null || connection.status === 'disconnected') {
    const reason = { code: 'permanent', message: 'The channel is disconnected.' } as const;
    return settle(context, found, { status: 'refused', reason });
  }
  const channel = await context.channelFor(connection);
  const report = reportOf(found);
  const key = `fulfillment:${found.id}`;
  if (!input.firstTry || found.reportState === 'unknown') {
    const earlier = await channel.findFulfillment(report, key);
    if (earlier.status !== 'done' && earlier.status !== 'duplicate') {
      return settle(context, found, earlier);
    }
    if (earlier.value !== null) {
      return settle(context, found, { status: 'duplicate', value: earlier.value });
    }
  }
  return settle(context, found, await channel.reportFulfillment(report, key));
}

function reportOf(found: FulfillmentToReport): FulfillmentReport {
  const tracking = joinTracking(found.tracking, found.also);
  return {
    orderRef: found.orderRef,
    lines: found.lines,
    locationRef: found.locationRef,
    trackingCompany: tracking.company,
    trackingNumber: tracking.number,
    trackingUrl: tracking.url,
    notifyCustomer: found.notifyCustomer,
    shippedAt: found.shippedAt,
    otherRefs: found.otherRefs,
  };
}

async function settle(
  context: OperationContext,
  found: FulfillmentToReport,
  outcome: Outcome<ExternalRef>,
): Promise<Outcome<ExternalRef>> {
  const { state, detail } = standing(outcome);
  const externalRef =
    outcome.status === 'done' || outcome.status === 'duplicate' ? outcome.value : null;
  const at = context.clock.now();
  await context.db.transaction(async (tx) => {
    await settleReport(tx, found.merchantId, found.id, { state, detail, externalRef, at });
    if (state === 'pending') return;
    await writeAudit(tx, [
      {
        merchantId: found.merchantId,
        at,
        actor: { kind: 'channel', id: found.connectionId },
        action: `fulfillment.report_${state}`,
        subject: { kind: 'order', id: found.orderId },
        cause: { kind: 'fulfillment', id: found.id },
        data: { detail },
      },
    ]);
  });
  return outcome;
}

function standing(outcome: Outcome<ExternalRef>): {
  readonly state: ReportState;
  readonly detail: string | null;
} {
  switch (outcome.status) {
    case 'done':
    case 'duplicate':
      return { state: 'acknowledged', detail: null };
    case 'refused':
      return {
        state: outcome.reason.code === 'unauthorized' ? 'pending' : 'refused',
        detail: outcome.reason.message,
      };
    case 'unknown':
      return { state: 'unknown', detail: outcome.message };
    case 'retry_later':
      return { state: 'pending', detail: outcome.message };
  }
}
