import type { LoaderFunctionArgs } from '@remix-run/node';
import { getShopify } from '../shopify.server';

/**
 * The addresses Shopify's library keeps for itself under /auth: the bounce page that fetches a
 * session token, and the way out of the frame. It answers all of them by throwing a response.
 */
export async function loader({ request }: LoaderFunctionArgs) {
  await getShopify().authenticate.admin(request);
  return null;
}
