/**
 * A stand-in for Shopify's app-bridge.js, loaded by the embedded app in its place. Typed against
 * the published types, so that drift in them breaks the type check. Inside the sandbox admin it
 * talks to the frame by messages; opened on its own it asks the sandbox over HTTP.
 */
import type { ShopifyGlobal } from '@shopify/app-bridge-types';

type Reply = { sandboxReply: number; value?: unknown };
type FrameMessage = { sandboxNavigate?: string; sandboxClick?: string } & Partial<Reply>;

const SESSION_PARAMETERS = [
  'embedded',
  'shop',
  'host',
  'hmac',
  'id_token',
  'session',
  'locale',
  'timestamp',
];
/** An id token lives 60 seconds; asking anew after half of that keeps a margin. */
const TOKEN_REUSE_MILLISECONDS = 30_000;

const script = document.currentScript as HTMLScriptElement | null;
const sandboxOrigin = new URL(script?.src ?? location.href).origin;
const inFrame = window.parent !== window;
const parameters = new URLSearchParams(location.search);
const nativeFetch = window.fetch.bind(window);
const nativeOpen = window.open.bind(window);

const remembered = (name: string): string => {
  const value = parameters.get(name) ?? sessionStorage.getItem(`sandbox-${name}`) ?? '';
  sessionStorage.setItem(`sandbox-${name}`, value);
  return value;
};
const shop = remembered('shop');
const host = remembered('host');
const locale = parameters.get('locale') ?? 'en-US';
const apiKey =
  script?.dataset['apiKey'] ??
  document.querySelector<HTMLMetaElement>('meta[name="shopify-api-key"]')?.content ??
  '';

let messageCount = 0;
const waiting = new Map<number, (value: unknown) => void>();

const tell = (type: string, detail: Record<string, unknown> = {}): void => {
  if (inFrame) window.parent.postMessage({ sandbox: type, ...detail }, '*');
};

const ask = (type: string, detail: Record<string, unknown> = {}): Promise<unknown> =>
  new Promise((resolve) => {
    messageCount += 1;
    waiting.set(messageCount, resolve);
    tell(type, { ...detail, reply: messageCount });
  });

/* Identity */

let token: Promise<string> | null = null;
let tokenAt = 0;

async function fetchToken(): Promise<string> {
  if (inFrame) return String(await ask('idToken'));
  const address = `${sandboxOrigin}/dev/id-token?shop=${encodeURIComponent(shop)}`;
  return (await nativeFetch(address)).text();
}

function idToken(): Promise<string> {
  if (token === null || Date.now() - tokenAt > TOKEN_REUSE_MILLISECONDS) {
    tokenAt = Date.now();
    token = fetchToken();
    token.catch(() => (token = null));
  }
  return token;
}

/** Same-origin calls carry the id token, as the real script makes them. */
async function authenticatedFetch(
  input: RequestInfo | URL,
  options?: RequestInit,
): Promise<Response> {
  const request = new Request(input, options);
  const own = new URL(request.url).origin === location.origin;
  if (!own || request.headers.has('authorization')) return nativeFetch(request);
  const retry = request.clone();
  const first = await nativeFetch(await authorized(request));
  if (first.headers.get('X-Shopify-Retry-Invalid-Session-Request') !== '1') return first;
  token = null;
  return nativeFetch(await authorized(retry));
}

async function authorized(request: Request): Promise<Request> {
  const headers = new Headers(request.headers);
  headers.set('Authorization', `Bearer ${await idToken()}`);
  headers.set('X-Requested-With', 'XMLHttpRequest');
  return new Request(request, { headers });
}

/* Navigation */

function appPath(): string {
  const query = new URLSearchParams(location.search);
  for (const name of SESSION_PARAMETERS) query.delete(name);
  return location.pathname + (query.size > 0 ? `?${query.toString()}` : '') + location.hash;
}

const reportLocation = (): void => {
  tell('location', { path: appPath(), title: document.title });
};

function watchHistory(): void {
  for (const name of ['pushState', 'replaceState'] as const) {
    const native = history[name].bind(history);
    history[name] = (...values: Parameters<History['pushState']>): void => {
      native(...values);
      reportLocation();
    };
  }
  addEventListener('popstate', reportLocation);
}

const navigationLinks = (): Element[] => [
  ...document.querySelectorAll('ui-nav-menu a[href], s-app-nav a[href], s-app-nav s-link[href]'),
];

let lastNavigation = '';

