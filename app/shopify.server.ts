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
  type Shopify,
  shopifyApi,
} from '@shopify/shopify-api';
import { AppDistribution, shopifyApp } from '@shopify/shopify-app-remix/server';
import type { Outcome } from './contracts/outcome';
import type { Config } from './platform/config';
import type { Log } from './platform/log';
import {
  claimsFit,
  leadsAway,
  limitFrames,
  namesShop,
  shopOf,
  tokenOf,
} from './shopify-doors.server';
import type { LockedSession, SessionStore } from './store/sessions';

/** Shopify's library refreshes this early too; both must agree on what "about to expire" is. */
const NEAR_EXPIRY_MS = 5 * 60_000;
const REFRESH_TIMEOUT_MS = 15_000;
/** Longer than one refresh, so that whoever waits behind it gets its turn. */
const LOCK_TIMEOUT_MS = 25_000;
const RETRY_AFTER_MS = 5_000;

export type ShopifyParts = {
  readonly config: Pick<
    Config,
    'production' | 'shopifyApiKey' | 'shopifyApiSecret' | 'shopifyAppUrl'
  >;
  /** The version the connector's operations are written for. */
  readonly apiVersion: string;
  readonly sessions: SessionStore;
  readonly log: Log;
  /** After a shop's first visit, and whenever its token was exchanged anew: must bear repeating. */
  readonly onShopInstalled: (installed: { shop: string; session: Session }) => Promise<void>;
  /** Origin of the sandbox's admin, which may frame the app; ignored in production. */
  readonly sandboxAdminOrigin?: string | null;
};

/** One call to the Admin API, with the errors of @shopify/shopify-api. */
type AdminClient = {
  request(
    text: string,
    options: { readonly variables: Record<string, unknown>; readonly signal: AbortSignal },
  ): Promise<{ readonly data?: unknown }>;
};

export type ShopifyAccess = ReturnType<typeof createShopifyAccess>;

