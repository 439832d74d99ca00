/**
 * A merchant's whole world in this process: two stores, a web process and workers of ours, one
 * database. Everything waits at the scheduler's gates; nothing else decides what comes first.
 */
import { Session } from '@shopify/shopify-api';
import { startScheduler } from '../../../app/jobs/scheduler';
import { parseConfig } from '../../../app/platform/config';
import { createMetrics } from '../../../app/platform/metrics';
import { createSecretBox } from '../../../app/platform/secrets';
import { createSessionStore } from '../../../app/store/sessions';
import type { InboundRequest } from '../../../app/webhooks/inbound/receive-webhook';
import { type Wiring, createWiring } from '../../../app/wiring.server';
import {
  type Delivery,
  type Random,
  createFaults,
  createJournal,
  realClock,
} from '../../sandbox/core';
import {
  type AppWebhook,
  type SandboxShop,
  type ShopifySandbox,
  createShopifySandbox,
} from '../../sandbox/shopify';
import { type WooStore, createWooStore } from '../../sandbox/woocommerce';
import { type CallFault, type FarSide, type Network, gateHttp } from './gate-http';
import { type PostgresGate, gatePostgres } from './gate-postgres';
import { type SimNode, createNode } from './node';
import type { Scheduler } from './scheduler';
import { dropTimers, inProcess, worldMs } from './virtual-time';

export const SHOP_DOMAIN = 'harbor-goods.myshopify.com';
/** Another merchant of the app. Nothing of ours is theirs. */
export const NEIGHBOR_DOMAIN = 'somebody-else.myshopify.com';
const STORE_HOST = 'outlet.sim';
const APP_URL = 'http://localhost:3000';
const API_KEY = 'crossdock-simulation';
const API_SECRET = 'crossdock-simulation-secret-0123456789';
const ENCRYPTION_KEY = Buffer.from('0123456789abcdefghijklmnopqrstuv').toString('base64');
/** A few connections, so that waiting for one is something that happens. */
const POOL_MAX = 4;
const SLOTS = 4;
const POLL_MS = 15_000;
const UPKEEP_MS = 10_000;
const RESTART_MS = 2_000;
/** What the other merchant has of each item in each place, for ever: nobody buys there. */
export const NEIGHBOR_UNITS = 7;

export type ItemPlan = {
  readonly sku: string;
  /** Units by location. */
  readonly stock: Readonly<Record<string, number>>;
};

/** A running process of ours. */
export type Process = {
  readonly node: SimNode;
  readonly wiring: Wiring;
};

export type SimWorld = {
  readonly scheduler: Scheduler;
  readonly shopify: ShopifySandbox;
  readonly shop: SandboxShop;
  readonly neighbor: SandboxShop | null;
  readonly woo: WooStore;
  /** Web and workers by name; null while one is down. */
  readonly processes: Map<string, Process | null>;
  /** Answers of the app to messages: what it has acknowledged must not be lost. */
  acknowledged: { readonly topic: string; readonly headers: Record<string, string> }[];
  /** How many messages never arrived: dropped on the way, or met by nobody and not repeated. */
  lostMessages(): number;
  /** Times that processes held each other up in a circle of locks. */
  deadlocks(): number;
  web(): Process | null;
  /** Memory gone, connections cut; it comes back after a while. */
  crash(name: string): Promise<void>;
  restartAll(): void;
  /** Runs in the name of the web process, as a form does; null while it is down. */
  asStaff<T>(work: (wiring: Wiring) => Promise<T>): Promise<T> | null;
  /** A merchant opens the app in the shop's admin: tokens are exchanged anew. */
  signIn(wiring: Wiring, shop?: SandboxShop): Promise<void>;
  close(): Promise<void>;
};

export type WorldSettings = {
  readonly databaseUrl: string;
  readonly random: Random;
  readonly scheduler: Scheduler;
  readonly items: readonly ItemPlan[];
  readonly workers: number;
  readonly neighbor: boolean;
  readonly skewMs: (process: string) => number;
  readonly appConfiguration: { readonly scopes: string[]; readonly appWebhooks: AppWebhook[] };
  drawFault(isWrite: boolean): CallFault | null;
  /** What happens to a message on its way. */
  drawDelivery(delivery: Delivery): { readonly delayMs: number; readonly copies: number };
};

const LOCATIONS = [
  { name: 'West', provinceCode: 'OR', province: 'Oregon', latitude: 45.5, longitude: -122.7 },
  { name: 'East', provinceCode: 'PA', province: 'Pennsylvania', latitude: 40, longitude: -75.1 },
];

