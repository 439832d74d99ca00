import type { LoaderFunctionArgs } from '@remix-run/node';
import { listEffects } from '#app/queries/audit/list-effects';
import { requireMerchant, wiring } from '#app/wiring.server';

/** Longer than any id of ours. */
const CAUSE_LENGTH_MAX = 200;

/** Everything one cause has done: for a row of the activity page that is opened. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const causeId = (params['causeId'] ?? '').slice(0, CAUSE_LENGTH_MAX);
  return listEffects(wiring().prisma, merchantId, causeId);
}
