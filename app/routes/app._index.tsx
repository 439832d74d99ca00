import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { listConnections } from '#app/queries/connections/list-connections';
import { recentActivity } from '#app/queries/home/recent-activity';
import { todaysNumbers } from '#app/queries/home/todays-numbers';
import { whatNeedsAttention } from '#app/queries/home/what-needs-attention';
import { getTimezone } from '#app/queries/merchants/get-merchant';
import { PageError } from '#app/ui/frame/page-error';
import { HomePage } from '#app/ui/home/home-page';
import { requireMerchant, wiring } from '#app/wiring.server';

export const meta: MetaFunction = () => [{ title: 'Home · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma, clock } = wiring();
  const timezone = await getTimezone(prisma, merchantId);
  const [attention, connections, today, activity] = await Promise.all([
    whatNeedsAttention(prisma, merchantId),
    listConnections(prisma, merchantId),
    todaysNumbers(prisma, merchantId, { now: clock.now(), timezone }),
    recentActivity(prisma, merchantId),
  ]);
  return { attention, connections, today, activity };
}

export default function Home() {
  return <HomePage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
