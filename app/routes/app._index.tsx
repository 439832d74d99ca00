import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { finishSetup } from '#app/operations/merchants/finish-setup';
import { listConnections } from '#app/queries/connections/list-connections';
import { recentActivity } from '#app/queries/home/recent-activity';
import { setupProgress } from '#app/queries/home/setup-progress';
import { todaysNumbers } from '#app/queries/home/todays-numbers';
import { whatNeedsAttention } from '#app/queries/home/what-needs-attention';
import { getTimezone } from '#app/queries/merchants/get-merchant';
import { PageError } from '#app/ui/frame/page-error';
import { HomePage } from '#app/ui/home/home-page';
import { requireMerchant, wiring } from '#app/wiring.server';
import { keyField, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Home · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma, clock } = wiring();
  const timezone = await getTimezone(prisma, merchantId);
  const [attention, connections, today, activity, setup] = await Promise.all([
    whatNeedsAttention(prisma, merchantId),
    listConnections(prisma, merchantId),
    todaysNumbers(prisma, merchantId, { now: clock.now(), timezone }),
    recentActivity(prisma, merchantId),
    setupProgress(prisma, merchantId),
  ]);
  return { attention, connections, today, activity, setup };
}

const schema = z.object({ intent: z.literal('finish-setup'), key: keyField });

/** Puts the first steps away. */
export async function action({ request }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { answer } = await parseForm(request, schema);
  if (answer) return answer;
  return toAnswer(await finishSetup(wiring().ctx, { merchantId, actor }), 'You are set up');
}

export default function Home() {
  return <HomePage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
