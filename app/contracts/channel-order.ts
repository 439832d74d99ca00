import type { Address } from '../domain/shared/address';
import type { ChannelOrderStage } from '../domain/orders/stage';
import type { Money } from '../domain/shared/money';
import type { ExternalRef } from './outcome';

/**
 * Where an order stands (domain/orders/stage):
 * - `awaiting_payment`: the channel has not taken stock for it; we do not either.
 * - `open`: to be shipped. `fulfilled`: nothing left to ship.
 * - `cancelled`: nothing will ship (cancelled, refunded in full before shipping, failed, trashed).
 */
export type { ChannelOrderStage };

export type ChannelOrderLine = {
  readonly ref: ExternalRef;
  readonly listingRef: ExternalRef | null;
  readonly sku: string | null;
  readonly title: string;
  /** Units still wanted: ordered, less removed, less refunded before shipping. Whole, >= 0. */
  readonly quantity: number;
  /** Of `quantity`, units the channel already counts as fulfilled. */
  readonly fulfilledQuantity: number;
  readonly requiresShipping: boolean;
  /** Scheduled or pre-ordered: not to be shipped before then. */
  readonly shipAfter: Date | null;
  readonly unitPrice: Money;
};

export type HoldReason = 'payment' | 'fraud' | 'address' | 'out_of_stock' | 'merchant' | 'other';

/** Why the channel says an order may not leave yet. */
export type ChannelHold = {
  readonly ref: ExternalRef;
  readonly reason: HoldReason;
  readonly note: string | null;
  /** Set through this app. */
  readonly ours: boolean;
};

/**
 * Money given back. What a refunded unit did to the channel's own count, per line:
 * `cancel`: it had not left and is wanted no more. `return`: it had left and is back on the shelf.
 * `none`: it is not on the shelf. `unknown`: the channel does not say.
 */
export type ChannelRefund = {
  readonly ref: ExternalRef;
  readonly at: Date;
  readonly amount: Money;
  readonly lines: readonly {
    readonly lineRef: ExternalRef;
    readonly quantity: number;
    readonly restock: 'cancel' | 'return' | 'none' | 'unknown';
    readonly locationRef: ExternalRef | null;
  }[];
};

export type ChannelOrder = {
  readonly ref: ExternalRef;
  /** What people call it, for example "#1001". */
  readonly name: string;
  /**
   * Compares as text: a later state never has a smaller version.
   * ISO time of last change, with milliseconds and Z.
   */
  readonly version: string;
  readonly stage: ChannelOrderStage;
  /** The channel's own word for payment, for people to read ("paid", "on-hold", …). */
  readonly paymentStatus: string;
  readonly placedAt: Date;
  readonly updatedAt: Date;
  readonly cancelReason: string | null;
  readonly total: Money;
  readonly email: string | null;
  readonly shipTo: Address | null;
  readonly shippingMethod: string | null;
  readonly note: string | null;
  readonly tags: readonly string[];
  /** Active now. */
  readonly holds: readonly ChannelHold[];
  /** The channel's own judgement of fraud; null = none. */
  readonly risk: 'low' | 'medium' | 'high' | null;
  readonly refunds: readonly ChannelRefund[];
  readonly lines: readonly ChannelOrderLine[];
};

/** Which state of an order its channel has. */
export type OrderVersion = Pick<ChannelOrder, 'ref' | 'version' | 'updatedAt'>;
