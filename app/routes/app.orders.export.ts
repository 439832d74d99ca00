import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportOrders } from '#app/queries/orders/export-orders';
import { readOrderFilter } from '#app/queries/orders/order-filter';
import { requireMerchant, wiring } from '#app/wiring.server';
import { csvAnswer } from './forms/csv-answer';

/** The orders that match the filter of the address, as a CSV file. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma, clock } = wiring();
  const filter = readOrderFilter(new URL(request.url).searchParams, clock.now());
  return csvAnswer(request, 'orders.csv', exportOrders(prisma, merchantId, filter));
}
