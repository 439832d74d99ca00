/**
 * The importing process of the import bench: reads one shop's catalogue into the database, as a
 * worker's job does, and tells how long it took and how much memory it held beyond its start.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import '@shopify/shopify-api/adapters/node';
import '../sandbox/redirect.mjs';
import { type ApiVersion, RequestedTokenType, shopifyApi } from '@shopify/shopify-api';
import { ADMIN_API_VERSION } from '../../app/connectors/channels/shopify/client';
import { createShopifyChannel } from '../../app/connectors/channels/shopify/connector';
import { type ImportProgress, importCatalog } from '../../app/operations/catalog/import-catalog';
import { createDatabase } from '../../app/platform/database';
import { silentLog } from '../../app/platform/log';
import { createCallBudget } from '../../app/store/call-budget';

type Task = {
  readonly database: string;
  readonly shop: string;
  readonly connectionId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly idToken: string;
};

const task = JSON.parse(process.env['TASK'] ?? '{}') as Task;
const api = shopifyApi({
  apiKey: task.apiKey,
  apiSecretKey: task.apiSecret,
  apiVersion: ADMIN_API_VERSION as ApiVersion,
  hostName: 'localhost',
  isEmbeddedApp: true,
  logger: { log: () => undefined },
});
const { session } = await api.auth.tokenExchange({
  shop: task.shop,
  sessionToken: task.idToken,
  requestedTokenType: RequestedTokenType.OfflineAccessToken,
  expiring: true,
});
const db = createDatabase(task.database, { max: 4 });
const channel = createShopifyChannel(
  {
    accountUrl: `https://${task.shop}`,
    credentials: { shop: task.shop },
    now: () => new Date(),
    log: silentLog,
  },
  {
    budget: createCallBudget(db, `shopify:${task.shop}`),
    getAdmin: () => {
      const client = new api.clients.Graphql({ session });
      return Promise.resolve({
        status: 'done',
        value: { request: (text, request) => client.request(text, request) },
      });
    },
  },
);
const context = {
  db,
  clock: { now: () => new Date() },
  log: silentLog,
  afterCommit: () => undefined,
  channelFor: () => Promise.resolve(channel),
  stores: {
    checkUrl: () => Promise.resolve({ ok: false as const, message: 'There is no store here.' }),
    callbackUrl: (id: string) => id,
    begin: () => Promise.reject(new Error('There is no store here.')),
  },
  secrets: { seal: (plain: string) => plain, open: (sealed: string) => sealed },
};

const rssAtStart = process.memoryUsage.rss();
let rssMax = rssAtStart;
const watch = setInterval(() => {
  rssMax = Math.max(rssMax, process.memoryUsage.rss());
}, 50);
const startedAt = performance.now();
let waitedMs = 0;
let progress: ImportProgress | null = null;
for (;;) {
  const outcome = await importCatalog(
    context as unknown as Parameters<typeof importCatalog>[0],
    { connectionId: task.connectionId, thenOrders: false, progress },
    (known) => {
      progress = known;
      return Promise.resolve();
    },
  );
  if (outcome.status === 'done') break;
  if (outcome.status !== 'waits') throw new Error(JSON.stringify(outcome));
  const before = performance.now();
  await sleep(Math.max(0, outcome.until.getTime() - Date.now()));
  waitedMs += performance.now() - before;
}
const seconds = (performance.now() - startedAt - waitedMs) / 1_000;
clearInterval(watch);
const rssBytes = rssMax - rssAtStart;
process.stdout.write(`${JSON.stringify({ seconds, waitedMs, rssBytes, rssMax })}\n`);
await db.close();
