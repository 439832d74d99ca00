/** LISTEN over one connection of its own, restored when it is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

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

type Subscriber = {
  readonly channel: string;
  readonly onNotification: (payload: string) => void;
  readonly onGap: () => void;
};

/** `connect` makes a new, unconnected client; `onError` hears of every lost connection. */
export function createListener(
  connect: () => pg.Client,
  onError: (problem: Error) => void,
): { readonly listen: Listen; close(): Promise<void> } {
  const subscribers = new Set<Subscriber>();
  let connecting: Promise<pg.Client> | null = null;
  let keepAlive: NodeJS.Timeout | null = null;
  let closed = false;

  function lost(client: pg.Client): void {
    if (closed || connecting === null) return;
    connecting = null;
    if (keepAlive !== null) clearInterval(keepAlive);
    client.removeAllListeners('end');
    void client.end().catch(() => undefined);
    if (subscribers.size > 0) void reconnect();
  }

  async function reconnect(): Promise<void> {
    let waitMs = RECONNECT_WAIT_MS_MIN;
    while (!closed && connecting === null) {
      try {
        await connection();
        for (const { onGap } of subscribers) onGap();
      } catch (problem) {
        onError(problem as Error);
        await sleep(waitMs);
        waitMs = Math.min(waitMs * 2, RECONNECT_WAIT_MS_MAX);
      }
    }
  }

  function connection(): Promise<pg.Client> {
    connecting ??= open().catch((problem: unknown) => {
      connecting = null;
      throw problem;
    });
    return connecting;
  }

  async function open(): Promise<pg.Client> {
    const client = connect();
    client.on('error', onError);
    client.on('notification', ({ channel, payload }) => {
      for (const subscriber of subscribers) {
        if (subscriber.channel === channel) subscriber.onNotification(payload ?? '');
      }
    });
    await client.connect();
    client.once('end', () => lost(client));
    for (const channel of new Set([...subscribers].map((one) => one.channel))) {
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    }
    keepAlive = setInterval(() => {
      client.query('SELECT 1').catch(() => lost(client));
    }, KEEP_ALIVE_MS);
    keepAlive.unref();
    return client;
  }

  const listen: Listen = async (channel, onNotification, onGap = () => undefined) => {
    const subscriber = { channel, onNotification, onGap };
    const first = ![...subscribers].some((one) => one.channel === channel);
    subscribers.add(subscriber);
    try {
      const client = await connection();
      if (first) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (problem) {
      subscribers.delete(subscriber);
      throw problem;
    }
    return {
      async close() {
        subscribers.delete(subscriber);
        const others = [...subscribers].some((one) => one.channel === channel);
        if (others || closed || connecting === null) return;
        const client = await connecting;
        await client.query(`UNLISTEN ${client.escapeIdentifier(channel)}`);
      },
    };
  };

  return {
    listen,
    async close() {
      closed = true;
      subscribers.clear();
      if (keepAlive !== null) clearInterval(keepAlive);
      await connecting?.then((client) => client.end()).catch(() => undefined);
    },
  };
}
