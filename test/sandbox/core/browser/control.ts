/** The control page's own script: asks the server every second and draws what changed. */

type Place = {
  locationId: string;
  locationName: string;
  available: number;
  committed: number | null;
};
type Item = { id: string; sku: string; title: string; stock: Place[] };
type Order = {
  id: string;
  name: string;
  placedAt: string;
  customer: string;
  units: number;
  status: string;
  canCancel: boolean;
  actions?: { id: string; label: string }[];
};
type Store = {
  id: string;
  name: string;
  system: string;
  adminUrl: string | null;
  faults: string[];
  invariants: string[];
};
type Overview = {
  traffic: {
    running: boolean;
    ordersPerMinute: number;
    placed: number;
    cancelled: number;
    refused: number;
  };
  stores: Store[];
};
type Fault = { name: string; sentence: string; setting: unknown };
type LoggedRequest = {
  sequence: number;
  at: string;
  what: string;
  method: string;
  status: number | null;
  fault: string | null;
  body: string;
  answer: string;
};
type LoggedWebhook = {
  sequence: number;
  at: string;
  topic: string;
  state: string;
  attempts: number;
  lastStatus: number | null;
  lastError: string | null;
  milliseconds: number | null;
  repeat: boolean;
  body: string;
};

const REFRESH_MILLISECONDS = 1_000;

let selected = '';
const chosen = new Map<string, { title: string; quantity: number }>();
const drawn = new Map<string, string>();

function find<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`no element ${id}`);
  return element as Kind;
}

function make(
  tag: string,
  properties: Record<string, unknown> = {},
  ...children: (Node | string)[]
): HTMLElement {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Draws only when the data differ, so that a field in use is not torn away. */
function changed(part: string, data: unknown): boolean {
  const text = JSON.stringify(data);
  if (drawn.get(part) === text) return false;
  drawn.set(part, text);
  return true;
}

const get = async <Value>(path: string): Promise<Value> =>
  (await (await fetch(path)).json()) as Value;

let sayTimer = 0;
function say(message: string, bad = false): void {
  const box = find('say');
  box.textContent = message;
  box.className = bad ? 'on bad' : 'on';
  clearTimeout(sayTimer);
  sayTimer = window.setTimeout(() => (box.className = ''), 3_500);
}

async function post(path: string, body: unknown): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { message?: string; error?: string };
  say(answer.message ?? answer.error ?? 'Done.', !response.ok);
  await refresh();
}

const ofStore = (what: string): string => `/api/stores/${selected}/${what}`;
const clockTime = (at: string): string => new Date(at).toLocaleTimeString();

function drawOverview({ traffic, stores }: Overview): void {
  const pace = traffic.running ? `${traffic.ordersPerMinute} orders a minute` : 'Stopped';
  find('traffic-state').textContent =
    `${pace}. So far ${traffic.placed} placed, ${traffic.cancelled} cancelled, ` +
    `${traffic.refused} refused as sold out.`;
  if (!stores.some((store) => store.id === selected)) select(stores[0]?.id ?? '');
  if (!changed('tabs', [stores, selected])) return;
  const tabs = stores.map((store) => {
    const label = `${store.name} · ${store.system}`;
    const trouble = store.faults.length > 0 ? ` · ${store.faults.length} on` : '';
    const tab = make('button', { type: 'button', role: 'tab' }, label + trouble);
    tab.setAttribute('aria-selected', String(store.id === selected));
    tab.addEventListener('click', () => {
      select(store.id);
      void refresh();
    });
    return tab;
  });
  const admin = stores.find((store) => store.id === selected)?.adminUrl ?? null;
  if (admin !== null) {
    tabs.push(make('a', { href: admin, className: 'row', target: '_blank' }, 'Open its admin'));
  }
  find('tabs').replaceChildren(...tabs);
  const broken = stores.flatMap((store) =>
    store.invariants.map((one) => make('div', {}, `${store.name}: ${one}`)),
  );
  find('alarm').replaceChildren(...broken);
}

function select(id: string): void {
  selected = id;
  chosen.clear();
  drawn.clear();
  drawChosen();
}

