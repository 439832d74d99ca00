/**
 * Everything Shopify gives an app, made in one place: who is asking (token exchange), the shop's
 * offline session with a token that is good now, and a client to call its Admin API with.
 */
import '@shopify/shopify-app-remix/adapters/node';
import {
  type ApiVersion,
  HttpResponseError,
  LogSeverity,
  type Session,
  shopifyApi,
} from '@shopify/shopify-api';
import { AppDistribution, shopifyApp } from '@shopify/shopify-app-remix/server';
import { ADMIN_API_VERSION, type GetAdmin } from './connectors/channels/shopify/client';
import type { Outcome } from './contracts/outcome';
import type { Config } from './platform/config';
import type { Log } from './platform/log';
import type { Prisma } from './platform/prisma';
import type { SecretBox } from './platform/secrets';
import { createSessionStorage, type SessionStorage } from './store/sessions';

/** Shopify's library refreshes this early too; both must agree on what "about to expire" is. */
const NEAR_EXPIRY_MS = 5 * 60_000;
/** Well within the transaction that serialises refreshes. */
const REFRESH_TIMEOUT_MS = 15_000;
const REFRESH_TRANSACTION_MS = 25_000;
const RETRY_AFTER_MS = 5_000;

export type ShopifyParts = {
  readonly config: Pick<
    Config,
    'production' | 'shopifyApiKey' | 'shopifyApiSecret' | 'shopifyAppUrl'
  >;
  readonly prisma: Prisma;
  readonly secrets: SecretBox;
  readonly log: Log;
  /** After a shop's first visit, and whenever its token was exchanged anew: must bear repeating. */
  readonly onShopInstalled: (installed: { shop: string; session: Session }) => Promise<void>;
  /** Origin of the sandbox's admin, which may frame the app; ignored in production. */
  readonly sandboxAdminOrigin?: string | null;
};

export type ShopifyAccess = ReturnType<typeof createShopifyAccess>;

