import { z } from 'zod';
import type { WorkConcerns } from '../../store/inbox';
import { allocateShort } from '../../operations/orders/allocate-short';
import { annotateInChannel } from '../../operations/orders/annotate-order';
import { cancelInChannel } from '../../operations/orders/cancel-order';
import { reportHolds } from '../../operations/orders/report-holds';
import { lookAgain } from '../../operations/sync/look-again';
import { pollOrders } from '../../operations/sync/poll-orders';
import { type JobHandler, defineJob } from '../handler';
import { answerOf } from './answer';
import type { JobDeps } from './deps';

const ref = z.string().min(1).max(500);
const concerns: z.ZodType<WorkConcerns> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('order'), orderRef: ref }),
  z.object({
    kind: z.literal('work'),
    workRef: ref,
    change: z.enum(['assigned', 'moved', 'freed', 'other']),
    locationRef: z.string().max(500),
  }),
  z.object({
    kind: z.literal('stock'),
    stockRef: ref,
    locationRef: z.string().max(500),
    claimed: z.number().int().nullable(),
  }),
  z.object({ kind: z.literal('product'), productRef: ref }),
  z.object({ kind: z.literal('listing'), listingRef: ref, claimed: z.number().int().nullable() }),
  z.object({
    kind: z.literal('account'),
    change: z.enum(['uninstalled', 'scopes', 'redact', 'request']),
  }),
]);

export const orderJobs: readonly JobHandler<JobDeps>[] = [
  defineJob({
    kind: 'look-again',
    schema: z.object({ connectionId: z.uuid(), concerns }),
    async run({ deps }, payload, job) {
      const cause = { kind: 'job', id: String(job.id) };
      const outcome = await lookAgain(deps.context, deps.takeOrder, { ...payload, cause });
      return answerOf(outcome, deps.context.clock.now(), { attempts: job.attempts });
    },
  }),
  defineJob({
    kind: 'poll-orders',
    schema: z.object({ connectionId: z.uuid(), onlyUnexplained: z.boolean().optional() }),
    async run({ deps }, payload) {
      const outcome = await pollOrders(deps.context, payload);
      return answerOf(outcome, deps.context.clock.now(), { refusedIsKept: true });
    },
  }),
  defineJob({
    kind: 'allocate-short',
    schema: z.object({ merchantId: z.uuid(), itemId: z.uuid() }),
    async run({ deps }, payload) {
      const planned = await allocateShort(deps.context, payload);
      return { status: 'done', detail: `${String(planned)} orders looked at` };
    },
  }),
  defineJob({
    kind: 'cancel-in-channel',
    schema: z.object({ merchantId: z.uuid(), orderId: z.uuid() }),
    async run({ deps }, payload, job) {
      const outcome = await cancelInChannel(deps.context, payload);
      // A refusal brings the order back, which is where people see it.
      const refusedIsKept = outcome.status === 'refused' && outcome.reason.code !== 'unauthorized';
      return answerOf(outcome, deps.context.clock.now(), {
        refusedIsKept,
        attempts: job.attempts,
      });
    },
  }),
  defineJob({
    kind: 'report-holds',
    schema: z.object({ merchantId: z.uuid(), orderId: z.uuid() }),
    async run({ deps }, payload, job) {
      const outcome = await reportHolds(deps.context, payload);
      return answerOf(outcome, deps.context.clock.now(), { attempts: job.attempts });
    },
  }),
  defineJob({
    kind: 'annotate-in-channel',
    schema: z.object({
      merchantId: z.uuid(),
      orderId: z.uuid(),
      note: z.string().nullable(),
      addTags: z.array(z.string()),
      removeTags: z.array(z.string()),
    }),
    async run({ deps }, payload, job) {
      const key = `annotate:${String(job.id)}`;
      const outcome = await annotateInChannel(deps.context, { ...payload, key });
      // The order's page says what the channel refused; missing access is waited for.
      const refusedIsKept = outcome.status === 'refused' && outcome.reason.code !== 'unauthorized';
      return answerOf(outcome, deps.context.clock.now(), {
        refusedIsKept,
        attempts: job.attempts,
      });
    },
  }),
];
