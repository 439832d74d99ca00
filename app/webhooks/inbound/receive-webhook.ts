/**
 * Takes in a message of a store: bounded, verified on its raw bytes, durable, then answered. What
 * it means is worked out afterwards, by a job that reads the thing itself again.
 */
import type { ChannelKind, ChannelSignal, RawRequest } from '../../contracts/channel';
import type { JobQueue } from '../../contracts/job-queue';
import type { Outcome } from '../../contracts/outcome';
import { createGroupCommit } from '../../operations/group-commit';
import type { Database } from '../../platform/database';
import { bodyRefusedResponse, problemResponse, readBodyLimited } from '../../platform/http';
import { isId } from '../../platform/ids';
import type { Log } from '../../platform/log';
import { findConnectionByAccount, findConnectionById } from '../../store/connections';
import { type InboxMessage, type StoredInboxEvent, storeInboxEvents } from '../../store/inbox';
import { createConnectionCache } from './connection-cache';

/** The largest orders are some hundred kilobytes. */
const BODY_BYTES_MAX = 2 * 1024 * 1024;
const RETRY_AFTER_SECONDS = 30;
/** Bodies of one statement at most. */
const BATCH_MAX = 32;
/** Of the connections to the database: what one store waits for, the others do not. */
const PARALLEL_PER_STORE = 4;

export type WebhookDeps = {
  readonly db: Database;
  readonly queue: JobQueue;
  readonly log: Log;
  /** The connector's own reading of a message; `account` is the shop it should be for. */
  readonly readSignal: (
    kind: ChannelKind,
    account: string,
    request: RawRequest,
    secret: string,
  ) => Outcome<ChannelSignal>;
  /** What signs all of Shopify's messages to this app. */
  readonly shopifySecret: string;
  /** Opens a connection's sealed webhook secret. */
  readonly openWebhookSecret: (sealed: string, connectionId: string) => string;
  /** Told of every answer: for metrics. */
  readonly onAnswer?: (kind: ChannelKind, outcome: WebhookOutcome, seconds: number) => void;
};

export type WebhookOutcome =
  'stored' | 'duplicate' | 'ignored' | 'refused' | 'unknown_connection' | 'unavailable';

/** A request as the platform's own servers and the web's standard both have it. */
export type InboundRequest = {
  readonly method: string;
  readonly headers: Iterable<readonly [string, string]> & {
    get(name: string): string | null | undefined;
  };
  readonly body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
};

export type WebhookReceiver = {
  /** POST /webhooks/shopify and /webhooks/shopify/compliance: the shop is named in a header. */
  shopify(request: InboundRequest): Promise<Response>;
  /** POST /webhooks/woocommerce/:connectionId */
  woocommerce(request: InboundRequest, connectionId: string): Promise<Response>;
  /** POST /webhooks/woocommerce-grant: a store brings keys; absent where none are waited for. */
  readonly grant?: (request: InboundRequest) => Promise<Response>;
};

type Connection = {
  readonly id: string;
  readonly merchantId: string;
  readonly account: string;
  readonly secret: string;
};

/** A message with the merchant of its connection. */
type Arrived = InboxMessage & { readonly merchantId: string };

type Answer = { readonly outcome: WebhookOutcome; readonly response: Response };

export function createWebhookReceiver(deps: WebhookDeps): WebhookReceiver {
  const cache = createConnectionCache<Connection>();
  const store = createIntake(deps);

  async function receive(
    kind: ChannelKind,
    request: InboundRequest,
    handle: (raw: RawRequest) => Promise<Answer>,
  ): Promise<Response> {
    const startedAt = performance.now();
    const { outcome, response } = await answer(kind, request, handle);
    deps.onAnswer?.(kind, outcome, (performance.now() - startedAt) / 1_000);
    return response;
  }

  async function answer(
    kind: ChannelKind,
    request: InboundRequest,
    handle: (raw: RawRequest) => Promise<Answer>,
  ): Promise<Answer> {
    if (request.method !== 'POST') return refused(methodNotAllowed());
    const body = await readBodyLimited(request, BODY_BYTES_MAX);
    if (body.status === 'refused') return refused(bodyRefusedResponse(body.reason));
    const headers = Object.fromEntries(request.headers);
    try {
      return await handle({ method: request.method, headers, body: body.bytes });
    } catch (problem) {
      // Whatever it was, the message is not stored; 503 makes a sender that retries send it again.
      deps.log.error({ err: problem, channel: kind }, 'a webhook could not be stored');
      return { outcome: 'unavailable', response: unavailable() };
    }
  }

  return {
    shopify: (request) =>
      receive('shopify', request, async (raw) => {
        const account = raw.headers['x-shopify-shop-domain']?.trim().toLowerCase() ?? '';
        // Verified before anything is looked up: the secret is the app's, whatever the shop.
        const signal = deps.readSignal('shopify', account, raw, deps.shopifySecret);
        if (signal.status !== 'done') return refusal(deps.log, 'shopify', signal);
        const connection = await cache(`shopify:${account}`, () =>
          findShopify(deps.db, account, deps.shopifySecret),
        );
        // A shop we hold nothing of: uninstalled and erased, or not opened yet. Sending it again
        // for hours would not help, and failures count against the app's subscriptions.
        if (connection === null) return { outcome: 'unknown_connection', response: accepted() };
        return store(connection, signal.value, raw.body);
      }),

    woocommerce: (request, connectionId) =>
      receive('woocommerce', request, async (raw) => {
        const connection = isId(connectionId)
          ? await cache(`woocommerce:${connectionId}`, () => findWoo(deps, connectionId))
          : null;
        // A store that we are not connected to (any more) should stop sending: WooCommerce
        // switches a webhook off after some failures, and never repeats one.
        if (connection === null) {
          return { outcome: 'unknown_connection', response: unknownConnection() };
        }
        const signal = deps.readSignal('woocommerce', connection.account, raw, connection.secret);
        if (signal.status !== 'done') return refusal(deps.log, 'woocommerce', signal, connection);
        return store(connection, signal.value, raw.body);
      }),
  };
}

