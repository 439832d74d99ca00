/** Cancelling an order in Shopify. The money is the merchant's decision and stays untouched. */
import type { ExternalRef, IdempotencyKey, Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, isDone, refused } from './client';
import {
  CancelOrder,
  OrderCancellation,
  type OrderCancelReason,
} from './operations/admin.generated';

const STAFF_NOTE_CHARS_MAX = 255;
/** The first word found in the reason decides; Shopify knows only these. */
const REASONS: readonly (readonly [RegExp, OrderCancelReason])[] = [
  [/fraud/i, 'FRAUD'],
  [/declin/i, 'DECLINED'],
  [/stock|inventory|short/i, 'INVENTORY'],
  [/customer|buyer/i, 'CUSTOMER'],
  [/staff|mistake/i, 'STAFF'],
];

/**
 * Shopify cancels in a job of its own: `done` means it took the order on, and orders/cancelled
 * follows. An order cancelled before answers `duplicate`; one it will not cancel, `conflict`.
 */
export async function cancelOrder(
  api: AdminApi,
  order: ExternalRef,
  reason: string,
  key: IdempotencyKey,
): Promise<Outcome<ExternalRef>> {
  const before = await isCancelled(api, order);
  if (!isDone(before)) return before;
  if (before.value) return { status: 'duplicate', value: order };
  const answer = await api.write(
    CancelOrder,
    {
      id: order,
      reason: REASONS.find(([word]) => word.test(reason))?.[1] ?? 'OTHER',
      refund: { originalPaymentMethodsRefund: false },
      note: reason.slice(0, STAFF_NOTE_CHARS_MAX),
    },
    key,
  );
  if (!isDone(answer) && answer.status !== 'unknown') return answer;
  const [error] = isDone(answer) ? (answer.value.orderCancel?.orderCancelUserErrors ?? []) : [];
  if (isDone(answer) && error === undefined) return done(order);
  // Refused, or silent: whether it is cancelled now is what counts.
  const after = await isCancelled(api, order);
  if (isDone(after) && after.value) {
    return error === undefined ? done(order) : { status: 'duplicate', value: order };
  }
  if (error === undefined) return answer as Outcome<never>;
  return refused(error.code === 'NOT_FOUND' ? 'not_found' : 'conflict', error.message);
}

async function isCancelled(api: AdminApi, order: ExternalRef): Promise<Outcome<boolean>> {
  const answer = await api.read(OrderCancellation, { id: order });
  if (!isDone(answer)) return answer;
  if (answer.value.order === null) return refused('not_found', `Shopify has no ${order}.`);
  return done(answer.value.order.cancelledAt !== null);
}
