/**
 * A real PostgreSQL server from npm, for tests and the demo. The product itself only ever takes
 * DATABASE_URL.
 *
 * One server per data folder, shared by every process that asks for it. The server is detached
 * from its starter, so a starter killed with -9 leaves it running; the next caller adopts it.
 * Each user holds one connection, its lease: PostgreSQL drops the lease of a dead process by
 * itself, and whoever releases the last lease stops the server.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import {
  type ServerAccount,
  type ServerPrograms,
  prepareDataFolder,
  reachableDataFolder,
  serverAccount,
  serverPrograms,
} from './embedded-postgres-files';
import { isAlive, readServerProcess, stopServerProcess } from './embedded-postgres-process';
import { freePort } from './free-port';

const SUPERUSER = 'postgres';
const LEASE_NAME = 'crossdock-lease';
/** Two starters may race for the lock and a port; each loss costs one attempt. */
const START_ATTEMPTS_MAX = 5;
const LOCK_WAIT_MS_MAX = 120_000;
const LOCK_POLL_MS = 50;
/** A busy machine is no reason to stop a server that others are using. */
const ANSWER_MS_MAX = 60_000;
/** Backends of a killed server need a moment to notice and leave its shared memory. */
const RETRY_WAIT_MS = 300;

export type PostgresServer = {
  /** Address of the `postgres` maintenance database, as a superuser. */
  readonly url: string;
  /** False for a server of one's own named by DATABASE_URL. */
  readonly embedded: boolean;
  /** Address of another database on the same server. */
  urlOf(database: string): string;
  /** How many processes hold this server, ourselves included; 0 when it is not ours. */
  leases(): Promise<number>;
  /** Gives the server up; the last one out stops it. */
  release(): Promise<void>;
};

export type EmbeddedPostgresOptions = {
  /** Absolute path of the data folder. */
  readonly folder: string;
  /** Leave the server running when the last lease is released. */
  readonly keepRunning?: boolean;
};

/**
 * Uses DATABASE_URL when set; otherwise starts, or adopts, the embedded server of the folder.
 * Rejects with a sentence that says what to do when neither is possible.
 */
export async function acquirePostgres(options: EmbeddedPostgresOptions): Promise<PostgresServer> {
  const own = process.env['DATABASE_URL'];
  if (own !== undefined && own !== '') return ownServer(own);

  const account = serverAccount();
  const folder = reachableDataFolder(options.folder, account);
  const programs = serverPrograms(account);
  mkdirSync(path.dirname(folder), { recursive: true });

  let lastProblem: unknown;
  for (let attempt = 1; attempt <= START_ATTEMPTS_MAX; attempt += 1) {
    try {
      const { url, lease } = await withFolderLock(folder, async () => {
        const address = await runningOrStarted(folder, programs, account);
        return { url: address, lease: await openLease(address) };
      });
      return leasedServer(url, lease, folder, options.keepRunning ?? false);
    } catch (problem) {
      lastProblem = problem;
      await sleep(RETRY_WAIT_MS * attempt);
    }
  }
  throw new Error(`The embedded PostgreSQL in ${folder} could not be started.`, {
    cause: lastProblem,
  });
}

/** Stops the embedded server of a folder, whoever started it, and deletes its data. */
export async function removePostgres(wanted: string): Promise<void> {
  const folder = reachableDataFolder(wanted, serverAccount());
  mkdirSync(path.dirname(folder), { recursive: true });
  await withFolderLock(folder, async () => {
    await stopServerProcess(folder);
    rmSync(folder, { recursive: true, force: true });
  });
}

function ownServer(url: string): PostgresServer {
  return {
    url,
    embedded: false,
    urlOf: (database) => withDatabase(url, database),
    leases: () => Promise.resolve(0),
    release: () => Promise.resolve(),
  };
}

function leasedServer(
  url: string,
  lease: pg.Client,
  folder: string,
  keepRunning: boolean,
): PostgresServer {
  let released = false;
  return {
    url,
    embedded: true,
    urlOf: (database) => withDatabase(url, database),
    leases: () => countLeases(lease),
    async release() {
      if (released) return;
      released = true;
      await withFolderLock(folder, async () => {
        const others = await countLeases(lease).catch(() => 2);
        await lease.end().catch(() => undefined);
        if (others <= 1 && !keepRunning) await stopServerProcess(folder);
      });
    },
  };
}

