import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { listActivity } from '#app/queries/audit/list-activity';
import { getTimezone } from '#app/queries/merchants/get-merchant';
import { ActivityPage } from '#app/ui/activity/activity-page';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';
import { readActivityFilter } from './forms/activity-filter';

export const meta: MetaFunction = () => [{ title: 'Activity · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const address = new URL(request.url).searchParams;
  const filter = readActivityFilter(address, await getTimezone(prisma, merchantId));
  const activity = await listActivity(prisma, merchantId, {
    ...filter,
    after: address.get('after'),
    before: address.get('before'),
  });
  return { activity };
}

export default function Activity() {
  return <ActivityPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
