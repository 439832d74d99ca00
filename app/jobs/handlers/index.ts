import type { OperationContext } from '../../operations/context';
import type { OrderReading, TakenOrder } from '../../operations/orders/take-orders';
import type { JobHandler } from '../handler';
import { fulfillmentJobs } from './fulfillment-jobs';
import { importJobs } from './import-jobs';
import { orderJobs } from './order-jobs';
import { stockJobs } from './stock-jobs';

/** What every handler is given. */
export type JobDeps = {
  readonly context: OperationContext;
  /** Shared by all jobs of the process, so that orders taken together are committed together. */
  readonly takeOrder: (merchantId: string, reading: OrderReading) => Promise<TakenOrder>;
};

/** Every kind of job there is. */
export const jobHandlers: readonly JobHandler<JobDeps>[] = [
  ...orderJobs,
  ...stockJobs,
  ...fulfillmentJobs,
  ...importJobs,
];
