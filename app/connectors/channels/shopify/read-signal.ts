/** Shopify's webhooks: verified on their raw bytes, then read as "look again at this". */
import type { ChannelSignal, RawRequest } from '../../../contracts/channel';
import type { Outcome } from '../../../contracts/outcome';
import { isSignedBy } from '../../../platform/secrets';
import { done, refused } from './client';
import { parseDigitSafeJson } from './parse-digit-safe-json';
import { workTopics } from './read-work-signal';

type Concerns = ChannelSignal['concerns'];
type Body = Readonly<Record<string, unknown>>;
type GidType = 'Order' | 'InventoryItem' | 'Location' | 'Product';

/** A body without the ids its topic promises. */
class BodyIncomplete extends Error {
  override readonly name = 'BodyIncomplete';
}

const orderOfBody = (body: Body): Concerns => ({ kind: 'order', orderRef: ownGid('Order', body) });
const productOfBody = (body: Body): Concerns => ({
  kind: 'product',
  productRef: ownGid('Product', body),
});
const orderNamedIn = (body: Body): Concerns => ({
  kind: 'order',
  orderRef: gid('Order', body['order_id']),
});

/** Every topic shopify.app.toml subscribes to, and what each tells us to look at. */
const TOPICS: Readonly<Record<string, (body: Body) => Concerns>> = {
  'orders/create': orderOfBody,
  'orders/updated': orderOfBody,
  'orders/cancelled': orderOfBody,
  'orders/delete': orderOfBody,
  'orders/edited': (body) => orderNamedIn(asBody(body['order_edit'])),
  'fulfillments/create': orderNamedIn,
  'fulfillments/update': orderNamedIn,
  'refunds/create': orderNamedIn,
  'orders/risk_assessment_changed': orderJudged,
  ...workTopics,
  'inventory_levels/connect': stockOfBody,
  'inventory_levels/update': stockOfBody,
  'inventory_levels/disconnect': stockOfBody,
  'products/create': productOfBody,
  'products/update': productOfBody,
  'products/delete': productOfBody,
  'app/uninstalled': () => ({ kind: 'account', change: 'uninstalled' }),
  'app/scopes_update': () => ({ kind: 'account', change: 'scopes' }),
};

/** The three topics Shopify requires of every app in its store, sent to their own address. */
const COMPLIANCE_TOPICS: Readonly<Record<string, (body: Body) => Concerns>> = {
  'customers/data_request': () => ({ kind: 'account', change: 'request' }),
  'customers/redact': () => ({ kind: 'account', change: 'redact' }),
  'shop/redact': () => ({ kind: 'account', change: 'redact' }),
};

export const subscribedTopics: readonly string[] = Object.keys(TOPICS);
export const complianceTopics: readonly string[] = Object.keys(COMPLIANCE_TOPICS);

/** The shop a webhook says it comes from, lower case; null when the header is no shop's name. */
export function readShopDomain(headers: RawRequest['headers']): string | null {
  const shop = headers['x-shopify-shop-domain']?.trim().toLowerCase() ?? '';
  return /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(shop) ? shop : null;
}

/**
 * Verifies a delivery for `shop` and says what it concerns. Refuses with `unauthorized` when the
 * signature does not fit the bytes or the shop is another's, with `validation` when a header the
 * format requires is missing or the body is not what the topic promises. Topics nobody subscribed
 * to concern nothing. Required headers: https://shopify.dev/docs/api/webhooks#headers
 */