async function runningOrStarted(
  folder: string,
  programs: ServerPrograms,
  account: ServerAccount | null,
): Promise<string> {
  const running = readServerProcess(folder);
  if (running !== null) {
    const url = addressOf(folder, running.port);
    if (await answers(url)) return url;
    await stopServerProcess(folder);
  }
  rmSync(path.join(folder, 'postmaster.pid'), { force: true });

  if (!existsSync(path.join(folder, 'PG_VERSION'))) await initialise(folder, programs, account);
  const port = await freePort();
  await start(folder, port, programs, account);
  return addressOf(folder, port);
}

async function initialise(
  folder: string,
  programs: ServerPrograms,
  account: ServerAccount | null,
): Promise<void> {
  // A start that was interrupted leaves a folder without PG_VERSION that initdb refuses to use.
  rmSync(folder, { recursive: true, force: true });
  prepareDataFolder(folder, account);
  const password = randomBytes(18).toString('base64url');
  const passwordPath = passwordFile(folder);
  rmSync(passwordPath, { force: true });
  writeFileSync(passwordPath, `${password}\n`, { mode: 0o600 });
  if (account !== null) chownSync(passwordPath, account.uid, account.gid);
  await runProgram(
    programs.initdb,
    [
      `--pgdata=${folder}`,
      `--username=${SUPERUSER}`,
      '--auth=scram-sha-256',
      `--pwfile=${passwordPath}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
    ],
    account,
  );
}

async function start(
  folder: string,
  port: number,
  programs: ServerPrograms,
  account: ServerAccount | null,
): Promise<void> {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '128MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  const flags = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`);
  await runProgram(
    programs.pgCtl,
    ['start', '-D', folder, '-w', '-t', '60', '-o', flags.join(' '), '-l', `${folder}/server.log`],
    account,
  );
}

/** Detached and without our pipes, so that neither Ctrl-C nor our end reaches the server. */
async function runProgram(
  program: string,
  args: readonly string[],
  account: ServerAccount | null,
): Promise<void> {
  const outputPath = path.join(
    process.env['TMPDIR'] ?? '/tmp',
    `crossdock-${randomBytes(6).toString('hex')}.log`,
  );
  const output = openSync(outputPath, 'w');
  try {
    const child = spawn(program, args, {
      ...(account ?? {}),
      cwd: '/',
      detached: true,
      env: {
        NODE_ENV: process.env['NODE_ENV'],
        PATH: process.env['PATH'],
        LC_ALL: 'C',
        TZ: 'UTC',
      },
      stdio: ['ignore', output, output],
    });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    if (code !== 0) {
      throw new Error(`${path.basename(program)} failed: ${readFileSync(outputPath, 'utf8')}`);
    }
  } finally {
    closeSync(output);
    rmSync(outputPath, { force: true });
  }
}

async function openLease(url: string): Promise<pg.Client> {
  const lease = new pg.Client({ connectionString: url, application_name: LEASE_NAME });
  // A server stopped under us ends the lease; the next query of the caller reports it.
  lease.on('error', () => undefined);
  await lease.connect();
  return lease;
}

async function countLeases(lease: pg.Client): Promise<number> {
  const { rows } = await lease.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = $1',
    [LEASE_NAME],
  );
  return rows[0]?.count ?? 0;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS_MAX });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** One process at a time decides about a folder; a lock left by a dead process is taken over. */
async function withFolderLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lockPath = `${folder}.lock`;
  const deadline = Date.now() + LOCK_WAIT_MS_MAX;
  for (;;) {
    try {
      writeFileSync(lockPath, String(process.pid), { flag: 'wx' });
      break;
    } catch {
      const holder = Number(existsSync(lockPath) ? readFileSync(lockPath, 'utf8') : 0);
      if (holder > 0 && !isAlive(holder)) rmSync(lockPath, { force: true });
      if (Date.now() > deadline) throw new Error(`${lockPath} is held by process ${holder}.`);
      await sleep(LOCK_POLL_MS);
    }
  }
  try {
    return await work();
  } finally {
    rmSync(lockPath, { force: true });
  }
}

/** Beside the data, not inside: initdb wants an empty folder. */
function passwordFile(folder: string): string {
  return `${folder}.password`;
}

function addressOf(folder: string, port: number): string {
  const password = readFileSync(passwordFile(folder), 'utf8').trim();
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${String(port)}/postgres`;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}
