/** A Redis server for tests, from an installed redis-server. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Redis from 'ioredis';
import { freePort } from './free-port';

const START_WAIT_MS_MAX = 60_000;

export type TestRedis = {
  readonly url: string;
  /** Forgets everything, as a Redis that was lost and replaced would. */
  flush(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Why there is no Redis here, or null when there is one:
 * `describe.skipIf(redisMissing !== null)`.
 */
export const redisMissing: string | null = findMissing();

/** A server of one's own on a free loopback port, with append-only persistence in a temp folder. */
export async function startRedis(): Promise<TestRedis> {
  if (redisMissing !== null) throw new Error(redisMissing);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'crossdock-redis-'));
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const server = spawn('redis-server', flags, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${String(port)}`;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 });
  client.on('error', () => undefined);
  try {
    await answering(client, server);
  } catch (problem) {
    await end(client, server, folder);
    throw problem;
  }
  return {
    url,
    flush: async () => {
      await client.flushall();
    },
    stop: () => end(client, server, folder),
  };
}

function findMissing(): string | null {
  const found = spawnSync('redis-server', ['--version'], { stdio: 'ignore' });
  return found.status === 0
    ? null
    : 'redis-server is not installed (Debian: apt-get install redis-server): Bull is not tried.';
}

async function answering(client: Redis, server: ChildProcess): Promise<void> {
  const ended = new Promise<never>((_resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${String(code)}.`)));
  });
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new Error('redis-server does not answer.')), START_WAIT_MS_MAX).unref();
  });
  await Promise.race([client.ping(), ended, late]);
}

async function end(client: Redis, server: ChildProcess, folder: string): Promise<void> {
  client.disconnect();
  if (server.exitCode === null && server.pid !== undefined) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}
