import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { disconnectConnection } from '#app/operations/connections/disconnect';
import { readAgain } from '#app/operations/connections/read-again';
import { isId } from '#app/platform/ids';
import { getConnectionDetail } from '#app/queries/connections/get-connection-detail';
import { ChannelPage } from '#app/ui/connections/channel-page';
import { PageError } from '#app/ui/frame/page-error';
import { cutTitle } from '#app/ui/words/plain-text';
import { requireMerchant, wiring } from '#app/wiring.server';
import { keyField, notFound, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${cutTitle(data?.connection.name ?? 'Channel')} · Crossdock` },
];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const connectionId = params['connectionId'] ?? '';
  const connection = await getConnectionDetail(wiring().prisma, merchantId, connectionId);
  if (connection === null) throw notFound();
  return { connection };
}

const schema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('read-again'), key: keyField }),
  z.object({ intent: z.literal('disconnect'), key: keyField }),
]);

/** Reads a channel's catalog again, or ends the connection. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const connectionId = params['connectionId'] ?? '';
  if (!isId(connectionId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const input = { merchantId, connectionId, actor };
  switch (form.intent) {
    case 'read-again':
      return toAnswer(await readAgain(ctx, input), 'The catalog is being read');
    case 'disconnect':
      return toAnswer(await disconnectConnection(ctx, input), 'Store disconnected');
  }
}

export default function Channel() {
  return <ChannelPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
