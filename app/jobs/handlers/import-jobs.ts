import { z } from 'zod';
import { importCatalog } from '../../operations/catalog/import-catalog';
import { subscribeWebhooks } from '../../operations/connections/subscribe-webhooks';
import { importOrders } from '../../operations/orders/import-orders';
import { type JobHandler, defineJob } from '../handler';
import { answerOf } from './answer';
import type { JobDeps } from './deps';

const count = z.number().int().min(0);
const cursor = z.string().nullable();
const catalogProgress = z.object({
  cursor,
  listings: count,
  itemsCreated: count,
  unmatched: count,
  expected: count.nullable(),
  startedAt: z.iso.datetime(),
  allRead: z.boolean().default(false),
});
const ordersProgress = z.object({ cursor, orders: count, since: z.string() });

function catalogJob(kind: string, thenOrders: boolean): JobHandler<JobDeps> {
  return defineJob({
    kind,
    schema: z.object({ connectionId: z.uuid() }),
    async run({ deps, saveProgress }, payload, job) {
      const progress = catalogProgress.safeParse(job.progress);
      const outcome = await importCatalog(
        deps.context,
        { ...payload, thenOrders, progress: progress.success ? progress.data : null },
        saveProgress,
      );
      if (outcome.status === 'waits') {
        return { status: 'retry', at: outcome.until, reason: outcome.message };
      }
      return answerOf(outcome, deps.context.clock.now(), { attempts: job.attempts });
    },
  });
}

export const importJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'subscribe-webhooks',
    schema: z.object({ connectionId: z.uuid(), callbackUrl: z.url() }),
    async run({ deps }, payload) {
      return answerOf(await subscribeWebhooks(deps.context, payload), deps.context.clock.now());
    },
  }),
  catalogJob('import-catalog', true),
  catalogJob('refresh-catalog', false),
  defineJob({
    kind: 'import-orders',
    schema: z.object({ connectionId: z.uuid() }),
    async run({ deps, saveProgress }, payload, job) {
      const progress = ordersProgress.safeParse(job.progress);
      const outcome = await importOrders(
        deps.context,
        { ...payload, progress: progress.success ? progress.data : null },
        saveProgress,
      );
      return answerOf(outcome, deps.context.clock.now(), { attempts: job.attempts });
    },
  }),
];