function drawChosen(): void {
  const rows = [...chosen].map(([id, line]) => {
    const quantity = make('input', {
      type: 'number',
      min: '1',
      value: String(line.quantity),
      ariaLabel: `Quantity of ${line.title}`,
    }) as HTMLInputElement;
    quantity.addEventListener('change', () => {
      line.quantity = Math.max(1, Math.floor(Number(quantity.value)));
    });
    const remove = make('button', { type: 'button' }, 'Remove');
    remove.addEventListener('click', () => {
      chosen.delete(id);
      drawChosen();
    });
    return make('li', {}, make('span', {}, line.title), quantity, remove);
  });
  find('chosen').replaceChildren(...rows);
  find<HTMLButtonElement>('place').disabled = chosen.size === 0;
}

function stockField(item: Item, place: Place): HTMLElement {
  const field = make('input', {
    type: 'number',
    value: String(place.available),
    ariaLabel: `Available of ${item.title} at ${place.locationName}`,
  }) as HTMLInputElement;
  field.addEventListener('change', () => {
    void post(ofStore('stock'), {
      itemId: item.id,
      locationId: place.locationId,
      available: Number(field.value),
    });
  });
  const promised =
    place.committed !== null && place.committed > 0 ? `, ${place.committed} committed` : '';
  const label = make('span', { className: 'sku' }, place.locationName + promised);
  return make('div', { className: 'place' }, label, field);
}

function drawItems(list: { total: number; items: Item[] }): void {
  if (find('items').contains(document.activeElement)) return;
  if (!changed('items', list)) return;
  const shown = list.items.length;
  find('item-count').textContent = shown < list.total ? `${shown} of ${list.total}` : `${shown}`;
  find('items').replaceChildren(
    ...list.items.map((item) => {
      const add = make('button', { type: 'button', ariaLabel: `Order ${item.title}` }, 'Order');
      add.addEventListener('click', () => {
        const line = chosen.get(item.id);
        chosen.set(item.id, { title: item.title, quantity: (line?.quantity ?? 0) + 1 });
        drawChosen();
      });
      const name = make(
        'span',
        { className: 'title' },
        item.title === '' ? '(no title)' : item.title,
      );
      const sku = make('span', { className: 'sku' }, item.sku === '' ? '(no SKU)' : item.sku);
      const fields = item.stock.map((place) => stockField(item, place));
      return make(
        'tr',
        {},
        make('td', {}, name, sku),
        make('td', { className: 'n' }, ...fields),
        make('td', { className: 'n' }, add),
      );
    }),
  );
}

/** A menu of what else can happen to an order; choosing lets it happen. */
function orderMenu(order: Order): HTMLElement | string {
  const actions = order.actions ?? [];
  if (actions.length === 0) return '';
  const label = `What happens to ${order.name}`;
  const choices = actions.map(({ id, label: text }) => make('option', { value: id }, text));
  const menu = make(
    'select',
    { ariaLabel: label },
    make('option', { value: '' }, 'More…'),
    ...choices,
  ) as HTMLSelectElement;
  menu.addEventListener('change', () => {
    const action = menu.value;
    menu.value = '';
    menu.blur();
    if (action !== '') void post(ofStore('act'), { orderId: order.id, action });
  });
  return menu;
}

function drawOrders(orders: Order[]): void {
  if (find('orders').contains(document.activeElement)) return;
  if (!changed('orders', orders)) return;
  find('orders').replaceChildren(
    ...orders.map((order) => {
      const cancel = make(
        'button',
        { type: 'button', ariaLabel: `Cancel ${order.name}` },
        'Cancel',
      );
      cancel.addEventListener('click', () => void post(ofStore('cancel'), { orderId: order.id }));
      const units = `${order.units} ${order.units === 1 ? 'unit' : 'units'}`;
      return make(
        'tr',
        {},
        make('td', {}, order.name, make('span', { className: 'sku' }, clockTime(order.placedAt))),
        make('td', {}, order.customer, make('span', { className: 'sku' }, units)),
        make('td', {}, order.status),
        make('td', { className: 'n' }, order.canCancel ? cancel : '', orderMenu(order)),
      );
    }),
  );
}

function drawFaults(faults: Fault[]): void {
  if (!changed('faults', faults)) return;
  find('faults').replaceChildren(
    ...faults.map((fault) => {
      const box = make('input', {
        type: 'checkbox',
        checked: fault.setting !== null,
      }) as HTMLInputElement;
      box.addEventListener('change', () => {
        void post(ofStore('faults'), { fault: fault.name, on: box.checked });
      });
      return make('label', { className: 'switch' }, box, make('span', {}, fault.sentence));
    }),
  );
}

