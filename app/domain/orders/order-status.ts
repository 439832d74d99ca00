import type { ChannelOrderStage } from './stage';
import type { OrderDemand, OrderStatus } from './order-state';

/** What we asked the channel to cancel, and how that stands. */
export type CancelState = 'pending' | 'confirmed' | 'refused' | null;

/** Our own wish to cancel outweighs a channel that has not heard of it yet. */
export function orderDemand(stage: ChannelOrderStage, cancelState: CancelState): OrderDemand {
  if (cancelState === 'pending' || cancelState === 'confirmed') return 'cancel';
  switch (stage) {
    case 'open':
    case 'fulfilled':
      return 'ship';
    case 'awaiting_payment':
      return 'hold';
    case 'cancelled':
      return 'cancel';
  }
}

/** The order's status from what it asks and how much of it has left. */
export function orderStatus(
  demand: OrderDemand,
  lines: readonly {
    readonly quantity: number;
    readonly shipped: number;
    readonly requiresShipping: boolean;
  }[],
  stage: ChannelOrderStage,
): OrderStatus {
  if (demand === 'cancel') return 'cancelled';
  if (demand === 'hold') return 'awaiting_payment';
  const toShip = lines.filter((line) => line.requiresShipping);
  const shipped = toShip.reduce((sum, line) => sum + line.shipped, 0);
  const open = toShip.some((line) => line.shipped < line.quantity);
  if (!open && (shipped > 0 || stage === 'fulfilled')) return 'shipped';
  return shipped > 0 ? 'partially_shipped' : 'open';
}
