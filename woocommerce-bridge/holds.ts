import type { ChannelHold, ChannelOrderStage } from '../app/contracts/channel-order';
import { gmtDateOf, textOf } from './read-body';
import type { JsonRecord } from './read-body';

/** Statuses of WooCommerce itself that say an open order may be sent. */
const SENDABLE = new Set(['processing', 'completed']);
/** Paid to the carrier: not having been paid is no reason to keep it. */
const PAID_ON_DELIVERY = 'cod';
const NOTE_LENGTH_MAX = 200;

/**
 * Why the store says an open order may not leave. `on-hold` has taken stock already: without a
 * payment date it waits for one (bank transfer, cheque), with one a person has put it there. A
 * plugin's status that took stock and is not paid waits for payment, too.
 */
export function holdsOf(order: JsonRecord, stage: ChannelOrderStage): readonly ChannelHold[] {
  const status = textOf(order, 'status');
  if (stage !== 'open' || SENDABLE.has(status)) return [];
  const ref = `status:${status}`;
  const paid = gmtDateOf(order, 'date_paid_gmt') !== null;
  if (status === 'on-hold') {
    const method = textOf(order, 'payment_method_title').slice(0, NOTE_LENGTH_MAX);
    return paid
      ? [{ ref, reason: 'merchant', note: 'On hold in the store', ours: false }]
      : [{ ref, reason: 'payment', note: method === '' ? null : method, ours: false }];
  }
  if (paid || textOf(order, 'payment_method') === PAID_ON_DELIVERY) return [];
  const note = `In the store: ${status}`.slice(0, NOTE_LENGTH_MAX);
  return [{ ref, reason: 'payment', note, ours: false }];
}
