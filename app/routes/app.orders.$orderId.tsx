import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import type { Actor } from '#app/domain/shared/actor';
import { retryFulfillmentReport } from '#app/operations/fulfillment/retry-report';
import { shipFulfillmentOrder } from '#app/operations/fulfillment/ship-fulfillment-order';
import { annotateOrder } from '#app/operations/orders/annotate-order';
import { cancelOrder } from '#app/operations/orders/cancel-order';
import { holdOrder } from '#app/operations/orders/hold-order';
import { releaseHold } from '#app/operations/orders/release-hold';
import { isId } from '#app/platform/ids';
import { getOrder } from '#app/queries/orders/get-order';
import { PageError } from '#app/ui/frame/page-error';
import { OrderPage } from '#app/ui/orders/order-page';
import type { FormAnswer } from '#app/ui/parts/use-dialog-form';
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

const NOTE_LENGTH_MAX = 5000;
const TAGS_LENGTH_MAX = 500;
/** Typed, with commas between. */
const tagsField = z
  .string()
  .max(TAGS_LENGTH_MAX)
  .optional()
  .transform((text) => (text ?? '').split(',').filter((tag) => tag.trim() !== ''));

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
  z.object({
    intent: z.literal('hold'),
    key: keyField,
    reason: z.enum(['payment', 'fraud', 'address', 'out_of_stock', 'merchant', 'other']),
    note: optionalTextField,
  }),
  z.object({
    intent: z.literal('lift'),
    key: keyField,
    /** Empty = all. */
    holdId: z.union([z.literal('').transform(() => null), idField]),
  }),
  z.object({
    intent: z.literal('annotate'),
    key: keyField,
    note: z.string().max(NOTE_LENGTH_MAX, 'This note is too long.').optional(),
    addTags: tagsField,
    removeTags: z
      .string()
      .max(TAGS_LENGTH_MAX)
      .optional()
      .transform((tag) => (tag === undefined ? [] : [tag])),
  }),
]);
type Form = z.infer<typeof schema>;

/** Mark as shipped, cancel, hold, lift holds, write notes and tags, or tell the channel again. */
export async function action({ request, params }: ActionFunctionArgs) {
  const { merchantId, actor } = await requireMerchant(request);
  const orderId = params['orderId'] ?? '';
  if (!isId(orderId)) throw notFound();
  const { form, answer } = await parseForm(request, schema);
  return answer ?? act(form, { merchantId, orderId, actor });
}

async function act(form: Form, who: Who): Promise<FormAnswer> {
  const { ctx } = wiring();
  switch (form.intent) {
    case 'ship':
      return toAnswer(await ship(form, who), 'Marked as shipped');
    case 'cancel': {
      const { reason } = form;
      const cancelled = await cancelOrder(ctx, { ...who, ...keyed(form), reason });
      return toAnswer(cancelled, 'Cancelling the order');
    }
    case 'retry-report': {
      const { fulfillmentId } = form;
      const retried = await retryFulfillmentReport(ctx, { ...who, fulfillmentId });
      return toAnswer(retried, 'Asking the channel again');
    }
    case 'hold': {
      const { reason, note } = form;
      return toAnswer(await holdOrder(ctx, { ...who, ...keyed(form), reason, note }), 'On hold');
    }
    case 'lift': {
      const { holdId } = form;
      return toAnswer(await releaseHold(ctx, { ...who, ...keyed(form), holdId }), 'Hold lifted');
    }
    case 'annotate': {
      const { addTags, removeTags } = form;
      const change = { note: form.note?.trim() ?? null, addTags, removeTags };
      return toAnswer(await annotateOrder(ctx, { ...who, ...keyed(form), ...change }), 'Saved');
    }
  }
}

type Who = { readonly merchantId: string; readonly orderId: string; readonly actor: Actor };

function keyed({ key }: { readonly key: string }) {
  return { idempotencyKey: `form:${key}` };
}

function ship(form: Extract<Form, { intent: 'ship' }>, { merchantId, actor }: Who) {
  return shipFulfillmentOrder(wiring().ctx, {
    merchantId,
    actor,
    ...keyed(form),
    fulfillmentOrderId: form.fulfillmentOrderId,
    lines: form.lines,
    tracking: { company: form.company, number: form.number, url: form.url },
    notifyCustomer: form.notify === 'yes',
  });
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
