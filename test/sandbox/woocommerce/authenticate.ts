import { createHmac } from 'node:crypto';

import type { SandboxReply, SandboxRequest } from '../core';
import { refuse } from './replies';
import type { ApiKey, StoreState } from './state';

/** A signature is good for a quarter of an hour either way. */
const TIMESTAMP_WINDOW_SECONDS = 900;

export type Authenticated =
  | { readonly ok: true; readonly key: ApiKey }
  | { readonly ok: false; readonly reply: SandboxReply };

export const cannotView = (): SandboxReply =>
  refuse('woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.', 401);

const badAuthentication = (message: string): Authenticated => ({
  ok: false,
  reply: refuse('woocommerce_rest_authentication_error', message, 401),
});

/**
 * OAuth 1.0a in the query, as plain http demands. Basic and bare keys are not refused as insecure
 * but simply not seen, so they come out like no key at all; so does a key the store does not know.
 */
export function authenticate(state: StoreState, request: SandboxRequest): Authenticated {
  const parameter = (name: string) => request.query.get(`oauth_${name}`);
  const key = state.keys.find((known) => known.consumerKey === parameter('consumer_key'));
  if (!key || key.revoked) return { ok: false, reply: cannotView() };
  for (const name of ['timestamp', 'nonce', 'signature', 'signature_method']) {
    if (!parameter(name)) return badAuthentication(`Missing OAuth parameter: oauth_${name}`);
  }
  if (parameter('signature_method') !== 'HMAC-SHA256') {
    return badAuthentication('Invalid signature - signature method is invalid.');
  }
  if (parameter('signature') !== signatureOf(state, request, key)) {
    return badAuthentication('Invalid signature - provided signature does not match.');
  }
  const now = Math.floor(state.clock.now().getTime() / 1000);
  const timestamp = Number.parseInt(parameter('timestamp') ?? '', 10);
  // The client stamps with real time: a store on a virtual clock checks against that as well.
  const real = Math.floor(Date.now() / 1000);
  const off = Math.min(Math.abs(now - timestamp), Math.abs(real - timestamp));
  if (!(off <= TIMESTAMP_WINDOW_SECONDS)) return badAuthentication('Invalid timestamp.');
  const nonce = `${key.consumerKey}:${parameter('nonce')}`;
  if (state.seenNonces.has(nonce)) {
    return badAuthentication('Invalid nonce - nonce has already been used.');
  }
  rememberNonce(state, nonce, real);
  if (key.permissions === 'read' && request.method !== 'GET') {
    return badAuthentication('The API key provided does not have write permissions.');
  }
  return { ok: true, key };
}

const NONCES_MAX = 20_000;

function rememberNonce(state: StoreState, nonce: string, at: number): void {
  state.seenNonces.set(nonce, at);
  if (state.seenNonces.size <= NONCES_MAX) return;
  for (const [known, seenAt] of state.seenNonces) {
    if (at - seenAt > TIMESTAMP_WINDOW_SECONDS) state.seenNonces.delete(known);
    else break;
  }
}

function signatureOf(state: StoreState, request: SandboxRequest, key: ApiKey): string {
  // The vendor's client writes each parameter twice; PHP keeps the last of each name.
  const parameters = [...new Map(request.query.entries())]
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]): [string, string] => [rfc3986(name), rfc3986(value)])
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const base = [request.method, `${state.url}${request.path}`, parameters].map(rfc3986).join('&');
  return createHmac('sha256', `${rfc3986(key.consumerSecret)}&`)
    .update(base)
    .digest('base64');
}

const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
