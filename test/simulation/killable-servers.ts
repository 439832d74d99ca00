/** A PostgreSQL and a Redis of a test's own, which come back at the same address when killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import Redis from 'ioredis';
import pg from 'pg';
import { applyMigrations } from '../../app/platform/migrations';
import { acquirePostgres, removePostgres } from '../support/embedded-postgres';
import {
  reachableDataFolder,
  serverAccount,
  serverPrograms,
} from '../support/embedded-postgres-files';
import { readServerProcess } from '../support/embedded-postgres-process';
import { freePort } from '../support/free-port';

const root = fileURLToPath(new URL('../..', import.meta.url));
const migrationsFolder = path.join(root, 'prisma', 'migrations');
/** Backends of a killed server need a moment to notice and to leave its shared memory. */
const START_TRIES_MAX = 40;
const START_RETRY_MS = 250;

export type KillableServer = {
  readonly url: string;
  /** kill -9, and waits for the end. */
  kill(): Promise<void>;
  /** Starts it again where it was. */
  restart(): Promise<void>;
  remove(): Promise<void>;
};

/** With an empty, migrated database, which `url` names. */
export async function startKillablePostgres(name: string): Promise<KillableServer> {
  // A server of somebody's own, named in the environment, is not ours to kill.
  delete process.env['DATABASE_URL'];
  const wanted = path.join(root, '.data', `postgres-${name}`);
  await removePostgres(wanted);
  const server = await acquirePostgres({ folder: wanted });
  const admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  await admin.query('CREATE DATABASE crossdock_crash');
  await admin.end();
  const url = server.urlOf('crossdock_crash');
  await applyMigrations(url, migrationsFolder);
  const folder = reachableDataFolder(wanted, serverAccount());
  const port = Number(new URL(url).port);
  return {
    url,
    async kill() {
      const running = readServerProcess(folder);
      if (running === null) throw new Error('PostgreSQL is not running.');
      process.kill(running.pid, 'SIGKILL');
      while (readServerProcess(folder) !== null) await sleep(20);
    },
    restart: () => restartPostgres(folder, port),
    async remove() {
      await server.release();
      await removePostgres(wanted);
    },
  };
}

async function restartPostgres(folder: string, port: number): Promise<void> {
  const account = serverAccount();
  const { pgCtl } = serverPrograms(account);
  const flags = [
    `-c port=${String(port)}`,
    '-c listen_addresses=127.0.0.1',
    "-c unix_socket_directories=''",
    '-c max_connections=200',
    '-c timezone=UTC',
  ].join(' ');
  for (let attempt = 1; attempt <= START_TRIES_MAX; attempt += 1) {
    const child = spawn(
      pgCtl,
      ['start', '-D', folder, '-w', '-t', '60', '-o', flags, '-l', `${folder}/server.log`],
      { ...(account ?? {}), cwd: '/', detached: true, stdio: 'ignore' },
    );
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code === 0) return;
    await sleep(START_RETRY_MS);
  }
  throw new Error(`PostgreSQL did not come back; see ${folder}/server.log.`);
}

/** Nothing of it survives a kill: no persistence. */
export async function startKillableRedis(): Promise<
  KillableServer & {
    /** Forgets everything. */
    flush(): Promise<void>;
  }
> {
  const port = await freePort();
  const folder = path.join(root, '.data');
  mkdirSync(folder, { recursive: true });
  const url = `redis://127.0.0.1:${String(port)}`;
  let server: ChildProcess | null = null;
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => 50,
    // However long a busy machine takes to start it.
    maxRetriesPerRequest: null,
  });
  client.on('error', () => undefined);
  const start = async () => {
    const flags = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
    server = spawn('redis-server', [...flags, '--save', '', '--appendonly', 'no'], {
      stdio: 'ignore',
    });
    await client.ping();
  };
  const kill = async () => {
    if (server === null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
    server = null;
  };
  await start();
  return {
    url,
    kill,
    restart: start,
    async flush() {
      await client.flushall();
    },
    async remove() {
      client.disconnect();
      await kill();
    },
  };
}
