/**
 * The product as the processes of a small installation: one web, some workers, a PostgreSQL and
 * perhaps a Redis of their own, and both stores in this process. Each can be killed by its name.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, createDatabase } from '../../app/platform/database';
import { type AppProcess, appEnvironment, startApp } from '../demo/app-process';
import type { DemoProduct } from '../demo/catalog';
import { prepareMerchant } from '../demo/install';
import { newSettings } from '../demo/settings';
import { type DemoWorld, createWorld } from '../demo/world';
import { freePort } from '../support/free-port';
import { type KillableServer, startKillablePostgres, startKillableRedis } from './killable-servers';

export type Dispatcher = 'embedded' | 'bull';
export type ProcessName = 'web' | `worker-${number}`;

export type Fleet = {
  readonly appUrl: string;
  readonly world: DemoWorld;
  readonly db: Database;
  readonly postgres: KillableServer;
  readonly redis: (KillableServer & { flush(): Promise<void> }) | null;
  /** Everything the processes wrote. */
  readonly logFile: string;
  /** Starts it, again and again while it cannot start; a worker is not waited for. */
  start(name: ProcessName): Promise<void>;
  /** SIGKILL, and waits for the end. False: it was not running. */
  kill(name: ProcessName): Promise<boolean>;
  running(name: ProcessName): AppProcess['process'] | null;
  workerOf(pid: number): ProcessName | null;
  /** Installs the app, connects the second store, and waits for both imports. */
  prepare(): Promise<void>;
  /** Processes that ended without having been killed. */
  readonly deaths: readonly string[];
  close(): Promise<void>;
};

export type FleetOptions = {
  /** Of the data folder and the log file. */
  readonly name: string;
  readonly dispatcher: Dispatcher;
  readonly products: readonly DemoProduct[];
  readonly seed?: number;
  readonly environment?: Readonly<Record<string, string>>;
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const resultsFolder = path.join(root, 'test-results');
const START_TRIES_MAX = 20;
const START_RETRY_MS = 500;

/** Starts the servers and the stores; no process of the product yet. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  mkdirSync(resultsFolder, { recursive: true });
  const logFile = path.join(resultsFolder, `${options.name}.log`);
  writeFileSync(logFile, '');
  const postgres = await startKillablePostgres(options.name);
  const redis = options.dispatcher === 'bull' ? await startKillableRedis() : null;
  const db = createDatabase(postgres.url, { max: 6, applicationName: 'crossdock-storm' });
  const saved = await newSettings();
  const port = await freePort();
  const appUrl = `http://127.0.0.1:${String(port)}`;
  const ports = { app: port, shopify: 0, woocommerce: 0, control: 0 };
  const settings = { ...saved, ports, restored: null };
  const { products, seed } = options;
  const world = await createWorld(settings, appUrl, {
    products,
    weeksOfOrders: 0,
    ...(seed === undefined ? {} : { seed }),
  });
  const urls = { databaseUrl: postgres.url, appUrl, shopifyUrl: world.shopify.url };
  const environment = {
    ...appEnvironment(settings, urls),
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    ...options.environment,
  };
  const processes = manageProcesses({ port, environment, logFile });
  const close = closeOnce(async () => {
    await processes.stopAll();
    await world.close();
    await db.close();
    await redis?.remove();
    await postgres.remove();
  });
  return {
    ...{ appUrl, world, db, postgres, redis, logFile },
    ...processes,
    prepare: () =>
      prepareMerchant({ appUrl, databaseUrl: postgres.url, world, say: () => undefined }),
    close,
  };
}

/** Also when a person ends the run: servers of its own would outlive it. */
function closeOnce(close: () => Promise<void>): () => Promise<void> {
  let closed: Promise<void> | null = null;
  const closeAndEnd = (): void => {
    void (closed ??= close()).finally(() => process.exit(130));
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, closeAndEnd);
  return async () => {
    for (const signal of signals) process.off(signal, closeAndEnd);
    await (closed ??= close());
  };
}

function manageProcesses(common: {
  readonly port: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
}) {
  const processes = new Map<ProcessName, AppProcess>();
  const deaths: string[] = [];
  let closing = false;

  async function startOnce(name: ProcessName): Promise<void> {
    const role = name === 'web' ? 'web' : 'worker';
    const app = await startApp({ ...common, role });
    processes.set(name, app);
    app.process.once('exit', (code, signal) => {
      if (closing || processes.get(name) !== app) return;
      processes.delete(name);
      deaths.push(`${name} ended by itself (${String(signal ?? code)}); see ${common.logFile}`);
    });
  }
  const running = (name: ProcessName) => {
    const child = processes.get(name)?.process;
    const alive = child !== undefined && child.exitCode === null && child.signalCode === null;
    return alive ? child : null;
  };

  return {
    deaths,
    running,
    async start(name: ProcessName): Promise<void> {
      // As a supervisor would: what cannot start because its database is away is started again.
      for (let tries = 1; ; tries += 1) {
        try {
          await startOnce(name);
          return;
        } catch (problem) {
          if (tries >= START_TRIES_MAX) throw problem;
          await sleep(START_RETRY_MS);
        }
      }
    },
    async kill(name: ProcessName): Promise<boolean> {
      const child = running(name);
      if (child === null) return false;
      processes.delete(name);
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      return true;
    },
    workerOf(pid: number): ProcessName | null {
      const found = [...processes].find(([, app]) => app.process.pid === pid);
      return found?.[0] ?? null;
    },
    async stopAll(): Promise<void> {
      closing = true;
      await Promise.all([...processes.values()].map((app) => app.stop()));
    },
  };
}
