import {
  createFaults,
  createJournal,
  createRandom,
  createWebhookSender,
  guardApiCall,
  json,
  realClock,
  serveOrNot,
  type ApiGuard,
  type Clock,
  type ControlledStore,
  type Delivery,
  type Faults,
  type Journal,
  type Random,
  type SandboxReply,
  type SandboxRequest,
  type Unserved,
  type WebhookSender,
} from '../core';
import { answerTokenRequest, findAccessToken } from './access-tokens';
import { answerAdminPage } from './admin/pages';
import { answerBulkFile } from './bulk-operations';
import { newBulkState } from './bulk-state';
import { controlledStore } from './controlled-shop';
import { createGraphqlApi, type GraphqlApi, type GraphqlBody } from './graphql/execute';
import { topicEnum } from './notify';
import { ADMIN_API_VERSION } from './schema';
import { createShopHandle, type NewLocation, type SandboxShop } from './shop';
import { newId, type ShopState, type Staff } from './state';

/** Subscriptions of the app's own configuration file; they apply to every shop that installs. */
export type AppWebhook = { topics: string[]; uri: string };

export type ShopifySandboxOptions = {
  apiKey: string;
  apiSecret: string;
  /** Where the app answers; its webhook paths are relative to this. */
  appUrl: string;
  clock?: Clock;
  random?: Random;
  port?: number;
  /** Multiplies webhook retry delays (hours in real life). Default 1. */
  scheduleScale?: number;
  /** Waits for an answer to a webhook this long. Default 5000, as Shopify does. */
  webhookTimeoutMilliseconds?: number;
  /** Scopes granted at installation. Default: all that an order-routing app asks for. */
  scopes?: string[];
  appWebhooks?: AppWebhook[];
  journal?: Journal;
  /** Not on loopback: reached through `handle` alone. */
  unserved?: Unserved;
};

export type NewShop = {
  /** 'acme.myshopify.com'. */
  domain: string;
  name?: string;
  /** 'Basic', 'Advanced', 'Plus', …: only a label here; set the rate with setRateLimit. */
  plan?: string;
  currency?: string;
  timezone?: string;
  locations?: NewLocation[];
  staff?: Staff[];
  /** Default true. */
  installed?: boolean;
  /** First number of the shop's ids; above 2^53 by default, as Shopify's samples are. */
  idBase?: bigint;
};

export type ShopifySandbox = {
  readonly url: string;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Answers one request, as its server does. */
  handle(request: SandboxRequest): Promise<SandboxReply>;
  createShop(shop: NewShop): SandboxShop;
  shop(domain: string): SandboxShop;
  shops(): SandboxShop[];
  /** For the control page and the traffic generator. */
  controlledStores(): ControlledStore[];
  deliveries: WebhookSender['deliveries'];
  /** Resolves when no webhook is queued or under way (later retries do not count). */
  webhooksSettled(): Promise<void>;
  resendWebhook(sequence: number): void;
  /** Of all shops, each sentence led by the shop's domain; empty when all is well. */
  invariants(): string[];
  /** The address of the admin page that frames the app. */
  adminUrl(domain: string, path?: string): string;
  close(): Promise<void>;
};

/** 5 seconds in all, and 8 retries over about four hours (Shopify docs; spacing is ours). */
const WEBHOOK_TIMEOUT_MILLISECONDS = 5_000;
const WEBHOOK_RETRY_MINUTES = [0.2, 1, 5, 10, 30, 45, 60, 90];

export const DEFAULT_SCOPES = [
  'read_products',
  'write_products',
  'read_locations',
  'read_inventory',
  'write_inventory',
  'read_orders',
  'write_orders',
  'read_returns',
  'write_returns',
  'write_fulfillments',
  'read_merchant_managed_fulfillment_orders',
  'write_merchant_managed_fulfillment_orders',
  'read_assigned_fulfillment_orders',
  'write_assigned_fulfillment_orders',
  'read_third_party_fulfillment_orders',
  'write_third_party_fulfillment_orders',
];

const ID_BASE = 820_982_911_946_154_508n;

const OWNER: Staff = {
  id: '9001001',
  firstName: 'Robin',
  lastName: 'Alder',
  email: 'robin@example.com',
};

