import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isPrivateAddress } from './addresses';
import { idOf, isRecord, textOf } from './read-body';

export type StoreUrlCheck =
  | { readonly ok: true; readonly url: string }
  | { readonly ok: false; readonly code: StoreUrlRefusal; readonly message: string };

export type StoreUrlRefusal =
  'not_a_url' | 'not_http' | 'has_credentials' | 'not_found' | 'private';

export type CheckOptions = {
  /** Lets the store be on this machine or a private network, over plain http. */
  readonly allowPrivate: boolean;
  /** All addresses of a name; rejects when there is none. Default: the system's resolver. */
  readonly resolve?: (hostname: string) => Promise<readonly string[]>;
};

const URL_LENGTH_MAX = 2_000;
/** Pages of a WordPress site that people copy the address of. */
const KNOWN_TAILS = /\/(?:wp-admin|wp-login\.php|wp-json|index\.php)(?:\/.*)?$/;

/**
 * Turns what a person typed into the address of a store, or says why it cannot be one. Names are
 * resolved, and one private address among many is enough to refuse, so that nobody can use the
 * app to reach into the network it runs in. The client checks again on every connection.
 */
export async function checkStoreUrl(text: string, options: CheckOptions): Promise<StoreUrlCheck> {
  const typed = text.trim();
  if (typed === '' || typed.length > URL_LENGTH_MAX || /[\s\\]/.test(typed)) {
    return refuse('not_a_url', 'This is not a web address.');
  }
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(typed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') {
    return refuse('not_http', "A store's address begins with https://.");
  }
  const full = scheme === undefined ? `https://${typed}` : typed;
  if (!/^https?:\/\/[^/]/i.test(full) || !URL.canParse(full)) {
    return refuse('not_a_url', 'This is not a web address.');
  }
  const url = new URL(full);
  if (url.username !== '' || url.password !== '') {
    return refuse('has_credentials', 'Leave the name and password out of the address.');
  }
  return options.allowPrivate ? accept(url) : checkPublic(url, options);
}

async function checkPublic(url: URL, options: CheckOptions): Promise<StoreUrlCheck> {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (url.protocol === 'http:') {
    // Keys and customers' addresses do not travel in the clear; nearly every store speaks https.
    if (url.port !== '') return refuse('not_http', 'The store has to be reached by https.');
    url.protocol = 'https:';
  }
  if (isIP(host) !== 0) return isPrivateAddress(host) ? refusePrivate() : accept(url);
  if (!host.includes('.') || /\.(local|localhost|internal|home\.arpa)$/i.test(host)) {
    return refusePrivate();
  }
  const resolve = options.resolve ?? resolveAll;
  const addresses = await resolve(host).catch(() => []);
  if (addresses.length === 0) return refuse('not_found', 'There is no site at this address.');
  return addresses.some(isPrivateAddress) ? refusePrivate() : accept(url);
}

async function resolveAll(hostname: string): Promise<readonly string[]> {
  return (await lookup(hostname, { all: true })).map((entry) => entry.address);
}

function accept(url: URL): StoreUrlCheck {
  const path = url.pathname.replace(KNOWN_TAILS, '').replace(/\/+$/, '');
  return { ok: true, url: `${url.origin}${path}` };
}

function refusePrivate(): StoreUrlCheck {
  return refuse('private', 'This address leads into a private network.');
}

function refuse(code: StoreUrlRefusal, message: string): StoreUrlCheck {
  return { ok: false, code, message };
}

export type GrantRequest = {
  readonly appName: string;
  /** Unguessable and used once: the store's answer to the callback is not signed. */
  readonly state: string;
  readonly returnUrl: string;
  /** Has to be https. */
  readonly callbackUrl: string;
};

/** Where to send the merchant's browser so that they approve a key with one click. */
export function grantUrl(storeUrl: string, request: GrantRequest): string {
  const query = new URLSearchParams({
    app_name: request.appName,
    scope: 'read_write',
    user_id: request.state,
    return_url: request.returnUrl,
    callback_url: request.callbackUrl,
  });
  return `${storeUrl}/wc-auth/v1/authorize?${query.toString()}`;
}

export type Grant = {
  readonly state: string;
  readonly keyId: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  /** A key that may only read cannot publish stock. */
  readonly mayWrite: boolean;
};

/**
 * Reads what the store posts to the callback after the merchant approved. Unsigned: believe it
 * only if `state` is one we gave out, and the keys only after a call with them has worked.
 */
export function readGrant(body: unknown): Grant | null {
  if (!isRecord(body)) return null;
  const state = textOf(body, 'user_id');
  const keyId = idOf(body['key_id']);
  const consumerKey = textOf(body, 'consumer_key');
  const consumerSecret = textOf(body, 'consumer_secret');
  if (state === '' || keyId === null) return null;
  if (!/^ck_[0-9a-f]{40}$/.test(consumerKey)) return null;
  if (!/^cs_[0-9a-f]{40}$/.test(consumerSecret)) return null;
  const mayWrite = textOf(body, 'key_permissions') === 'read_write';
  return { state, keyId, consumerKey, consumerSecret, mayWrite };
}
