/**
 * The composition root: the one file that names concrete connectors and puts the parts together.
 * Everything else is given what it needs as arguments.
 */
import {
  checkStoreUrl,
  createWooCommerceChannel,
  grantUrl,
  lookAtStore,
  readGrant,
  readSignal,
} from '@crossdock/woocommerce-bridge';
import { ADMIN_API_VERSION } from './connectors/channels/shopify/client';
import { createShopifyChannel } from './connectors/channels/shopify/connector';
import { readShopifySignal } from './connectors/channels/shopify/read-signal';
import type { ChannelConnector } from './contracts/channel';
import type { Actor } from './domain/shared/actor';
import { jobHandlers } from './jobs/handlers';
import type { JobDeps } from './jobs/handlers/deps';
import { registerJobs } from './jobs/handler';
import { type JobSystem, createJobSystem } from './jobs/job-system';
import type { ScheduledTask } from './jobs/scheduler';
import { createAfterCommit } from './operations/after-commit';
import { checkWebhooksJob } from './operations/connections/check-webhooks';
import { takeWooCommerceGrant } from './operations/connections/finish-woocommerce-grant';
import { importJob, installShop } from './operations/connections/install-shop';
import { reviveConnection } from './operations/connections/revive';
import type { ConnectionAccess, OperationContext } from './operations/context';
import { expireExportsJob } from './operations/privacy/expire-exports';
import { createTakeOrder } from './operations/orders/take-orders';
import { pollListingsJob } from './operations/sync/poll-listings';
import { pollOrdersJob } from './operations/sync/poll-orders';
import { reconcileJob } from './operations/sync/reconcile-stock';
import { type Clock, systemClock } from './platform/clock';
import { type Config, getConfig, secretsOf } from './platform/config';
import { type Database, createDatabase } from './platform/database';
import { type Log, createLog } from './platform/log';
import { type Metrics, createMetrics } from './platform/metrics';
import { type Prisma, createPrisma } from './platform/prisma';
import { hideValues } from './platform/redaction';
import { type SecretBox, createSecretBox } from './platform/secrets';
import { type ShopifyAccess, bindShopify, createShopifyAccess, getShopify } from './shopify.server';
import { createCallBudget } from './store/call-budget';
import { type StoredConnection, listConnected } from './store/connections';
import { connectionsToRefresh } from './store/job-upkeep';
import { deleteSessionsOfShop, findMerchantOfShop } from './store/merchants';
import { createSessionStore } from './store/sessions';
import { countWebhooks } from './webhooks/inbound/count-webhooks';
import { createGrantReceiver } from './webhooks/inbound/receive-grant';
import { type WebhookReceiver, createWebhookReceiver } from './webhooks/inbound/receive-webhook';

/** How often channels are asked for orders that no webhook told us of. */
const POLL_EVERY_MS = 60_000;
/** How often a channel that may be silent is asked for changed listings, and its webhooks seen. */
const POLL_LISTINGS_EVERY_MS = 2 * 60_000;
const CHECK_WEBHOOKS_EVERY_MS = 5 * 60_000;
/** How often every number of a channel is compared. */
const RECONCILE_EVERY_MS = 15 * 60_000;
/** How often a channel's whole catalogue is read again, for what its messages did not say. */
const REFRESH_AFTER_MS = 6 * 3_600_000;
/** How often data collected for buyers is looked through for what has been kept its month. */
const EXPIRE_EVERY_MS = 3_600_000;
const REFRESH_CHECKED_EVERY_MS = 5 * 60_000;

export type Wiring = {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly db: Database;
  readonly prisma: Prisma;
  readonly metrics: Metrics;
  readonly ctx: OperationContext;
  readonly jobs: JobSystem;
  readonly jobDeps: JobDeps;
  readonly registry: ReturnType<typeof registerJobs<JobDeps>>;
  readonly tasks: readonly ScheduledTask[];
  readonly webhooks: WebhookReceiver;
};

let wired: Wiring | null = null;

/** The parts of this process, made on first use. */
export function wiring(): Wiring {
  wired ??= createWiring(getConfig());
  return wired;
}

