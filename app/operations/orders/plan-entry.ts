import type { OrderPlan } from '../../domain/orders/plan-order';
import type { Actor, Cause } from '../../domain/shared/actor';
import type { StoredOrder } from '../../store/orders';
import type { HoldChange } from './apply-channel-holds';
import type { RefundsToTake } from './take-refunds';

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
