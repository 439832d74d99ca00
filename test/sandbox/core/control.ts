import { browserScript } from './browser-script';
import type { ControlledStore } from './controlled-store';
import { FAULTS, type FaultName, type FaultSetting } from './faults';
import {
  html,
  json,
  serveOnLoopback,
  type SandboxReply,
  type SandboxRequest,
  type SandboxServer,
} from './http-server';
import { controlHtml } from './control-markup';
import type { Traffic } from './traffic';

export type ControlOptions = {
  /** Asked on every request, so stores may come and go. */
  stores(): ControlledStore[];
  traffic: Traffic;
  port?: number;
  /** Other pages to link to, such as the app itself. */
  links?: { label: string; url: string }[];
};

const JOURNAL_SHOWN = 40;
const ORDERS_SHOWN = 30;
const ITEMS_SHOWN = 60;
const RANDOM_ORDERS_MAX = 200;
const ANSWER_SHOWN = 1_200;

/** What a switch turns on where "every time" would not be what its sentence says. */
const SWITCHED_ON: Partial<Record<FaultName, Partial<FaultSetting>>> = {
  dropWebhooks: { probability: 0.3 },
  duplicateWebhooks: { probability: 0.5 },
  delayWebhooks: { milliseconds: 8_000 },
};

/** The control page of the sandbox, for a person in a browser, on a port of its own. */
export function serveControlPage(options: ControlOptions): Promise<SandboxServer> {
  return serveOnLoopback((request) => answer(options, request), options.port ?? 0);
}

async function answer(options: ControlOptions, request: SandboxRequest): Promise<SandboxReply> {
  const { method, path } = request;
  if (method === 'GET' && path === '/') return html(200, controlHtml(options.links ?? []));
  if (method === 'GET' && path === '/control.js') {
    const script = await browserScript(new URL('./browser/control.ts', import.meta.url));
    return { status: 200, headers: { 'content-type': 'text/javascript' }, body: script };
  }
  if (method === 'GET' && path === '/api/overview') return json(200, overview(options));
  if (path === '/api/traffic' && method === 'POST') return setTraffic(options, request);
  const match = /^\/api\/stores\/([^/]+)\/(\w+)$/.exec(path);
  const store = options.stores().find((one) => one.id === match?.[1]);
  if (match === null || store === undefined) return json(404, { error: 'There is no such page.' });
  if (method === 'GET') return read(store, match[2] ?? '', request.query);
  try {
    return act(options, store, match[2] ?? '', readJson(request));
  } catch (error) {
    // The store's own refusal ("sold out") is for the person to read.
    return json(409, { error: error instanceof Error ? error.message : String(error) });
  }
}

/** Only JSON is taken, so a form on some other page cannot act here. */
function readJson(request: SandboxRequest): Record<string, unknown> {
  if (!(request.headers['content-type'] ?? '').includes('json')) throw new Error('JSON only');
  return JSON.parse(request.rawBody.toString('utf8')) as Record<string, unknown>;
}

function overview(options: ControlOptions): Record<string, unknown> {
  const { traffic } = options;
  return {
    traffic: {
      running: traffic.running,
      ordersPerMinute: traffic.ordersPerMinute,
      ...traffic.statistics(),
    },
    stores: options.stores().map((store) => ({
      id: store.id,
      name: store.name,
      system: store.system,
      account: store.account,
      adminUrl: store.adminUrl,
      faults: Object.keys(store.faults.current(store.account)),
      invariants: store.invariants(),
    })),
  };
}

function read(store: ControlledStore, what: string, query: URLSearchParams): SandboxReply {
  switch (what) {
    case 'orders':
      return json(200, store.orders(ORDERS_SHOWN));
    case 'items':
      return json(200, findItems(store, query.get('q') ?? ''));
    case 'faults':
      return json(200, listFaults(store));
    case 'activity':
      return json(200, activity(store));
    default:
      return json(404, { error: 'There is no such page.' });
  }
}

function findItems(store: ControlledStore, search: string): unknown {
  const wanted = search.trim().toLowerCase();
  const found = store
    .items()
    .filter((item) => `${item.sku} ${item.title}`.toLowerCase().includes(wanted));
  return { total: found.length, items: found.slice(0, ITEMS_SHOWN) };
}

