import type { KitPart } from '../catalog/explode-kit';

/** Units of one line promised at one location, as stored. */
export type AllocationState = {
  readonly id: string;
  readonly fulfillmentOrderId: string;
  readonly itemId: string;
  readonly locationId: string;
  /** Committed now: neither shipped nor released. */
  readonly quantity: number;
};

/** A line with what has become of it, merged with what the channel says now. */
export type LineState = {
  readonly id: string;
  readonly itemId: string | null;
  /** Units the buyer still wants, shipped ones included. */
  readonly quantity: number;
  readonly requiresShipping: boolean;
  readonly shippedQuantity: number;
  /** Units the channel says have left, ours included. */
  readonly channelFulfilled: number;
  /** Sold as a kit: its components' lines carry the stock, this one what the buyer sees. */
  readonly isKit: boolean;
  /** The kit line this one is a component of. */
  readonly kit: KitPart | null;
  readonly allocations: readonly AllocationState[];
};

export type OrderStatus =
  'awaiting_payment' | 'open' | 'partially_shipped' | 'shipped' | 'cancelled';

/**
 * What the order's own stage asks of its stock. `hold` = nothing may be promised yet or any more.
 */
export type OrderDemand = 'ship' | 'hold' | 'cancel';
