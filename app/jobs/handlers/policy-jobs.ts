import { z } from 'zod';
import { setBackorders } from '../../operations/sync/set-backorders';
import { type JobHandler, defineJob } from '../handler';
import { answerOf } from './answer';
import type { JobDeps } from './deps';

export const policyJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'set-backorders',
    schema: z.object({ connectionId: z.uuid(), after: z.uuid().nullable().default(null) }),
    async run({ deps }, payload, job) {
      const outcome = await setBackorders(deps.context, payload);
      return answerOf(outcome, deps.context.clock.now(), { attempts: job.attempts });
    },
  }),
];
