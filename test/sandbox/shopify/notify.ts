import { createHmac } from 'node:crypto';

import { digitsOf, toJson } from './ids';
import { ADMIN_API_VERSION } from './schema';
import { newUuid } from './state';
import type {
  Fulfillment,
  FulfillmentOrder,
  Level,
  Order,
  Product,
  Refund,
  ShopState,
  Subscription,
} from './state';
import {
  customerBody,
  fulfillmentBody,
  levelBody,
  orderBody,
  productBody,
  redactShopBody,
  refundBody,
  riskBody,
  routingCompleteBody,
  scopesBody,
  shopBody,
} from './webhook-bodies';

type Body = Record<string, unknown>;

type OrderTopic =
  'create' | 'updated' | 'edited' | 'cancelled' | 'fulfilled' | 'partially_fulfilled';

type FulfillmentOrderTopic =
  | 'moved'
  | 'split'
  | 'merged'
  | 'rescheduled'
  | 'scheduled_fulfillment_order_ready'
  | 'placed_on_hold'
  | 'hold_released'
  | 'cancelled';

/** 'orders/create' as the GraphQL enum writes it. */
export const topicEnum = (topic: string): string => topic.toUpperCase().replaceAll('/', '_');

/** Signature of the raw bytes, as Shopify's X-Shopify-Hmac-Sha256 header carries it. */
export const signBody = (secret: string, body: string): string =>
  createHmac('sha256', secret).update(body, 'utf8').digest('base64');

/**
 * Sends one event to every subscription of its topic. All deliveries of one merchant action share
 * an event id; each delivery has a webhook id of its own, and its retries keep it.
 */
function emit(shop: ShopState, topic: string, body: Body, eventId: string): void {
  const wanted = topicEnum(topic);
  const triggeredAt = shop.clock.now().toISOString();
  for (const subscription of shop.subscriptions.values()) {
    if (subscription.topic === wanted) {
      deliver(shop, subscription, topic, body, { eventId, triggeredAt });
    }
  }
}

function deliver(
  shop: ShopState,
  subscription: Subscription,
  topic: string,
  body: Body,
  event: { eventId: string; triggeredAt: string },
): void {
  const text = toJson(narrow(body, subscription.includeFields));
  const webhookId = newUuid(shop);
  shop.sender.send({
    account: shop.domain,
    topic,
    url: new URL(subscription.uri, shop.appUrl).toString(),
    body: text,
    // A repeat of a delivery is either the same one again or the same event anew.
    headers: (copy) => ({
      'content-type': 'application/json',
      'user-agent': 'Shopify-Captain-Hook',
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': signBody(shop.apiSecret, text),
      'x-shopify-shop-domain': shop.domain,
      'x-shopify-api-version': ADMIN_API_VERSION,
      'x-shopify-webhook-id': copy === 0 || shop.random.chance(0.5) ? webhookId : newUuid(shop),
      'x-shopify-event-id': event.eventId,
      'x-shopify-triggered-at': event.triggeredAt,
      'x-sim-subscription': subscription.id,
    }),
  });
}

function narrow(body: Body, fields: readonly string[]): Body {
  if (fields.length === 0) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => fields.includes(name)));
}

/** Every event the simulated store announces, by what happened. */
export const notify = {
  order(shop: ShopState, what: OrderTopic, order: Order, eventId: string): void {
    emit(shop, `orders/${what}`, orderBody(shop, order), eventId);
  },
  refund(shop: ShopState, order: Order, refund: Refund, eventId: string): void {
    emit(shop, 'refunds/create', refundBody(order, refund), eventId);
  },
  riskAssessed(shop: ShopState, order: Order, eventId: string): void {
    emit(shop, 'orders/risk_assessment_changed', riskBody(order), eventId);
  },
  routingComplete(shop: ShopState, work: FulfillmentOrder, eventId: string): void {
    emit(shop, 'fulfillment_orders/order_routing_complete', routingCompleteBody(work), eventId);
  },
  fulfillmentOrder(
    shop: ShopState,
    what: FulfillmentOrderTopic,
    body: Body,
    eventId: string,
  ): void {
    emit(shop, `fulfillment_orders/${what}`, body, eventId);
  },
  fulfillmentHold(shop: ShopState, what: 'added' | 'released', body: Body, eventId: string): void {
    emit(shop, `fulfillment_holds/${what}`, body, eventId);
  },
  fulfillment(
    shop: ShopState,
    what: 'create' | 'update',
    fulfillment: Fulfillment,
    eventId: string,
  ): void {
    emit(shop, `fulfillments/${what}`, fulfillmentBody(shop, fulfillment), eventId);
  },
  inventoryLevelUpdated(shop: ShopState, level: Level, eventId: string): void {
    emit(shop, 'inventory_levels/update', levelBody(level), eventId);
  },
  inventoryLevelConnected(shop: ShopState, level: Level, eventId: string): void {
    emit(shop, 'inventory_levels/connect', levelBody(level), eventId);
  },
  product(shop: ShopState, what: 'create' | 'update', product: Product): void {
    emit(shop, `products/${what}`, productBody(shop, product), newUuid(shop));
  },
  productDeleted(shop: ShopState, productId: string): void {
    const body = { id: BigInt(digitsOf(productId)) };
    emit(shop, 'products/delete', body, newUuid(shop));
  },
  uninstalled(shop: ShopState): void {
    emit(shop, 'app/uninstalled', shopBody(shop), newUuid(shop));
  },
  scopesUpdated(shop: ShopState, previous: string[]): void {
    emit(shop, 'app/scopes_update', scopesBody(shop, previous), newUuid(shop));
  },
  shopRedact(shop: ShopState): void {
    emit(shop, 'shop/redact', redactShopBody(shop), newUuid(shop));
  },
  customerDataRequest(shop: ShopState, order: Order): void {
    const body = customerBody(shop, order, 'orders_requested');
    emit(shop, 'customers/data_request', body, newUuid(shop));
  },
  customerRedact(shop: ShopState, order: Order): void {
    const body = customerBody(shop, order, 'orders_to_redact');
    emit(shop, 'customers/redact', body, newUuid(shop));
  },
};