/**
 * Stores messages of one store together that come together, as after a moment in which this
 * process was busy: one commit answers them all.
 */
function createIntake({ db, queue }: Pick<WebhookDeps, 'db' | 'queue'>) {
  const storeTogether = createGroupCommit<Arrived, StoredInboxEvent>(
    async (connectionId, arrived) => {
      const merchantId = arrived[0]?.merchantId ?? '';
      const stored = await storeInboxEvents(db, merchantId, connectionId, arrived);
      const jobs = stored.flatMap(({ job }) => (job === null ? [] : [job]));
      if (jobs.length > 0) queue.announce(jobs);
      return stored;
    },
    BATCH_MAX,
    PARALLEL_PER_STORE,
  );
  return async (
    { id, merchantId }: Connection,
    signal: ChannelSignal,
    bytes: Uint8Array,
  ): Promise<Answer> => {
    // WooCommerce asks now and then whether the address answers; that is nothing to remember.
    if (signal.topic === 'ping') return { outcome: 'ignored', response: accepted() };
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    const { duplicate, job } = await storeTogether(id, { merchantId, signal, body });
    const outcome = duplicate ? 'duplicate' : job === null ? 'ignored' : 'stored';
    return { outcome, response: accepted() };
  };
}

async function findShopify(
  db: Database,
  account: string,
  secret: string,
): Promise<Connection | null> {
  const found = await findConnectionByAccount(db, 'shopify', account);
  return found === null ? null : { ...found, secret };
}

async function findWoo(deps: WebhookDeps, connectionId: string): Promise<Connection | null> {
  const found = await findConnectionById(deps.db, connectionId);
  if (found === null || found.kind !== 'woocommerce' || found.status === 'disconnected')
    return null;
  if (found.webhookSecret === null) return null;
  return { ...found, secret: deps.openWebhookSecret(found.webhookSecret, connectionId) };
}

function refusal(
  log: Log,
  channel: ChannelKind,
  signal: Exclude<Outcome<ChannelSignal>, { readonly status: 'done' }>,
  connection?: Connection,
): Answer {
  if (signal.status !== 'refused') throw new Error(`Reading a signal answered ${signal.status}.`);
  const { code, message } = signal.reason;
  log.warn({ channel, connectionId: connection?.id, code, why: message }, 'a webhook was refused');
  return refused(
    code === 'unauthorized'
      ? problemResponse({
          status: 401,
          code: 'bad_signature',
          title: 'The signature is missing or wrong',
        })
      : problemResponse({ status: 400, code: 'unreadable', title: 'The message cannot be read' }),
  );
}

function refused(response: Response): Answer {
  return { outcome: 'refused', response };
}

function accepted(): Response {
  return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } });
}

/** For any method but POST. */
function methodNotAllowed(): Response {
  return problemResponse(
    { status: 405, code: 'method_not_allowed', title: 'Messages are sent with POST' },
    { allow: 'POST' },
  );
}

function unknownConnection(): Response {
  return problemResponse({
    status: 404,
    code: 'unknown_connection',
    title: 'No store is connected at this address',
  });
}

function unavailable(): Response {
  return problemResponse(
    { status: 503, code: 'unavailable', title: 'The message could not be stored; send it again' },
    { 'retry-after': String(RETRY_AFTER_SECONDS) },
  );
}