/** Puts the parts together for one configuration; tests make their own. */
export function createWiring(
  config: Config,
  metrics: Metrics = createMetrics({ processMetrics: true }),
): Wiring {
  const clock = systemClock;
  hideValues(secretsOf(config));
  const log = createLog(config.logLevel);
  const db = createDatabase(config.databaseUrl, {
    max: config.databasePoolMax,
    onError: (err) => log.warn({ err }, 'an idle database connection was lost'),
  });
  const prisma = createPrisma(db);
  const secrets = createSecretBox(config.encryptionKey, config.encryptionKeysOld);
  const jobs = createJobSystem({ db, log, redisUrl: config.redisUrl });
  const shopify = createShopifyAccess({
    config,
    apiVersion: ADMIN_API_VERSION,
    sessions: createSessionStore(prisma, secrets),
    log,
    onShopInstalled: ({ shop }) => install(ctx, shop),
    sandboxAdminOrigin: config.sandboxAdminOrigin,
  });
  const ctx: OperationContext = {
    db,
    clock,
    log,
    afterCommit: createAfterCommit(db, jobs.queue, log),
    channelFor: createChannels({ config, db, secrets, clock, log, shopify }),
    stores: storeGate(config),
    secrets: { seal: secrets.sealSecret, open: secrets.openSecret },
  };
  bindShopify(shopify);
  return {
    config,
    clock,
    log,
    db,
    prisma,
    metrics,
    ctx,
    jobs,
    jobDeps: { context: ctx, takeOrder: createTakeOrder(ctx) },
    registry: registerJobs(jobHandlers),
    tasks: scheduledTasks(db),
    webhooks: {
      grant: createGrantReceiver({ log, take: (body) => takeWooCommerceGrant(ctx, body) }),
      ...createWebhookReceiver({
        db,
        queue: jobs.queue,
        log,
        shopifySecret: config.shopifyApiSecret,
        onAnswer: countWebhooks(metrics),
        openWebhookSecret: (sealed, id) => secrets.openSecret(sealed, `webhook:${id}`),
        readSignal: (kind, account, request, secret) =>
          kind === 'shopify'
            ? readShopifySignal(request, secret, account)
            : readSignal(request, secret),
      }),
    },
  };
}

function storeGate(config: Config): OperationContext['stores'] {
  const { allowPrivateStoreUrls: allowPrivate, shopifyAppUrl, shopifyApiKey } = config;
  const sandbox = config.production ? null : config.sandboxAdminOrigin;
  const adminOrigin = sandbox ?? 'https://admin.shopify.com';
  return {
    checkUrl: (typed) => checkStoreUrl(typed, { allowPrivate }),
    callbackUrl: (id) => `${shopifyAppUrl}/webhooks/woocommerce/${id}`,
    look: (url) => lookAtStore(url, { allowPrivate }),
    grantUrl(storeUrl, { state, shop, intentId }) {
      // A real store brings keys by https alone; the sandbox's, on this machine, by http, too.
      if (!shopifyAppUrl.startsWith('https:') && !allowPrivate) return null;
      const store = shop.replace(/\.myshopify\.com$/, '');
      const page = `/store/${store}/apps/${shopifyApiKey}/app/channels/connect/${intentId}`;
      return grantUrl(storeUrl, {
        // Whoever approves has to see whose account gets the keys.
        appName: `Crossdock for ${shop}`,
        state,
        returnUrl: `${adminOrigin}${page}`,
        callbackUrl: `${shopifyAppUrl}/webhooks/woocommerce-grant`,
      });
    },
    readGrant,
  };
}

/**
 * One connector per account and set of credentials, kept for the life of the process: connectors
 * remember nothing but what does not change (a store's currency and units).
 */
function createChannels({
  config,
  db,
  secrets,
  clock,
  log,
  shopify,
}: {
  readonly config: Config;
  readonly db: Database;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly log: Log;
  readonly shopify: ShopifyAccess;
}): OperationContext['channelFor'] {
  const made = new Map<string, { credentials: string | null; channel: ChannelConnector }>();
  const make = (connection: ConnectionAccess): ChannelConnector => {
    const now = (): Date => clock.now();
    const child = log.child({ connectionId: connection.id, channel: connection.kind });
    if (connection.kind === 'shopify') {
      const shop = connection.account;
      const setting = { accountUrl: `https://${shop}`, credentials: { shop }, now, log: child };
      const budget = createCallBudget(db, `shopify:${shop}`);
      return createShopifyChannel(setting, { getAdmin: shopify.adminOf(shop), budget });
    }
    if (connection.kind === 'woocommerce' && connection.credentials !== null) {
      const opened = secrets.openSecret(connection.credentials, `connection:${connection.id}`);
      const credentials = JSON.parse(opened) as { consumerKey: string; consumerSecret: string };
      return createWooCommerceChannel(
        { accountUrl: connection.account, credentials, now, log: child },
        { allowPrivateAddresses: config.allowPrivateStoreUrls },
      );
    }
    throw new Error(`No connector for a ${connection.kind} connection as it is.`);
  };
  return (connection) => {
    const known = made.get(connection.id);
    if (known !== undefined && known.credentials === connection.credentials) {
      return Promise.resolve(known.channel);
    }
    const channel = make(connection);
    made.set(connection.id, { credentials: connection.credentials, channel });
    return Promise.resolve(channel);
  };
}

