import type {
  ActionFunctionArgs,
  HeadersFunction,
  LoaderFunctionArgs,
  MetaFunction,
} from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { BULK_ORDERS_MAX, startBulkAction } from '#app/operations/orders/start-bulk-action';
import { type BulkWish, bulkWish } from '#app/operations/orders/bulk-wish';
import { latestBulkAction } from '#app/queries/bulk/get-bulk-action';
import { countViews, listTags, matchingOrderIds } from '#app/queries/orders/count-orders';
import { hasOrders, listOrders } from '#app/queries/orders/list-orders';
import { readOrderFilter } from '#app/queries/orders/order-filter';
import { PageError } from '#app/ui/frame/page-error';
import { OrdersPage } from '#app/ui/orders/orders-page';
import type { FormAnswer } from '#app/ui/parts/use-dialog-form';
import { requireMerchant, wiring } from '#app/wiring.server';
import { idField, keyField, optionalTextField, parseForm, toAnswer } from './forms/parse-form';

export const meta: MetaFunction = () => [{ title: 'Orders · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma, clock } = wiring();
  const params = new URL(request.url).searchParams;
  const filter = readOrderFilter(params, clock.now());
  const [orders, counts, tags, latest] = await Promise.all([
    listOrders(prisma, merchantId, {
      ...filter,
      oldestFirst: params.get('sort') === 'placed asc',
      after: params.get('after'),
      before: params.get('before'),
    }),
    countViews(prisma, merchantId, filter),
    listTags(prisma, merchantId),
    latestBulkAction(prisma, merchantId, clock.now()),
  ]);
  const empty = orders.rows.length === 0 && !(await hasOrders(prisma, merchantId));
  return { orders, empty, counts, tags, latest };
}

const schema = z.object({
  key: keyField,
  /** Ids with commas between; empty = all that match the filter of the address. */
  ids: z
    .string()
    .transform((text) => (text === '' ? null : text.split(',')))
    .pipe(z.array(idField).max(BULK_ORDERS_MAX).nullable()),
  filter: z.string().max(2000),
  kind: z.enum(['hold', 'release', 'tag', 'untag', 'cancel', 'reroute']),
  reason: z.string().max(50).optional(),
  note: optionalTextField.optional(),
  tags: z.string().max(2000).optional(),
});

/** Starts an action on the chosen orders. */
export async function action({ request }: ActionFunctionArgs): Promise<FormAnswer> {
  const { merchantId, actor } = await requireMerchant(request);
  const { ctx, prisma, clock } = wiring();
  const { form, answer } = await parseForm(request, schema);
  if (answer) return answer;
  const wish = toWish(form);
  if (wish === null) return { ok: false, message: 'Choose a reason.' };
  const orderIds =
    form.ids ??
    (await matchingOrderIds(
      prisma,
      merchantId,
      readOrderFilter(new URLSearchParams(form.filter), clock.now()),
      BULK_ORDERS_MAX,
    ));
  const started = await startBulkAction(ctx, {
    merchantId,
    orderIds,
    wish,
    actor,
    idempotencyKey: `form:${form.key}`,
  });
  return toAnswer(started, 'Working on the orders');
}

function toWish(form: z.infer<typeof schema>): BulkWish | null {
  const tags = (form.tags ?? '').split(',').filter((tag) => tag.trim() !== '');
  const parsed = bulkWish.safeParse({
    kind: form.kind,
    reason: form.reason,
    note: form.note ?? null,
    tags,
  });
  return parsed.success ? parsed.data : null;
}

export default function Orders() {
  return <OrdersPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