export function createShopifyAccess(parts: ShopifyParts) {
  const remixApp = createLibrary(parts);
  const api = createApi(parts);
  const loadOfflineSession = createSessionLoader(api, parts);
  const { production } = parts.config;
  const frameOrigin = production ? null : (parts.sandboxAdminOrigin ?? null);

  return {
    sessionStorage: parts.sessions,
    /**
     * The shop's offline session with a token good for some minutes. Near expiry (or when
     * Shopify rejected `rejectedToken`) it is refreshed, once for all callers of all processes.
     * Answers `refused` (unauthorized) when only the merchant's next visit can help.
     */
    loadOfflineSession,
    /** What the Shopify connector of this shop gets its client from; one for every call. */
    adminOf: (shop: string) => (): Promise<Outcome<AdminClient>> =>
      openAdmin(api, loadOfflineSession, shop),
    authenticate: {
      ...remixApp.authenticate,
      admin: async (request: Request) => {
        refuseAtTheDoor(request, parts.config.shopifyAppUrl);
        try {
          return await remixApp.authenticate.admin(request);
        } catch (thrown) {
          if (thrown instanceof Response) limitFrames(thrown.headers, shopOf(request), frameOrigin);
          throw thrown;
        }
      },
    },
    /** Sends a visitor who names a shop to its install page; anyone else gets `{}`. */
    login: (request: Request) =>
      namesShop(request) ? remixApp.login(request) : Promise.resolve({}),
    /** Headers every document of the embedded app needs: who may frame it, and preloads. */
    addDocumentResponseHeaders(request: Request, headers: Headers): void {
      remixApp.addDocumentResponseHeaders(request, headers);
      limitFrames(headers, shopOf(request), frameOrigin);
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

type LoadSession = (shop: string, rejectedToken?: string | null) => Promise<Outcome<Session>>;

function createSessionLoader(api: Shopify, { sessions, log }: ShopifyParts): LoadSession {
  const refreshes = new Map<string, Promise<Outcome<Session>>>();
  return async (shop, rejectedToken = null) => {
    const id = api.session.getOfflineId(shop);
    const session = await sessions.loadSession(id);
    if (session === undefined) return tokenLost('The app is not installed on the shop.');
    if (isGood(session, rejectedToken)) return { status: 'done', value: session };
    // One refresh per shop and process waits for the lock, whatever the number of callers:
    // each waiting one would hold a connection of the pool.
    let refresh = refreshes.get(shop);
    if (refresh === undefined) {
      refresh = sessions
        .withLock(id, LOCK_TIMEOUT_MS, (locked) => refreshLocked(api, log, locked, rejectedToken))
        .finally(() => refreshes.delete(shop));
      refreshes.set(shop, refresh);
    }
    return refresh;
  };
}

async function refreshLocked(
  api: Shopify,
  log: Log,
  { session, store }: LockedSession,
  rejectedToken: string | null,
): Promise<Outcome<Session>> {
  if (session === undefined) return tokenLost('The app is not installed on the shop.');
  // Another process may have been here while we waited.
  if (isGood(session, rejectedToken)) return { status: 'done', value: session };
  const { refreshToken, refreshTokenExpires, shop } = session;
  if (refreshToken === undefined) return tokenLost('The token cannot be refreshed.');
  if (refreshTokenExpires !== undefined && refreshTokenExpires.getTime() <= Date.now()) {
    return tokenLost('The refresh token expired.');
  }
  try {
    const refresh = api.auth.refreshToken({ shop, refreshToken });
    const { session: refreshed } = await withTimeout(refresh, REFRESH_TIMEOUT_MS);
    await store(refreshed);
    return { status: 'done', value: refreshed };
  } catch (problem) {
    const code = statusOf(problem);
    if (code !== null && code >= 400 && code < 500 && code !== 429) {
      // 400 and 401 are OAuth's own "not a good token"; a frozen or locked shop says others.
      return code === 400 || code === 401
        ? tokenLost('Shopify does not accept the refresh token any more.')
        : needsMerchant(`Shopify answered ${String(code)} to the refresh of the token.`);
    }
    if (code === null && !isNetworkProblem(problem)) throw problem;
    log.warn({ shop, err: problem }, 'A Shopify token could not be refreshed');
    // The old one may have minutes left; the next caller tries again.
    const usable = session.accessToken !== rejectedToken && !session.isExpired(0);
    if (usable) return { status: 'done', value: session };
    const retryAt = new Date(Date.now() + RETRY_AFTER_MS);
    return { status: 'retry_later', retryAt, message: 'Shopify did not refresh the token.' };
  }
}

async function openAdmin(
  api: Shopify,
  loadSession: LoadSession,
  shop: string,
): Promise<Outcome<AdminClient>> {
  const loaded = await loadSession(shop);
  if (!('value' in loaded)) return loaded;
  const request: AdminClient['request'] = async (text, options) => {
    try {
      return await new api.clients.Graphql({ session: loaded.value }).request(text, options);
    } catch (problem) {
      // 401 is said before anything was done. The token may have been replaced or have run out
      // early: a fresh one is tried, once.
      if (statusOf(problem) !== 401) throw problem;
      const again = await loadSession(shop, loaded.value.accessToken ?? null);
      if (again.status === 'refused' && again.reason.revoked === true) throw problem;
      if (!('value' in again)) throw new HttpResponseError(stillUnknown(again));
      return new api.clients.Graphql({ session: again.value }).request(text, options);
    }
  };
  return { status: 'done', value: { request } };
}

function createLibrary({ config, apiVersion, sessions, log, onShopInstalled }: ShopifyParts) {
  return shopifyApp({
    apiKey: config.shopifyApiKey,
    apiSecretKey: config.shopifyApiSecret,
    appUrl: config.shopifyAppUrl,
    apiVersion: apiVersion as ApiVersion,
    isEmbeddedApp: true,
    distribution: AppDistribution.AppStore,
    sessionStorage: sessions,
    logger: createLibraryLog(log),
    hooks: { afterAuth: ({ session }) => onShopInstalled({ shop: session.shop, session }) },
    // Without the first flag the old redirect flow is used; public apps must use expiring tokens.
    future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  });
}

/** The remix library keeps its own instance to itself, and does not serialise refreshes. */
function createApi({ config, apiVersion, log }: ShopifyParts): Shopify {
  const { host, protocol } = new URL(config.shopifyAppUrl);
  return shopifyApi({
    apiKey: config.shopifyApiKey,
    apiSecretKey: config.shopifyApiSecret,
    apiVersion: apiVersion as ApiVersion,
    hostName: host,
    hostScheme: protocol === 'http:' ? 'http' : 'https',
    isEmbeddedApp: true,
    userAgentPrefix: 'Crossdock',
    logger: createLibraryLog(log),
  });
}

/** The libraries' messages go to our log, which redacts; requests, with their tokens, do not. */
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

function statusOf(problem: unknown): number | null {
  return problem instanceof HttpResponseError ? (problem as HttpResponseError).response.code : null;
}

/** fetch rejects with a TypeError; a page instead of JSON is a SyntaxError. */
function isNetworkProblem(problem: unknown): boolean {
  return (
    problem instanceof TypeError ||
    problem instanceof SyntaxError ||
    problem instanceof RefreshTimeout
  );
}

class RefreshTimeout extends Error {
  override readonly name = 'RefreshTimeout';
}

function needsMerchant(message: string): Outcome<never> {
  return { status: 'refused', reason: { code: 'unauthorized', message } };
}

/** There is no token, or Shopify does not know it any more. */
function tokenLost(message: string): Outcome<never> {
  return { status: 'refused', reason: { code: 'unauthorized', message, revoked: true } };
}

/**
 * The answer to a call whose token was not taken and could not be renewed. It is not said to be
 * lost: a shop that is frozen or out of reach may renew it yet.
 */
function stillUnknown(again: Outcome<Session>) {
  const message = 'The token could not be renewed.';
  return again.status === 'refused'
    ? { message, code: 403, statusText: 'Forbidden' }
    : {
        message,
        code: 503,
        statusText: 'Service Unavailable',
        headers: { 'Retry-After': String(RETRY_AFTER_MS / 1000) },
      };
}

/** Throws the answer to what the library would let pass. */
function refuseAtTheDoor(request: Request, appUrl: string): void {
  if (leadsAway(request, appUrl)) throw new Response('Bad request', { status: 400 });
  const token = tokenOf(request);
  if (token === null || claimsFit(token, shopOf(request))) return;
  // As the library says it: the admin then sends the request again with a new token.
  const headers = new Headers({ 'X-Shopify-Retry-Invalid-Session-Request': '1' });
  // A script of Shopify's, on another origin, could not tell it from a server that is away.
  const origin = request.headers.get('origin');
  if (origin !== null && origin !== new URL(appUrl).origin) {
    headers.set('Access-Control-Allow-Origin', '*');
  }
  throw new Response(null, { status: 401, statusText: 'Unauthorized', headers });
}

async function withTimeout<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new RefreshTimeout(`Shopify did not answer within ${milliseconds} ms.`));
    }, milliseconds);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
