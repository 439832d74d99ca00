/** LISTEN over one connection of its own, restored when it is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

const RECONNECT_WAIT_MS_MIN = 100;
const RECONNECT_WAIT_MS_MAX = 5_000;
/** Notices a connection that died without a word, such as through a firewall. */
const KEEP_ALIVE_MS = 30_000;

export type Subscription = { close(): Promise<void> };

/**
 * Resolves once the channel is listened to. PostgreSQL does not keep notifications for absent
 * listeners, so `onGap` is called after every reconnection: look for what was missed.
 */
export type Listen = (
  channel: string,
  onNotification: (payload: string) => void,
  onGap?: () => void,
) => Promise<Subscription>;

export type Listener = { readonly listen: Listen; close(): Promise<void> };

type Subscriber = {
  readonly channel: string;
  readonly onNotification: (payload: string) => void;
  readonly onGap: () => void;
};

type State = {
  /** Makes a new, unconnected client. */
  readonly connect: () => pg.Client;
  readonly onError: (problem: Error) => void;
  readonly subscribers: Set<Subscriber>;
  /** The connection, or the attempt at one; null while there is neither. */
  connection: Promise<pg.Client> | null;
  keepAlive: NodeJS.Timeout | undefined;
  closed: boolean;
};

/** Connects at the first subscription. `onError` hears of every lost connection. */
export function createListener(
  connect: () => pg.Client,
  onError: (problem: Error) => void,
): Listener {
  const state: State = {
    connect,
    onError,
    subscribers: new Set(),
    connection: null,
    keepAlive: undefined,
    closed: false,
  };
  return {
    listen: (channel, onNotification, onGap = () => undefined) =>
      subscribe(state, { channel, onNotification, onGap }),
    close: () => close(state),
  };
}

async function subscribe(state: State, subscriber: Subscriber): Promise<Subscription> {
  state.subscribers.add(subscriber);
  try {
    const client = await connected(state);
    // Harmless when the channel is listened to already.
    await client.query(`LISTEN ${client.escapeIdentifier(subscriber.channel)}`);
  } catch (problem) {
    state.subscribers.delete(subscriber);
    throw problem;
  }
  return { close: () => unsubscribe(state, subscriber) };
}

async function unsubscribe(state: State, subscriber: Subscriber): Promise<void> {
  state.subscribers.delete(subscriber);
  const wanted = [...state.subscribers].some(({ channel }) => channel === subscriber.channel);
  if (wanted || state.closed || state.connection === null) return;
  const client = await state.connection;
  await client.query(`UNLISTEN ${client.escapeIdentifier(subscriber.channel)}`);
}

function connected(state: State): Promise<pg.Client> {
  state.connection ??= open(state).catch((problem: unknown) => {
    state.connection = null;
    throw problem;
  });
  return state.connection;
}

async function open(state: State): Promise<pg.Client> {
  const client = state.connect();
  client.on('error', state.onError);
  client.on('notification', ({ channel, payload }) => {
    for (const subscriber of state.subscribers) {
      if (subscriber.channel === channel) subscriber.onNotification(payload ?? '');
    }
  });
  await client.connect();
  client.once('end', () => lost(state, client));
  for (const channel of new Set([...state.subscribers].map((one) => one.channel))) {
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
  }
  state.keepAlive = setInterval(() => {
    client.query('SELECT 1').catch(() => lost(state, client));
  }, KEEP_ALIVE_MS);
  state.keepAlive.unref();
  return client;
}

function lost(state: State, client: pg.Client): void {
  if (state.closed || state.connection === null) return;
  state.connection = null;
  clearInterval(state.keepAlive);
  client.removeAllListeners('end');
  client.end().catch(() => undefined);
  if (state.subscribers.size > 0) void reconnect(state);
}

async function reconnect(state: State): Promise<void> {
  let waitMs = RECONNECT_WAIT_MS_MIN;
  while (!state.closed) {
    try {
      await connected(state);
      for (const { onGap } of state.subscribers) onGap();
      return;
    } catch (problem) {
      state.onError(problem as Error);
      await sleep(waitMs);
      waitMs = Math.min(waitMs * 2, RECONNECT_WAIT_MS_MAX);
    }
  }
}

async function close(state: State): Promise<void> {
  state.closed = true;
  state.subscribers.clear();
  clearInterval(state.keepAlive);
  await state.connection?.then((client) => client.end()).catch(() => undefined);
}
