import { fileURLToPath } from 'node:url';
import { vitePlugin as remix } from '@remix-run/dev';
import type {} from '@remix-run/node';
import { defineConfig } from 'vite';

declare module '@remix-run/node' {
  interface Future {
    v3_singleFetch: true;
  }
}

export default defineConfig({
  plugins: [
    remix({
      ignoredRouteFiles: ['**/.*', '**/*.test.*'],
      future: {
        v3_fetcherPersist: true,
        v3_relativeSplatPath: true,
        v3_throwAbortReason: true,
        v3_lazyRouteDiscovery: false,
        v3_singleFetch: true,
      },
    }),
  ],
  resolve: {
    alias: [{ find: /^#app\//, replacement: fileURLToPath(new URL('./app/', import.meta.url)) }],
  },
  // Polaris imports its own JSON and CSS in ways Node cannot load, and the bridge is TypeScript in
  // a workspace: both are bundled into the server build. So is Shopify's library, which wraps our
  // pages in Polaris' provider: outside it would bring a second Polaris that knows of no provider.
  ssr: {
    noExternal: ['@shopify/polaris', '@shopify/shopify-app-remix', '@crossdock/woocommerce-bridge'],
  },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 1000 },
  server: { host: '127.0.0.1' },
});
