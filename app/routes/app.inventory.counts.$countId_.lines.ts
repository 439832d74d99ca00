import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportCountLines } from '#app/queries/counts/export-count-lines';
import { getCount } from '#app/queries/counts/get-count';
import { viewOf } from '#app/queries/counts/list-count-lines';
import { requireMerchant, wiring } from '#app/wiring.server';
import { csvAnswer } from './forms/csv-answer';
import { notFound } from './forms/parse-form';

/** Lines of a count as a file: those with a problem, those that change something, or all. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const count = await getCount(prisma, merchantId, params['countId'] ?? '');
  if (count === null) throw notFound();
  const asked = new URL(request.url).searchParams.get('view');
  return csvAnswer(
    request,
    'count.csv',
    exportCountLines(prisma, count, viewOf(count, asked, 'all')),
  );
}
