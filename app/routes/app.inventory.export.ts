import type { LoaderFunctionArgs } from '@remix-run/node';
import { isId } from '#app/platform/ids';
import { exportLevels } from '#app/queries/counts/export-levels';
import { requireMerchant, wiring } from '#app/wiring.server';
import { csvAnswer } from './forms/csv-answer';

/** All levels, or those of one location, as a file that an import takes. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const locationId = new URL(request.url).searchParams.get('location') ?? '';
  const place = isId(locationId) ? locationId : null;
  return csvAnswer(request, 'stock.csv', exportLevels(wiring().prisma, merchantId, place));
}