export function createShopifyAccess(parts: ShopifyParts) {
  const { config, prisma, secrets } = parts;
  const sessionStorage = createSessionStorage(prisma, secrets);
  const library = createLibrary(parts, sessionStorage);
  const api = createApi(parts);
  const framing = config.production ? null : (parts.sandboxAdminOrigin ?? null);
  const refreshes = new Map<string, Promise<Outcome<Session>>>();

  /**
   * The shop's offline session with a token good for some minutes. Near expiry (or when Shopify
   * rejected `rejectedToken`) it is refreshed, once for all callers of all processes. Answers
   * `refused` (unauthorized) when only the merchant's next visit can help.
   */
  async function loadOfflineSession(
    shop: string,
    rejectedToken: string | null = null,
  ): Promise<Outcome<Session>> {
    const session = await sessionStorage.loadSession(api.session.getOfflineId(shop));
    if (session === undefined) return needsMerchant('The app is not installed on the shop.');
    if (isGood(session, rejectedToken)) return { status: 'done', value: session };
    // One refresh per shop and process waits for the lock, whatever the number of callers:
    // each waiting one holds a connection of the pool.
    let refresh = refreshes.get(shop);
    if (refresh === undefined) {
      refresh = refreshUnderLock(shop, rejectedToken).finally(() => refreshes.delete(shop));
      refreshes.set(shop, refresh);
    }
    return refresh;
  }

  function refreshUnderLock(shop: string, rejected: string | null): Promise<Outcome<Session>> {
    return prisma.$transaction(
      async (tx) => {
        const lock = `shopify-session:${shop}`;
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lock}, 0))`;
        const storage = createSessionStorage(tx, secrets);
        const session = await storage.loadSession(api.session.getOfflineId(shop));
        if (session === undefined) return needsMerchant('The app is not installed on the shop.');
        // Another process may have been here while we waited.
        if (isGood(session, rejected)) return { status: 'done', value: session } as const;
        const refreshed = await refreshToken(session, rejected);
        if (refreshed.status === 'done') await storage.storeSession(refreshed.value);
        return refreshed;
      },
      { maxWait: REFRESH_TIMEOUT_MS, timeout: REFRESH_TRANSACTION_MS },
    );
  }

  async function refreshToken(
    session: Session,
    rejected: string | null,
  ): Promise<Outcome<Session>> {
    const { refreshToken: token, refreshTokenExpires, shop } = session;
    if (token === undefined) return needsMerchant('The token expired and cannot be refreshed.');
    if (refreshTokenExpires !== undefined && refreshTokenExpires.getTime() <= Date.now()) {
      return needsMerchant('The refresh token expired.');
    }
    try {
      const refresh = api.auth.refreshToken({ shop, refreshToken: token });
      const answer = await withTimeout(refresh, REFRESH_TIMEOUT_MS);
      return { status: 'done', value: answer.session };
    } catch (problem) {
      const code = problem instanceof HttpResponseError ? problem.response.code : null;
      if (code !== null && code >= 400 && code < 500 && code !== 429) {
        return needsMerchant('Shopify does not accept the refresh token any more.');
      }
      parts.log.warn({ shop, err: problem }, 'A Shopify token could not be refreshed');
      // The old one may have minutes left; the next caller tries again.
      const usable = session.accessToken !== rejected && !session.isExpired(0);
      if (usable) return { status: 'done', value: session };
      const retryAt = new Date(Date.now() + RETRY_AFTER_MS);
      return { status: 'retry_later', retryAt, message: 'Shopify did not refresh the token.' };
    }
  }

  /** What the Shopify connector calls the Admin API with; one client per call, never kept. */
  function adminOf(shop: string): GetAdmin {
    return async () => {
      const loaded = await loadOfflineSession(shop);
      if (!('value' in loaded)) return loaded;
      return {
        status: 'done',
        value: {
          async request(text, options) {
            const client = new api.clients.Graphql({ session: loaded.value });
            try {
              return await client.request<unknown>(text, options);
            } catch (problem) {
              // 401: turned away before it acted. The token may have been replaced or revoked
              // before its time; a fresh one is tried once.
              if (!(problem instanceof HttpResponseError) || problem.response.code !== 401) {
                throw problem;
              }
              const again = await loadOfflineSession(shop, loaded.value.accessToken ?? null);
              if (!('value' in again)) throw problem;
              const second = new api.clients.Graphql({ session: again.value });
              return second.request<unknown>(text, options);
            }
          },
        },
      };
    };
  }

  return {
    sessionStorage,
    loadOfflineSession,
    adminOf,
    authenticate: {
      ...library.authenticate,
      admin: async (request: Request) => {
        try {
          return await library.authenticate.admin(request);
        } catch (thrown) {
          if (thrown instanceof Response) allowFrame(thrown.headers, framing);
          throw thrown;
        }
      },
    },
    /** Sends a visitor who names a shop to its install page; anyone else gets `{}`. */
    login: (request: Request) => library.login(request),
    /** Headers every document of the embedded app needs: who may frame it, and preloads. */
    addDocumentResponseHeaders(request: Request, headers: Headers): void {
      library.addDocumentResponseHeaders(request, headers);
      allowFrame(headers, framing);
    },
  };
}

/** The app's own instance, bound by wiring before the first request. */
let bound: ShopifyAccess | null = null;

export function bindShopify(access: ShopifyAccess): void {
  bound = access;
}

/** Throws when called before wiring has bound it: a bug in the start-up. */
export function getShopify(): ShopifyAccess {
  if (bound === null) throw new Error('Shopify access is used before it was bound.');
  return bound;
}

function createLibrary({ config, log, onShopInstalled }: ShopifyParts, storage: SessionStorage) {
  return shopifyApp({
    apiKey: config.shopifyApiKey,
    apiSecretKey: config.shopifyApiSecret,
    appUrl: config.shopifyAppUrl,
    apiVersion: ADMIN_API_VERSION as ApiVersion,
    isEmbeddedApp: true,
    distribution: AppDistribution.AppStore,
    sessionStorage: storage,
    logger: createLibraryLog(log),
    hooks: { afterAuth: ({ session }) => onShopInstalled({ shop: session.shop, session }) },
    // Without the first flag the old redirect flow is used; public apps must use expiring tokens.
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  });
}

/** The remix library keeps its own instance to itself, and does not serialise refreshes. */
function createApi({ config, log }: ShopifyParts) {
  const { host, protocol } = new URL(config.shopifyAppUrl);
  return shopifyApi({
    apiKey: config.shopifyApiKey,
    apiSecretKey: config.shopifyApiSecret,
    apiVersion: ADMIN_API_VERSION as ApiVersion,
    hostName: host,
    hostScheme: protocol === 'http:' ? 'http' : 'https',
    isEmbeddedApp: true,
    userAgentPrefix: 'Crossdock',
    logger: createLibraryLog(log),
  });
}

/** The libraries' messages go to our log, which redacts; requests (with tokens) are never logged. */
function createLibraryLog(log: Log) {
  return {
    level: LogSeverity.Info,
    httpRequests: false,
    timestamps: false,
    log: (severity: LogSeverity, message: string) => {
      if (severity === LogSeverity.Error) log.error(message);
      else if (severity === LogSeverity.Warning) log.warn(message);
      else log.debug(message);
    },
  };
}

function isGood(session: Session, rejectedToken: string | null): boolean {
  if (session.accessToken === undefined || session.accessToken === rejectedToken) return false;
  return !session.isExpired(NEAR_EXPIRY_MS);
}

function needsMerchant(message: string): Outcome<never> {
  return { status: 'refused', reason: { code: 'unauthorized', message } };
}

function allowFrame(headers: Headers, origin: string | null): void {
  const policy = headers.get('Content-Security-Policy');
  if (origin === null || policy === null) return;
  const widened = policy.replace(/frame-ancestors ([^;]*)/, `frame-ancestors $1 ${origin}`);
  headers.set('Content-Security-Policy', widened);
}

async function withTimeout<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`No answer within ${milliseconds} ms.`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
