import { z } from 'zod';
import { runBulkAction } from '../../operations/orders/run-bulk-action';
import { type JobHandler, defineJob } from '../handler';
import type { JobDeps } from './deps';

export const bulkJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'run-bulk-action',
    schema: z.object({ merchantId: z.uuid(), actionId: z.uuid() }),
    async run({ deps, signal }, payload) {
      const finished = await runBulkAction(deps.context, { ...payload, signal });
      if (finished) return { status: 'done' };
      return { status: 'retry', at: deps.context.clock.now(), reason: 'The process is ending.' };
    },
  }),
];
