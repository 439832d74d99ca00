import { type OrderSummary, readOrderSummary } from './order-summary';

export type Loaded =
  | { readonly status: 'found'; readonly order: OrderSummary }
  /** Crossdock has no such order (yet). */
  | { readonly status: 'unknown' }
  | { readonly status: 'failed'; readonly reason: 'sign_in' | 'unreachable' };

/** Crossdock answers within a second; whoever waits longer should be told. */
const TIMEOUT_MS = 15_000;
/** The code of the problem details that say so; any other 404 is not about the order. */
const UNKNOWN_ORDER = 'order_unknown';

/**
 * Asks the app what it decided for an order, given by its Shopify id (gid://shopify/Order/…). The
 * admin resolves the path against the app's address. Never rejects.
 */
export async function loadOrder(
  orderRef: string,
  idToken: () => Promise<string | null>,
): Promise<Loaded> {
  try {
    const token = await idToken();
    if (token === null) return { status: 'failed', reason: 'sign_in' };
    const response = await fetch(`/app/extension/order?ref=${encodeURIComponent(orderRef)}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 401) return { status: 'failed', reason: 'sign_in' };
    return toLoaded(response.status, await response.json());
  } catch {
    return { status: 'failed', reason: 'unreachable' };
  }
}

function toLoaded(status: number, body: unknown): Loaded {
  if (status === 404 && isUnknownOrder(body)) return { status: 'unknown' };
  const order = status === 200 ? readOrderSummary(body) : null;
  return order === null ? { status: 'failed', reason: 'unreachable' } : { status: 'found', order };
}

function isUnknownOrder(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'code' in body && body.code === UNKNOWN_ORDER;
}
