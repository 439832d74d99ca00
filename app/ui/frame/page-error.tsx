import { isRouteErrorResponse, useRouteError } from '@remix-run/react';
import { boundary } from '@shopify/shopify-app-remix/server';
import { ProblemPage } from './problem-page';

/**
 * What a page shows instead of itself. Shopify's own answers (sign in again, leave the frame) come
 * as errors too, and must reach the browser as they are.
 */
export function PageError() {
  const error = useRouteError();
  if (!isRouteErrorResponse(error)) return <ProblemPage status={500} />;
  if (error.status === 404 || error.status === 400) return <ProblemPage status={404} />;
  return boundary.error(error);
}