function reportNavigation(): void {
  const items = navigationLinks()
    .filter((link) => link.getAttribute('rel') !== 'home')
    .map((link) => ({
      href: link.getAttribute('href') ?? '',
      label: link.textContent.trim(),
    }));
  const text = JSON.stringify(items);
  if (text === lastNavigation) return;
  lastNavigation = text;
  tell('navigation', { items });
}

/** The router takes the event; a page without one is loaded the plain way. */
function navigate(href: string): void {
  const link =
    navigationLinks().find((one) => one.getAttribute('href') === href) ??
    document.body.appendChild(Object.assign(document.createElement('a'), { hidden: true }));
  if (link.getAttribute('href') === null) link.setAttribute('href', href);
  link.dispatchEvent(new CustomEvent('shopify:navigate', { bubbles: true, cancelable: true }));
  if (!('__remixContext' in window)) tell('reload', { path: href });
}

/** The bounce page of the app: come back with a fresh id token. */
async function followReload(): Promise<void> {
  const target = parameters.get('shopify-reload');
  if (target === null) return;
  const url = new URL(target, location.origin);
  if (url.origin !== location.origin) return;
  url.searchParams.set('id_token', await idToken());
  location.replace(url.href);
}

function openAddress(url?: string | URL, target?: string, features?: string): Window | null {
  const text = String(url ?? '');
  if (text.startsWith('shopify:')) {
    tell('toast', { message: `Would open ${text} in the store admin`, isError: false });
    return null;
  }
  const address = new URL(text, location.href);
  if (address.hostname === 'admin.shopify.com') {
    return nativeOpen(sandboxOrigin + address.pathname + address.search, '_top');
  }
  return nativeOpen(url, target, features);
}

/* Elements that the host draws: save bar, title bar, modal */

class FrameElement extends HTMLElement {
  shown = false;
  get showing(): boolean {
    return this.shown;
  }
  async show(): Promise<void> {
    this.turn(true);
  }
  async hide(): Promise<void> {
    this.turn(false);
  }
  async toggle(): Promise<void> {
    this.turn(!this.shown);
  }
  protected turn(shown: boolean): void {
    if (this.shown === shown) return;
    this.shown = shown;
    this.toggleAttribute('data-shown', shown);
    this.dispatchEvent(new CustomEvent(shown ? 'show' : 'hide'));
  }
}

const buttonsOf = (element: Element): Record<string, unknown>[] =>
  [...element.querySelectorAll<HTMLElement>('button, a')].map((button, index) => ({
    key: `${element.tagName.toLowerCase()}/${element.id}/${index}`,
    label: button.textContent.trim(),
    primary: button.getAttribute('variant') === 'primary',
    critical: button.getAttribute('tone') === 'critical',
    disabled: button.hasAttribute('disabled'),
  }));

class SaveBarElement extends FrameElement {
  protected override turn(shown: boolean): void {
    super.turn(shown);
    const buttons = buttonsOf(this).map((button) => ({
      ...button,
      label:
        button['label'] !== '' ? button['label'] : button['primary'] === true ? 'Save' : 'Discard',
    }));
    tell('saveBar', { shown: this.shown, buttons });
  }
}

class ModalElement extends FrameElement {
  connectedCallback(): void {
    if (this.shadowRoot !== null) return;
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = `<style>
      :host{display:none} :host([data-shown]){display:block}
      .veil{position:fixed;inset:0;background:#0007;z-index:900;display:grid;place-items:center;padding:16px}
      .panel{background:#fff;border-radius:12px;max-width:620px;width:100%;max-height:90vh;overflow:auto;
        box-shadow:0 10px 40px #0005} h2{font:600 15px system-ui;margin:0;padding:14px 16px;border-bottom:1px solid #e3e3e3}
    </style><div class="veil"><div class="panel" role="dialog" aria-modal="true"><h2></h2><slot></slot></div></div>`;
    root.querySelector('.veil')?.addEventListener('click', (event) => {
      if (event.target === event.currentTarget) void this.hide();
    });
  }
  protected override turn(shown: boolean): void {
    super.turn(shown);
    const heading = this.shadowRoot?.querySelector('h2');
    if (heading)
      heading.textContent = this.querySelector('ui-title-bar')?.getAttribute('title') ?? '';
  }
}

function reportTitleBar(): void {
  const bar = [...document.querySelectorAll('ui-title-bar')].find(
    (one) => one.closest('ui-modal') === null,
  );
  const title = bar?.getAttribute('title') ?? document.title;
  tell('titleBar', { title, buttons: bar === undefined ? [] : buttonsOf(bar) });
}

