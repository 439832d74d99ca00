import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { Outlet, useLoaderData } from '@remix-run/react';
import { AppProvider } from '@shopify/shopify-app-remix/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { getMerchant } from '#app/queries/merchants/get-merchant';
import { AppFrame } from '#app/ui/frame/app-frame';
import { MerchantProvider } from '#app/ui/frame/merchant-context';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant, wiring } from '#app/wiring.server';

export const meta: MetaFunction = () => [{ title: 'Crossdock' }];

/** Who the page is for, and what App Bridge needs to start. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma, clock, config } = wiring();
  const merchant = await getMerchant(prisma, merchantId);
  return {
    merchant: { ...merchant, now: clock.now() },
    apiKey: config.shopifyApiKey,
    appBridgeUrl: config.appBridgeUrl,
  };
}

export default function App() {
  const { merchant, apiKey, appBridgeUrl } = useLoaderData<typeof loader>();
  return (
    <AppProvider isEmbeddedApp apiKey={apiKey} __APP_BRIDGE_URL={appBridgeUrl}>
      <MerchantProvider merchant={merchant}>
        <AppFrame>
          <Outlet />
        </AppFrame>
      </MerchantProvider>
    </AppProvider>
  );
}

/** Without the loader there are no keys, so the admin's script is left out. */
export function ErrorBoundary() {
  return (
    <AppProvider isEmbeddedApp={false} apiKey="">
      <PageError />
    </AppProvider>
  );
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
