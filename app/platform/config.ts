/**
 * The environment, read once and checked. Nothing else in the product reads process.env.
 * A missing or impossible value stops the start-up; messages name variables, never values.
 */
import { z } from 'zod';

const ENCRYPTION_KEY_BYTES = 32;
/** Random keys of 32 bytes have about 30 different bytes; a typed-in one gives itself away. */
const ENCRYPTION_KEY_DISTINCT_BYTES_MIN = 12;
/** The app script Shopify serves for every embedded app. */
const APP_BRIDGE_URL = 'https://cdn.shopify.com/shopifycloud/app-bridge.js';

const encryptionKey = z.string().refine(isEncryptionKey, {
  message: 'must be 32 random bytes in base64 (openssl rand -base64 32)',
});
const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
const port = z.coerce.number().int().min(0).max(65_535);

const environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  DATABASE_URL: z.string().refine(hasScheme('postgres:', 'postgresql:'), {
    message: 'must be a postgresql:// address',
  }),
  DATABASE_POOL_MAX: z.coerce.number().int().min(2).max(500).default(10),
  REDIS_URL: z
    .string()
    .refine(hasScheme('redis:', 'rediss:'), { message: 'must be a redis:// address' })
    .optional(),
  SHOPIFY_API_KEY: z.string().min(1),
  SHOPIFY_API_SECRET: z.string().min(8),
  SHOPIFY_APP_URL: z.string().refine(isAppUrl, {
    message: 'must be an https:// address without a path (http:// only on this machine)',
  }),
  APP_BRIDGE_URL: z
    .string()
    .refine(hasScheme('https:', 'http:'), { message: 'must be an https:// address' })
    .default(APP_BRIDGE_URL),
  ENCRYPTION_KEY: encryptionKey,
  ENCRYPTION_KEYS_OLD: z
    .string()
    .transform((text) => text.split(',').map((key) => key.trim()))
    .pipe(z.array(encryptionKey))
    .default([]),
  PORT: port.default(3000),
  HOST: z.string().min(1).default('0.0.0.0'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ROLE: z.enum(['web', 'worker', 'all']).default('all'),
  METRICS_TOKEN: z.string().min(16).optional(),
  CROSSDOCK_ALLOW_PRIVATE_STORE_URLS: flag.default(false),
  SANDBOX_ADMIN_ORIGIN: z
    .string()
    .refine(hasScheme('https:', 'http:'), { message: 'must be an http:// address' })
    .optional(),
});

type Environment = z.infer<typeof environment>;

export type Config = {
  readonly production: boolean;
  readonly databaseUrl: string;
  readonly databasePoolMax: number;
  readonly redisUrl: string | null;
  readonly shopifyApiKey: string;
  readonly shopifyApiSecret: string;
  /** Origin of the app as merchants reach it, without a trailing slash. */
  readonly shopifyAppUrl: string;
  readonly appBridgeUrl: string;
  /** 32 bytes in base64: the key that seals, and those that may still open. */
  readonly encryptionKey: string;
  readonly encryptionKeysOld: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly role: Environment['ROLE'];
  /** Bearer token of the metrics endpoint; null leaves it to the network to protect. */
  readonly metricsToken: string | null;
  readonly allowPrivateStoreUrls: boolean;
  /** Origin of the sandbox's admin, which may frame the app; never used in production. */
  readonly sandboxAdminOrigin: string | null;
};

/** One or more environment variables are missing or wrong; the message lists all of them. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
}

/**
 * Reads the configuration from an environment. Empty variables count as absent.
 * Throws ConfigInvalid with one line per problem.
 */
export function parseConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(present);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => {
      const name = String(path[0]);
      return name in present ? `  ${name} ${message}` : `  ${name} is not set`;
    });
    throw new ConfigInvalid(
      ['The configuration is not usable:', ...new Set(lines), 'See .env.example.'].join('\n'),
    );
  }
  return toConfig(parsed.data);
}

/** What of a configuration nobody may read, wherever it turns up. */
export function secretsOf(config: Config): readonly (string | null)[] {
  const passwordOf = (address: string | null): string | null =>
    address === null ? null : decodeURIComponent(new URL(address).password);
  return [
    config.shopifyApiSecret,
    config.encryptionKey,
    ...config.encryptionKeysOld,
    config.metricsToken,
    passwordOf(config.databaseUrl),
    passwordOf(config.redisUrl),
  ];
}

let processConfig: Config | null = null;

/** The configuration of this process, parsed on first use. Throws ConfigInvalid. */
export function getConfig(): Config {
  processConfig ??= parseConfig(process.env);
  return processConfig;
}

function toConfig(env: Environment): Config {
  return {
    production: env.NODE_ENV === 'production',
    databaseUrl: env.DATABASE_URL,
    databasePoolMax: env.DATABASE_POOL_MAX,
    redisUrl: env.REDIS_URL ?? null,
    shopifyApiKey: env.SHOPIFY_API_KEY,
    shopifyApiSecret: env.SHOPIFY_API_SECRET,
    shopifyAppUrl: new URL(env.SHOPIFY_APP_URL).origin,
    appBridgeUrl: env.APP_BRIDGE_URL,
    encryptionKey: env.ENCRYPTION_KEY,
    encryptionKeysOld: env.ENCRYPTION_KEYS_OLD,
    port: env.PORT,
    host: env.HOST,
    logLevel: env.LOG_LEVEL,
    role: env.ROLE,
    metricsToken: env.METRICS_TOKEN ?? null,
    allowPrivateStoreUrls: env.CROSSDOCK_ALLOW_PRIVATE_STORE_URLS,
    sandboxAdminOrigin: env.SANDBOX_ADMIN_ORIGIN ?? null,
  };
}

function isEncryptionKey(text: string): boolean {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return false;
  const bytes = Buffer.from(text, 'base64');
  return (
    bytes.length === ENCRYPTION_KEY_BYTES &&
    new Set(bytes).size >= ENCRYPTION_KEY_DISTINCT_BYTES_MIN
  );
}

function hasScheme(...schemes: readonly string[]): (text: string) => boolean {
  return (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol);
}

function isAppUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname } = new URL(text);
  const local = ['localhost', '127.0.0.1'].includes(hostname) || hostname.endsWith('.localhost');
  return pathname === '/' && (protocol === 'https:' || (protocol === 'http:' && local));
}
