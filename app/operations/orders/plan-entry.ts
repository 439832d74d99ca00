import type { ChannelRefund } from '../../contracts/channel-order';
import type { HoldReason } from '../../domain/orders/plan-holds';
import type { OrderPlan } from '../../domain/orders/plan-order';
import type { RefundEntry } from '../../domain/orders/plan-refunds';
import type { Actor, Cause } from '../../domain/shared/actor';
import type { NewHold } from '../../store/order-holds';
import type { ReturnPlaces } from '../../store/order-refunds';
import type { StoredOrder } from '../../store/orders';

/** Holds to be written with an order. */
export type HoldChange = {
  readonly add: readonly NewHold[];
  readonly release: readonly {
    readonly holdId: string;
    readonly reason: HoldReason;
    readonly by: string;
  }[];
};

/**
 * A refund that is news. One taken before has only the lines that turned, and what else is kept.
 */
export type RefundToTake = ChannelRefund & { readonly kept: readonly RefundEntry[] | null };

/** Refunds of one order that are news, oldest first, and what deciding on them needs. */
export type RefundsToTake = {
  readonly refunds: readonly RefundToTake[];
  /** Units by line ref that earlier refunds brought back. */
  readonly returned: ReadonlyMap<string, number>;
  /** Refunds made before then move nothing: the opening stock was counted after them. */
  readonly connectedAt: Date | null;
  readonly places: ReturnPlaces;
  /** Items of the order that are kits by now. */
  readonly kits: ReadonlySet<string>;
};

/** An order to plan, locked, as it should be written. */
export type PlanEntry = {
  readonly order: StoredOrder;
  readonly channelFulfilled: ReadonlyMap<string, number>;
  /** Shipped before we were there: recorded, but not taken out of today's stock. */
  readonly history: boolean;
  readonly isNew: boolean;
  /** Parts of the order that its channel changed, in words; empty for a new one. */
  readonly changed: readonly string[];
  readonly cause: Cause;
  readonly actor: Actor;
  /** Holds to be set and lifted with it. */
  readonly holds?: HoldChange;
  /** Refunds that were not taken yet. */
  readonly refunds?: RefundsToTake;
};

export type Planned = { readonly entry: PlanEntry; readonly plan: OrderPlan };
