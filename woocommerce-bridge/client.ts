import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import rest from '@woocommerce/woocommerce-rest-api';
import type { ConnectorLog } from '../app/contracts/channel';
import { isPrivateAddress } from './addresses';
import { judgeAnswer, judgeSilence } from './answers';
import type { Answer, CallContext, WireAnswer } from './answers';
import { isRecord } from './read-body';

/** The package is CommonJS: plain Node hands over its exports object, bundlers the class itself. */
type RestClass = typeof rest;
type RestOptions = Exclude<ConstructorParameters<RestClass>[0], InstanceType<RestClass>>;
const WooCommerceRestApi: RestClass =
  'default' in rest ? (rest as unknown as { default: RestClass }).default : rest;

export type StoreCredentials = { readonly consumerKey: string; readonly consumerSecret: string };

/** REST namespaces this package speaks. */
export type Namespace = 'wc/v3' | 'wc-shipment-tracking/v3' | 'wc-ast/v3';

export type Parameters = Readonly<Record<string, string | number | boolean>>;

export type StoreClient = {
  /** Repeats itself a few times, freshly signed, before it says `retry_later`. */
  read(path: string, parameters?: Parameters, namespace?: Namespace): Promise<Answer>;
  /** Sent once. `unknown` (with `lookUpBy`) whenever the store may have acted on it. */
  write(request: WriteRequest): Promise<Answer>;
  readonly now: () => Date;
  readonly log: ConnectorLog;
  /** Takes the credentials out of a text that came from outside. */
  readonly scrub: (text: string) => string;
};

export type WriteRequest = {
  readonly method: 'post' | 'put' | 'delete';
  readonly path: string;
  readonly body?: unknown;
  readonly parameters?: Parameters;
  readonly namespace?: Namespace;
  readonly lookUpBy: string;
};

export type ClientOptions = {
  /** Longest wait for one read. */
  readonly readTimeoutMs: number;
  /** Longest wait for one write; a batch of 100 stock numbers takes a store about two seconds. */
  readonly writeTimeoutMs: number;
  /** Tries of one read in all. */
  readonly readAttemptsMax: number;
  /** Lets the store be on this machine or a private network (development and tests). */
  readonly allowPrivateAddresses: boolean;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 <= n < 1, spreads retries. */
  readonly random: () => number;
};

export const DEFAULT_CLIENT_OPTIONS: ClientOptions = {
  readTimeoutMs: 20_000,
  writeTimeoutMs: 45_000,
  readAttemptsMax: 3,
  allowPrivateAddresses: false,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: Math.random,
};

/** First pause between reads; it doubles, plus up to as much again at random. */
const BACKOFF_MS = 250;
/** A pause longer than this is the caller's to wait, not a worker's. */
const INLINE_WAIT_MAX_MS = 2_000;
/** A page of 100 large products is about 1 MB; more than this is no answer of a store. */
const BODY_BYTES_MAX = 20_000_000;
/** Errors known to come before a byte of the request was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPRIVATE',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export type ClientSetting = {
  readonly accountUrl: string;
  readonly credentials: StoreCredentials;
  readonly now: () => Date;
  readonly log: ConnectorLog;
};

/**
 * Talks to one store: Basic over https, OAuth 1.0a over http, never through a redirect or an
 * environment's proxy, always with a time limit. No error that leaves it holds a credential.
 */
export function createStoreClient(setting: ClientSetting, options: ClientOptions): StoreClient {
  const scrub = scrubberOf(setting.credentials);
  const store = hostOf(setting.accountUrl);

  const once = async (request: SentRequest, lookUpBy: string | null): Promise<Answer> => {
    const context: CallContext = { now: setting.now(), lookUpBy, scrub };
    const sent = await send(setting, options, request);
    const answer = sent.arrived
      ? judgeAnswer(sent.wire, { ...context, now: setting.now() })
      : judgeSilence(sent.cause, sent.mayHaveReached, { ...context, now: setting.now() });
    if (!answer.ok) logFailure(setting.log, store, request, answer);
    return answer;
  };

  return {
    now: setting.now,
    log: setting.log,
    scrub,
    async read(path, parameters = {}, namespace = 'wc/v3') {
      const request: SentRequest = { method: 'get', path, body: null, parameters, namespace };
      for (let attempt = 1; ; attempt += 1) {
        const answer = await once(request, null);
        if (answer.ok || answer.failure.status !== 'retry_later') return answer;
        if (attempt >= options.readAttemptsMax) return answer;
        const waitMs = pauseBeforeRetry(answer.failure.message, answer.failure.retryAt, attempt);
        if (waitMs === null) return answer;
        await options.sleep(waitMs);
      }
    },
    write(write) {
      const { method, path, parameters = {}, namespace = 'wc/v3' } = write;
      const request: SentRequest = {
        method,
        path,
        body: write.body ?? null,
        parameters,
        namespace,
      };
      return once(request, write.lookUpBy);
    },
  };

  /** Null = leave it to the caller: the store asked for a longer pause than a worker should sit out. */
  function pauseBeforeRetry(message: string, retryAt: Date, attempt: number): number | null {
    const backoffMs = BACKOFF_MS * 2 ** (attempt - 1) * (1 + options.random());
    if (!message.includes('(429)')) return backoffMs;
    const askedMs = retryAt.getTime() - setting.now().getTime();
    return askedMs > INLINE_WAIT_MAX_MS ? null : Math.max(askedMs, 0);
  }
}

