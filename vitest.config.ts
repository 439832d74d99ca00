import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first';

/**
 * Generous, since nothing in the suite asserts on time and the machine may be busy: a hook may
 * start a server, build a template database or a browser.
 */
const TIME_MAX_MS = 240_000;
const POLL_MS_MAX = 60_000;

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
    sequence: { sequencer: LongestFirst },
    testTimeout: TIME_MAX_MS,
    hookTimeout: TIME_MAX_MS,
    expect: { poll: { timeout: POLL_MS_MAX } },
    server: { deps: { inline: [/@shopify\/polaris/] } },
  },
});