export async function createSimWorld(settings: WorldSettings): Promise<SimWorld> {
  const { random, scheduler } = settings;
  const clock = realClock();
  const acknowledged: SimWorld['acknowledged'] = [];
  const processes = new Map<string, Process | null>();
  let lost = 0;
  const unserved = (url: string) => ({ url, transmit: (delivery: Delivery) => deliver(delivery) });
  const shopify = await createShopifySandbox({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    appUrl: APP_URL,
    clock,
    random: random.fork('shopify'),
    unserved: unserved('http://shopify.sim'),
    ...settings.appConfiguration,
  });
  const shop = shopify.createShop({
    domain: SHOP_DOMAIN,
    name: 'Harbor Goods',
    locations: LOCATIONS,
  });
  const neighbor = settings.neighbor ? addNeighbor(shopify, settings.items) : null;
  const woo = await createWooStore({
    name: 'Harbor Outlet',
    clock,
    random: random.fork('woo'),
    faults: createFaults(random.fork('woo faults')),
    journal: createJournal(() => clock.now()),
    fulfillments: true,
    unserved: unserved(`http://${STORE_HOST}`),
  });
  for (const { sku, stock } of settings.items) {
    shop.addProduct({ title: `Item ${sku}`, variants: [{ sku, stock: { ...stock } }] });
    const units = Object.values(stock).reduce((sum, count) => sum + count, 0);
    woo.addProduct({ name: `Item ${sku}`, sku, price: '10.00', stock: units });
  }
  const gate = await gatePostgres(scheduler, settings.databaseUrl);
  const network = networkOf({ shopify, woo }, settings);
  const http = gateHttp(scheduler, network);

  async function deliver(delivery: Delivery): Promise<number> {
    const { delayMs, copies } = settings.drawDelivery(delivery);
    // Lost on the way, while the sender was told that it arrived.
    if (copies === 0) {
      lost += 1;
      return 200;
    }
    if (delayMs > 0) await clock.sleep(delayMs);
    // The sender hears the last answer; a copy is one that the network made.
    for (let copy = 1; copy < copies; copy += 1) await deliverOnce(delivery);
    return deliverOnce(delivery);
  }

  async function deliverOnce(delivery: Delivery): Promise<number> {
    await new Promise<void>((resolve) => {
      scheduler.wait({
        label: `message ${delivery.topic} arrives`,
        node: null,
        line: null,
        go: () => Promise.resolve(resolve()),
      });
    });
    const web = processes.get('web') ?? null;
    if (web === null) throw new Error('connection refused');
    const answered = inProcess.run(web.node, () => receive(web.wiring, delivery));
    const died = web.node.died.then(() => null);
    const status = await Promise.race([answered, died]);
    if (status === null) throw new Error('connection reset');
    if (status >= 200 && status < 300) {
      acknowledged.push({ topic: delivery.topic, headers: { ...delivery.headers } });
    }
    return status;
  }

  function start(name: string): void {
    const node = createNode(name, settings.skewMs(name));
    const wiring = inProcess.run(node, () => startProcess(settings.databaseUrl, name));
    processes.set(name, { node, wiring });
    // It reads its engine from a file, in a thread of its own.
    scheduler.hold(wiring.prisma.$connect());
  }

  const world: SimWorld = {
    scheduler,
    shopify,
    shop,
    neighbor,
    woo,
    processes,
    acknowledged,
    lostMessages: () =>
      lost + [...shopify.deliveries(), ...woo.deliveries()].filter(isUnheard).length,
    deadlocks: () => gate.deadlocks(),
    web: () => processes.get('web') ?? null,
    async crash(name) {
      const running = processes.get(name);
      if (running === null || running === undefined) return;
      scheduler.note(`${name} is killed`);
      processes.set(name, null);
      await kill(running.node, scheduler, gate);
      clock.after(RESTART_MS + random.integer(0, RESTART_MS), () => {
        if (processes.get(name) === null) start(name);
      });
    },
    restartAll() {
      for (const [name, running] of processes) if (running === null) start(name);
    },
    asStaff(work) {
      const web = world.web();
      if (web === null) return null;
      const done = inProcess.run(web.node, () => work(web.wiring));
      return Promise.race([
        done,
        web.node.died.then(() => {
          throw new Error('The process died.');
        }),
      ]);
    },
    async signIn(wiring, who = shop) {
      const token = await exchangeToken(shopify, who);
      const secrets = createSecretBox(ENCRYPTION_KEY, []);
      const session = sessionOf(who.domain, token);
      await createSessionStore(wiring.prisma, secrets).storeSession(session);
    },
    async close() {
      for (const running of processes.values()) {
        if (running !== null) await kill(running.node, scheduler, gate);
      }
      scheduler.forget(null);
      http.close();
      await gate.close();
      await Promise.all([shopify.close(), woo.close()]);
    },
  };
  start('web');
  for (let index = 1; index <= settings.workers; index += 1) start(`worker ${String(index)}`);
  return world;
}

const isUnheard = ({ state }: Delivery): boolean => state === 'failed' || state === 'dropped';

