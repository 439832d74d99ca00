import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { undoBulkAction } from '#app/operations/orders/undo-bulk-action';
import { isId } from '#app/platform/ids';
import {
  RESULT_STATES,
  countResults,
  getBulkAction,
  listResults,
} from '#app/queries/bulk/get-bulk-action';
import { BulkPage } from '#app/ui/bulk/bulk-page';
import { PageError } from '#app/ui/frame/page-error';
import type { FormAnswer } from '#app/ui/parts/use-dialog-form';
import { requireMerchant, wiring } from '#app/wiring.server';
import { notFound, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Bulk action · Crossdock' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const actionId = params['actionId'] ?? '';
  const bulk = await getBulkAction(prisma, merchantId, actionId);
  if (bulk === null) throw notFound();
  const query = new URL(request.url).searchParams;
  const [counts, results] = await Promise.all([
    countResults(prisma, merchantId, actionId),
    listResults(prisma, merchantId, actionId, {
      state: RESULT_STATES.find((state) => state === query.get('view')) ?? null,
      after: query.get('after'),
      before: query.get('before'),
    }),
  ]);
  return { bulk, counts, results };
}

/** Undoes the action. */
export async function action({ request, params }: ActionFunctionArgs): Promise<FormAnswer> {
  const { merchantId, actor } = await requireMerchant(request);
  const actionId = params['actionId'] ?? '';
  if (!isId(actionId)) throw notFound();
  const undone = await undoBulkAction(wiring().ctx, { merchantId, actionId, actor });
  return toAnswer(undone, 'Undoing');
}

export default function BulkAction() {
  return <BulkPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