export function readShopifySignal(
  request: RawRequest,
  secret: string,
  shop: string,
): Outcome<ChannelSignal> {
  if (request.method.toUpperCase() !== 'POST') return refused('validation', 'Not a POST.');
  if (request.body.byteLength === 0) return refused('validation', 'The body is empty.');
  const signature = request.headers['x-shopify-hmac-sha256'];
  if (signature === undefined) return refused('validation', 'No x-shopify-hmac-sha256 header.');
  if (!isSignedBy(secret, request.body, signature)) {
    return refused('unauthorized', 'The signature does not fit the body.');
  }
  const topic = request.headers['x-shopify-topic'];
  const webhookId = request.headers['x-shopify-webhook-id'];
  if (!topic || !webhookId || !request.headers['x-shopify-api-version']) {
    return refused('validation', 'A header of every webhook is missing.');
  }
  const from = readShopDomain(request.headers);
  if (from === null) return refused('validation', 'No shop in x-shopify-shop-domain.');
  if (from !== shop) return refused('unauthorized', 'The webhook is for another shop.');
  return interpret(topic, request, `${topic}:${webhookId}`);
}

function interpret(topic: string, request: RawRequest, dedupeKey: string): Outcome<ChannelSignal> {
  const eventRef = request.headers['x-shopify-event-id'] ?? null;
  try {
    const concerns = concernsOf(topic, asBody(decode(request.body)));
    const saidAt = sortableTime(request.headers['x-shopify-triggered-at']);
    const timed = concerns.kind === 'stock' && saidAt !== null ? { ...concerns, saidAt } : concerns;
    return done({ dedupeKey, topic, eventRef, concerns: timed });
  } catch (error) {
    if (!(error instanceof BodyIncomplete)) throw error;
    return refused('validation', `The body of ${topic} cannot be read: ${error.message}.`);
  }
}

/** Shopify writes up to nine digits of a second, and leaves out zeros at the end. */
function sortableTime(header: string | undefined): string | null {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(header ?? '');
  return parts === null ? null : `${parts[1] ?? ''}.${(parts[2] ?? '').padEnd(9, '0')}Z`;
}

function decode(bytes: Uint8Array): unknown {
  try {
    return parseDigitSafeJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new BodyIncomplete('not JSON in UTF-8');
  }
}

function concernsOf(topic: string, body: Body): Concerns {
  // hasOwn: the topic comes from outside and could be "constructor".
  if (Object.hasOwn(TOPICS, topic)) return (TOPICS[topic] ?? nothingKnown)(body);
  if (Object.hasOwn(COMPLIANCE_TOPICS, topic)) {
    return (COMPLIANCE_TOPICS[topic] ?? nothingKnown)(body);
  }
  return nothingKnown();
}

function nothingKnown(): Concerns {
  return { kind: 'nothing', why: 'no use is made of this topic' };
}

/** Shopify's reference says that the order is named, and shows no sample of how. */
function orderJudged(body: Body): Concerns {
  const given = body['admin_graphql_api_order_id'] ?? body['admin_graphql_api_id'];
  return typeof given === 'string' && /^gid:\/\/shopify\/Order\/\d+$/.test(given)
    ? { kind: 'order', orderRef: given }
    : orderNamedIn(body);
}

function stockOfBody(body: Body): Concerns {
  const { available } = body;
  return {
    kind: 'stock',
    stockRef: gid('InventoryItem', body['inventory_item_id']),
    locationRef: gid('Location', body['location_id']),
    claimed: typeof available === 'number' && Number.isInteger(available) ? available : null,
  };
}

function ownGid(type: GidType, body: Body): string {
  const given = body['admin_graphql_api_id'];
  return typeof given === 'string' && new RegExp(`^gid://shopify/${type}/\\d+$`).test(given)
    ? given
    : gid(type, body['id']);
}

/** Ids arrive as numbers (short ones, exact) or as the text the digit-safe reader kept. */
function gid(type: GidType, id: unknown): string {
  const digits = typeof id === 'number' && Number.isSafeInteger(id) ? id.toFixed(0) : id;
  if (typeof digits !== 'string' || !/^\d+$/.test(digits)) {
    throw new BodyIncomplete(`no ${type} id`);
  }
  return `gid://shopify/${type}/${digits}`;
}

function asBody(value: unknown): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BodyIncomplete('not an object');
  }
  return value as Body;
}
