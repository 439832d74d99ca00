import type { ActionFunctionArgs } from '@remix-run/node';
import { z } from 'zod';
import { previewReroute } from '#app/operations/orders/preview-reroute';
import { rerouteOrder } from '#app/operations/orders/reroute-order';
import { isId } from '#app/platform/ids';
import type { RerouteLook } from '#app/ui/orders/reroute-dialog';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, keyField, notFound, parseForm, toAnswer } from './forms/parse-form';

/** Of one fulfillment order, or of all open work. */
const workField = z.union([z.literal('').transform(() => null), idField]);
const targetField = z
  .union([z.literal('rules'), idField])
  .transform((text) =>
    text === 'rules'
      ? ({ kind: 'rules' } as const)
      : ({ kind: 'location', locationId: text } as const),
  );

const schema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('preview'), work: workField, target: targetField }),
  z.object({
    intent: z.literal('reroute'),
    work: workField,
    target: targetField,
    key: keyField,
    token: z.string().regex(/^[0-9a-f]{32}$/, 'Look again at what would change.'),
  }),
]);

/** Looks at what shipping from elsewhere would change, and does it. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const orderId = params['orderId'] ?? '';
  if (!isId(orderId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const wish = { merchantId, orderId, fulfillmentOrderId: form.work, target: form.target };
  if (form.intent === 'preview') {
    const preview = await previewReroute(ctx, wish);
    const look: RerouteLook =
      preview.status === 'done' ? { ok: true, preview } : { ok: false, message: preview.message };
    const target = form.target.kind === 'rules' ? 'rules' : form.target.locationId;
    return { target, look };
  }
  const { token, key } = form;
  const done = await rerouteOrder(ctx, { ...wish, token, actor, idempotencyKey: `form:${key}` });
  return toAnswer(done, 'Ships from elsewhere now');
}
