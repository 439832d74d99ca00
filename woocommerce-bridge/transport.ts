import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import rest from '@woocommerce/woocommerce-rest-api';
import { isPrivateAddress } from './addresses';
import type { Silence, WireAnswer } from './answers';
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

export type SentRequest = {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  readonly path: string;
  readonly body: unknown;
  readonly parameters: Parameters;
  readonly namespace: Namespace;
};

/** A page of 100 large products is about 1 MB; more than this is no answer of a store. */
const BODY_BYTES_MAX = 20_000_000;
/** Errors known to come before a byte of the request was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

type Agents = { readonly httpAgent: http.Agent; readonly httpsAgent: https.Agent };

function agentsOf(keepAlive: boolean): Agents {
  const options = keepAlive ? { keepAlive, maxSockets: 8 } : { keepAlive };
  return { httpAgent: new http.Agent(options), httpsAgent: new https.Agent(options) };
}

/** Kept apart, so that no open connection into a private network serves a public store. */
const readAgents = { public: agentsOf(true), any: agentsOf(true) };
/**
 * Writes get a connection of their own: on a kept one the store may hang up just as the request
 * leaves, and then nobody knows whether it acted.
 */
const writeAgents = agentsOf(false);

export type TransportSetting = {
  readonly accountUrl: string;
  readonly credentials: StoreCredentials;
};

export type TransportOptions = {
  /** Longest wait for one read. */
  readonly readTimeoutMs: number;
  /** Longest wait for one write; a batch of 100 stock numbers takes a store about two seconds. */
  readonly writeTimeoutMs: number;
  /** Lets the store be on this machine or a private network (development and tests). */
  readonly allowPrivateAddresses: boolean;
};

/**
 * Sends one request, signed by the vendor's client, and gives back what came over the wire. That
 * client has no time limit, follows redirects and throws errors that hold the secret: all three
 * are dealt with here.
 */
export async function send(
  setting: TransportSetting,
  options: TransportOptions,
  request: SentRequest,
): Promise<WireAnswer | Silence> {
  if (!options.allowPrivateAddresses && isPrivateLiteral(setting.accountUrl)) return FORBIDDEN;
  const reading = request.method === 'get';
  const timeoutMs = reading ? options.readTimeoutMs : options.writeTimeoutMs;
  const kept = options.allowPrivateAddresses ? readAgents.any : readAgents.public;
  const api = new WooCommerceRestApi({
    url: setting.accountUrl,
    consumerKey: setting.credentials.consumerKey,
    consumerSecret: setting.credentials.consumerSecret,
    version: request.namespace as NonNullable<RestOptions['version']>,
    timeout: timeoutMs,
    axiosConfig: {
      ...(reading ? kept : writeAgents),
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
    return wireAnswerOf(await call(api, request));
  } catch (error) {
    // The thrown error carries the credentials in its `config`: only its code may be looked at.
    const code = errorCodeOf(error);
    if (code === PRIVATE_CODE) return FORBIDDEN;
    return { cause: describe(code), reach: NOT_SENT.has(code) ? 'no' : 'maybe' };
  }
}

/** Our own error code for a name that leads to a private address. */
export const PRIVATE_CODE = 'EPRIVATE';
const FORBIDDEN: Silence = {
  cause: 'the address of the store leads into a private network',
  reach: 'forbidden',
};

function call(api: InstanceType<RestClass>, request: SentRequest): Promise<unknown> {
  const { method, path, body, parameters } = request;
  if (method === 'get') return api.get(path, parameters);
  if (method === 'delete') return api.delete(path, parameters);
  return method === 'post' ? api.post(path, body, parameters) : api.put(path, body, parameters);
}

function wireAnswerOf(response: unknown): WireAnswer {
  if (!isRecord(response) || typeof response['status'] !== 'number') {
    throw new Error('the client gave back something that is no response');
  }
  const headers: Record<string, string> = {};
  if (typeof response['headers'] === 'object' && response['headers'] !== null) {
    for (const [name, value] of Object.entries(response['headers'])) {
      if (typeof value === 'string') headers[name.toLowerCase()] = value;
    }
  }
  const { status, data } = response;
  return { status, headers, text: typeof data === 'string' ? data : '' };
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

/** Whether an address names a private network by its number. */
export function isPrivateLiteral(accountUrl: string): boolean {
  if (!URL.canParse(accountUrl)) return true;
  const host = new URL(accountUrl).hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && isPrivateAddress(host);
}

/** Looks the name up for each connection: a name that was public may have turned inward. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const first = addresses[0];
    if (!first || addresses.some((entry) => isPrivateAddress(entry.address))) {
      const refused: NodeJS.ErrnoException = new Error('private address');
      refused.code = PRIVATE_CODE;
      return callback(refused, '', 0);
    }
    if (options.all === true) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
};