export async function createShopifySandbox(
  options: ShopifySandboxOptions,
): Promise<ShopifySandbox> {
  const clock = options.clock ?? realClock();
  const random = options.random ?? createRandom(1);
  const journal = options.journal ?? createJournal(() => clock.now());
  const faults = createFaults(random.fork('faults'));
  const graphql = await createGraphqlApi();
  const handles = new Map<string, SandboxShop>();
  const sender = createWebhookSender({
    clock,
    random: random.fork('webhooks'),
    faults,
    policy: {
      timeoutMilliseconds: options.webhookTimeoutMilliseconds ?? WEBHOOK_TIMEOUT_MILLISECONDS,
      retryDelaysMilliseconds: WEBHOOK_RETRY_MINUTES.map((minutes) => minutes * 60_000),
    },
    scheduleScale: options.scheduleScale ?? 1,
    onOutcome: (delivery) => dropFailedSubscription(handles, delivery),
    transmit: options.unserved?.transmit,
  });
  const handle = (request: SandboxRequest): Promise<SandboxReply> =>
    answerRequest({ clock, faults, journal, graphql, handles }, request);
  const server = await serveOrNot(handle, options);

  const shopOf = (domain: string): SandboxShop => {
    const found = handles.get(domain);
    if (found === undefined) throw new Error(`no shop ${domain}`);
    return found;
  };
  const adminUrl = (domain: string, path = ''): string =>
    `${server.url}/store/${shopOf(domain).handle}/apps/${options.apiKey}${path}`;

  return {
    url: server.url,
    journal,
    faults,
    handle,
    adminUrl,
    createShop(input) {
      const state = newShopState(input, options, { clock, random, sender });
      const handle = createShopHandle(state, () => subscribeApp(state, options.appWebhooks ?? []));
      handles.set(state.domain, handle);
      for (const location of input.locations ?? [{ name: 'Main' }]) handle.addLocation(location);
      if (state.installed) handle.install();
      return handle;
    },
    shop: shopOf,
    shops: () => [...handles.values()],
    controlledStores: () =>
      [...handles.values()].map((shop) =>
        controlledStore(shop, { faults, journal, sender, adminUrl: adminUrl(shop.domain) }),
      ),
    deliveries: (filter) => sender.deliveries(filter),
    webhooksSettled: () => sender.settled(),
    resendWebhook: (sequence) => sender.resend(sequence),
    invariants: () =>
      [...handles.values()].flatMap((shop) =>
        shop.invariants().map((sentence) => `${shop.domain}: ${sentence}`),
      ),
    async close() {
      await sender.close();
      await server.close();
    },
  };
}

function newShopState(
  input: NewShop,
  options: ShopifySandboxOptions,
  parts: { clock: Clock; random: Random; sender: WebhookSender },
): ShopState {
  const handle = input.domain.replace(/\.myshopify\.com$/, '');
  const random = parts.random.fork(input.domain);
  return {
    ...parts,
    random,
    domain: input.domain,
    handle,
    id: String(random.integer(60_000_000_000, 69_999_999_999)),
    name: input.name ?? handle,
    email: `owner@${handle}.example`,
    plan: input.plan ?? 'Basic',
    currency: input.currency ?? 'USD',
    timezone: input.timezone ?? 'America/New_York',
    createdAt: parts.clock.now(),
    apiKey: options.apiKey,
    apiSecret: options.apiSecret,
    appUrl: options.appUrl,
    staff: input.staff ?? [OWNER],
    locations: new Map(),
    products: new Map(),
    variants: new Map(),
    items: new Map(),
    levels: new Map(),
    orders: new Map(),
    fulfillmentOrders: new Map(),
    fulfillments: new Map(),
    subscriptions: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    idempotentCalls: new Map(),
    bulk: newBulkState(),
    bucket: { level: 2_000, at: parts.clock.now().getTime(), max: 2_000, restorePerSecond: 100 },
    oversoldUnits: 0,
    installed: input.installed ?? true,
    grantedScopes: [...(options.scopes ?? DEFAULT_SCOPES)],
    nextNumber: input.idBase ?? ID_BASE,
    nextOrderNumber: 1_000,
  };
}

