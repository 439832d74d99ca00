import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** One minute: a hook may start a server, build a template database or a browser. */
const HOOK_TIMEOUT_MS = 60_000;
/** Generous, since nothing in the suite asserts on time and the machine may be busy. */
const TEST_TIMEOUT_MS = 60_000;

export default defineConfig({
  resolve: {
    alias: [{ find: /^#app\//, replacement: fileURLToPath(new URL('./app/', import.meta.url)) }],
  },
  test: {
    include: ['test/**/*.test.{ts,tsx}', 'woocommerce-bridge/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'build/**', '.data/**', '.cache/**'],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Two cores are the usual size of a CI machine; each worker also drives a database backend.
    maxWorkers: 2,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: HOOK_TIMEOUT_MS,
    server: { deps: { inline: [/@shopify\/polaris/] } },
  },
});
