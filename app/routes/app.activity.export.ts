import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportActivity } from '#app/queries/audit/export-activity';
import { getTimezone } from '#app/queries/merchants/get-merchant';
import { auditBecause, auditSentence } from '#app/ui/words/sentences';
import { requireMerchant, wiring } from '#app/wiring.server';
import { readActivityFilter } from './forms/activity-filter';
import { csvAnswer } from './forms/csv-answer';

/** What matches the filter of the address, as a CSV file. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const zone = await getTimezone(prisma, merchantId);
  const filter = readActivityFilter(new URL(request.url).searchParams, zone);
  const words = { sentence: auditSentence, because: auditBecause };
  return csvAnswer(request, 'activity.csv', exportActivity(prisma, merchantId, filter, words));
}
