import { Agent, request } from 'undici';

import type { Clock } from './clock';
import type { Faults } from './faults';
import type { Random } from './random';

export type DeliveryAttempt = {
  readonly at: Date;
  /** HTTP status of the answer, or null when there was none. */
  readonly status: number | null;
  readonly error: string | null;
  readonly milliseconds: number;
};

export type Delivery = {
  readonly sequence: number;
  readonly account: string;
  readonly topic: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly createdAt: Date;
  /** waiting: first attempt or a retry is still to come. dropped: a fault, never sent. */
  state: 'waiting' | 'delivered' | 'failed' | 'dropped';
  attempts: DeliveryAttempt[];
  /** Set on the second copy that duplicateWebhooks makes. */
  readonly duplicateOf: number | null;
};

export type WebhookMessage = {
  account: string;
  topic: string;
  url: string;
  body: string;
  /** Called once per delivery; copy is 0, or 1 for a duplicate (which may get a new id). */
  headers(copy: number): Record<string, string>;
};

export type WebhookPolicy = {
  timeoutMilliseconds: number;
  /** Waits before retry 1, 2, …; its length is the number of retries. */
  retryDelaysMilliseconds: readonly number[];
};

export type WebhookSender = {
  send(message: WebhookMessage): void;
  /** Oldest first. */
  deliveries(filter?: { account?: string; topic?: string; after?: number }): Delivery[];
  /** Resolves when nothing is queued or under way; retries set for later do not count. */
  settled(): Promise<void>;
  /** Sends what a delivery holds once more, as an operator of the store could. */
  resend(sequence: number): void;
  clear(): void;
  close(): Promise<void>;
};

/** Brings a message to its receiver; the HTTP status of the answer. Rejects when there was none. */
export type Transmit = (delivery: Delivery, timeoutMilliseconds: number) => Promise<number>;

export type WebhookSenderOptions = {
  clock: Clock;
  random: Random;
  faults: Faults;
  policy: WebhookPolicy;
  /** Multiplies retry delays, so that hours can pass in seconds. Default 1. */
  scheduleScale?: number;
  /** Deliveries under way at once. Default 8. */
  concurrency?: number;
  onOutcome?(delivery: Delivery): void;
  /** Default: a POST over the network. */
  transmit?: Transmit | undefined;
};

const DELIVERIES_MAX = 5_000;
/** A reordered batch leaves when it is this large or this old, whichever comes first. */
const REORDER_BATCH = 6;
const REORDER_WAIT_MILLISECONDS = 400;

function postWith(dispatcher: Agent): Transmit {
  return async ({ url, headers, body }, timeoutMilliseconds) => {
    const signal = AbortSignal.timeout(timeoutMilliseconds);
    const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal });
    await answer.body.dump();
    return answer.statusCode;
  };
}

export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { clock, random, faults, policy } = options;
  // A dispatcher of its own: a process-wide redirect must not catch the far side's own calls.
  const dispatcher = new Agent({ connect: { timeout: policy.timeoutMilliseconds } });
  const transmit = options.transmit ?? postWith(dispatcher);
  const concurrency = options.concurrency ?? 8;
  const scale = options.scheduleScale ?? 1;
  let log: Delivery[] = [];
  let sequence = 0;
  let underWay = 0;
  let held: Delivery[] = [];
  let closed = false;
  const queue: Delivery[] = [];
  let waiters: (() => void)[] = [];

  function enqueue(delivery: Delivery): void {
    queue.push(delivery);
    pump();
  }

  function pump(): void {
    while (!closed && underWay < concurrency) {
      const delivery = queue.shift();
      if (delivery === undefined) break;
      underWay += 1;
      void attempt(delivery).finally(() => {
        underWay -= 1;
        pump();
      });
    }
    if (underWay === 0 && queue.length === 0 && held.length === 0) {
      for (const resolve of waiters) resolve();
      waiters = [];
    }
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const started = Date.now();
    let status: number | null = null;
    let error: string | null = null;
    try {
      status = await transmit(delivery, policy.timeoutMilliseconds);
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
    }
    const milliseconds = Date.now() - started;
    delivery.attempts = [...delivery.attempts, { at: clock.now(), status, error, milliseconds }];
    settle(delivery, status !== null && status >= 200 && status < 300);
  }

  function settle(delivery: Delivery, accepted: boolean): void {
    const delay = policy.retryDelaysMilliseconds[delivery.attempts.length - 1];
    if (accepted) delivery.state = 'delivered';
    else if (delay === undefined || closed) delivery.state = 'failed';
    else clock.after(delay * scale, () => enqueue(delivery));
    if (delivery.state !== 'waiting') options.onOutcome?.(delivery);
  }

  function create(message: WebhookMessage, copy: number, duplicateOf: number | null): Delivery {
    sequence += 1;
    const delivery: Delivery = {
      sequence,
      account: message.account,
      topic: message.topic,
      url: message.url,
      headers: message.headers(copy),
      body: message.body,
      createdAt: clock.now(),
      state: 'waiting',
      attempts: [],
      duplicateOf,
    };
    log.push(delivery);
    if (log.length > DELIVERIES_MAX * 1.2) log = log.slice(-DELIVERIES_MAX);
    return delivery;
  }

  function dispatch(delivery: Delivery): void {
    const { account, topic } = delivery;
    const delayed = faults.strikes(account, 'delayWebhooks', topic);
    if (delayed !== null) {
      clock.after(delayed.milliseconds, () => enqueue(delivery));
    } else if (faults.strikes(account, 'reorderWebhooks', topic) !== null) {
      hold(delivery);
    } else {
      enqueue(delivery);
    }
  }

  function hold(delivery: Delivery): void {
    held.push(delivery);
    if (held.length >= REORDER_BATCH) release();
    else if (held.length === 1) clock.after(REORDER_WAIT_MILLISECONDS, release);
  }

  function release(): void {
    const batch = held;
    held = [];
    // Reversed first, then mixed: two held deliveries always change places.
    const mixed = batch.length > 2 ? random.shuffle(batch) : [...batch].reverse();
    for (const delivery of mixed) enqueue(delivery);
    pump();
  }

  return {
    send(message) {
      if (closed) return;
      const delivery = create(message, 0, null);
      if (faults.strikes(message.account, 'dropWebhooks', message.topic) !== null) {
        delivery.state = 'dropped';
        return;
      }
      dispatch(delivery);
      if (faults.strikes(message.account, 'duplicateWebhooks', message.topic) !== null) {
        dispatch(create(message, 1, delivery.sequence));
      }
    },
    deliveries: (filter = {}) =>
      log.filter(
        (delivery) =>
          (filter.account === undefined || delivery.account === filter.account) &&
          (filter.topic === undefined || delivery.topic === filter.topic) &&
          (filter.after === undefined || delivery.sequence > filter.after),
      ),
    settled: () =>
      new Promise((resolve) => {
        waiters.push(resolve);
        pump();
      }),
    resend(wanted) {
      const original = log.find((delivery) => delivery.sequence === wanted);
      if (original === undefined) throw new Error(`no delivery ${wanted}`);
      const message = { ...original, headers: () => ({ ...original.headers }) };
      enqueue(create(message, 1, original.sequence));
    },
    clear() {
      log = [];
    },
    async close() {
      closed = true;
      queue.length = 0;
      held = [];
      pump();
      await dispatcher.destroy();
    },
  };
}
