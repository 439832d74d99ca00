import { z } from 'zod';
import { expireExports } from '../../operations/privacy/expire-exports';
import { type JobHandler, defineJob } from '../handler';
import type { JobDeps } from './deps';

export const privacyJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'expire-privacy-exports',
    schema: z.object({}),
    async run({ deps }) {
      const deleted = await expireExports(deps.context);
      return { status: 'done', detail: `${String(deleted)} deleted` };
    },
  }),
];
