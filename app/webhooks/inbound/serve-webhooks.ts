/** The addresses that stores send their messages to, answered before anything else of the app. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { InboundRequest, WebhookReceiver } from './receive-webhook';

const WOOCOMMERCE = /^\/webhooks\/woocommerce\/([^/]+)$/;

export type ServeWebhook = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  next: () => void,
) => void;

/**
 * A step for the web server that answers webhooks and passes everything else on. Hundreds of
 * messages a second come in on a busy day; a page's machinery would cost each of them more than
 * verifying and storing it.
 */
export function serveWebhooks(receiver: WebhookReceiver): ServeWebhook {
  return (incoming, outgoing, next) => {
    const answer = route(receiver, incoming);
    if (answer === null) next();
    else void answer.then((response) => send(response, outgoing));
  };
}

function route(receiver: WebhookReceiver, incoming: IncomingMessage): Promise<Response> | null {
  const [path = ''] = (incoming.url ?? '').split('?', 1);
  if (path === '/webhooks/shopify' || path === '/webhooks/shopify/compliance') {
    return receiver.shopify(requestOf(incoming));
  }
  if (path === '/webhooks/woocommerce-grant') {
    return receiver.grant?.(requestOf(incoming)) ?? null;
  }
  const woocommerce = WOOCOMMERCE.exec(path);
  return woocommerce === null
    ? null
    : receiver.woocommerce(requestOf(incoming), woocommerce[1] ?? '');
}

function requestOf(incoming: IncomingMessage): InboundRequest {
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return { method: incoming.method ?? '', headers: new Map(headers), body: incoming };
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer());
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(body);
}
