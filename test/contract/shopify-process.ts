/**
 * A process of its own that works on a sandbox shop, as one of several workers: `storm` calls the
 * API as hard as it can, `token` asks for a session that is about to expire. Told by environment.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import '@shopify/shopify-api/adapters/node';
import '../sandbox/redirect.mjs';
import { createShopifyChannel } from '../../app/connectors/channels/shopify/connector';
import type { Outcome } from '../../app/contracts/outcome';
import { createDatabase } from '../../app/platform/database';
import { silentLog } from '../../app/platform/log';
import { createPrisma } from '../../app/platform/prisma';
import { createSecretBox } from '../../app/platform/secrets';
import { createShopifyAccess } from '../../app/shopify.server';
import { createCallBudget } from '../../app/store/call-budget';
import { createSessionStore } from '../../app/store/sessions';

type Task = {
  readonly what: 'storm' | 'token';
  readonly database: string;
  readonly shop: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly key: string;
  readonly places: readonly { readonly stockRef: string; readonly locationRef: string }[];
  readonly calls: number;
};

const task = JSON.parse(process.env['TASK'] ?? '{}') as Task;
const db = createDatabase(task.database, { max: 4 });
const access = createShopifyAccess({
  config: {
    production: false,
    shopifyApiKey: task.apiKey,
    shopifyApiSecret: task.apiSecret,
    shopifyAppUrl: 'https://crossdock.example',
  },
  apiVersion: '2026-07',
  sessions: createSessionStore(createPrisma(db), createSecretBox(task.key)),
  log: silentLog,
  onShopInstalled: () => Promise.resolve(),
});

if (task.what === 'token') {
  const loaded = await Promise.all([1, 2, 3].map(() => access.loadOfflineSession(task.shop)));
  answer(loaded.map((one) => ('value' in one ? one.value.accessToken : one.status)));
} else {
  const channel = createShopifyChannel(
    {
      accountUrl: `https://${task.shop}`,
      credentials: { shop: task.shop },
      now: () => new Date(),
      log: silentLog,
    },
    { getAdmin: access.adminOf(task.shop), budget: createCallBudget(db, `shopify:${task.shop}`) },
  );
  const statuses: string[] = [];
  const callers = Array.from({ length: 8 }, async (_, caller) => {
    for (let call = caller; call < task.calls; call += 8) {
      const { stockRef, locationRef } = task.places[call % task.places.length] ?? {
        stockRef: '',
        locationRef: '',
      };
      const quantity = 1_000 + call;
      const entry = { listingRef: '', stockRef, locationRef, quantity, expected: null };
      const key = `${String(process.pid)} ${String(call)}`;
      const publish = async () => (await channel.publishStock([entry], key))[0];
      statuses.push(await untilItsTurn(publish));
      statuses.push(await untilItsTurn(() => channel.readStock([{ listingRef: '', stockRef }])));
    }
  });
  await Promise.all(callers);
  answer(statuses);
}
await db.close();

/** As a job does: comes back when it is told to. */
async function untilItsTurn(call: () => Promise<Outcome<unknown> | undefined>): Promise<string> {
  for (;;) {
    const outcome = await call();
    if (outcome?.status !== 'retry_later') return outcome?.status ?? 'none';
    await sleep(Math.max(0, outcome.retryAt.getTime() - Date.now()));
  }
}

function answer(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
