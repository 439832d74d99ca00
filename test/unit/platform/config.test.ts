/**
 * Goal: a process with a wrong environment does not start, and says which variable is wrong without
 * saying its value. Method: a complete environment, broken one variable at a time.
 */
import { expect, test } from 'vitest';
import { ConfigInvalid, parseConfig } from '#app/platform/config';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7)).toString('base64');
const OLD_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 5)).toString('base64');
const COMPLETE = {
  DATABASE_URL: 'postgresql://u:p@db:5432/crossdock',
  SHOPIFY_API_KEY: 'key',
  SHOPIFY_API_SECRET: 'shopify-secret',
  SHOPIFY_APP_URL: 'https://crossdock.example.com/',
  ENCRYPTION_KEY: KEY,
};

function problemsOf(changes: Record<string, string | undefined>): string {
  try {
    parseConfig({ ...COMPLETE, ...changes });
  } catch (problem) {
    expect(problem).toBeInstanceOf(ConfigInvalid);
    return (problem as Error).message;
  }
  throw new Error('the environment was accepted');
}

test('a complete environment gives a configuration with defaults', () => {
  expect(parseConfig(COMPLETE)).toMatchObject({
    production: true,
    databaseUrl: COMPLETE.DATABASE_URL,
    redisUrl: null,
    shopifyAppUrl: 'https://crossdock.example.com',
    encryptionKeysOld: [],
    port: 3000,
    role: 'all',
    allowPrivateStoreUrls: false,
  });
});

test('optional values are read', () => {
  const config = parseConfig({
    ...COMPLETE,
    REDIS_URL: 'redis://127.0.0.1:6379',
    ENCRYPTION_KEYS_OLD: `${OLD_KEY}, ${KEY}`,
    PORT: '8080',
    ROLE: 'worker',
    CROSSDOCK_ALLOW_PRIVATE_STORE_URLS: 'true',
  });
  expect(config).toMatchObject({
    redisUrl: 'redis://127.0.0.1:6379',
    encryptionKeysOld: [OLD_KEY, KEY],
    port: 8080,
    role: 'worker',
    allowPrivateStoreUrls: true,
  });
});

test.each(Object.keys(COMPLETE))('%s is required, and empty counts as missing', (name) => {
  expect(problemsOf({ [name]: undefined })).toContain(`${name} is not set`);
  expect(problemsOf({ [name]: '' })).toContain(`${name} is not set`);
});

test('all problems are listed at once', () => {
  const message = problemsOf({ DATABASE_URL: undefined, PORT: 'many', ROLE: 'boss' });
  expect(message).toMatch(/DATABASE_URL is not set/);
  expect(message).toMatch(/PORT /);
  expect(message).toMatch(/ROLE /);
});

test.each([
  ['DATABASE_URL', 'mysql://canary/db'],
  ['REDIS_URL', 'http://canary'],
  ['SHOPIFY_APP_URL', 'http://canary.example.com'],
  ['SHOPIFY_APP_URL', 'https://canary.example.com/path'],
  ['SHOPIFY_API_SECRET', 'canary'],
  ['ENCRYPTION_KEY', 'canary'],
  ['ENCRYPTION_KEY', Buffer.alloc(32).toString('base64')],
  ['ENCRYPTION_KEYS_OLD', `${KEY},canary`],
  ['PORT', '70000'],
  ['CROSSDOCK_ALLOW_PRIVATE_STORE_URLS', 'yes'],
])('%s refuses %s without repeating it', (name, value) => {
  const message = problemsOf({ [name]: value });
  expect(message).toContain(name);
  expect(message).not.toContain(value);
});

test('plain http is accepted on this machine only', () => {
  const local = { ...COMPLETE, SHOPIFY_APP_URL: 'http://127.0.0.1:3000' };
  expect(parseConfig(local).shopifyAppUrl).toBe('http://127.0.0.1:3000');
});
