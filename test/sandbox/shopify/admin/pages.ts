import { createHmac } from 'node:crypto';

import { html, json, type SandboxReply, type SandboxRequest } from '../../core';
import { browserScript } from '../../core/browser-script';
import type { SandboxShop } from '../shop';
import type { Staff } from '../state';
import { frameHtml, installHtml, storesHtml } from './markup';

type Handles = ReadonlyMap<string, SandboxShop>;

const script = async (name: string): Promise<SandboxReply> => ({
  status: 200,
  headers: {
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
  },
  body: await browserScript(new URL(`./browser/${name}.ts`, import.meta.url)),
});

const text = (status: number, body: string): SandboxReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'access-control-allow-origin': '*' },
  body,
});

/** Everything of the sandbox server that a browser opens: the admin frame and its scripts. */
export async function answerAdminPage(
  handles: Handles,
  request: SandboxRequest,
): Promise<SandboxReply> {
  if (request.path === '/') return html(200, storesHtml([...handles.values()]));
  if (request.path === '/app-bridge.js') return script('app-bridge');
  if (request.path === '/frame.js') return script('frame');
  if (request.path === '/health') return text(200, 'ok');
  if (request.path === '/favicon.ico') return { status: 204, body: '' };
  if (request.path.startsWith('/dev/')) return answerIdentity(handles, request);
  const match = /^\/store\/([^/]+)(?:\/apps\/([^/]+)(\/.*)?)?$/.exec(request.path);
  const shop = [...handles.values()].find((one) => one.handle === match?.[1]);
  if (match === null || shop === undefined) return text(404, 'There is no such page.');
  const base = `/store/${shop.handle}/apps/${shop.state.apiKey}`;
  if (match[2] === undefined) return { status: 302, headers: { location: base }, body: '' };
  if (match[2] !== shop.state.apiKey) return text(404, 'There is no such app.');
  if (request.method === 'POST' && match[3] === '/install') {
    shop.install();
    return { status: 303, headers: { location: base }, body: '' };
  }
  if (!shop.state.installed) return html(200, installHtml(shop, base));
  const staff = currentStaff(shop, request);
  const source = appAddress(shop, staff, match[3] ?? '/', request.query);
  return html(200, frameHtml({ shop, staff, base, source }), { 'cache-control': 'no-store' });
}

function currentStaff(shop: SandboxShop, request: SandboxRequest): Staff {
  const cookie = /sandbox-staff=(\w+)/.exec(request.headers['cookie'] ?? '')?.[1];
  const wanted = request.query.get('staff') ?? cookie;
  const [owner] = shop.staff();
  const staff = shop.staff().find((one) => one.id === wanted) ?? owner;
  if (staff === undefined) throw new Error('the shop has no staff');
  return staff;
}

/** GET /dev/id-token, /dev/user and /dev/scopes: what the admin knows of who is signed in. */
function answerIdentity(handles: Handles, request: SandboxRequest): SandboxReply {
  const shop = handles.get(request.query.get('shop') ?? '') ?? [...handles.values()][0];
  if (shop === undefined) return text(404, 'There is no store.');
  const staff = currentStaff(shop, request);
  const { grantedScopes } = shop.state;
  const open = { 'access-control-allow-origin': '*' };
  switch (request.path) {
    case '/dev/id-token':
      return text(200, shop.idToken(staff.id));
    case '/dev/user':
      return json(200, { accountAccess: 'full access', id: Number(staff.id) }, open);
    case '/dev/scopes':
      return json(200, { granted: grantedScopes, required: grantedScopes, optional: [] }, open);
    default:
      return text(404, 'There is no such page.');
  }
}

/** The address the frame loads: the app's page with the parameters that Shopify adds. */
function appAddress(shop: SandboxShop, staff: Staff, path: string, query: URLSearchParams): string {
  const url = new URL(path, shop.state.appUrl);
  for (const [name, value] of query) if (name !== 'staff') url.searchParams.set(name, value);
  const idToken = shop.idToken(staff.id);
  const signed: Record<string, string> = {
    embedded: '1',
    host: Buffer.from(`admin.shopify.com/store/${shop.handle}`)
      .toString('base64')
      .replace(/=+$/, ''),
    id_token: idToken,
    locale: 'en-US',
    session: createHmac('sha256', 'session').update(staff.id).digest('hex'),
    shop: shop.domain,
    timestamp: String(Math.floor(shop.state.clock.now().getTime() / 1000)),
  };
  const message = Object.keys(signed)
    .sort()
    .map((name) => `${name}=${signed[name]}`)
    .join('&');
  signed['hmac'] = createHmac('sha256', shop.state.apiSecret).update(message).digest('hex');
  for (const [name, value] of Object.entries(signed)) url.searchParams.set(name, value);
  return url.toString();
}
