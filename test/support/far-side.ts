/**
 * The whole product as real processes, between a small merchant's two sandbox stores and a
 * database: for tests that act as buyers and merchants do, and judge by what the stores hold.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { type AppProcess, appEnvironment, startApp } from '../demo/app-process';
import { type DemoProduct, LOCATIONS } from '../demo/catalog';
import { prepareMerchant } from '../demo/install';
import { newSettings } from '../demo/settings';
import { type DemoWorld, type WorldOptions, createWorld } from '../demo/world';
import { isAlive } from './embedded-postgres-process';
import { freePort } from './free-port';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Screenshots and logs, for looking at after a run; not kept in the repository. */
export const resultsFolder = path.join(root, 'test-results');

const running: Crossdock[] = [];
// Registered while the test file is read: from inside a hook it would never be called.
afterAll(async () => {
  await Promise.all(running.map((crossdock) => crossdock.close()));
});

export type RunningRole = 'all' | 'web' | 'worker';

export type Crossdock = {
  readonly appUrl: string;
  readonly world: DemoWorld;
  /** Everything the processes wrote. */
  readonly logFile: string;
  /** Starts the role, and waits until it answers (a worker is not waited for). */
  start(role: RunningRole, extraEnvironment?: Readonly<Record<string, string>>): Promise<void>;
  /** Ends it as a supervisor does: what is under way is finished. */
  stop(role: RunningRole): Promise<void>;
  /** Ends it as no program would like to end, and waits for the end. */
  kill(role: RunningRole): Promise<void>;
  /** Ends the processes and the stores, and sees to it that nothing is left running. */
  close(): Promise<void>;
};

type CrossdockOptions = WorldOptions & {
  /** Of the log file. */
  readonly name: string;
  readonly databaseUrl: string;
  /** Default: one process that is both. */
  readonly roles?: readonly RunningRole[];
  readonly redisUrl?: string | null;
};

/**
 * Starts stores and application, installs the app, connects the second store, and waits for both
 * imports. Closes by itself after the last test of the file.
 */
export async function startCrossdock(options: CrossdockOptions): Promise<Crossdock> {
  if (!existsSync(path.join(root, 'build/server/index.js'))) {
    throw new Error('There is no build: run the tests with npm test, or npm run build first.');
  }
  mkdirSync(resultsFolder, { recursive: true });
  const saved = await newSettings();
  const ports = { app: await freePort(), shopify: 0, woocommerce: 0, control: 0 };
  const settings = { ...saved, ports, restored: null };
  const appUrl = `http://127.0.0.1:${String(ports.app)}`;
  const world = await createWorld(settings, appUrl, {
    products: smallCatalog(),
    weeksOfOrders: 0,
    ...options,
  });
  const environment = {
    ...appEnvironment(settings, {
      databaseUrl: options.databaseUrl,
      appUrl,
      shopifyUrl: world.shopify.url,
    }),
    ...(options.redisUrl ? { REDIS_URL: options.redisUrl } : {}),
  };
  const crossdock = assemble(options, { world, appUrl, port: ports.app, environment });
  running.push(crossdock);
  try {
    for (const role of options.roles ?? ['all']) await crossdock.start(role);
    const { databaseUrl } = options;
    await prepareMerchant({ appUrl, databaseUrl, world, say: () => undefined });
  } catch (problem) {
    await crossdock.close();
    throw problem;
  }
  return crossdock;
}

function assemble(
  options: CrossdockOptions,
  parts: {
    readonly world: DemoWorld;
    readonly appUrl: string;
    readonly port: number;
    readonly environment: Readonly<Record<string, string>>;
  },
): Crossdock {
  const { world, appUrl, port, environment } = parts;
  const logFile = path.join(resultsFolder, `${options.name}.log`);
  writeFileSync(logFile, '');
  const processes = new Map<RunningRole, AppProcess>();
  const pids: number[] = [];
  let closed: Promise<void> | null = null;
  const taken = (role: RunningRole): AppProcess => {
    const app = processes.get(role);
    if (app === undefined) throw new Error(`No ${role} is running.`);
    processes.delete(role);
    return app;
  };
  const close = async () => {
    await Promise.all([...processes.values()].map((app) => app.stop()));
    await world.close();
    const left = pids.filter(isAlive);
    if (left.length > 0) throw new Error(`Still running: ${left.join(', ')}; see ${logFile}.`);
  };
  return {
    appUrl,
    world,
    logFile,
    async start(role, extra = {}) {
      const app = await startApp({
        port,
        role,
        environment: { ...environment, ...extra },
        logFile,
      });
      if (app.process.pid !== undefined) pids.push(app.process.pid);
      processes.set(role, app);
    },
    stop: (role) => taken(role).stop(),
    async kill(role) {
      const app = taken(role);
      if (app.process.exitCode !== null || app.process.signalCode !== null) {
        throw new Error(`The ${role} had ended by itself; see ${logFile}.`);
      }
      const ended = new Promise((resolve) => app.process.once('exit', resolve));
      app.process.kill('SIGKILL');
      await ended;
    },
    close: () => (closed ??= close()),
  };
}

/** Units the Shopify store shows, over all its locations. */
export function unitsInShopify({ world }: Crossdock, sku: string): number {
  return Object.values(LOCATIONS).reduce((sum, name) => sum + world.shop.available(sku, name), 0);
}

/** Units the WooCommerce store shows. */
export function unitsInWoo({ world }: Crossdock, sku: string): number | null {
  const found = [...world.woo.state.products.values()].find((one) => one.sku === sku);
  if (found === undefined) throw new Error(`The WooCommerce store has no ${sku}.`);
  return found.stockQuantity;
}

/** Looks again and again until it is so; throws with the sentence given when it takes too long. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not come true in time: ${what}.`);
    await sleep(50);
  }
}

const SMALL_KINDS = [
  'Tee',
  'Cap',
  'Mug',
  'Tote',
  'Vase',
  'Lantern',
  'Clog',
  'Throw',
  'Pack',
  'Rug',
];
const SMALL_SIZES = ['S', 'M', 'L'];

/**
 * Thirty items with SKUs like TEE-M, each with 40 units in the main warehouse, 20 in the east and
 * 10 outside; all but the throws and rugs are sold on the second store, too.
 */
export function smallCatalog(stock: readonly number[] = [40, 20, 10]): readonly DemoProduct[] {
  return SMALL_KINDS.map((title, kind) => ({
    title,
    productType: 'Goods',
    code: title.toUpperCase(),
    variants: SMALL_SIZES.map((size, index) => ({
      sku: `${title.toUpperCase()}-${size}`,
      title: size,
      barcode: `0${String(10_000_000_000 + kind * 10 + index)}`,
      priceMinor: 1_900 + kind * 100,
      weightGrams: 200,
      stock: {
        [LOCATIONS.main]: stock[0] ?? 0,
        [LOCATIONS.east]: stock[1] ?? 0,
        [LOCATIONS.outside]: stock[2] ?? 0,
      },
      onWooCommerce: !['Throw', 'Rug'].includes(title),
    })),
  }));
}
