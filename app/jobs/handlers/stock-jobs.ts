import { z } from 'zod';
import { publishStock } from '../../operations/sync/publish-stock';
import { reconcileStock } from '../../operations/sync/reconcile-stock';
import { type JobHandler, defineJob } from '../handler';
import { answerOf } from './answer';
import type { JobDeps } from './deps';

export const stockJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'publish-stock',
    schema: z.object({ connectionId: z.uuid() }),
    async run({ deps }, payload) {
      const run = await publishStock(deps.context, payload);
      return run.status === 'done'
        ? { status: 'done', detail: `${String(run.sent)} numbers sent` }
        : run;
    },
  }),
  defineJob({
    kind: 'reconcile-stock',
    schema: z.object({ connectionId: z.uuid() }),
    async run({ deps }, payload) {
      const outcome = await reconcileStock(deps.context, payload);
      return answerOf(outcome, deps.context.clock.now(), { refusedIsKept: true });
    },
  }),
];
