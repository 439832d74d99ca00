import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { retryFulfillmentReport } from '#app/operations/fulfillment/retry-report';
import { shipFulfillmentOrder } from '#app/operations/fulfillment/ship-fulfillment-order';
import { cancelOrder } from '#app/operations/orders/cancel-order';
import { isId } from '#app/platform/ids';
import { getOrder } from '#app/queries/orders/get-order';
import { PageError } from '#app/ui/frame/page-error';
import { OrderPage } from '#app/ui/orders/order-page';
import { plainText } from '#app/ui/words/plain-text';
import { requireMerchant, wiring } from '#app/wiring.server';
import {
  idField,
  keyField,
  notFound,
  optionalTextField,
  parseForm,
  toAnswer,
} from './forms/parse-form';

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${plainText(data?.order.name ?? '') || 'Order'} · Crossdock` },
];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const order = await getOrder(wiring().prisma, merchantId, params['orderId'] ?? '');
  if (order === null) throw notFound();
  return { order };
}

/** Beyond what a fulfillment order holds in practice. */
const LINES_MAX = 500;

const shipLines = z
  .array(z.object({ allocationId: idField, quantity: z.number().int().min(1).max(1_000_000) }))
  .min(1)
  .max(LINES_MAX);

const schema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('ship'),
    key: keyField,
    fulfillmentOrderId: idField,
    lines: z.string().transform(readLines),
    company: optionalTextField,
    number: optionalTextField,
    url: optionalTextField.refine(isAbsentOrWebAddress, {
      message: 'The tracking page must be an address that starts with https://',
    }),
    notify: z.enum(['yes', 'no']),
  }),
  z.object({ intent: z.literal('cancel'), key: keyField, reason: z.string().min(1).max(50) }),
  z.object({ intent: z.literal('retry-report'), fulfillmentId: idField }),
]);

/** Mark as shipped, cancel, or tell the channel again. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx } = wiring();
  const orderId = params['orderId'] ?? '';
  if (!isId(orderId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  switch (form.intent) {
    case 'ship': {
      const shipped = await shipFulfillmentOrder(ctx, {
        merchantId,
        fulfillmentOrderId: form.fulfillmentOrderId,
        lines: form.lines,
        tracking: { company: form.company, number: form.number, url: form.url },
        notifyCustomer: form.notify === 'yes',
        actor,
        idempotencyKey: `form:${form.key}`,
      });
      return toAnswer(shipped, 'Marked as shipped');
    }
    case 'cancel': {
      const cancelled = await cancelOrder(ctx, {
        merchantId,
        orderId,
        reason: form.reason,
        actor,
        idempotencyKey: `form:${form.key}`,
      });
      return toAnswer(cancelled, 'Cancelling the order');
    }
    case 'retry-report': {
      const { fulfillmentId } = form;
      const retried = await retryFulfillmentReport(ctx, { merchantId, fulfillmentId, actor });
      return toAnswer(retried, 'Asking the channel again');
    }
  }
}

function readLines(text: string, issues: z.RefinementCtx): z.infer<typeof shipLines> {
  const parsed = shipLines.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  issues.addIssue({ code: 'custom', message: 'Ship whole units, at least one.' });
  return z.NEVER;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isAbsentOrWebAddress(text: string | null): boolean {
  if (text === null) return true;
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

export default function Order() {
  return <OrderPage order={useLoaderData<typeof loader>().order} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