const listFaults = (store: ControlledStore): unknown => {
  const current = store.faults.current(store.account);
  return Object.entries(FAULTS).map(([name, sentence]) => ({
    name,
    sentence,
    setting: current[name as FaultName] ?? null,
  }));
};

function activity(store: ControlledStore): unknown {
  const entries = store.journal.entries({ account: store.account }).slice(-JOURNAL_SHOWN);
  const deliveries = store.deliveries().slice(-JOURNAL_SHOWN);
  return {
    requests: entries.reverse().map((entry) => ({
      sequence: entry.sequence,
      at: entry.at,
      what: entry.operation ?? entry.path,
      method: entry.method,
      status: entry.status,
      fault: entry.fault,
      body: entry.body.slice(0, ANSWER_SHOWN),
      answer: entry.answer.slice(0, ANSWER_SHOWN),
    })),
    webhooks: deliveries.reverse().map((delivery) => ({
      sequence: delivery.sequence,
      at: delivery.createdAt,
      topic: delivery.topic,
      state: delivery.state,
      attempts: delivery.attempts.length,
      lastStatus: delivery.attempts.at(-1)?.status ?? null,
      lastError: delivery.attempts.at(-1)?.error ?? null,
      milliseconds: delivery.attempts.at(-1)?.milliseconds ?? null,
      repeat: delivery.duplicateOf !== null,
      body: delivery.body.slice(0, ANSWER_SHOWN),
    })),
  };
}

function act(
  options: ControlOptions,
  store: ControlledStore,
  what: string,
  input: Record<string, unknown>,
): SandboxReply {
  switch (what) {
    case 'orders':
      return placeOrders(options, store, input);
    case 'cancel':
      store.cancelOrder(String(input['orderId']));
      return json(200, { message: 'Cancelled.' });
    case 'act': {
      const message = store.actOnOrder?.(String(input['orderId']), String(input['action']));
      return message === undefined
        ? json(404, { error: 'There is no such action.' })
        : json(200, { message });
    }
    case 'stock': {
      const available = wholeNumber(input['available']);
      store.setAvailable(String(input['itemId']), String(input['locationId']), available);
      return json(200, { message: `Set to ${available}.` });
    }
    case 'faults':
      return switchFault(store, input);
    default:
      return json(404, { error: 'There is no such page.' });
  }
}

function placeOrders(
  options: ControlOptions,
  store: ControlledStore,
  input: Record<string, unknown>,
): SandboxReply {
  if (input['random'] !== undefined) {
    const wanted = Math.min(wholeNumber(input['random']), RANDOM_ORDERS_MAX);
    const placed = Array.from({ length: wanted }, () => options.traffic.placeOne(store));
    const count = placed.filter((order) => order !== null).length;
    const refused = count < wanted ? ` ${wanted - count} refused as sold out.` : '';
    return json(200, { message: `${count} ${count === 1 ? 'order' : 'orders'} placed.${refused}` });
  }
  const order = options.traffic.placeLines(
    store,
    (input['lines'] as { itemId: string; quantity: number }[]).map((line) => ({
      itemId: String(line.itemId),
      quantity: wholeNumber(line.quantity),
    })),
  );
  return json(200, { message: `${order.name} placed for ${order.customer}.` });
}

function switchFault(store: ControlledStore, input: Record<string, unknown>): SandboxReply {
  const name = String(input['fault']) as FaultName;
  if (!(name in FAULTS)) throw new Error(`there is no fault ${name}`);
  if (input['on'] === true) {
    store.faults.set(store.account, name, SWITCHED_ON[name] ?? {});
  } else {
    store.faults.clear(store.account, name);
  }
  return json(200, { message: `${input['on'] === true ? 'On' : 'Off'}: ${FAULTS[name]}` });
}

function setTraffic(options: ControlOptions, request: SandboxRequest): SandboxReply {
  const input = readJson(request);
  const rate = Math.min(1_200, Math.max(0, Number(input['ordersPerMinute'] ?? 0)));
  if (rate > 0) options.traffic.start(rate);
  else options.traffic.stop();
  return json(200, { message: rate > 0 ? `${rate} orders a minute.` : 'Stopped.' });
}

function wholeNumber(value: unknown): number {
  const number = Number(value);
  if (!Number.isInteger(number)) throw new Error('a whole number is needed');
  return number;
}
