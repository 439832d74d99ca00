import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../support/free-port';

/** Kept in the data folder, so that a second run finds the stores where the first left them. */
export type DemoSettings = {
  readonly shopifyApiKey: string;
  readonly shopifyApiSecret: string;
  readonly encryptionKey: string;
  readonly wooCredentials: { consumerKey: string; consumerSecret: string };
  readonly ports: {
    readonly app: number;
    readonly shopify: number;
    readonly woocommerce: number;
    readonly control: number;
  };
  readonly restored: { readonly shopify: Buffer; readonly woocommerce: Buffer } | null;
};

type Saved = Omit<DemoSettings, 'restored'>;

const root = fileURLToPath(new URL('../..', import.meta.url));
/** CROSSDOCK_DEMO_FOLDER lets two demos, or a test, live side by side. */
export const dataFolder = path.resolve(root, process.env['CROSSDOCK_DEMO_FOLDER'] ?? '.data/demo');
export const postgresFolder = path.join(dataFolder, 'postgres');
export const logFile = path.join(dataFolder, 'app.log');
const settingsFile = path.join(dataFolder, 'settings.json');
const shopifyFile = path.join(dataFolder, 'shopify.bin');
const wooFile = path.join(dataFolder, 'woocommerce.bin');

export async function loadSettings(): Promise<DemoSettings> {
  mkdirSync(dataFolder, { recursive: true });
  if (!existsSync(settingsFile)) {
    writeFileSync(settingsFile, JSON.stringify(await newSettings(), null, 2), { mode: 0o600 });
  }
  const saved = JSON.parse(readFileSync(settingsFile, 'utf8')) as Saved;
  const both = existsSync(shopifyFile) && existsSync(wooFile);
  return {
    ...saved,
    restored: both
      ? { shopify: readFileSync(shopifyFile), woocommerce: readFileSync(wooFile) }
      : null,
  };
}

export async function newSettings(): Promise<Saved> {
  const [app = 0, shopify = 0, woocommerce = 0, control = 0] = await freePorts(4);
  return {
    shopifyApiKey: 'crossdock-demo',
    shopifyApiSecret: randomBytes(16).toString('hex'),
    encryptionKey: randomBytes(32).toString('base64'),
    wooCredentials: {
      consumerKey: `ck_${randomBytes(20).toString('hex')}`,
      consumerSecret: `cs_${randomBytes(20).toString('hex')}`,
    },
    ports: { app, shopify, woocommerce, control },
  };
}

/** Written beside and renamed, so that a killed demo leaves the last whole snapshot. */
export function saveSnapshot(snapshot: { shopify: Buffer; woocommerce: Buffer }): void {
  for (const [file, bytes] of [
    [shopifyFile, snapshot.shopify],
    [wooFile, snapshot.woocommerce],
  ] as const) {
    writeFileSync(`${file}.new`, bytes);
    renameSync(`${file}.new`, file);
  }
}

export function forgetData(): void {
  rmSync(dataFolder, { recursive: true, force: true });
}
