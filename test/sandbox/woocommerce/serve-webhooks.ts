import type { SandboxReply, SandboxRequest } from '../core';
import { sendPing } from './announce';
import { listPage } from './collections';
import { links } from './product-bodies';
import { invalidId, invalidParam, refuse, reply, wordpressDate } from './replies';
import type { Body } from './replies';
import { textOf } from './serve-products';
import { nowOf } from './state';
import type { StoreState, Webhook } from './state';

const TOPICS = /^(order|product|coupon|customer)\.(created|updated|deleted|restored)$/;
const HOOKS: Readonly<Record<string, string>> = {
  created: 'woocommerce_new_',
  updated: 'woocommerce_update_',
  deleted: 'woocommerce_trash_',
  restored: 'woocommerce_untrash_',
};

/** The secret and the failure count are never told. */
function webhookBody(state: StoreState, webhook: Webhook): Body {
  const [resource = '', event = ''] = webhook.topic.split('.');
  return {
    id: webhook.id,
    name: webhook.name,
    status: webhook.status,
    topic: webhook.topic,
    resource,
    event,
    hooks: [`${HOOKS[event] ?? ''}${resource}`],
    delivery_url: webhook.deliveryUrl,
    date_created: wordpressDate(webhook.createdAt),
    date_created_gmt: wordpressDate(webhook.createdAt),
    date_modified: wordpressDate(webhook.modifiedAt),
    date_modified_gmt: wordpressDate(webhook.modifiedAt),
    _links: links(state, `webhooks/${webhook.id}`, 'webhooks'),
  };
}

export function listWebhooks(state: StoreState, request: SandboxRequest): SandboxReply {
  const status = request.query.get('status') ?? 'all';
  const all = [...state.webhooks.values()].filter(
    (webhook) => status === 'all' || webhook.status === status,
  );
  return listPage(state, request, all, (webhook) => webhookBody(state, webhook));
}

export function createWebhook(state: StoreState, body: Body): SandboxReply {
  const topic = textOf(body['topic']);
  const deliveryUrl = textOf(body['delivery_url']);
  if (!TOPICS.test(topic)) {
    return refuse('woocommerce_rest_webhook_invalid_topic', 'Webhook topic must be valid.', 400);
  }
  if (!/^https?:\/\//.test(deliveryUrl)) {
    const message = 'Webhook delivery URL must be a valid URL starting with http:// or https://.';
    return refuse('woocommerce_rest_webhook_invalid_delivery_url', message, 400);
  }
  const webhook: Webhook = {
    id: (state.nextWebhookId += 1),
    name: textOf(body['name']),
    status: statusOf(body['status']) ?? 'active',
    topic,
    deliveryUrl,
    secret: textOf(body['secret']),
    failureCount: 0,
    pinged: false,
    createdAt: nowOf(state),
    modifiedAt: null,
  };
  state.webhooks.set(webhook.id, webhook);
  if (webhook.status === 'active') sendPing(state, webhook);
  const location = `${state.url}/wp-json/wc/v3/webhooks/${webhook.id}`;
  return reply(201, webhookBody(state, webhook), { location });
}

/** Switching a webhook on again sends a ping and keeps the count of failures. */
export function updateWebhook(state: StoreState, id: number, body: Body): SandboxReply {
  const webhook = state.webhooks.get(id);
  if (!webhook) return invalidId('woocommerce_rest_shop_webhook_invalid_id');
  if (body['status'] !== undefined && statusOf(body['status']) === null) {
    return invalidParam('status', 'status is not one of all, active, paused, disabled.');
  }
  const before = webhook.status;
  webhook.status = statusOf(body['status']) ?? webhook.status;
  if (typeof body['name'] === 'string') webhook.name = body['name'];
  if (typeof body['secret'] === 'string') webhook.secret = body['secret'];
  if (typeof body['delivery_url'] === 'string') webhook.deliveryUrl = body['delivery_url'];
  webhook.modifiedAt = nowOf(state);
  if (before !== 'active' && webhook.status === 'active') sendPing(state, webhook);
  return reply(200, webhookBody(state, webhook));
}

export function deleteWebhook(state: StoreState, id: number, force: boolean): SandboxReply {
  const webhook = state.webhooks.get(id);
  if (!webhook) return invalidId('woocommerce_rest_shop_webhook_invalid_id');
  if (!force) {
    const message = 'Webhooks do not support trashing.';
    return refuse('woocommerce_rest_trash_not_supported', message, 501);
  }
  state.webhooks.delete(id);
  return reply(200, webhookBody(state, webhook));
}

export function getWebhook(state: StoreState, id: number): SandboxReply {
  const webhook = state.webhooks.get(id);
  return webhook
    ? reply(200, webhookBody(state, webhook))
    : invalidId('woocommerce_rest_shop_webhook_invalid_id');
}

function statusOf(value: unknown): Webhook['status'] | null {
  return value === 'active' || value === 'paused' || value === 'disabled' ? value : null;
}
