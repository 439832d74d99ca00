import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createRandom, virtualClock, type VirtualClock } from '../sandbox/core';
import {
  createShopifySandbox,
  type SandboxShop,
  type ShopifySandbox,
  type ShopifySandboxOptions,
} from '../sandbox/shopify';

export const API_KEY = 'test-key';
export const API_SECRET = 'test-secret';
export const DOMAIN = 'acme.myshopify.com';

export type ReceivedWebhook = {
  topic: string;
  headers: Record<string, string | undefined>;
  body: string;
};

/** An app's webhook endpoint; `answer` decides the status of each delivery. */
export type Receiver = {
  url: string;
  received: ReceivedWebhook[];
  answer: (webhook: ReceivedWebhook) => number;
  close(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedWebhook[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const headers = request.headers as ReceivedWebhook['headers'];
      const webhook = { topic: headers['x-shopify-topic'] ?? '', headers, body };
      received.push(webhook);
      response.writeHead(receiver.answer(webhook)).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: () => 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

export type World = {
  sandbox: ShopifySandbox;
  shop: SandboxShop;
  receiver: Receiver;
  clock: VirtualClock;
  /** An offline token obtained by token exchange. */
  token: string;
  close(): Promise<void>;
};

const TOPICS = [
  'orders/create',
  'orders/updated',
  'orders/cancelled',
  'inventory_levels/update',
  'fulfillment_orders/order_routing_complete',
  'fulfillment_orders/moved',
  'fulfillments/create',
  'fulfillments/update',
  'refunds/create',
  'app/uninstalled',
  'products/update',
];

/** One shop with two locations and two items (MUG 10 + 5, PLATE 3 at East alone). */
export async function startWorld(options: Partial<ShopifySandboxOptions> = {}): Promise<World> {
  const receiver = await startReceiver();
  const clock = virtualClock();
  const sandbox = await createShopifySandbox({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: receiver.url,
    clock,
    random: createRandom(7),
    appWebhooks: [{ topics: TOPICS, uri: '/webhooks/shopify' }],
    ...options,
  });
  const shop = sandbox.createShop({
    domain: DOMAIN,
    name: 'Acme',
    locations: [{ name: 'East' }, { name: 'West' }],
  });
  shop.addProduct({ title: 'Mug', variants: [{ sku: 'MUG', stock: { East: 10, West: 5 } }] });
  shop.addProduct({ title: 'Plate', variants: [{ sku: 'PLATE', stock: { East: 3 } }] });
  const token = await obtainToken(sandbox, shop);
  return {
    sandbox,
    shop,
    receiver,
    clock,
    token,
    async close() {
      await sandbox.close();
      await receiver.close();
    },
  };
}

export type Answer = { status: number; text: string; json: Record<string, unknown> };

export async function postTo(
  sandbox: ShopifySandbox,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(sandbox.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-sim-shop': DOMAIN, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  return {
    status: response.status,
    text,
    json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

export const exchangeBody = (subjectToken: string): Record<string, string> => ({
  client_id: API_KEY,
  client_secret: API_SECRET,
  grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
  subject_token: subjectToken,
  subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
  expiring: '1',
});

export async function obtainToken(sandbox: ShopifySandbox, shop: SandboxShop): Promise<string> {
  const answer = await postTo(sandbox, '/admin/oauth/access_token', exchangeBody(shop.idToken()));
  return String(answer.json['access_token']);
}

export type GraphqlAnswer = {
  status: number;
  data: Record<string, unknown>;
  errors: { message: string; extensions?: { code?: string } }[];
  extensions: { cost?: { requestedQueryCost: number; throttleStatus: Record<string, number> } };
};

export async function graphql(
  world: World,
  query: string,
  variables: Record<string, unknown> = {},
  token = world.token,
): Promise<GraphqlAnswer> {
  const answer = await postTo(
    world.sandbox,
    '/admin/api/2026-07/graphql.json',
    { query, variables },
    { 'x-shopify-access-token': token },
  );
  return {
    status: answer.status,
    data: answer.json['data'] === undefined ? {} : (answer.json['data'] as GraphqlAnswer['data']),
    errors: (answer.json['errors'] ?? []) as GraphqlAnswer['errors'],
    extensions: answer.json['extensions'] ?? {},
  };
}

export const SET_QUANTITIES = `
  mutation InvSet($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) {
      inventoryAdjustmentGroup {
        id reason changes { name delta quantityAfterChange item { id } location { id } }
      }
      userErrors { code field message }
    }
  }`;