function subscribeApp(shop: ShopState, webhooks: readonly AppWebhook[]): void {
  for (const { topics, uri } of webhooks) {
    for (const topic of topics) {
      const id = newId(shop, 'WebhookSubscription');
      shop.subscriptions.set(id, {
        __typename: 'WebhookSubscription',
        id,
        topic: topicEnum(topic),
        uri,
        includeFields: [],
        filter: null,
        byApi: false,
        createdAt: shop.clock.now(),
      });
    }
  }
}

/** Shopify deletes an API-made subscription whose delivery failed for good. */
function dropFailedSubscription(
  handles: ReadonlyMap<string, SandboxShop>,
  delivery: Delivery,
): void {
  if (delivery.state !== 'failed') return;
  const subscriptions = handles.get(delivery.account)?.state.subscriptions;
  const id = delivery.headers['x-sim-subscription'] ?? '';
  if (subscriptions?.get(id)?.byApi === true) subscriptions.delete(id);
}

type Parts = {
  clock: Clock;
  faults: Faults;
  journal: Journal;
  graphql: GraphqlApi;
  handles: ReadonlyMap<string, SandboxShop>;
};

async function answerRequest(parts: Parts, request: SandboxRequest): Promise<SandboxReply> {
  if (request.path.startsWith('/bulk-files/')) return answerFile(parts, request);
  if (!request.path.startsWith('/admin/')) return answerAdminPage(parts.handles, request);
  const domain = request.headers['x-sim-shop'] ?? '';
  const handle = parts.handles.get(domain);
  if (handle === undefined) return json(404, { errors: 'Not Found' });
  if (request.method !== 'POST') return json(405, { errors: 'Method Not Allowed' });
  if (request.path === '/admin/oauth/access_token') {
    const guard = guardFor(parts, () => json(429, { errors: 'Too Many Requests' }));
    const subject = { account: domain, operation: 'access_token' };
    return guardApiCall(guard, request, subject, () => answerTokenRequest(handle.state, request));
  }
  if (request.path === `/admin/api/${ADMIN_API_VERSION}/graphql.json`) {
    return answerGraphql(parts, handle.state, request);
  }
  return json(404, { errors: `simulator: ${request.path} not implemented` });
}

/** Outside the API and its faults; the journal keeps what was asked, not the file. */
function answerFile(parts: Parts, request: SandboxRequest): SandboxReply {
  const account = request.headers['x-sim-shop'] ?? '';
  const handle = parts.handles.get(account);
  if (handle === undefined) return { status: 404, body: 'Not Found' };
  const reply = answerBulkFile(handle.state, request);
  const { method, path, headers } = request;
  const { status } = reply;
  const answer = `${String(reply.body.length)} bytes`;
  const asked = { account, method, path, headers, body: '', operation: 'bulk file' };
  parts.journal.record({ system: 'shopify', ...asked, status, fault: null, answer });
  return reply;
}

const invalidToken = (): SandboxReply =>
  json(401, {
    errors: '[API] Invalid API key or access token (unrecognized login or wrong password)',
  });

const guardFor = (parts: Parts, throttled: () => SandboxReply): ApiGuard => ({
  system: 'shopify',
  clock: parts.clock,
  faults: parts.faults,
  journal: parts.journal,
  throttled,
  unauthorized: invalidToken,
});

function answerGraphql(
  parts: Parts,
  shop: ShopState,
  request: SandboxRequest,
): Promise<SandboxReply> {
  const body = readBody(request);
  const guard = guardFor(parts, () => parts.graphql.throttled(shop));
  const operation = body === null ? null : parts.graphql.describe(body);
  return guardApiCall(guard, request, { account: shop.domain, operation }, async () => {
    const token = findAccessToken(shop, request);
    if (token === null) return invalidToken();
    if (body === null) return json(400, { errors: 'Bad Request' });
    const reply = await parts.graphql.answer(shop, token, body);
    const headers = {
      ...reply.headers,
      'x-shopify-api-version': ADMIN_API_VERSION,
      'x-request-id': shop.random.uuid(),
    };
    return { ...reply, headers };
  });
}

function readBody(request: SandboxRequest): GraphqlBody | null {
  try {
    const body = JSON.parse(request.rawBody.toString('utf8')) as Partial<GraphqlBody> | null;
    if (typeof body?.query !== 'string') return null;
    return {
      query: body.query,
      variables: body.variables ?? {},
      operationName: body.operationName ?? null,
    };
  } catch {
    return null;
  }
}
