/**
 * The load of the webhook answers, in a process of its own: what the sandbox stores do meanwhile,
 * in the process that plays them, must not count as waiting for an answer.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Agent, request } from 'undici';
import { type Answers, steadily } from './steady-load';

export type Message = { readonly topic: string; readonly body: string };

export type WebhookLoad = {
  readonly appUrl: string;
  readonly shopDomain: string;
  readonly apiSecret: string;
  readonly databaseUrl: string;
  /** Sent in turn. */
  readonly messages: readonly Message[];
  readonly perSecond: number;
  readonly milliseconds: number;
};

/**
 * A tenth as many as messages, between them: `health` asks GET /health, which the server answers
 * by itself, and must not become a load of its own. `inserts` puts messages in a bare table, each
 * committed: what being durable costs meanwhile.
 */
export type WebhookTimes = {
  readonly messages: Answers;
  readonly health: Answers;
  readonly inserts: Answers;
};

/** One set of connections for both, so that both wait in the same way. */
const dispatcher = new Agent({ connections: 64, pipelining: 1 });

async function put(load: WebhookLoad): Promise<WebhookTimes> {
  const { perSecond, milliseconds } = load;
  const messages = steadily(perSecond, milliseconds, (index) => post(load, index));
  await sleep(500 / perSecond);
  const health = steadily(perSecond / 10, milliseconds, () => getHealth(load));
  const pool = new pg.Pool({ connectionString: load.databaseUrl, max: 4 });
  try {
    await pool.query('CREATE TABLE IF NOT EXISTS bench_message (id uuid PRIMARY KEY, body text)');
    const inserts = await steadily(perSecond / 10, milliseconds, (index) =>
      insert(pool, bodyOf(load, index)),
    );
    return { messages: await messages, health: await health, inserts };
  } finally {
    await pool.end();
  }
}

function bodyOf({ messages }: WebhookLoad, index: number): string {
  return messages[index % messages.length]?.body ?? '';
}

async function insert(pool: pg.Pool, body: string): Promise<boolean> {
  await pool.query({
    name: 'bench_message',
    text: 'INSERT INTO bench_message (id, body) VALUES ($1, $2)',
    values: [randomUUID(), body],
  });
  return true;
}

async function post(load: WebhookLoad, index: number): Promise<boolean> {
  const { topic, body } = load.messages[index % load.messages.length] ?? { topic: '', body: '' };
  const answer = await request(`${load.appUrl}/webhooks/shopify`, {
    method: 'POST',
    dispatcher,
    headers: {
      'content-type': 'application/json',
      'x-shopify-topic': topic,
      'x-shopify-shop-domain': load.shopDomain,
      'x-shopify-api-version': '2026-07',
      'x-shopify-webhook-id': randomUUID(),
      'x-shopify-event-id': randomUUID(),
      'x-shopify-hmac-sha256': createHmac('sha256', load.apiSecret).update(body).digest('base64'),
    },
    body,
  });
  await answer.body.dump();
  return answer.statusCode === 200;
}

async function getHealth({ appUrl }: WebhookLoad): Promise<boolean> {
  const answer = await request(`${appUrl}/health`, { dispatcher });
  await answer.body.dump();
  return answer.statusCode === 200;
}

process.on('message', (load: WebhookLoad) => {
  put(load).then(
    (value) => process.send?.({ value }),
    (problem: unknown) => process.send?.({ problem: String(problem) }),
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ value: 'ready' });