function openRows(container: HTMLElement): Set<string> {
  const open = container.querySelectorAll<HTMLElement>('details[open]');
  return new Set([...open].map((row) => row.dataset['key'] ?? ''));
}

function logRow(
  key: string,
  open: Set<string>,
  head: (Node | string)[],
  texts: string[],
): HTMLElement {
  const blocks = texts.filter((text) => text !== '').map((text) => make('pre', {}, text));
  const row = make('details', { open: open.has(key) }, make('summary', {}, ...head), ...blocks);
  row.dataset['key'] = key;
  return row;
}

const pill = (text: string, kind: string): HTMLElement =>
  make('span', { className: `pill ${kind}` }, text);

function drawActivity(data: { requests: LoggedRequest[]; webhooks: LoggedWebhook[] }): void {
  if (changed('requests', data.requests)) {
    const box = find('requests');
    const open = openRows(box);
    const rows = data.requests.map((entry) => {
      const failed = entry.status === null || entry.status >= 400;
      const status = entry.status === null ? 'no answer' : String(entry.status);
      const head = [
        make('time', {}, clockTime(entry.at)),
        make('span', { className: 'what' }, `${entry.method} ${entry.what}`),
        ...(entry.fault === null ? [] : [pill(entry.fault, 'warn')]),
        pill(status, failed ? 'bad' : ''),
      ];
      return logRow(String(entry.sequence), open, head, [entry.body, entry.answer]);
    });
    box.replaceChildren(
      ...(rows.length > 0 ? rows : [make('p', { className: 'dim' }, 'None yet.')]),
    );
  }
  if (changed('webhooks', data.webhooks)) {
    const box = find('webhooks');
    const open = openRows(box);
    const rows = data.webhooks.map((entry) => {
      const times = entry.attempts > 1 ? `${entry.attempts} tries` : '';
      const took = entry.milliseconds === null ? '' : `${entry.milliseconds} ms`;
      const kind = entry.state === 'failed' ? 'bad' : entry.state === 'delivered' ? '' : 'warn';
      const head = [
        make('time', {}, clockTime(entry.at)),
        make('span', { className: 'what' }, entry.topic),
        ...(entry.repeat ? [pill('repeat', 'warn')] : []),
        make('span', { className: 'dim' }, [times, took].filter((text) => text !== '').join(', ')),
        pill(entry.state, kind),
      ];
      return logRow(String(entry.sequence), open, head, [entry.lastError ?? '', entry.body]);
    });
    box.replaceChildren(
      ...(rows.length > 0 ? rows : [make('p', { className: 'dim' }, 'None yet.')]),
    );
  }
}

async function refresh(): Promise<void> {
  try {
    drawOverview(await get<Overview>('/api/overview'));
    if (selected === '') return;
    const query = encodeURIComponent(find<HTMLInputElement>('search').value);
    const before = selected;
    const [items, orders, faults, activity] = await Promise.all([
      get<{ total: number; items: Item[] }>(`${ofStore('items')}?q=${query}`),
      get<Order[]>(ofStore('orders')),
      get<Fault[]>(ofStore('faults')),
      get<{ requests: LoggedRequest[]; webhooks: LoggedWebhook[] }>(ofStore('activity')),
    ]);
    if (before !== selected) return;
    drawItems(items);
    drawOrders(orders);
    drawFaults(faults);
    drawActivity(activity);
  } catch {
    say('The sandbox does not answer.', true);
  }
}

async function keepRefreshing(): Promise<void> {
  if (!document.hidden) await refresh();
  setTimeout(() => void keepRefreshing(), REFRESH_MILLISECONDS);
}

find('place').addEventListener('click', () => {
  const lines = [...chosen].map(([itemId, line]) => ({ itemId, quantity: line.quantity }));
  chosen.clear();
  drawChosen();
  void post(ofStore('orders'), { lines });
});
find('place-random').addEventListener('click', () => {
  void post(ofStore('orders'), { random: Number(find<HTMLInputElement>('random').value) });
});
find('traffic-start').addEventListener('click', () => {
  void post('/api/traffic', { ordersPerMinute: Number(find<HTMLInputElement>('rate').value) });
});
find('traffic-stop').addEventListener('click', () => {
  void post('/api/traffic', { ordersPerMinute: 0 });
});
find('search').addEventListener('input', () => void refresh());
void keepRefreshing();

export {};
