import { z } from 'zod';
import { carryOutPosting } from '../../operations/stock/post-count';
import { readCountFile } from '../../operations/stock/read-count-file';
import { carryOutUndoing } from '../../operations/stock/undo-count';
import { type JobHandler, defineJob } from '../handler';
import type { JobDeps } from './deps';

const schema = z.object({ merchantId: z.uuid(), countId: z.uuid() });

/** How far they have come is kept with the count itself. */
export const countJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'read-count-file',
    schema,
    async run({ deps, signal }, payload) {
      await readCountFile(deps.context, payload, signal);
      return { status: 'done' };
    },
  }),
  defineJob({
    kind: 'post-count',
    schema,
    async run({ deps, signal }, payload) {
      await carryOutPosting(deps.context, payload, signal);
      return { status: 'done' };
    },
  }),
  defineJob({
    kind: 'undo-count',
    schema,
    async run({ deps, signal }, payload) {
      await carryOutUndoing(deps.context, payload, signal);
      return { status: 'done' };
    },
  }),
];
