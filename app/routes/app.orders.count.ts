import type { LoaderFunctionArgs } from '@remix-run/node';
import { BULK_ORDERS_MAX } from '#app/operations/orders/start-bulk-action';
import { countOrders } from '#app/queries/orders/count-orders';
import { readOrderFilter } from '#app/queries/orders/order-filter';
import { requireMerchant, wiring } from '#app/wiring.server';

/** How many orders match the filter of the address, up to one more than an action may have. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma, clock } = wiring();
  const filter = readOrderFilter(new URL(request.url).searchParams, clock.now());
  return { count: await countOrders(prisma, merchantId, filter, BULK_ORDERS_MAX + 1) };
}
