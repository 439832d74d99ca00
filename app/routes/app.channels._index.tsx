import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { connectWooCommerce } from '#app/operations/connections/connect-woocommerce';
import { startWooCommerceGrant } from '#app/operations/connections/start-woocommerce-grant';
import { listConnections } from '#app/queries/connections/list-connections';
import { ChannelsPage } from '#app/ui/connections/channels-page';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';
import { keyField, optionalTextField, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Channels · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  return { connections: await listConnections(wiring().prisma, merchantId) };
}

const storeFields = {
  key: keyField,
  storeUrl: z.string().trim().min(1, 'Enter the address of the store.').max(500),
  name: optionalTextField.optional(),
};

const schema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('grant-woocommerce'), ...storeFields }),
  z.object({
    intent: z.literal('connect-woocommerce'),
    ...storeFields,
    consumerKey: z.string().trim().min(1, 'Enter the consumer key.').max(200),
    consumerSecret: z.string().trim().min(1, 'Enter the consumer secret.').max(200),
  }),
]);

/** Connects a store: asks it for keys, or takes those a person has made there. */
export async function action({ request }: ActionFunctionArgs) {
  const { merchantId, shop, actor } = await requireMerchant(request);
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const { storeUrl, name } = form;
  if (form.intent === 'grant-woocommerce') {
    const input = { merchantId, shop, storeUrl, name: name ?? null, actor };
    const started = await startWooCommerceGrant(wiring().ctx, input);
    return started.status === 'done'
      ? { ok: true as const, message: 'Continue in the store', goTo: started.goTo }
      : toAnswer(started, '');
  }
  const { consumerKey, consumerSecret } = form;
  const connected = await connectWooCommerce(wiring().ctx, {
    merchantId,
    storeUrl,
    name: name ?? null,
    consumerKey,
    consumerSecret,
    actor,
  });
  return toAnswer(connected, 'Store connected');
}

export default function Channels() {
  return <ChannelsPage connections={useLoaderData<typeof loader>().connections} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
