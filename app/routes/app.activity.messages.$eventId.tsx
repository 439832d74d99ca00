import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { getMessage } from '#app/queries/audit/get-message';
import { MessagePage } from '#app/ui/activity/message-page';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';
import { notFound } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Message · Crossdock' }];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const message = await getMessage(wiring().prisma, merchantId, params['eventId'] ?? '');
  if (message === null) throw notFound();
  return { message };
}

export default function MessageRoute() {
  return <MessagePage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