/** Makes the merchant of a shop. A shop that does not say who it is yet gets its domain as name. */
async function install(ctx: OperationContext, shop: string): Promise<void> {
  const known = await findMerchantOfShop(ctx.db, shop);
  if (known?.status === 'needs_attention') await reviveConnection(ctx, known);
  if (known !== null) return;
  const channel = await ctx.channelFor({
    id: `shop:${shop}`,
    merchantId: '',
    kind: 'shopify',
    account: shop,
    credentials: null,
  });
  const identity = await channel.identify();
  const named = identity.status === 'done' || identity.status === 'duplicate';
  await installShop(ctx, {
    shop,
    name: named ? identity.value.name : shop,
    currency: named ? identity.value.currency : 'USD',
    timezone: named ? (identity.value.timezone ?? 'UTC') : 'UTC',
  });
}

/** Sends each message once, if at all, and may stop without a word: it is asked instead. */
function mayBeSilent(connection: StoredConnection): boolean {
  return connection.kind === 'woocommerce' && connection.importedAt !== null;
}

function scheduledTasks(db: Database): readonly ScheduledTask[] {
  return [
    {
      kind: 'poll-orders',
      everyMs: POLL_EVERY_MS,
      build: async () =>
        (await listConnected(db))
          .filter((connection) => connection.importedAt !== null)
          .map((connection) => pollOrdersJob(connection, null)),
    },
    {
      kind: 'reconcile-stock',
      everyMs: RECONCILE_EVERY_MS,
      build: async () =>
        (await listConnected(db))
          .filter((connection) => connection.importedAt !== null)
          .map((connection) => reconcileJob(connection)),
    },
    {
      kind: 'poll-listings',
      everyMs: POLL_LISTINGS_EVERY_MS,
      build: async () =>
        (await listConnected(db)).filter(mayBeSilent).map((one) => pollListingsJob(one)),
    },
    {
      kind: 'check-webhooks',
      everyMs: CHECK_WEBHOOKS_EVERY_MS,
      build: async () =>
        (await listConnected(db)).filter(mayBeSilent).map((one) => checkWebhooksJob(one)),
    },
    { kind: 'expire-privacy-exports', everyMs: EXPIRE_EVERY_MS, build: () => [expireExportsJob()] },
    {
      kind: 'refresh-catalog',
      everyMs: REFRESH_CHECKED_EVERY_MS,
      build: async () =>
        (await connectionsToRefresh(db, REFRESH_AFTER_MS)).map(({ merchantId, id }) =>
          importJob(merchantId, id, 'refresh-catalog'),
        ),
    },
  ];
}

export type SignedIn = {
  readonly merchantId: string;
  readonly shop: string;
  readonly actor: Actor;
  /** Adds the headers an answer needs that Shopify's own pages read from another origin. */
  readonly cors: (response: Response) => Response;
};

/**
 * Who is asking, proven by Shopify's session token. Throws the Response that makes the admin sign
 * them in (or refuses them) otherwise; every page and every form goes through here.
 */
export async function requireMerchant(request: Request): Promise<SignedIn> {
  const { ctx } = wiring();
  const { authenticate } = getShopify();
  const { session, sessionToken, cors } = await authenticate.admin(request);
  let found = await findMerchantOfShop(ctx.db, session.shop);
  if (found?.status === 'needs_attention') {
    // Shopify refused the token we hold. The visitor's session token buys a new one.
    await deleteSessionsOfShop(ctx.db, session.shop);
    await authenticate.admin(request);
  }
  if (found === null) {
    await install(ctx, session.shop);
    found = await findMerchantOfShop(ctx.db, session.shop);
  }
  if (found === null) throw new Error('The shop was installed but has no merchant.');
  return {
    merchantId: found.merchantId,
    shop: session.shop,
    actor: { kind: 'staff', id: sessionToken.sub },
    cors,
  };
}
