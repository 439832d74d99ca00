import { PassThrough } from 'node:stream';
import {
  type EntryContext,
  type HandleErrorFunction,
  createReadableStreamFromReadable,
} from '@remix-run/node';
import { RemixServer, isRouteErrorResponse } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';
import { getShopify } from '#app/shopify.server';
import { wiring } from '#app/wiring.server';

/** How long deferred data of a page may take before the response ends without it. */
export const streamTimeout = 10_000;

/** Renders a page as a stream; a bot waits for the whole of it, a person for its frame. */
export default function handleRequest(
  request: Request,
  statusCode: number,
  headers: Headers,
  context: EntryContext,
): Promise<Response> {
  const { config, log } = wiring();
  getShopify().addDocumentResponseHeaders(request, headers);
  // Shopify's library preloads its own script, also where the app is told to use another.
  if (!config.appBridgeUrl.startsWith('https://cdn.shopify.com/')) headers.delete('Link');
  headers.set('Content-Type', 'text/html; charset=utf-8');
  const ready = isbot(request.headers.get('user-agent') ?? '') ? 'onAllReady' : 'onShellReady';
  return new Promise((resolve, reject) => {
    let status = statusCode;
    const { pipe, abort } = renderToPipeableStream(
      <RemixServer context={context} url={request.url} />,
      {
        [ready]: () => {
          const body = new PassThrough();
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status }));
          pipe(body);
        },
        onShellError: reject,
        onError(problem) {
          status = 500;
          log.error({ err: problem }, 'A page could not be rendered');
        },
      },
    );
    // One second more than the data may take, so that its rejection still reaches the page.
    setTimeout(abort, streamTimeout + 1000).unref();
  });
}

/** Errors of loaders and actions go to the log, redacted; an address that is not there is none. */
export const handleError: HandleErrorFunction = (problem, { request }) => {
  if (request.signal.aborted || isRouteErrorResponse(problem)) return;
  // The router says so with a bare error when no route matches.
  if (problem instanceof Error && problem.message.startsWith('No route matches URL')) return;
  wiring().ctx.log.error({ err: problem, path: new URL(request.url).pathname }, 'A request failed');
};

/** For app/main.mjs, which finds everything in the one build. */
export { startRole } from '#app/roles.server';
