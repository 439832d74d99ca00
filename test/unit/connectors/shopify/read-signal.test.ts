/**
 * Goal: only what Shopify signed for this shop is believed, and each topic names the right thing
 * to look at, digit for digit. Method: bodies signed here, broken one way at a time.
 */
import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import {
  complianceTopics,
  readShopDomain,
  readShopifySignal,
  subscribedTopics,
} from '#app/connectors/channels/shopify/read-signal';
import type { RawRequest } from '#app/contracts/channel';

const SECRET = 'a-shared-secret';
const SHOP = 'harbor-goods.myshopify.com';
/** Longer than a double holds exactly: JSON.parse makes …500 of it. */
const LONG_ID = '820982911946154508';
const ORDER = `gid://shopify/Order/${LONG_ID}`;

function signed(topic: string, text: string, headers: Record<string, string> = {}): RawRequest {
  const body = new TextEncoder().encode(text);
  return {
    method: 'POST',
    headers: {
      'x-shopify-topic': topic,
      'x-shopify-hmac-sha256': createHmac('sha256', SECRET).update(body).digest('base64'),
      'x-shopify-shop-domain': SHOP,
      'x-shopify-api-version': '2026-07',
      'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
      'x-shopify-event-id': 'e-1',
      ...headers,
    },
    body,
  };
}

const read = (request: RawRequest) => readShopifySignal(request, SECRET, SHOP);

function concernsOf(topic: string, text: string) {
  const outcome = read(signed(topic, text));
  return outcome.status === 'done' ? outcome.value.concerns : outcome;
}

const ORDER_BODY = `{"id":${LONG_ID},"admin_graphql_api_id":"${ORDER}","note":"id: 12345678901234567890"}`;
const BY_ORDER_ID = `{"id":255858046,"order_id":${LONG_ID}}`;
const STOCK_BODY = `{"inventory_item_id":${LONG_ID},"location_id":655441491,"available":-2}`;
const WORK = {
  kind: 'work',
  workRef: `gid://shopify/FulfillmentOrder/${LONG_ID}`,
  change: 'other',
  locationRef: '',
};
const FREED = { ...WORK, change: 'freed' };
const WORK_BODY = `{"fulfillment_order":{"status":"open","id":"${WORK.workRef}"}}`;
const PRODUCT = `gid://shopify/Product/${LONG_ID}`;

const STOCK = {
  kind: 'stock',
  stockRef: `gid://shopify/InventoryItem/${LONG_ID}`,
  locationRef: 'gid://shopify/Location/655441491',
};

const EXPECTED: Readonly<Record<string, readonly [body: string, concerns: unknown]>> = {
  'orders/create': [ORDER_BODY, { kind: 'order', orderRef: ORDER }],
  'orders/updated': [ORDER_BODY, { kind: 'order', orderRef: ORDER }],
  'orders/cancelled': [ORDER_BODY, { kind: 'order', orderRef: ORDER }],
  'orders/delete': [`{"id":${LONG_ID}}`, { kind: 'order', orderRef: ORDER }],
  'orders/edited': [
    `{"order_edit":{"id":1,"order_id":${LONG_ID}}}`,
    { kind: 'order', orderRef: ORDER },
  ],
  'fulfillments/create': [BY_ORDER_ID, { kind: 'order', orderRef: ORDER }],
  'fulfillments/update': [BY_ORDER_ID, { kind: 'order', orderRef: ORDER }],
  'refunds/create': [BY_ORDER_ID, { kind: 'order', orderRef: ORDER }],
  'orders/risk_assessment_changed': [
    `{"risk_level":"high","admin_graphql_api_order_id":"${ORDER}"}`,
    { kind: 'order', orderRef: ORDER },
  ],
  'fulfillment_orders/order_routing_complete': [WORK_BODY, { ...WORK, change: 'assigned' }],
  'fulfillment_orders/moved': [
    `{"original_fulfillment_order":{"id":"${WORK.workRef}"},"destination_location_id":655441491}`,
    { ...WORK, change: 'moved', locationRef: 'gid://shopify/Location/655441491' },
  ],
  'fulfillment_orders/split': [WORK_BODY, WORK],
  'fulfillment_orders/merged': [
    `{"merge_intents":[{"fulfillment_order_id":${LONG_ID}}],"fulfillment_order_merges":[${WORK_BODY}]}`,
    WORK,
  ],
  'fulfillment_orders/cancelled': [WORK_BODY, WORK],
  'fulfillment_orders/rescheduled': [WORK_BODY, WORK],
  'fulfillment_orders/scheduled_fulfillment_order_ready': [WORK_BODY, FREED],
  'fulfillment_orders/placed_on_hold': [WORK_BODY, WORK],
  'fulfillment_orders/hold_released': [WORK_BODY, FREED],
  'fulfillment_holds/added': [WORK_BODY, WORK],
  'fulfillment_holds/released': [WORK_BODY, FREED],
  'inventory_levels/update': [STOCK_BODY, { ...STOCK, claimed: -2 }],
  'inventory_levels/connect': [STOCK_BODY.replace('-2', 'null'), { ...STOCK, claimed: null }],
  'inventory_levels/disconnect': [
    STOCK_BODY.replace(',"available":-2', ''),
    { ...STOCK, claimed: null },
  ],
  'products/create': [
    `{"id":${LONG_ID},"admin_graphql_api_id":"${PRODUCT}","variants":[{"id":1},{"id":2}]}`,
    { kind: 'product', productRef: PRODUCT },
  ],
  'products/update': [`{"id":${LONG_ID}}`, { kind: 'product', productRef: PRODUCT }],
  'products/delete': [`{"id":${LONG_ID}}`, { kind: 'product', productRef: PRODUCT }],
  'app/uninstalled': ['{"id":1}', { kind: 'account', change: 'uninstalled' }],
  'app/scopes_update': ['{"id":1}', { kind: 'account', change: 'scopes' }],
  'customers/data_request': ['{"shop_id":1}', { kind: 'account', change: 'request' }],
  'customers/redact': ['{"shop_id":1}', { kind: 'account', change: 'redact' }],
  'shop/redact': ['{"shop_id":1}', { kind: 'account', change: 'redact' }],
};