async function kill(node: SimNode, scheduler: Scheduler, gate: PostgresGate): Promise<void> {
  node.die();
  scheduler.forget(node);
  dropTimers(node);
  await gate.cutOff(node);
}

function startProcess(databaseUrl: string, name: string): Wiring {
  const config = parseConfig({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_MAX: String(POOL_MAX),
    SHOPIFY_API_KEY: API_KEY,
    SHOPIFY_API_SECRET: API_SECRET,
    SHOPIFY_APP_URL: APP_URL,
    ENCRYPTION_KEY,
    CROSSDOCK_ALLOW_PRIVATE_STORE_URLS: 'true',
    LOG_LEVEL: process.env['SIMULATE_LOG_LEVEL'] ?? 'silent',
  });
  const wiring = createWiring(config, createMetrics());
  if (name === 'web') return wiring;
  const { db, log, jobs, registry, jobDeps, tasks } = wiring;
  jobs.startWorker({ registry, deps: jobDeps, slots: SLOTS, pollMs: POLL_MS });
  startScheduler({ db, log, queue: jobs.queue, tasks, upkeepMs: UPKEEP_MS });
  return wiring;
}

async function receive(wiring: Wiring, delivery: Delivery): Promise<number> {
  const { pathname } = new URL(delivery.url, APP_URL);
  const request: InboundRequest = {
    method: 'POST',
    headers: new Map(
      Object.entries(delivery.headers).map(([name, value]) => [name.toLowerCase(), value]),
    ),
    body: bytesOf(delivery.body),
  };
  const woocommerce = /^\/webhooks\/woocommerce\/([^/]+)$/.exec(pathname)?.[1];
  const response =
    woocommerce === undefined
      ? await wiring.webhooks.shopify(request)
      : await wiring.webhooks.woocommerce(request, woocommerce);
  return response.status;
}

async function* bytesOf(text: string): AsyncIterable<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from(text);
}

function networkOf(
  stores: { readonly shopify: ShopifySandbox; readonly woo: WooStore },
  { drawFault }: WorldSettings,
): Network {
  const shopOf = (domain: string, name: string): FarSide => ({
    name,
    handle: (request) => stores.shopify.handle(request),
    play: (fault) => stores.shopify.faults.set(domain, fault as 'throttle', { remaining: 1 }),
  });
  const sides: Record<string, FarSide> = {
    [SHOP_DOMAIN]: shopOf(SHOP_DOMAIN, 'shopify'),
    [NEIGHBOR_DOMAIN]: shopOf(NEIGHBOR_DOMAIN, 'neighbor'),
    [STORE_HOST]: {
      name: 'woo',
      handle: (request) => stores.woo.handle(request),
      play: (fault) => stores.woo.faults.set(stores.woo.id, fault as 'throttle', { remaining: 1 }),
    },
  };
  return {
    farSideOf: (host) => sides[host] ?? null,
    drawFault: (_, isWrite) => drawFault(isWrite),
  };
}

function addNeighbor(shopify: ShopifySandbox, items: readonly ItemPlan[]): SandboxShop {
  const shop = shopify.createShop({
    domain: NEIGHBOR_DOMAIN,
    name: 'Somebody Else',
    locations: LOCATIONS,
  });
  for (const { sku } of items) {
    const stock = Object.fromEntries(LOCATIONS.map(({ name }) => [name, NEIGHBOR_UNITS]));
    shop.addProduct({ title: `Their ${sku}`, variants: [{ sku, stock }] });
  }
  return shop;
}

type Token = {
  readonly access_token: string;
  readonly scope: string;
  readonly expires_in: number;
  readonly refresh_token: string;
  readonly refresh_token_expires_in: number;
};

async function exchangeToken(shopify: ShopifySandbox, shop: SandboxShop): Promise<Token> {
  const form = new URLSearchParams({
    client_id: API_KEY,
    client_secret: API_SECRET,
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: shop.idToken(),
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    requested_token_type: 'urn:shopify:params:oauth:token-type:offline-access-token',
    expiring: '1',
  });
  const reply = await shopify.handle({
    method: 'POST',
    path: '/admin/oauth/access_token',
    query: new URLSearchParams(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-sim-shop': shop.domain,
    },
    rawBody: Buffer.from(form.toString()),
  });
  if (reply.status !== 200) throw new Error(`Token exchange: ${reply.body.toString()}`);
  return JSON.parse(reply.body.toString()) as Token;
}

function sessionOf(shop: string, token: Token): Session {
  return new Session({
    id: `offline_${shop}`,
    shop,
    state: '',
    isOnline: false,
    scope: token.scope,
    accessToken: token.access_token,
    refreshToken: token.refresh_token,
    expires: new Date(worldMs() + token.expires_in * 1000),
    refreshTokenExpires: new Date(worldMs() + token.refresh_token_expires_in * 1000),
  });
}
