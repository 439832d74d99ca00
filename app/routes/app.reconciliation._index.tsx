import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { setRepairRule } from '#app/operations/sync/set-repair-rule';
import { cancelReconcile, startReconcile } from '#app/operations/sync/start-reconcile';
import { listReconcileChannels, listRuns } from '#app/queries/reconcile/list-runs';
import { PageError } from '#app/ui/frame/page-error';
import { ReconciliationPage } from '#app/ui/reconcile/reconciliation-page';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Reconciliation · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const address = new URL(request.url).searchParams;
  const [channels, runs] = await Promise.all([
    listReconcileChannels(prisma, merchantId),
    listRuns(prisma, merchantId, { after: address.get('after'), before: address.get('before') }),
  ]);
  return { channels, runs };
}

const schema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('check'), connectionId: idField }),
  z.object({ intent: z.literal('cancel'), runId: idField }),
  z.object({
    intent: z.literal('set-rule'),
    connectionId: idField,
    rule: z.enum(['publish', 'accept', 'ask'], 'Choose what is done.'),
  }),
]);

/** Starts or stops a check, or changes what is done about differences. */
export async function action({ request }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  switch (form.intent) {
    case 'check': {
      const { connectionId } = form;
      const started = await startReconcile(ctx, { merchantId, connectionId, actor });
      return toAnswer(started, 'Check started');
    }
    case 'cancel': {
      const { runId } = form;
      return toAnswer(await cancelReconcile(ctx, { merchantId, runId, actor }), 'Check stopped');
    }
    case 'set-rule': {
      const { connectionId, rule } = form;
      return toAnswer(
        await setRepairRule(ctx, { merchantId, connectionId, rule, actor }),
        'Rule saved',
      );
    }
  }
}

export default function Reconciliation() {
  return <ReconciliationPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
