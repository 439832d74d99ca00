/** The webhook endpoints as the web process serves them, without the rest of the application. */
import { createHmac, randomUUID } from 'node:crypto';
import type { ServerBuild } from '@remix-run/node';
import { readSignal } from '@crossdock/woocommerce-bridge';
import { readShopifySignal } from '#app/connectors/channels/shopify/read-signal';
import { createJobSystem } from '#app/jobs/job-system';
import type { Database } from '#app/platform/database';
import { silentLog } from '#app/platform/log';
import { type WebServer, startWebServer } from '#app/web';
import { createWebhookReceiver } from '#app/webhooks/inbound/receive-webhook';
import { serveWebhooks } from '#app/webhooks/inbound/serve-webhooks';

export const SHOPIFY_SECRET = 'the app secret of these tests';

/** A server on a free port; Woo secrets are kept unsealed here. */
export async function startWebhookServer(db: Database): Promise<WebServer> {
  const jobs = createJobSystem({ db, log: silentLog, redisUrl: null });
  const receiver = createWebhookReceiver({
    db,
    queue: jobs.queue,
    log: silentLog,
    shopifySecret: SHOPIFY_SECRET,
    openWebhookSecret: (sealed) => sealed,
    readSignal: (kind, account, request, secret) =>
      kind === 'shopify'
        ? readShopifySignal(request, secret, account)
        : readSignal(request, secret),
  });
  return startWebServer({
    build: NO_PAGES,
    webhooks: serveWebhooks(receiver),
    clientFolder: '/nonexistent',
    host: '127.0.0.1',
    port: 0,
    log: silentLog,
    production: true,
  });
}

/** A store's row; Shopify's secret is the app's, so it has none of its own. */
export async function insertConnection(
  db: Database,
  connection: {
    readonly kind: 'shopify' | 'woocommerce';
    readonly account: string;
    readonly secret?: string;
  },
): Promise<{ readonly id: string; readonly merchantId: string }> {
  const id = randomUUID();
  const merchantId = randomUUID();
  await db.query(`INSERT INTO merchant (id, name, currency) VALUES ($1, 'Shop', 'USD')`, [
    merchantId,
  ]);
  await db.query(
    `INSERT INTO connection (id, merchant_id, kind, account, name, webhook_secret)
     VALUES ($1, $2, $3, $4, 'Store', $5)`,
    [id, merchantId, connection.kind, connection.account, connection.secret ?? null],
  );
  return { id, merchantId };
}

export function sign(secret: string, body: string | Uint8Array): string {
  return createHmac('sha256', secret).update(body).digest('base64');
}

/** The headers of a Shopify delivery, signed. */
export function shopifyHeaders(
  shop: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-shopify-topic': 'orders/updated',
    'x-shopify-shop-domain': shop,
    'x-shopify-api-version': '2026-07',
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-hmac-sha256': sign(SHOPIFY_SECRET, body),
    ...more,
  };
}

const NO_PAGES: ServerBuild = {
  entry: {
    module: {
      default: () => {
        throw new Error('No page is served here.');
      },
    },
  },
  routes: {},
  assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '' },
  assetsBuildDirectory: '',
  publicPath: '/',
  isSpaMode: false,
  mode: 'production',
  future: { v3_singleFetch: true } as ServerBuild['future'],
};
