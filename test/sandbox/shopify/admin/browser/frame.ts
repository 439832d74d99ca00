/** The admin page around the embedded app: draws what the app asks of its host. */

type Button = {
  key: string;
  label: string;
  primary: boolean;
  critical?: boolean;
  disabled?: boolean;
};
type AppMessage = {
  sandbox?: string;
  reply?: number;
  path?: string;
  title?: string;
  items?: { href: string; label: string }[];
  isLoading?: boolean;
  id?: string;
  message?: string;
  isError?: boolean;
  duration?: number;
  shown?: boolean;
  buttons?: Button[];
};

const page = document.body.dataset as { shop: string; base: string; staff: string };
const frame = document.querySelector<HTMLIFrameElement>('#app');
const find = (selector: string): HTMLElement => {
  const element = document.querySelector<HTMLElement>(selector);
  if (element === null) throw new Error(`no ${selector}`);
  return element;
};

const toApp = (message: Record<string, unknown>): void => {
  frame?.contentWindow?.postMessage(message, '*');
};

async function read(path: string): Promise<string> {
  const query = new URLSearchParams({ shop: page.shop, staff: page.staff });
  return (await fetch(`${path}?${query.toString()}`)).text();
}

let currentPath = '/';

function drawNavigation(items: { href: string; label: string }[]): void {
  const list = find('#app-links');
  list.replaceChildren(
    ...items.map(({ href, label }) => {
      const link = document.createElement('a');
      link.href = page.base + href;
      link.textContent = label;
      link.dataset['href'] = href;
      link.addEventListener('click', (event) => {
        event.preventDefault();
        document.body.classList.remove('menu-open');
        toApp({ sandboxNavigate: href });
      });
      const item = document.createElement('li');
      item.append(link);
      return item;
    }),
  );
  markCurrent();
}

function markCurrent(): void {
  const path = currentPath.split('?')[0] ?? '';
  const links = [...document.querySelectorAll<HTMLAnchorElement>('#app-links a')];
  const fits = (href: string): boolean => path === href || path.startsWith(`${href}/`);
  const best = links
    .map((link) => (link.dataset['href'] ?? '').split('?')[0] ?? '')
    .filter(fits)
    .sort((a, b) => b.length - a.length)[0];
  for (const link of links) {
    const current = best !== undefined && (link.dataset['href'] ?? '').split('?')[0] === best;
    if (current) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
}

function drawLocation(path: string): void {
  currentPath = path;
  history.replaceState(null, '', page.base + path);
  markCurrent();
}

function drawButtons(container: HTMLElement, buttons: Button[]): void {
  container.replaceChildren(
    ...buttons.map((button) => {
      const element = document.createElement('button');
      element.type = 'button';
      element.textContent = button.label;
      element.disabled = button.disabled ?? false;
      element.className = button.primary ? 'primary' : '';
      element.addEventListener('click', () => toApp({ sandboxClick: button.key }));
      return element;
    }),
  );
}

function drawToast(message: AppMessage): void {
  const toast = document.createElement('div');
  toast.className = message.isError === true ? 'toast error' : 'toast';
  toast.setAttribute('role', 'status');
  toast.dataset['id'] = message.id ?? '';
  toast.textContent = message.message ?? '';
  find('#toasts').append(toast);
  setTimeout(() => toast.remove(), message.duration ?? 5_000);
}

async function answer(message: AppMessage): Promise<void> {
  const paths: Record<string, string> = {
    idToken: '/dev/id-token',
    user: '/dev/user',
    scopes: '/dev/scopes',
  };
  const path = paths[message.sandbox ?? ''];
  if (path === undefined || message.reply === undefined) return;
  const text = await read(path);
  const value: unknown = message.sandbox === 'idToken' ? text : JSON.parse(text);
  toApp({ sandboxReply: message.reply, value });
}

function receive(message: AppMessage): void {
  switch (message.sandbox) {
    case 'navigation':
      drawNavigation(message.items ?? []);
      break;
    case 'location':
      drawLocation(message.path ?? '/');
      break;
    case 'titleBar':
      find('#title').textContent = message.title ?? '';
      drawButtons(find('#actions'), message.buttons ?? []);
      break;
    case 'saveBar':
      document.body.classList.toggle('unsaved', message.shown ?? false);
      drawButtons(find('#save-actions'), message.buttons ?? []);
      break;
    case 'loading':
      document.body.classList.toggle('loading', message.isLoading ?? false);
      break;
    case 'toast':
      drawToast(message);
      break;
    case 'hideToast':
      document.querySelector(`.toast[data-id="${CSS.escape(message.id ?? '')}"]`)?.remove();
      break;
    case 'reload':
      location.assign(page.base + (message.path ?? '/'));
      break;
    default:
      void answer(message);
  }
}

addEventListener('message', (event: MessageEvent<AppMessage>) => {
  if (event.source === frame?.contentWindow && typeof event.data === 'object') receive(event.data);
});
find('#menu').addEventListener('click', () => document.body.classList.toggle('menu-open'));
find('#veil').addEventListener('click', () => document.body.classList.remove('menu-open'));
document.querySelector('#staff')?.addEventListener('change', (event) => {
  const staff = (event.target as HTMLSelectElement).value;
  document.cookie = `sandbox-staff=${staff}; path=/; samesite=lax`;
  location.reload();
});

export {};
