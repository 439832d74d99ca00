import { z } from 'zod';
import { publishStock } from '../../operations/sync/publish-stock';
import { reconcileStock } from '../../operations/sync/reconcile-stock';
import { repairChosen } from '../../operations/sync/repair-finding';
import { type JobHandler, defineJob } from '../handler';
import { answerOf } from './answer';
import type { JobDeps } from './deps';

const ordersRead = z.object({ ordersReadAt: z.coerce.date() });

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
    async run({ deps, signal }, payload, job) {
      const outcome = await reconcileStock(deps.context, { ...payload, signal });
      return answerOf(outcome, deps.context.clock.now(), {
        refusedIsKept: true,
        attempts: job.attempts,
      });
    },
  }),
  defineJob({
    kind: 'repair-findings',
    schema: z.object({ merchantId: z.uuid(), runId: z.uuid(), staffId: z.string().min(1) }),
    async run({ deps, saveProgress }, { merchantId, runId, staffId }, job) {
      const progress = ordersRead.safeParse(job.progress);
      const outcome = await repairChosen(
        deps.context,
        {
          merchantId,
          runId,
          by: { kind: 'staff', id: staffId },
          ordersReadAt: progress.success ? progress.data.ordersReadAt : null,
        },
        (at) => saveProgress({ ordersReadAt: at.toISOString() }),
      );
      return answerOf(outcome, deps.context.clock.now(), { attempts: job.attempts });
    },
  }),
];
