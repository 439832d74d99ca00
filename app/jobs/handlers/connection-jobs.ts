import { z } from 'zod';
import { finishWooCommerceGrant } from '../../operations/connections/finish-woocommerce-grant';
import { checkWebhooks, readMissed } from '../../operations/connections/check-webhooks';
import { pollListings } from '../../operations/sync/poll-listings';
import { type JobHandler, defineJob } from '../handler';
import { answerOf } from './answer';
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
  defineJob({
    kind: 'check-webhooks',
    schema: z.object({ connectionId: z.uuid() }),
    async run({ deps }, payload) {
      const outcome = await checkWebhooks(deps.context, payload);
      return answerOf(outcome, deps.context.clock.now(), { refusedIsKept: true });
    },
  }),
  defineJob({
    kind: 'poll-listings',
    schema: z.object({ connectionId: z.uuid() }),
    async run({ deps }, payload) {
      const outcome = await pollListings(deps.context, payload);
      return answerOf(outcome, deps.context.clock.now(), { refusedIsKept: true });
    },
  }),
  defineJob({
    kind: 'read-missed',
    schema: z.object({ connectionId: z.uuid(), since: z.iso.datetime() }),
    async run({ deps }, { connectionId, since }, job) {
      const outcome = await readMissed(deps.context, { connectionId, since: new Date(since) });
      return answerOf(outcome, deps.context.clock.now(), { attempts: job.attempts });
    },
  }),
];
