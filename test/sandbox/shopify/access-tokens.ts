import { timingSafeEqual } from 'node:crypto';

import { json, type SandboxReply, type SandboxRequest } from '../core';
import { readSessionToken, type SessionClaims } from './session-token';
import { newUuid, type AccessToken, type ShopState } from './state';

/** Minutes an expiring offline token lives; days its refresh token does (Shopify docs). */
const ACCESS_SECONDS = 3_600;
const ONLINE_SECONDS = 86_400;
const REFRESH_SECONDS = 90 * 86_400;

const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token';
const OFFLINE = 'urn:shopify:params:oauth:token-type:offline-access-token';
const ONLINE = 'urn:shopify:params:oauth:token-type:online-access-token';

type Form = Record<string, string | undefined>;

/** POST /admin/oauth/access_token: the token-exchange and refresh_token grants. */
export function answerTokenRequest(shop: ShopState, request: SandboxRequest): SandboxReply {
  const form = readForm(request);
  if (form === null) return refuse('invalid_request', 'the body is neither JSON nor a form');
  if (form['client_id'] !== shop.apiKey || !sameText(form['client_secret'], shop.apiSecret)) {
    return refuse('invalid_client', 'unknown client or wrong secret', 401);
  }
  if (!shop.installed) return refuse('invalid_request', 'the app is not installed on this shop');
  switch (form['grant_type']) {
    case TOKEN_EXCHANGE:
      return exchange(shop, form);
    case 'refresh_token':
      return refresh(shop, form['refresh_token'] ?? '');
    default:
      return refuse('unsupported_grant_type', form['grant_type'] ?? 'none given');
  }
}

function readForm(request: SandboxRequest): Form | null {
  const text = request.rawBody.toString('utf8');
  if ((request.headers['content-type'] ?? '').includes('x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(text));
  }
  try {
    return JSON.parse(text) as Form;
  } catch {
    return null;
  }
}

const refuse = (error: string, description: string, status = 400): SandboxReply =>
  json(status, { error, error_description: description });

function sameText(given: string | undefined, expected: string): boolean {
  const a = Buffer.from(given ?? '');
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function exchange(shop: ShopState, form: Form): SandboxReply {
  if (form['subject_token_type'] !== ID_TOKEN) {
    return refuse('invalid_request', 'subject_token_type must be an id token');
  }
  const read = readSessionToken(shop, form['subject_token'] ?? '');
  if ('refusal' in read) return refuse('invalid_subject_token', read.refusal);
  const wanted = form['requested_token_type'];
  if (wanted === ONLINE) return issueOnline(shop, read.claims);
  if (wanted !== OFFLINE) return refuse('invalid_request', 'unknown requested_token_type');
  if (form['expiring'] !== '1') {
    return refuse('invalid_request', 'public apps must ask for expiring offline tokens');
  }
  return json(200, issueOffline(shop));
}

function issueOffline(shop: ShopState): Record<string, unknown> {
  const token = addAccessToken(shop, 'offline', ACCESS_SECONDS);
  const refreshToken = `shprt_${newUuid(shop).replaceAll('-', '')}`;
  shop.refreshTokens.set(refreshToken, {
    token: refreshToken,
    expiresAt: fromNow(shop, REFRESH_SECONDS),
    successors: [],
  });
  return {
    access_token: token.token,
    scope: shop.grantedScopes.join(','),
    expires_in: ACCESS_SECONDS,
    refresh_token: refreshToken,
    refresh_token_expires_in: REFRESH_SECONDS,
  };
}

function issueOnline(shop: ShopState, claims: SessionClaims): SandboxReply {
  const staff = shop.staff.find((person) => person.id === claims.sub);
  if (staff === undefined) return refuse('invalid_subject_token', 'no such user');
  const token = addAccessToken(shop, 'online', ONLINE_SECONDS);
  const scope = shop.grantedScopes.join(',');
  return json(200, {
    access_token: token.token,
    scope,
    expires_in: ONLINE_SECONDS,
    associated_user_scope: scope,
    associated_user: {
      id: Number(staff.id),
      first_name: staff.firstName,
      last_name: staff.lastName,
      email: staff.email,
      email_verified: true,
      account_owner: staff === shop.staff[0],
      locale: 'en-US',
      collaborator: false,
    },
  });
}

function addAccessToken(shop: ShopState, kind: AccessToken['kind'], seconds: number): AccessToken {
  const token: AccessToken = {
    token: `shpat_${newUuid(shop).replaceAll('-', '')}`,
    kind,
    scopes: [...shop.grantedScopes],
    expiresAt: fromNow(shop, seconds),
  };
  shop.accessTokens.set(token.token, token);
  return token;
}

/**
 * A refresh token rotates on use. The old one stays good until its successor is used (changelog
 * of 2026-08-28), so a lost answer to a refresh does not lock an app out.
 */
function refresh(shop: ShopState, given: string): SandboxReply {
  const known = shop.refreshTokens.get(given);
  if (known === undefined || known.expiresAt <= shop.clock.now()) {
    return refuse('invalid_grant', 'unknown, spent or expired refresh token', 401);
  }
  for (const [token, other] of shop.refreshTokens) {
    if (other.successors.includes(given)) shop.refreshTokens.delete(token);
  }
  const issued = issueOffline(shop);
  known.successors.push(String(issued['refresh_token']));
  return json(200, issued);
}

const fromNow = (shop: ShopState, seconds: number): Date =>
  new Date(shop.clock.now().getTime() + seconds * 1000);

/** The token a request carries, or null when it is missing, unknown, expired or revoked. */
export function findAccessToken(shop: ShopState, request: SandboxRequest): AccessToken | null {
  const token = shop.accessTokens.get(request.headers['x-shopify-access-token'] ?? '');
  if (!shop.installed || token === undefined) return null;
  return token.expiresAt > shop.clock.now() ? token : null;
}

/** Makes every access token of the shop run out now; refresh tokens still work. */
export function expireAccessTokens(shop: ShopState): void {
  shop.accessTokens.clear();
}

/** What uninstalling does: nothing that was issued works any more. */
export function revokeEverything(shop: ShopState): void {
  shop.accessTokens.clear();
  shop.refreshTokens.clear();
}
