import type { Outcome } from '../../contracts/outcome';
import { ordersBeingRead } from '../../store/compared-numbers';
import type { OperationContext } from '../context';
import { pollOrders } from './poll-orders';

/** Orders that were found get this long to be taken; then it goes on without them. */
const ORDERS_WAIT_MS = 60_000;
const ORDERS_LOOK_EVERY_MS = 500;
/** Orders read longer ago say nothing about now. More than the wait, or it would never end. */
const ORDERS_FRESH_MS = 90_000;

export type OrdersRead = {
  /** When the channel was asked for its changed orders. */
  readonly at: Date;
  /** All that it told of are taken. */
  readonly known: boolean;
  /** They are being taken: look again then. Null = go on. */
  readonly waitUntil: Date | null;
};

/**
 * Sees to it that the channel's changed orders are known before anything is said about its
 * numbers. `readAt`: when they were read before; they are read again when that is too long ago.
 */
export async function readOrdersFirst(
  context: OperationContext,
  connectionId: string,
  readAt: Date | null,
): Promise<Outcome<OrdersRead>> {
  const now = context.clock.now();
  let at = readAt;
  if (at === null || now.getTime() - at.getTime() >= ORDERS_FRESH_MS) {
    const polled = await pollOrders(context, { connectionId });
    if (polled.status !== 'done' && polled.status !== 'duplicate') return polled;
    at = now;
  }
  const reading = await ordersBeingRead(context.db, connectionId);
  const waits = reading && now.getTime() - at.getTime() < ORDERS_WAIT_MS;
  const waitUntil = waits ? new Date(now.getTime() + ORDERS_LOOK_EVERY_MS) : null;
  return { status: 'done', value: { at, known: !reading, waitUntil } };
}