describe('what a topic concerns', () => {
  it('is tested for every topic', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual([...subscribedTopics, ...complianceTopics].sort());
  });

  it.each(Object.entries(EXPECTED))('%s', (topic, [body, concerns]) => {
    expect(concernsOf(topic, body)).toEqual(concerns);
  });

  it.each(['themes/publish', 'constructor', '__proto__', 'fulfillment_orders/moved'])(
    'is nothing for %s',
    (topic) => {
      expect(concernsOf(topic, '{"id":1}')).toMatchObject({ kind: 'nothing' });
    },
  );

  it('names the delivery, and the action it belongs to', () => {
    expect(read(signed('orders/create', ORDER_BODY))).toMatchObject({
      status: 'done',
      value: {
        dedupeKey: 'orders/create:b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
        topic: 'orders/create',
        eventRef: 'e-1',
      },
    });
  });
});

describe('what is not believed', () => {
  const good = signed('orders/create', ORDER_BODY);
  const without = (name: string): RawRequest => {
    const headers = Object.fromEntries(
      Object.entries(good.headers).filter(([key]) => key !== name),
    );
    return { ...good, headers };
  };
  const code = (request: RawRequest): string => {
    const outcome = read(request);
    return outcome.status === 'refused' ? outcome.reason.code : outcome.status;
  };

  it('is a body changed after it was signed, or cut short', () => {
    const tampered = new TextEncoder().encode(ORDER_BODY.replace('508', '509'));
    expect(code({ ...good, body: tampered })).toBe('unauthorized');
    expect(code({ ...good, body: good.body.subarray(0, 40) })).toBe('unauthorized');
  });

  it('is a signature of another secret, of another length, or no base64 at all', () => {
    for (const signature of ['', 'x', 'AAAA', good.headers['x-shopify-hmac-sha256']?.slice(1)]) {
      const headers = { ...good.headers, 'x-shopify-hmac-sha256': signature ?? '' };
      expect(code({ ...good, headers })).toBe('unauthorized');
    }
    expect(readShopifySignal(good, 'other', SHOP)).toMatchObject({ status: 'refused' });
  });

  it('is another shop’s webhook', () => {
    const headers = { ...good.headers, 'x-shopify-shop-domain': 'other.myshopify.com' };
    expect(code({ ...good, headers })).toBe('unauthorized');
  });

  it.each([
    'x-shopify-hmac-sha256',
    'x-shopify-topic',
    'x-shopify-shop-domain',
    'x-shopify-api-version',
    'x-shopify-webhook-id',
  ])('is one without %s', (name) => {
    expect(code(without(name))).toBe('validation');
  });

  it('is not the event id: it is optional', () => {
    expect(read(without('x-shopify-event-id'))).toMatchObject({ value: { eventRef: null } });
  });

  it('is a GET, or an empty body', () => {
    expect(code({ ...good, method: 'GET' })).toBe('validation');
    expect(code({ ...good, body: new Uint8Array() })).toBe('validation');
  });

  it.each([
    ['not JSON', 'hello'],
    ['half of it', '{"id":'],
    ['a list', '[]'],
    ['null', 'null'],
    ['no id', '{}'],
    ['an id that is no number', '{"id":"abc"}'],
    ['a fractional id', '{"id":1.5}'],
    ['an id in another notation', '{"id":1e30}'],
    ['a negative id', '{"id":-5}'],
  ])('is a signed body that is %s', (_, text) => {
    expect(code(signed('orders/create', text))).toBe('validation');
  });

  it('is a body that is not UTF-8', () => {
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]);
    const signature = createHmac('sha256', SECRET).update(body).digest('base64');
    const headers = { ...good.headers, 'x-shopify-hmac-sha256': signature };
    expect(code({ ...good, headers, body })).toBe('validation');
  });

  it('prefers no id of another type in place of the order’s own', () => {
    const text = `{"id":${LONG_ID},"admin_graphql_api_id":"gid://shopify/Customer/1"}`;
    expect(concernsOf('orders/create', text)).toEqual({ kind: 'order', orderRef: ORDER });
  });
});

describe('the shop in the headers', () => {
  it('is a shop’s permanent name, and nothing else', () => {
    const of = (domain: string) => readShopDomain({ 'x-shopify-shop-domain': domain });
    expect(of('Harbor-Goods.myshopify.com')).toBe(SHOP);
    for (const bad of [
      '',
      'evil.com',
      'a.myshopify.com.evil.com',
      'x/y.myshopify.com',
      '-.myshopify.com',
    ]) {
      expect(of(bad), bad).toBeNull();
    }
  });
});
