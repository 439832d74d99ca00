import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { chooseRepairs } from '#app/operations/sync/repair-finding';
import { cancelReconcile } from '#app/operations/sync/start-reconcile';
import { isId } from '#app/platform/ids';
import { FINDING_VIEWS, getRun, listFindings } from '#app/queries/reconcile/get-run';
import { PageError } from '#app/ui/frame/page-error';
import { RunPage } from '#app/ui/reconcile/run-page';
import { countOf } from '#app/ui/words/numbers';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, notFound, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Check · Crossdock' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const run = await getRun(prisma, merchantId, params['runId'] ?? '');
  if (run === null) throw notFound();
  const address = new URL(request.url).searchParams;
  const findings = await listFindings(prisma, merchantId, run.id, {
    view: FINDING_VIEWS.find((view) => view === address.get('view')) ?? 'all',
    after: address.get('after'),
    before: address.get('before'),
  });
  return { run, findings };
}

/** A page's worth and more; "all that wait" names none. */
const CHOSEN_MAX = 200;

const schema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('choose'),
    choice: z.enum(['send', 'take', 'leave']),
    /** Empty: all that wait. */
    ids: z
      .string()
      .transform((text) => text.split(',').filter((id) => id !== ''))
      .pipe(z.array(idField).max(CHOSEN_MAX)),
  }),
  z.object({ intent: z.literal('cancel') }),
]);

/** Decides about differences, or stops the check. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const runId = params['runId'] ?? '';
  if (!isId(runId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  if (form.intent === 'cancel') {
    return toAnswer(await cancelReconcile(ctx, { merchantId, runId, actor }), 'Check stopped');
  }
  const { choice, ids } = form;
  const findingIds = ids.length === 0 ? null : ids;
  const chosen = await chooseRepairs(ctx, { merchantId, runId, findingIds, choice, actor });
  if (chosen.status === 'refused') return toAnswer(chosen, '');
  return { ok: true, message: `${countOf(chosen.chosen, 'difference')} decided` };
}

export default function Run() {
  return <RunPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
