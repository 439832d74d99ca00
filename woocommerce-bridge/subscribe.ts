import { createHmac } from 'node:crypto';
import type { Outcome } from '../app/contracts/outcome';
import type { Failure } from './answers';
import type { StoreClient } from './client';
import { idOf, recordsOf, textOf } from './read-body';
import type { JsonRecord } from './read-body';

/** Refunds and fulfillments have no topic of their own: `order.updated` tells of them. */
export const TOPICS = [
  'order.created',
  'order.updated',
  'order.deleted',
  'order.restored',
  'product.created',
  'product.updated',
  'product.deleted',
  'product.restored',
] as const;

/** No store has more webhooks than this; reading on would only hide that paging is broken. */
const WEBHOOK_PAGES_MAX = 10;
const PER_PAGE = 100;

type OwnWebhooks =
  | { readonly ok: true; readonly webhooks: readonly JsonRecord[] }
  | { readonly ok: false; readonly failure: Failure };

/**
 * Makes sure the store sends every topic to `callbackUrl`, exactly once each: makes what is
 * missing or switched off, renews the secret where it changed, and removes doubles. Repeating it
 * only reads.
 */
export async function subscribe(
  client: StoreClient,
  callbackUrl: string,
  secret: string,
): Promise<Outcome<{ readonly topics: readonly string[] }>> {
  const outcome = await checkSubscription(client, callbackUrl, secret);
  if (outcome.status !== 'done' && outcome.status !== 'duplicate') return outcome;
  return { status: 'done', value: { topics: TOPICS } };
}

/**
 * As {@link subscribe}, and tells how many webhooks had been missing or off: what happened
 * meanwhile was never sent and never will be.
 */
export async function checkSubscription(
  client: StoreClient,
  callbackUrl: string,
  secret: string,
): Promise<Outcome<{ readonly revived: number }>> {
  const own = await readOwnWebhooks(client, callbackUrl);
  if (!own.ok) return own.failure;
  let revived = 0;
  for (const topic of TOPICS) {
    const all = own.webhooks.filter((webhook) => textOf(webhook, 'topic') === topic);
    const active = all.find((webhook) => textOf(webhook, 'status') === 'active');
    // One that the store switched off keeps its count of failures when it is switched on again,
    // and the next failure would end it: a new one begins at none.
    const failure = active
      ? await renew(client, active, topic, secret)
      : await create(client, topic, callbackUrl, secret);
    if (failure) return failure;
    if (!active) revived += 1;
    for (const other of all.filter((webhook) => webhook !== active)) {
      const removed = await remove(client, other);
      if (removed) return removed;
    }
  }
  if (revived > 0) client.log.info({ revived }, 'webhooks were made that were missing or off');
  return { status: 'done', value: { revived } };
}

/** Removes every webhook that points at `callbackUrl`. */
export async function unsubscribe(
  client: StoreClient,
  callbackUrl: string,
): Promise<Outcome<null>> {
  const own = await readOwnWebhooks(client, callbackUrl);
  if (!own.ok) return own.failure;
  for (const webhook of own.webhooks) {
    const failure = await remove(client, webhook);
    if (failure) return failure;
  }
  return { status: 'done', value: null };
}

async function readOwnWebhooks(client: StoreClient, callbackUrl: string): Promise<OwnWebhooks> {
  const own: JsonRecord[] = [];
  for (let page = 1; page <= WEBHOOK_PAGES_MAX; page += 1) {
    const answer = await client.read('webhooks', { per_page: PER_PAGE, page });
    if (!answer.ok) return { ok: false, failure: answer.failure };
    const webhooks = recordsOf(answer.body);
    own.push(...webhooks.filter((webhook) => textOf(webhook, 'delivery_url') === callbackUrl));
    if (webhooks.length < PER_PAGE) break;
  }
  return { ok: true, webhooks: own };
}

async function create(
  client: StoreClient,
  topic: string,
  callbackUrl: string,
  secret: string,
): Promise<Failure | null> {
  const name = nameOf(topic, secret);
  const body = { name, topic, delivery_url: callbackUrl, secret, status: 'active' };
  const answer = await client.write({ method: 'post', path: 'webhooks', body, lookUpBy: name });
  return answer.ok ? null : again(client, answer.failure);
}

async function renew(
  client: StoreClient,
  webhook: JsonRecord,
  topic: string,
  secret: string,
): Promise<Failure | null> {
  const name = nameOf(topic, secret);
  if (textOf(webhook, 'name') === name) return null;
  const path = `webhooks/${idOf(webhook['id']) ?? '0'}`;
  const request = { method: 'put' as const, path, body: { name, secret }, lookUpBy: name };
  const answer = await client.write(request);
  return answer.ok ? null : again(client, answer.failure);
}

async function remove(client: StoreClient, webhook: JsonRecord): Promise<Failure | null> {
  const id = idOf(webhook['id']) ?? '0';
  const answer = await client.write({
    method: 'delete',
    path: `webhooks/${id}`,
    parameters: { force: true },
    lookUpBy: id,
  });
  if (answer.ok) return null;
  const { failure } = answer;
  const gone = failure.status === 'refused' && failure.reason.code === 'not_found';
  return gone ? null : again(client, failure);
}

/** Every step looks before it writes, so a step of unknown end is just taken again. */
function again(client: StoreClient, failure: Failure): Failure {
  if (failure.status !== 'unknown') return failure;
  const retryAt = new Date(client.now().getTime() + 5_000);
  return { status: 'retry_later', retryAt, message: failure.message };
}

/**
 * The store never tells a webhook's secret. A mark made with it in the name shows whether the
 * webhook still has the present one; it reveals nothing about a secret made at random.
 */
function nameOf(topic: string, secret: string): string {
  const mark = createHmac('sha256', secret).update('crossdock webhook').digest('hex').slice(0, 8);
  return `Crossdock ${topic} ${mark}`;
}
