import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { getConnectIntent } from '#app/queries/connections/get-connect-intent';
import { ConnectOutcomePage } from '#app/ui/connections/connect-outcome-page';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';
import { notFound } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Connecting a store · Crossdock' }];

/** Where a merchant comes back to from their store, having approved or not. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma, clock } = wiring();
  const intent = await getConnectIntent(prisma, merchantId, params['intentId'] ?? '', clock.now());
  if (intent === null) throw notFound();
  const denied = new URL(request.url).searchParams.get('success') === '0';
  return {
    intent: denied && intent.state === 'waiting' ? { ...intent, state: 'denied' as const } : intent,
  };
}

export default function Connecting() {
  return <ConnectOutcomePage intent={useLoaderData<typeof loader>().intent} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
