import type { LoaderFunctionArgs } from '@remix-run/node';
import { problemResponse } from '#app/platform/http';
import { getPrivacyExport } from '#app/queries/privacy/get-privacy-export';
import { requireMerchant, wiring } from '#app/wiring.server';

/** What was collected about a buyer on their request, as a file for the merchant to pass on. */
export async function loader({ request, params }: LoaderFunctionArgs): Promise<Response> {
  const { merchantId } = await requireMerchant(request);
  const { prisma, ctx } = wiring();
  const id = params['requestId'] ?? '';
  const file = await getPrivacyExport(prisma, ctx.secrets.open, merchantId, id);
  if (file === null) {
    return problemResponse({
      status: 404,
      code: 'export_unknown',
      title: 'There is no such file, or it was deleted',
    });
  }
  return new Response(file, {
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Disposition': 'attachment; filename="customer-data.json"',
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    },
  });
}
