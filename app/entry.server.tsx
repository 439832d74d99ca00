import { PassThrough } from 'node:stream';
import { type EntryContext, createReadableStreamFromReadable } from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
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
  const { log } = wiring().ctx;
  getShopify().addDocumentResponseHeaders(request, headers);
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

/** For app/main.mjs, which finds everything in the one build. */
export { startRole } from '#app/roles.server';
