import type { HeadersFunction, LoaderFunctionArgs, MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { listLocations } from '#app/queries/locations/list-locations';
import { PageError } from '#app/ui/frame/page-error';
import { LocationsPage } from '#app/ui/locations/locations-page';
import { requireMerchant, wiring } from '#app/wiring.server';

export const meta: MetaFunction = () => [{ title: 'Locations · Crossdock' }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  return { locations: await listLocations(wiring().prisma, merchantId) };
}

export default function Locations() {
  return <LocationsPage {...useLoaderData<typeof loader>()} />;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
