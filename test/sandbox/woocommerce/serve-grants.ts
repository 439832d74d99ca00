import { html } from '../core';
import type { SandboxReply, SandboxRequest } from '../core';
import { escapeHtml } from '../core/markup';
import type { ApiKey, StoreState } from './state';

const WANTED = ['app_name', 'user_id', 'return_url', 'callback_url', 'scope'] as const;
const SCOPES: Readonly<Record<string, ApiKey['permissions']>> = {
  read: 'read',
  write: 'write',
  read_write: 'read_write',
};
const PATH = '/wc-auth/v1/';

export type GrantSettings = {
  /** Makes the key pair; kept by the store. */
  newKey(permissions: ApiKey['permissions']): ApiKey;
};

export function isGrantPage(request: SandboxRequest): boolean {
  return request.path.startsWith(PATH);
}

/**
 * The pages on which a merchant, signed in to WordPress, grants an app a key: `authorize` asks,
 * `access_granted` makes the key, posts it to the app, and sends the browser back.
 */
export async function serveGrantPage(
  state: StoreState,
  settings: GrantSettings,
  request: SandboxRequest,
): Promise<SandboxReply> {
  const problem = problemOf(state, request.query);
  if (problem !== null) return denied(problem);
  const route = request.path.slice(PATH.length).replace(/\/$/, '');
  if (route === 'authorize') return authorizePage(state, request.query);
  if (route !== 'access_granted') return denied('You do not have permission to access this page');
  return grant(state, settings, request.query);
}

function problemOf(state: StoreState, query: URLSearchParams): string | null {
  const missing = WANTED.find((name) => (query.get(name) ?? '') === '');
  if (missing !== undefined) return `Missing parameter ${missing}`;
  if (SCOPES[query.get('scope') ?? ''] === undefined) {
    return `Invalid scope ${query.get('scope') ?? ''}`;
  }
  const odd = ['return_url', 'callback_url'].find((name) => !URL.canParse(query.get(name) ?? ''));
  if (odd !== undefined) return `The ${odd} is not a valid URL`;
  const secure = /^https:\/\//i.test(query.get('callback_url') ?? '');
  return secure || state.features.httpCallbacks ? null : 'The callback_url needs to be over SSL';
}

function authorizePage(state: StoreState, query: URLSearchParams): SandboxReply {
  const app = escapeHtml(query.get('app_name') ?? '');
  const store = escapeHtml(state.name);
  const approve = `${PATH}access_granted/?${query.toString()}`;
  const deny = returnAddress(query, 0);
  return html(
    200,
    `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Application authentication request</title>
<style>body{font:16px/1.5 system-ui,sans-serif;background:#f0f0f1;color:#3c434a;margin:0}
main{max-width:34rem;margin:8vh auto;background:#fff;padding:2rem;border:1px solid #dcdcde}
h1{font-size:1.4rem;margin-top:0}.actions{display:flex;gap:1rem;margin-top:2rem;flex-wrap:wrap}
a{padding:.7rem 1.4rem;border-radius:3px;text-decoration:none;background:#7f54b3;color:#fff}
a.deny{background:#dcdcde;color:#3c434a}</style>
<main><p>${store}</p><h1>${app} would like to connect to your store</h1>
<p>This will give "${app}" <strong>Read/Write</strong> access which will allow it to:</p>
<ul><li>Create webhooks</li><li>View and manage coupons</li><li>View and manage customers</li>
<li>View and manage orders and sales reports</li><li>View and manage products</li></ul>
<p class="actions"><a href="${escapeHtml(approve)}">Approve</a>
<a class="deny" href="${escapeHtml(deny)}">Deny</a></p></main></html>`,
  );
}

function returnAddress(query: URLSearchParams, success: 0 | 1): string {
  const url = new URL(query.get('return_url') ?? '');
  url.searchParams.set('success', String(success));
  url.searchParams.set('user_id', query.get('user_id') ?? '');
  return url.toString();
}

async function grant(
  state: StoreState,
  settings: GrantSettings,
  query: URLSearchParams,
): Promise<SandboxReply> {
  const permissions = SCOPES[query.get('scope') ?? ''] ?? 'read';
  const key = settings.newKey(permissions);
  const delivered = await bringKey(query, key, state.keys.length);
  if (!delivered) {
    // A key that did not reach its app is of use to nobody.
    state.keys.splice(state.keys.indexOf(key), 1);
    return denied(
      'An error occurred in the request and at the time were unable to send the consumer data',
    );
  }
  return { status: 302, headers: { location: returnAddress(query, 1) }, body: '' };
}

/** Unsigned; 200 alone counts, and a redirect is not followed. */
async function bringKey(query: URLSearchParams, key: ApiKey, keyId: number): Promise<boolean> {
  const body = {
    key_id: keyId,
    user_id: query.get('user_id'),
    consumer_key: key.consumerKey,
    consumer_secret: key.consumerSecret,
    key_permissions: key.permissions,
  };
  try {
    const answer = await fetch(query.get('callback_url') ?? '', {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json;charset=UTF-8' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(60_000),
    });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

const denied = (message: string): SandboxReply =>
  html(401, `<!doctype html><title>Access denied</title><p>Error: ${escapeHtml(message)}.</p>`);
