import type { LoaderFunctionArgs } from '@remix-run/node';
import { watchMerchant } from '#app/queries/live/watch-merchant';
import { requireMerchant, wiring } from '#app/wiring.server';

/** Pages reconnect by themselves; a bounded life lets a new release take over, and tokens age. */
const LIFETIME_MS = 5 * 60_000;
/** Keeps proxies from closing a silent stream. */
const HEARTBEAT_MS = 20_000;
const RETRY_AFTER_SECONDS = 30;

const CHANGED = 'event: changed\ndata: {}\n\n';
const STILL_HERE = ': still here\n\n';

/** A stream that says `changed` when something of this merchant changed. It carries no data. */
export async function loader({ request }: LoaderFunctionArgs) {
  const { merchantId } = await requireMerchant(request);
  let send: (message: string) => void = () => undefined;
  const unwatch = watchMerchant(wiring().prisma, merchantId, () => {
    send(CHANGED);
  });
  if (unwatch === null) {
    throw new Response('Too many pages are open.', {
      status: 503,
      headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
    });
  }
  return new Response(
    messageStream(request.signal, unwatch, (sender) => {
      send = sender;
    }),
    {
      headers: {
        'Content-Type': 'text/event-stream; charset=utf-8',
        // no-transform: a compressing proxy would hold small messages back.
        'Cache-Control': 'no-store, no-transform',
        'X-Accel-Buffering': 'no',
      },
    },
  );
}

/** Ends when its life is over or the page is gone, whichever way we learn of it; then `onEnd`. */
function messageStream(
  gone: AbortSignal,
  onEnd: () => void,
  onSender: (send: (message: string) => void) => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let end: () => void = onEnd;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (message: string) => {
        controller.enqueue(encoder.encode(message));
      };
      const heartbeat = setInterval(send, HEARTBEAT_MS, STILL_HERE);
      const life = setTimeout(() => {
        end();
        controller.close();
      }, LIFETIME_MS);
      // An open page must not keep the process from stopping.
      heartbeat.unref();
      life.unref();
      end = () => {
        onSender(() => undefined);
        clearInterval(heartbeat);
        clearTimeout(life);
        onEnd();
      };
      gone.addEventListener('abort', end);
      onSender(send);
      send(STILL_HERE);
    },
    cancel() {
      end();
    },
  });
}
