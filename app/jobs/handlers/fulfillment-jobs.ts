import { z } from 'zod';
import { reportFulfillment } from '../../operations/fulfillment/report-fulfillment';
import { moveWork } from '../../operations/orders/move-work';
import { type JobHandler, defineJob } from '../handler';
import { answerOf } from './answer';
import type { JobDeps } from './deps';

export const fulfillmentJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'report-fulfillment',
    schema: z.object({ merchantId: z.uuid(), fulfillmentId: z.uuid() }),
    async run({ deps }, payload, job) {
      const outcome = await reportFulfillment(deps.context, {
        ...payload,
        firstTry: job.attempts === 1,
      });
      // A refusal stands with the order, where it can be tried again; missing access is waited for.
      const refusedIsKept = outcome.status === 'refused' && outcome.reason.code !== 'unauthorized';
      return answerOf(outcome, deps.context.clock.now(), {
        refusedIsKept,
        attempts: job.attempts,
      });
    },
  }),
  defineJob({
    kind: 'move-work',
    schema: z.object({
      merchantId: z.uuid(),
      orderId: z.uuid(),
      movedTo: z.string().min(1).max(500).nullable(),
    }),
    async run({ deps }, payload, job) {
      const outcome = await moveWork(deps.context, payload);
      return answerOf(outcome, deps.context.clock.now(), { attempts: job.attempts });
    },
  }),
];
