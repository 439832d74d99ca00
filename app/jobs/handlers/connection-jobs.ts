import { z } from 'zod';
import { finishWooCommerceGrant } from '../../operations/connections/finish-woocommerce-grant';
import { type JobHandler, defineJob } from '../handler';
import type { JobDeps } from './deps';

/** A store that granted keys and then does not answer is asked this often, in about a minute. */
const GRANT_TRIES_MAX = 8;
const GRANT_RETRY_MS = 2_000;

export const connectionJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'finish-grant',
    schema: z.object({ intentId: z.uuid() }),
    async run({ deps }, payload, job) {
      const lastTry = job.attempts >= GRANT_TRIES_MAX;
      const finished = await finishWooCommerceGrant(deps.context, { ...payload, lastTry });
      if (finished.status === 'done') return finished;
      const at = new Date(deps.context.clock.now().getTime() + GRANT_RETRY_MS * job.attempts);
      return { status: 'retry', at, reason: finished.reason };
    },
  }),
];
