/**
 * How fast a store's messages are answered while 200 arrive each second, and whether anything
 * else starves meanwhile. The messages are what a busy shop sends most: numbers that changed, and
 * a tenth of them orders that did.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { AppWorld } from './app-world';
import { brokenPromises } from './ledger-database';
import { percentile } from './measure';
import { type BenchReport, ms, under } from './report';
import { type Answers, steadily } from './steady-load';

const PER_SECOND = 200;
const PAGES_PER_SECOND = 2;
const ORDERS = 40;
/** Every how many-th message is about an order. */
const ORDER_EVERY = 10;

type Message = { readonly topic: string; readonly body: string };

export async function benchWebhookAnswers(
  world: AppWorld,
  settings: { readonly rounds: number; readonly roundMs: number },
  report: BenchReport,
): Promise<void> {
  const dispatcher = new Agent({ connections: 64, pipelining: 1 });
  const messages = await messagesOf(world);
  const none: Answers = { milliseconds: [], failed: 0 };
  const bound = structuredClone(none);
  const ours = structuredClone(none);
  const pages = structuredClone(none);
  const health = async (): Promise<boolean> => {
    const answer = await request(`${world.appUrl}/health`, { dispatcher });
    await answer.body.dump();
    return answer.statusCode === 200;
  };
  const post = async (index: number): Promise<boolean> => {
    const { topic, body } = messages[index % messages.length] ?? { topic: '', body: '' };
    const answer = await request(`${world.appUrl}/webhooks/shopify`, {
      method: 'POST',
      dispatcher,
      headers: headersOf(world, topic, body),
      body,
    });
    await answer.body.dump();
    return answer.statusCode === 200;
  };
  const page = async (): Promise<boolean> => {
    const answer = await world.browse('/app/orders');
    await answer.text();
    return answer.ok;
  };
  // Code that was never run is slow once, for both.
  await steadily(PER_SECOND / 4, 1_000, health);
  await steadily(PER_SECOND / 4, 1_000, post);
  await page();
  for (let round = 0; round < settings.rounds; round += 1) {
    const boundRound = async () =>
      add(bound, await steadily(PER_SECOND, settings.roundMs / 2, health));
    const oursRound = async () => {
      const [answers, shown] = await Promise.all([
        steadily(PER_SECOND, settings.roundMs, post),
        steadily(PAGES_PER_SECOND, settings.roundMs, page),
      ]);
      add(ours, answers);
      add(pages, shown);
    };
    const turns = round % 2 === 0 ? [boundRound, oursRound] : [oursRound, boundRound];
    for (const turn of turns) await turn();
  }
  const drainedMs = await world.settle();
  await dispatcher.close();

  const seconds = (settings.rounds * settings.roundMs) / 1_000;
  report.rows.push({
    what: `Webhook answers, ${PER_SECOND}/s for ${String(seconds)} s`,
    ours: shown(ours),
    bound: shown(bound),
    ratio: (percentile(ours.milliseconds, 50) / percentile(bound.milliseconds, 50)).toFixed(1),
    target: under(percentile(ours.milliseconds, 99), 50, ' ms', 'p99'),
    boundIs: 'GET /health of the same server at the same pace',
    note: `${String(ours.failed)} not answered with 200`,
  });
  report.rows.push({
    what: 'Meanwhile: the orders page',
    ours: shown(pages),
    bound: '',
    boundIs: '',
    ratio: '',
    target: { words: 'answers', reached: pages.failed === 0 },
    note: `${String(pages.failed)} failed; all jobs were done ${ms(drainedMs)} after the last message`,
  });
  report.broken.push(...(await brokenPromises(world.db, world.merchantId, 'webhooks')));
}

function add(sum: Answers, more: Answers): void {
  sum.milliseconds.push(...more.milliseconds);
  sum.failed += more.failed;
}

function shown({ milliseconds }: Answers): string {
  return `p50 ${ms(percentile(milliseconds, 50))}, p99 ${ms(percentile(milliseconds, 99))}`;
}

/** Numbers as they stand, and orders as they are: what the app looks at again is in order. */
async function messagesOf({ shop, settle }: AppWorld): Promise<readonly Message[]> {
  const skus = [...shop.state.variants.values()].map((variant) => variant.sku);
  const orderIds = Array.from({ length: ORDERS }, (_, index) => {
    const sku = skus[(index * 7) % skus.length] ?? '';
    return shop.placeOrder({ lines: [{ sku, quantity: 1 }] }).id;
  });
  await settle();
  const numbers = [...shop.state.levels.values()].map((level): Message => ({
    topic: 'inventory_levels/update',
    body: JSON.stringify({
      inventory_item_id: numberOf(level.itemId),
      location_id: numberOf(level.locationId),
      available: level.quantities.available,
      updated_at: new Date().toISOString(),
      admin_graphql_api_id: `gid://shopify/InventoryLevel/1?inventory_item_id=1`,
    }).replace(/"(\d{16,})"/g, '$1'),
  }));
  const orders = orderIds.map((id): Message => ({
    topic: 'orders/updated',
    body: `{"id":${numberOf(id)},"admin_graphql_api_id":"${id}","note":"${'x'.repeat(3_000)}"}`,
  }));
  return numbers.map((message, index) =>
    index % ORDER_EVERY === 0 ? (orders[(index / ORDER_EVERY) % ORDERS] ?? message) : message,
  );
}

/** The digits of a global id; too long for a JavaScript number. */
function numberOf(gid: string): string {
  return /(\d+)$/.exec(gid)?.[1] ?? '';
}

function headersOf(world: AppWorld, topic: string, body: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': world.shop.domain,
    'x-shopify-api-version': '2026-07',
    'x-shopify-webhook-id': randomUUID(),
    'x-shopify-event-id': randomUUID(),
    'x-shopify-hmac-sha256': createHmac('sha256', world.apiSecret).update(body).digest('base64'),
  };
}
