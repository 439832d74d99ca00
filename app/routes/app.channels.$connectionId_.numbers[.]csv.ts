import type { LoaderFunctionArgs } from '@remix-run/node';
import { exportNumbers } from '#app/queries/connections/export-numbers';
import { getPolicy } from '#app/queries/connections/get-policy';
import { requireMerchant, wiring } from '#app/wiring.server';
import { notFound } from './forms/parse-form';
import { readProposal } from './forms/policy-form';

/** Every number of a channel under the policy in the address, as a file. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma, db, log } = wiring();
  const policy = await getPolicy(prisma, merchantId, params['connectionId'] ?? '');
  if (policy === null) throw notFound();
  const proposal = readProposal(new URL(request.url).searchParams, policy);
  const whose = { merchantId, connectionId: policy.id };
  const text = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      try {
        await exportNumbers(db, whose, proposal, (part) => {
          controller.enqueue(text.encode(part));
        });
        controller.close();
      } catch (err) {
        log.warn({ err, connectionId: policy.id }, 'numbers could not be exported');
        controller.error(err);
      }
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': 'attachment; filename="numbers.csv"',
      'Cache-Control': 'no-store',
    },
  });
}
