import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { replayInboxEvents, replayJobs } from '#app/operations/jobs/replay';
import { countWork } from '#app/queries/jobs/count-work';
import { INBOX_STATES, listInboxEvents } from '#app/queries/jobs/list-inbox-events';
import { JOB_VIEWS, listJobs } from '#app/queries/jobs/list-jobs';
import { PageError } from '#app/ui/frame/page-error';
import { JobsPage, type JobsPageProps } from '#app/ui/jobs/jobs-page';
import { countOf } from '#app/ui/words/numbers';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, parseForm } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Jobs · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs): Promise<JobsPageProps> {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const address = new URL(request.url).searchParams;
  const page = { after: address.get('after'), before: address.get('before') };
  const counts = await countWork(prisma, merchantId);
  if (address.get('view') === 'inbox') {
    const state = INBOX_STATES.find((known) => known === address.get('state')) ?? null;
    const events = await listInboxEvents(prisma, merchantId, { ...page, state });
    return { counts, shown: { view: 'inbox', state: state ?? '', events } };
  }
  const view = JOB_VIEWS.find((known) => known === address.get('view')) ?? 'failed';
  const jobs = await listJobs(prisma, merchantId, { ...page, view });
  return { counts, shown: { view, jobs } };
}

/** A page's worth and more; the list offers no more than a page to choose from. */
const REPLAY_MAX = 200;

const idList = z.string().transform((text) => text.split(',').filter((id) => id !== ''));
const jobId = z.string().regex(/^\d{1,18}$/, 'This job is no longer there. Reload the page.');

const schema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('replay-jobs'),
    ids: idList.pipe(z.array(jobId).min(1).max(REPLAY_MAX)),
  }),
  z.object({
    intent: z.literal('replay-events'),
    ids: idList.pipe(z.array(idField).min(1).max(REPLAY_MAX)),
  }),
]);

/** Starts failed jobs again, or reads messages again. */
export async function action({ request }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const { replayed } =
    form.intent === 'replay-jobs'
      ? await replayJobs(ctx, { merchantId, jobIds: form.ids, actor })
      : await replayInboxEvents(ctx, { merchantId, eventIds: form.ids, actor });
  if (replayed === 0) {
    return { ok: false, message: 'Nothing was left to do: it is running or done already.' };
  }
  const what =
    form.intent === 'replay-jobs' ? countOf(replayed, 'job') : countOf(replayed, 'message');
  return { ok: true, message: `${what} started again` };
}

export default function Jobs() {
  return <JobsPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
