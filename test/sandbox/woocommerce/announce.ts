import { createHash, createHmac } from 'node:crypto';

import type { Delivery } from '../core';
import { orderBody } from './order-bodies';
import { productBody } from './product-bodies';
import { phpJson, wordpressError } from './replies';
import { nowOf } from './state';
import type { Order, Product, StoreState, Webhook } from './state';

/** `failure_count > 5` disables, so it is the seventh failure in a row that does it. */
const FAILURE_COUNT_MAX = 6;
const USER_AGENT = 'WooCommerce/10.5.0 Hookshot (WordPress/6.9)';

export function announceOrder(
  state: StoreState,
  order: Order,
  event: 'created' | 'updated' | 'deleted' | 'restored',
): void {
  announce(state, 'order', event, order.id);
}

export function announceProduct(
  state: StoreState,
  product: Product,
  event: 'created' | 'updated' | 'deleted' | 'restored',
): void {
  announce(state, 'product', event, product.id);
}

/** Queues one delivery per webhook; one that is still waiting for the same thing takes it along. */
function announce(state: StoreState, resource: string, event: string, id: number): void {
  for (const webhook of state.webhooks.values()) {
    if (webhook.status !== 'active' || webhook.topic !== `${resource}.${event}`) continue;
    const pending = `${webhook.id}:${id}`;
    if (state.pendingDeliveries.has(pending)) continue;
    state.pendingDeliveries.add(pending);
    state.clock.after(state.webhookDelayMilliseconds, () => {
      state.pendingDeliveries.delete(pending);
      deliver(state, webhook, id);
    });
  }
}

/** The body is the thing as it is now, whatever the topic says had happened to it. */
function deliver(state: StoreState, webhook: Webhook, id: number): void {
  if (webhook.status !== 'active' || !state.webhooks.has(webhook.id)) return;
  const [resource = '', event = ''] = webhook.topic.split('.');
  const body = phpJson(event === 'deleted' ? { id } : currentBody(state, resource, id));
  const signature = createHmac('sha256', webhook.secret).update(body).digest('base64');
  const deliveryId = createHash('md5')
    .update(`${webhook.id}${Math.floor(state.clock.now().getTime() / 1000)}`)
    .digest('hex');
  state.sender.send({
    account: state.id,
    topic: webhook.topic,
    url: webhook.deliveryUrl,
    body,
    headers: () => ({
      'user-agent': USER_AGENT,
      'content-type': 'application/json',
      'x-wc-webhook-source': `${state.url}/`,
      'x-wc-webhook-topic': webhook.topic,
      'x-wc-webhook-resource': resource,
      'x-wc-webhook-event': event,
      'x-wc-webhook-signature': signature,
      'x-wc-webhook-id': String(webhook.id),
      'x-wc-webhook-delivery-id': deliveryId,
    }),
  });
  // The first ping is tried again for as long as none has been answered.
  if (!webhook.pinged) sendPing(state, webhook);
}

function currentBody(state: StoreState, resource: string, id: number): unknown {
  if (resource === 'order') {
    const order = state.orders.get(id);
    return order
      ? orderBody(state, order)
      : wordpressError('woocommerce_rest_shop_order_invalid_id', 'Invalid ID.', 404);
  }
  const product = state.products.get(id);
  return product
    ? productBody(state, product)
    : wordpressError('woocommerce_rest_product_invalid_id', 'Invalid ID.', 404);
}

/** Unsigned and without any of the X-WC headers. */
export function sendPing(state: StoreState, webhook: Webhook): void {
  state.sender.send({
    account: state.id,
    topic: 'ping',
    url: webhook.deliveryUrl,
    body: `webhook_id=${webhook.id}`,
    headers: () => ({
      'user-agent': USER_AGENT,
      'content-type': 'application/x-www-form-urlencoded',
    }),
  });
}

/** Called by the sender when a delivery has ended: counts failures, disables, never retries. */
export function noteOutcome(state: StoreState, delivery: Delivery): void {
  const status = delivery.attempts.at(-1)?.status ?? null;
  const accepted = status !== null && status >= 200 && status <= 302;
  const id = delivery.headers['x-wc-webhook-id'] ?? /^webhook_id=(\d+)$/.exec(delivery.body)?.[1];
  const webhook = state.webhooks.get(Number.parseInt(id ?? '0', 10));
  if (!webhook) return;
  if (delivery.topic === 'ping') {
    if (accepted) webhook.pinged = true;
    return;
  }
  if (accepted) {
    webhook.failureCount = 0;
  } else if (webhook.failureCount >= FAILURE_COUNT_MAX) {
    webhook.status = 'disabled';
    webhook.modifiedAt = nowOf(state);
  } else {
    webhook.failureCount += 1;
  }
}
