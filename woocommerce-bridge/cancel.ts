import type { ExternalRef, Outcome, RefusalCode } from '../app/contracts/outcome';
import { saysGone } from './answers';
import type { StoreClient } from './client';
import { stageOf } from './mapping';
import { idOf, isRecord } from './read-body';
import type { JsonRecord } from './read-body';

/** Order meta that says why; the underscore hides it from the order screen. */
const REASON_META = '_crossdock_cancel_reason';
const REASON_LENGTH_MAX = 500;

/**
 * Cancels the whole order in the store, which gives the units back to the store's own number.
 * `duplicate` when nothing would ship of it anyway (cancelled, refunded, failed, in the trash).
 */
export async function cancelOrder(
  client: StoreClient,
  orderRef: ExternalRef,
  reason: string,
  key: string,
): Promise<Outcome<ExternalRef>> {
  const id = idOf(orderRef);
  if (id === null) return refuse('validation', `"${orderRef}" is no order ref`);
  const before = await client.read(`orders/${id}`);
  if (!before.ok) {
    return saysGone(before) ? refuse('not_found', 'the store has no such order') : before.failure;
  }
  const stage = isRecord(before.body) ? stageOf(before.body) : 'open';
  if (stage === 'cancelled') return { status: 'duplicate', value: orderRef };
  if (stage === 'fulfilled') return refuse('conflict', 'the order has been sent already');
  const answer = await client.write({
    method: 'put',
    path: `orders/${id}`,
    body: cancellation(reason),
    lookUpBy: key,
  });
  if (answer.ok) return { status: 'done', value: orderRef };
  if (answer.failure.status !== 'unknown') return answer.failure;
  const after = await client.read(`orders/${id}`);
  if (after.ok && isRecord(after.body) && stageOf(after.body) === 'cancelled') {
    return { status: 'done', value: orderRef };
  }
  return answer.failure;
}

function cancellation(reason: string): JsonRecord {
  const value = reason.slice(0, REASON_LENGTH_MAX);
  return { status: 'cancelled', meta_data: [{ key: REASON_META, value }] };
}

function refuse(code: RefusalCode, message: string): Outcome<never> {
  return { status: 'refused', reason: { code, message } };
}
