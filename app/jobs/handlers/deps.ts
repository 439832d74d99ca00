import type { OperationContext } from '../../operations/context';
import type { OrderReading, TakenOrder } from '../../operations/orders/take-orders';

/** What every handler is given. */
export type JobDeps = {
  readonly context: OperationContext;
  /** Shared by all jobs of the process, so that orders taken together are committed together. */
  readonly takeOrder: (merchantId: string, reading: OrderReading) => Promise<TakenOrder>;
};
