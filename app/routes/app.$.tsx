import type { HeadersFunction, LoaderFunctionArgs } from '@remix-run/node';
import { boundary } from '@shopify/shopify-app-remix/server';
import { PageError } from '#app/ui/frame/page-error';
import { requireMerchant } from '#app/wiring.server';
import { notFound } from './forms/parse-form';

/** An address of the app that leads nowhere: said inside the app's frame, with the way back. */
export async function loader({ request }: LoaderFunctionArgs) {
  await requireMerchant(request);
  throw notFound();
}

export default function Nowhere() {
  return null;
}

export function ErrorBoundary() {
  return <PageError />;
}

export const headers: HeadersFunction = (args) => boundary.headers(args);
