import type { LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { getShopify } from '../shopify.server';

export const meta: MetaFunction = () => [{ title: 'Open Crossdock from Shopify' }];

/** A visit that names its shop is sent to Shopify to install or open the app. */
export async function loader({ request }: LoaderFunctionArgs) {
  if (new URL(request.url).searchParams.has('shop')) await getShopify().login(request);
  return null;
}

/**
 * Where someone lands who did not come from the admin. There is no field for a shop's name:
 * Shopify asks apps not to have one, the admin is the only door.
 */
export default function OpenFromShopify() {
  return (
    <main style={{ maxWidth: '32rem', margin: '15vh auto', padding: '0 1rem' }}>
      <h1>Open Crossdock from your Shopify admin</h1>
      <p>
        Crossdock works inside the Shopify admin. Sign in to your store, then choose Crossdock under
        Apps.
      </p>
      <p>
        <a href="https://admin.shopify.com">Go to the Shopify admin</a>
      </p>
    </main>
  );
}
