import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportNumbers } from '#app/queries/connections/export-numbers';
import { getPolicy } from '#app/queries/connections/get-policy';
import { requireMerchant, wiring } from '#app/wiring.server';
import { csvAnswer } from './forms/csv-answer';
import { notFound } from './forms/parse-form';
import { readProposal } from './forms/policy-form';

/** Every number of a channel under the policy in the address, as a file. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const policy = await getPolicy(prisma, merchantId, params['connectionId'] ?? '');
  if (policy === null) throw notFound();
  const proposal = readProposal(new URL(request.url).searchParams, policy);
  const whose = { merchantId, connectionId: policy.id };
  return csvAnswer(request, 'numbers.csv', exportNumbers(prisma, whose, proposal));
}
