import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { hasOrders, listOrders, ORDER_VIEWS } from '#app/queries/orders/list-orders';
import { PageError } from '#app/ui/frame/page-error';
import { OrdersPage } from '#app/ui/orders/orders-page';
import { requireMerchant, wiring } from '#app/wiring.server';

export const meta: MetaFunction = () => [{ title: 'Orders · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const params = new URL(request.url).searchParams;
  const orders = await listOrders(prisma, merchantId, {
    view: ORDER_VIEWS.find((view) => view === params.get('view')) ?? 'all',
    search: params.get('q'),
    connectionId: params.get('channel'),
    locationId: params.get('location'),
    oldestFirst: params.get('sort') === 'placed asc',
    after: params.get('after'),
    before: params.get('before'),
  });
  const empty = orders.rows.length === 0 && !(await hasOrders(prisma, merchantId));
  return { orders, empty };
}

export default function Orders() {
  return <OrdersPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