/** A click on a button that the frame drew stands for the app's own button. */
function clickFromFrame(key: string): void {
  if (key.startsWith('form/')) {
    const form = document.querySelector<HTMLFormElement>('form[data-save-bar]');
    if (key === 'form/save') form?.requestSubmit();
    else form?.reset();
    tell('saveBar', { shown: false, buttons: [] });
    return;
  }
  const [tag = '', id = '', index = '0'] = key.split('/');
  const selector = id === '' ? tag : `${tag}#${CSS.escape(id)}`;
  const buttons = document.querySelector(selector)?.querySelectorAll<HTMLElement>('button, a');
  buttons?.[Number(index)]?.click();
}

function watchForms(): void {
  const changed = (event: Event): void => {
    const form = event.target instanceof Element && event.target.closest('form[data-save-bar]');
    if (form === null || form === false) return;
    const buttons = [
      { key: 'form/discard', label: 'Discard', primary: false },
      { key: 'form/save', label: 'Save', primary: true },
    ];
    tell('saveBar', { shown: true, buttons });
  };
  document.addEventListener('input', changed);
  document.addEventListener('change', changed);
}

const frameElement = (id: string): FrameElement => {
  const element = document.getElementById(id);
  if (!(element instanceof FrameElement)) throw new Error(`no element ${id} to show`);
  return element;
};

const byId = {
  show: (id: string) => frameElement(id).show(),
  hide: (id: string) => frameElement(id).hide(),
  toggle: (id: string) => frameElement(id).toggle(),
};

/* Start */

function receive(event: MessageEvent<FrameMessage>): void {
  if (event.source !== window.parent || typeof event.data !== 'object') return;
  const { sandboxReply, value, sandboxNavigate, sandboxClick } = event.data;
  if (sandboxReply !== undefined) {
    waiting.get(sandboxReply)?.(value);
    waiting.delete(sandboxReply);
  }
  if (sandboxNavigate !== undefined) navigate(sandboxNavigate);
  if (sandboxClick !== undefined) clickFromFrame(sandboxClick);
}

let toastCount = 0;
const bridge: Partial<ShopifyGlobal> = {
  config: { apiKey, shop, host, locale },
  origin: location.origin,
  ready: Promise.resolve(),
  environment: { embedded: inFrame, mobile: false, pos: false, intent: false },
  idToken,
  loading: (isLoading = true) => tell('loading', { isLoading }),
  toast: {
    show(message, options = {}) {
      toastCount += 1;
      const id = `toast-${toastCount}`;
      tell('toast', {
        id,
        message,
        isError: options.isError ?? false,
        duration: options.duration ?? 5_000,
      });
      return id;
    },
    hide: (id) => tell('hideToast', { id }),
  },
  saveBar: { ...byId, leaveConfirmation: () => Promise.resolve() },
  modal: byId,
  resourcePicker: () =>
    Promise.reject(new Error('sandbox: the resource picker is not implemented')),
  user: async () => (await ask('user')) as Awaited<ReturnType<ShopifyGlobal['user']>>,
  scopes: {
    query: async () =>
      (await ask('scopes')) as Awaited<ReturnType<ShopifyGlobal['scopes']['query']>>,
    request: () => Promise.reject(new Error('sandbox: scopes.request is not implemented')),
    revoke: () => Promise.reject(new Error('sandbox: scopes.revoke is not implemented')),
  },
};

function start(): void {
  Object.assign(window, { shopify: bridge });
  window.fetch = authenticatedFetch;
  window.open = openAddress;
  for (const [tag, element] of [
    ['ui-save-bar', SaveBarElement],
    ['ui-modal', ModalElement],
  ] as const) {
    if (customElements.get(tag) === undefined) customElements.define(tag, element);
  }
  const style = document.createElement('style');
  style.textContent =
    'ui-nav-menu,s-app-nav,ui-title-bar,ui-save-bar,ui-modal:not([data-shown]){display:none}';
  document.head.append(style);
  addEventListener('message', receive);
  watchHistory();
  watchForms();
  let scheduled = false;
  const report = (): void => {
    scheduled = false;
    reportNavigation();
    reportTitleBar();
  };
  new MutationObserver(() => {
    if (!scheduled) requestAnimationFrame(report);
    scheduled = true;
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true });
  addEventListener('DOMContentLoaded', () => {
    report();
    reportLocation();
  });
  reportLocation();
  void followReload();
}

// A page may name the script twice (in its head and from a component); the first one stays.
if (!('shopify' in window)) start();
