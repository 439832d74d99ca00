import { type LoaderFunctionArgs, redirect } from '@remix-run/node';

/** Shopify opens the app at its root, with who and where in the query: both are passed on. */
export function loader({ request }: LoaderFunctionArgs) {
  return redirect(`/app${new URL(request.url).search}`);
}
