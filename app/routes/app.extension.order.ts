import type { LoaderFunctionArgs } from '@remix-run/node';
import { jsonResponse, problemResponse } from '#app/platform/http';
import { getShopifyOrderSummary } from '#app/queries/orders/get-order-summary';
import { requireMerchant, wiring } from '#app/wiring.server';

/**
 * What the block on the admin's order page shows: the order named by `?ref=gid://shopify/Order/…`.
 * The block runs on an origin of Shopify's, so the answers carry the library's CORS headers.
 */
export async function loader({ request }: LoaderFunctionArgs): Promise<Response> {
  // Without a token the library takes the request for a page and redirects it to signing in.
  if (request.method !== 'OPTIONS' && !request.headers.get('authorization')) {
    return problemResponse(
      { status: 401, code: 'token_missing', title: 'A session token is needed' },
      { 'www-authenticate': 'Bearer' },
    );
  }
  const { merchantId, shop, cors } = await requireMerchant(request);
  const ref = new URL(request.url).searchParams.get('ref') ?? '';
  const order = await getShopifyOrderSummary(wiring().prisma, merchantId, { shop, ref });
  if (order !== null) return cors(jsonResponse(order));
  return cors(
    problemResponse({
      status: 404,
      code: 'order_unknown',
      title: 'Crossdock does not have this order',
    }),
  );
}
