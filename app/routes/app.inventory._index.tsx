import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { hasItems, ITEM_VIEWS, listItems } from '#app/queries/stock/list-items';
import { getSettings } from '#app/queries/settings/get-settings';
import { PageError } from '#app/ui/frame/page-error';
import { ItemsPage } from '#app/ui/stock/items-page';
import { requireMerchant, wiring } from '#app/wiring.server';

export const meta: MetaFunction = () => [{ title: 'Inventory · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  const { prisma } = wiring();
  const params = new URL(request.url).searchParams;
  const sort = params.get('sort') ?? '';
  const { lowStockUnits: lowUnits } = await getSettings(prisma, merchantId);
  const items = await listItems(prisma, merchantId, {
    view: ITEM_VIEWS.find((view) => view === params.get('view')) ?? 'all',
    search: params.get('q'),
    locationId: params.get('location'),
    sort: sort.startsWith('sku') ? 'sku' : 'title',
    descending: sort.endsWith('desc'),
    lowUnits,
    after: params.get('after'),
    before: params.get('before'),
  });
  const empty = items.rows.length === 0 && !(await hasItems(prisma, merchantId));
  return { items, empty };
}

export default function Inventory() {
  return <ItemsPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
