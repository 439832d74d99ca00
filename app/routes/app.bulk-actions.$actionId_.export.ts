import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportResults, getBulkAction } from '#app/queries/bulk/get-bulk-action';
import { requireMerchant, wiring } from '#app/wiring.server';
import { csvAnswer } from './forms/csv-answer';
import { notFound } from './forms/parse-form';

/** What became of each order, as a CSV file. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const bulk = await getBulkAction(prisma, merchantId, params['actionId'] ?? '');
  if (bulk === null) throw notFound();
  return csvAnswer(request, 'results.csv', exportResults(prisma, merchantId, bulk.id));
}
