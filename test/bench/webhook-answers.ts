/**
 * How fast a store's messages are answered while so many arrive each second, and whether anything
 * else starves meanwhile. The messages are what a busy shop sends most: numbers that changed, and
 * a tenth of them orders that did.
 */
import path from 'node:path';
import type { AppWorld } from './app-world';
import { brokenPromises } from './ledger-database';
import { percentile } from './measure';
import { type BenchReport, ms, notMeasured, times, under } from './report';
import { type Answers, steadily } from './steady-load';
import { TYPESCRIPT, startTold } from './told-process';
import type { Message, WebhookLoad, WebhookTimes } from './webhook-load';

const PAGES_PER_SECOND = 2;
const ORDERS = 40;
/** Every how many-th message is about an order. */
const ORDER_EVERY = 10;
const P99_MS_ASKED = 50;
/** The pace that is asked for; the others show where it bends. */
const PACE_ASKED = 200;

export type WebhookSettings = {
  /** Messages per second. */
  readonly paces: readonly number[];
  readonly milliseconds: number;
  /** Which processes answer and work, for the row's name. */
  readonly processes: string;
};

export async function benchWebhookAnswers(
  world: AppWorld,
  settings: WebhookSettings,
  report: BenchReport,
): Promise<void> {
  const messages = await messagesOf(world);
  const sender = await startTold(path.join(import.meta.dirname, 'webhook-load.ts'), TYPESCRIPT, {});
  const put = (perSecond: number, milliseconds: number): Promise<WebhookTimes> =>
    sender.ask<WebhookTimes>({
      appUrl: world.appUrl,
      shopDomain: world.shop.domain,
      apiSecret: world.apiSecret,
      databaseUrl: world.url,
      messages,
      perSecond,
      milliseconds,
    } satisfies WebhookLoad);
  const page = async (): Promise<boolean> => {
    const answer = await world.browse('/app/orders');
    await answer.text();
    return answer.ok;
  };
  try {
    // Code that was never run is slow once, for both.
    await put(PACE_ASKED / 4, 3_000);
    await page();
    for (const pace of settings.paces) {
      const [answers, pages] = await Promise.all([
        put(pace, settings.milliseconds),
        steadily(PAGES_PER_SECOND, settings.milliseconds, page),
      ]);
      const drainedMs = await world.settle();
      const what = `${String(pace)}/s, ${settings.processes}`;
      addRows(report, what, pace, answers, pages, drainedMs);
    }
  } finally {
    sender.close();
  }
  const held = world.peakMegabytes();
  const memory = `Memory at most, ${settings.processes}`;
  if (held.length === 0) report.rows.push(notMeasured(memory, 'the system does not tell'));
  else {
    report.rows.push({
      what: memory,
      ours: held.map((megabytes) => `${String(megabytes)} MB`).join(' and '),
      bound: '',
      boundIs: '',
      ratio: '',
      target: null,
      note: 'resident, since the start, through an import and all messages',
    });
  }
  report.broken.push(...(await brokenPromises(world.db, world.merchantId, 'webhooks')));
}

function addRows(
  report: BenchReport,
  what: string,
  pace: number,
  { messages, health, inserts }: WebhookTimes,
  pages: Answers,
  drainedMs: number,
): void {
  const [p50, p99] = [50, 99].map((percent) => percentile(messages.milliseconds, percent));
  const ratio = (p50 ?? Number.NaN) / percentile(health.milliseconds, 50);
  report.rows.push({
    what: `Webhook answers, ${what}`,
    ours: shown(messages),
    bound: shown(health),
    boundIs: 'GET /health of the same process, between the messages',
    ratio: times(ratio),
    target: pace === PACE_ASKED ? under(p99 ?? Number.NaN, P99_MS_ASKED, ' ms', 'p99') : null,
    note: `ratio of p50; a bare INSERT meanwhile ${shown(inserts)}; jobs done ${ms(drainedMs)} after the last message`,
  });
  report.rows.push({
    what: `Meanwhile the orders page, ${what}`,
    ours: shown(pages),
    bound: '',
    boundIs: '',
    ratio: '',
    target: { words: 'all answered', reached: pages.failed === 0 },
    note: `opened ${String(PAGES_PER_SECOND)} times a second`,
  });
  if (messages.failed > 0) {
    report.broken.push(`webhooks, ${what}: ${String(messages.failed)} not answered with 200`);
  }
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
