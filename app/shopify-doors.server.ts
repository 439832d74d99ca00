/**
 * What Shopify's library leaves to the app at its doors: who may frame a page, where the library's
 * own pages may lead, and whether a session token's claims fit together.
 */

/** Shops have no other names in tokens and in what the admin opens an app with. */
const SHOP = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/i;
const ADMIN_ORIGIN = 'https://admin.shopify.com';
/** Parameters of the library's pages under /auth that say where to go next. */
const ONWARD = ['shopify-reload', 'exitIframe'];

/** The shop a request names; null when it names none, or something that is no shop. */
export function shopOf(request: Request): string | null {
  const shop = new URL(request.url).searchParams.get('shop')?.toLowerCase() ?? '';
  return SHOP.test(shop) ? shop : null;
}

/** Whether a visitor names a shop to install on, in full or by the first part of its name. */
export function namesShop(request: Request): boolean {
  const shop = new URL(request.url).searchParams.get('shop') ?? '';
  return SHOP.test(shop) || /^[a-z0-9][a-z0-9-]*$/i.test(shop);
}

/**
 * Says who may frame a page: Shopify's admin, and the shop if a shop is named. The library leaves
 * the header away where the name is none, and on its own pages repeats whatever the address says.
 */
export function limitFrames(headers: Headers, shop: string | null, more: string | null): void {
  const ancestors = [shop === null ? null : `https://${shop}`, ADMIN_ORIGIN, more];
  const named = ancestors.filter((ancestor) => ancestor !== null);
  headers.set('Content-Security-Policy', `frame-ancestors ${named.join(' ')};`);
}

/**
 * Whether the address of a request would send its visitor, and with them their session token, out
 * of the app and the admin: the library and Shopify's script go wherever these parameters say.
 */
export function leadsAway(request: Request, appUrl: string): boolean {
  const { searchParams } = new URL(request.url);
  return ONWARD.some((name) =>
    searchParams.getAll(name).some((target) => !isOurs(target, appUrl, name === 'exitIframe')),
  );
}

function isOurs(target: string, appUrl: string, intoAdmin: boolean): boolean {
  // What a browser and the URL standard might read differently is none of ours.
  if (/[\s\\]|\/\/\//.test(target) || !URL.canParse(target, appUrl)) return false;
  const { origin, protocol, hostname, pathname } = new URL(target, appUrl);
  if (pathname.includes('//')) return false;
  if (origin === new URL(appUrl).origin) return true;
  if (!intoAdmin || protocol !== 'https:') return false;
  return origin === ADMIN_ORIGIN || (SHOP.test(hostname) && pathname.startsWith('/admin'));
}

/** The session token a request carries, as the library finds it; null when there is none. */
export function tokenOf(request: Request): string | null {
  const header = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
  return header === '' ? new URL(request.url).searchParams.get('id_token') : header;
}

/**
 * Whether a token's claims fit together: one shop, which issued it, for a bounded time, and the
 * shop the address names, if it names one. Who signed it, for which app and until when is the
 * library's to check; this says nothing about that.
 */
export function claimsFit(token: string, shopInAddress: string | null): boolean {
  const { iss, dest, exp, sub } = readClaims(token);
  if (typeof dest !== 'string' || typeof iss !== 'string') return false;
  if (typeof exp !== 'number' || typeof sub !== 'string' || sub === '') return false;
  if (!URL.canParse(dest) || !URL.canParse(iss)) return false;
  const [shop, issuer] = [new URL(dest), new URL(iss)];
  if (shop.protocol !== 'https:' || !SHOP.test(shop.hostname)) return false;
  if (issuer.origin !== shop.origin) return false;
  return shopInAddress === null || shopInAddress === shop.hostname;
}

type Claims = Readonly<Partial<Record<'iss' | 'dest' | 'exp' | 'sub', unknown>>>;

function readClaims(token: string): Claims {
  try {
    const text = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    const claims: unknown = JSON.parse(text);
    return typeof claims === 'object' && claims !== null ? claims : {};
  } catch {
    return {};
  }
}
