import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DemoSettings } from './settings';

const root = fileURLToPath(new URL('../..', import.meta.url));
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 20_000;

export type AppProcess = {
  readonly process: ChildProcess;
  readonly url: string;
  stop(): Promise<void>;
};

/** What the application is told of this world. */
export function appEnvironment(
  settings: Pick<DemoSettings, 'shopifyApiKey' | 'shopifyApiSecret' | 'encryptionKey'>,
  urls: { readonly databaseUrl: string; readonly appUrl: string; readonly shopifyUrl: string },
): Record<string, string> {
  return {
    DATABASE_URL: urls.databaseUrl,
    SHOPIFY_API_KEY: settings.shopifyApiKey,
    SHOPIFY_API_SECRET: settings.shopifyApiSecret,
    SHOPIFY_APP_URL: urls.appUrl,
    SHOPIFY_SIM_URL: urls.shopifyUrl,
    APP_BRIDGE_URL: `${urls.shopifyUrl}/app-bridge.js`,
    SANDBOX_ADMIN_ORIGIN: urls.shopifyUrl,
    ENCRYPTION_KEY: settings.encryptionKey,
    CROSSDOCK_ALLOW_PRIVATE_STORE_URLS: 'true',
  };
}

/** Starts the built application with its calls to Shopify going to the sandbox. */
export async function startApp(options: {
  readonly port: number;
  readonly role?: 'all' | 'web' | 'worker';
  readonly environment: Readonly<Record<string, string>>;
  readonly logFile: string;
  /** Without the sandbox: it calls nobody, and may run as in production. */
  readonly alone?: boolean;
}): Promise<AppProcess> {
  const url = `http://127.0.0.1:${String(options.port)}`;
  const child = spawn(
    process.execPath,
    [
      ...(options.alone === true ? [] : ['--import', './test/sandbox/redirect.mjs']),
      ...['--import', './test/demo/follow-parent.mjs'],
      ...['app/main.mjs', options.role ?? 'all'],
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: 'development',
        PORT: String(options.port),
        HOST: '127.0.0.1',
        ...options.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  const log = createWriteStream(options.logFile, { flags: 'a' });
  child.stdout?.pipe(log);
  child.stderr?.pipe(log);
  if (options.role !== 'worker') {
    await answering(child, url, options.logFile).catch(async (problem: unknown) => {
      await stopProcess(child);
      throw problem;
    });
  }
  return { process: child, url, stop: () => stopProcess(child) };
}

async function answering(child: ChildProcess, url: string, logFile: string): Promise<void> {
  const deadline = Date.now() + START_MS_MAX;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) {
      throw new Error(`The app ended before it answered; see ${logFile}.`);
    }
    const ready = await fetch(`${url}/health/ready`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  throw new Error(`The app did not answer within a minute; see ${logFile}.`);
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await ended;
  clearTimeout(timer);
}