type SentRequest = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly body: unknown;
  readonly parameters: Parameters;
  readonly namespace: Namespace;
};

type Sent =
  | { readonly arrived: true; readonly wire: WireAnswer }
  | { readonly arrived: false; readonly cause: string; readonly mayHaveReached: boolean };

const readAgents = {
  httpAgent: new http.Agent({ keepAlive: true, maxSockets: 8 }),
  httpsAgent: new https.Agent({ keepAlive: true, maxSockets: 8 }),
};
/**
 * Writes get a connection of their own: on a kept one the store may hang up just as the request
 * leaves, and then nobody knows whether it acted.
 */
const writeAgents = {
  httpAgent: new http.Agent({ keepAlive: false }),
  httpsAgent: new https.Agent({ keepAlive: false }),
};

async function send(
  setting: ClientSetting,
  options: ClientOptions,
  request: SentRequest,
): Promise<Sent> {
  if (!options.allowPrivateAddresses && isPrivateLiteral(setting.accountUrl)) {
    return { arrived: false, cause: 'the address is a private one', mayHaveReached: false };
  }
  const reading = request.method === 'get';
  const timeoutMs = reading ? options.readTimeoutMs : options.writeTimeoutMs;
  const api = new WooCommerceRestApi({
    url: setting.accountUrl,
    ...setting.credentials,
    version: request.namespace as NonNullable<RestOptions['version']>,
    timeout: timeoutMs,
    axiosConfig: {
      ...(reading ? readAgents : writeAgents),
      signal: AbortSignal.timeout(timeoutMs),
      maxRedirects: 0,
      proxy: false,
      responseType: 'text',
      transformResponse: [(text: unknown) => text],
      validateStatus: () => true,
      maxContentLength: BODY_BYTES_MAX,
      maxBodyLength: BODY_BYTES_MAX,
      ...(options.allowPrivateAddresses ? {} : { lookup: publicLookup }),
    },
  });
  try {
    return { arrived: true, wire: wireAnswerOf(await call(api, request)) };
  } catch (error) {
    // The thrown error carries the credentials in its `config`: only its code may be looked at.
    const code = errorCodeOf(error);
    return { arrived: false, cause: describe(code), mayHaveReached: !NOT_SENT.has(code) };
  }
}

function call(api: InstanceType<RestClass>, request: SentRequest): Promise<unknown> {
  const { method, path, body, parameters } = request;
  if (method === 'get') return api.get(path, parameters);
  if (method === 'delete') return api.delete(path, parameters);
  return method === 'post' ? api.post(path, body, parameters) : api.put(path, body, parameters);
}

function wireAnswerOf(response: unknown): WireAnswer {
  if (!isRecord(response)) return { status: 0, headers: {}, text: '' };
  const headers: Record<string, string> = {};
  if (typeof response['headers'] === 'object' && response['headers'] !== null) {
    for (const [name, value] of Object.entries(response['headers'])) {
      if (typeof value === 'string') headers[name.toLowerCase()] = value;
    }
  }
  const { status, data } = response;
  return {
    status: typeof status === 'number' ? status : 0,
    headers,
    text: typeof data === 'string' ? data : '',
  };
}

function errorCodeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'UNKNOWN';
  const code: unknown = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' ? code : 'UNKNOWN';
}

function describe(code: string): string {
  if (['ECONNABORTED', 'ERR_CANCELED', 'ETIMEDOUT'].includes(code)) {
    return 'the store did not answer in time';
  }
  return `no connection to the store (${code})`;
}

function logFailure(
  log: ConnectorLog,
  store: string,
  request: SentRequest,
  answer: Extract<Answer, { readonly ok: false }>,
): void {
  const { failure } = answer;
  const why = failure.status === 'refused' ? failure.reason.message : failure.message;
  log.warn(
    { store, method: request.method, path: request.path, came: failure.status, why },
    'a call to a WooCommerce store did not succeed',
  );
}

function scrubberOf(credentials: StoreCredentials): (text: string) => string {
  const secrets = [credentials.consumerSecret, credentials.consumerKey].filter((s) => s !== '');
  return (text) => secrets.reduce((clean, secret) => clean.replaceAll(secret, '[hidden]'), text);
}

function hostOf(accountUrl: string): string {
  return URL.canParse(accountUrl) ? new URL(accountUrl).host : 'unknown';
}

function isPrivateLiteral(accountUrl: string): boolean {
  if (!URL.canParse(accountUrl)) return true;
  const host = new URL(accountUrl).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && isPrivateAddress(host);
}

/** Looks the name up again for each connection, so that a name cannot turn inward after connecting. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const first = addresses[0];
    if (!first || addresses.some((entry) => isPrivateAddress(entry.address))) {
      const refused: NodeJS.ErrnoException = new Error('private address');
      refused.code = 'EPRIVATE';
      return callback(refused, '', 0);
    }
    if (options.all === true) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};
