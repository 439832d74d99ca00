import type { JobHandler } from '../handler';
import { bulkJobs } from './bulk-jobs';
import { countJobs } from './count-jobs';
import type { JobDeps } from './deps';
import { connectionJobs } from './connection-jobs';
import { fulfillmentJobs } from './fulfillment-jobs';
import { importJobs } from './import-jobs';
import { orderJobs } from './order-jobs';
import { policyJobs } from './policy-jobs';
import { privacyJobs } from './privacy-jobs';
import { stockJobs } from './stock-jobs';

/** Every kind of job there is. */
export const jobHandlers: readonly JobHandler<JobDeps>[] = [
  ...orderJobs,
  ...stockJobs,
  ...fulfillmentJobs,
  ...importJobs,
  ...privacyJobs,
  ...countJobs,
  ...connectionJobs,
  ...policyJobs,
  ...bulkJobs,
];
