import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportFindings, getRun } from '#app/queries/reconcile/get-run';
import { explanationSentence, repairWords } from '#app/ui/words/reconcile-sentences';
import { requireMerchant, wiring } from '#app/wiring.server';
import { csvAnswer } from './forms/csv-answer';
import { notFound } from './forms/parse-form';

/** What a check found, as a CSV file. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const run = await getRun(prisma, merchantId, params['runId'] ?? '');
  if (run === null) throw notFound();
  return csvAnswer(
    request,
    'reconciliation.csv',
    exportFindings(prisma, merchantId, run.id, {
      explanation: explanationSentence,
      repair: ({ repair, note }) =>
        note === null ? repairWords(repair) : `${repairWords(repair)}: ${note}`,
    }),
  );
}
