import {
  bodyRefusedResponse,
  parseJson,
  problemResponse,
  readBodyLimited,
} from '../../platform/http';
import type { Log } from '../../platform/log';
import type { InboundRequest } from './receive-webhook';

/** A grant is about two hundred bytes. */
const BODY_BYTES_MAX = 16 * 1024;

/**
 * POST /webhooks/woocommerce-grant: a store brings the keys its owner approved. Anybody can post
 * here, so nothing but a one-time state of ours opens it, and no answer says why it stays shut.
 */
export function createGrantReceiver(deps: {
  readonly log: Log;
  /** False: nobody here has asked for this. */
  readonly take: (body: unknown) => Promise<boolean>;
}): (request: InboundRequest) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'POST') {
      return problemResponse(
        { status: 405, code: 'method_not_allowed', title: 'Keys are sent with POST' },
        { allow: 'POST' },
      );
    }
    const body = await readBodyLimited(request, BODY_BYTES_MAX);
    if (body.status === 'refused') return bodyRefusedResponse(body.reason);
    try {
      const taken = await deps.take(fieldsOf(request, body.bytes));
      if (!taken) deps.log.warn({}, 'keys came that nobody had asked for');
      // WooCommerce takes 200 alone for success, and throws its key away on anything else.
      return taken
        ? new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
        : problemResponse({ status: 404, code: 'not_asked', title: 'Nobody is waiting for this' });
    } catch (problem) {
      deps.log.error({ err: problem }, 'granted keys could not be stored');
      return problemResponse({ status: 503, code: 'unavailable', title: 'Try again' });
    }
  };
}

function fieldsOf(request: InboundRequest, bytes: Uint8Array): unknown {
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) return parseJson(bytes);
  return Object.fromEntries(new URLSearchParams(Buffer.from(bytes).toString('utf8')));
}
