/**
 * Goal: whatever was killed, the next start finds its data and leaves no server behind.
 * Method: real servers in temporary folders; starters and servers are killed with SIGKILL.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { acquirePostgres, removePostgres } from '../support/embedded-postgres';
import { isAlive, readServerProcess } from '../support/embedded-postgres-process';

// Under one parent, so that the server's account may enter it when we are root.
const parent = mkdtempSync(path.join(os.tmpdir(), 'crossdock-embedded-'));
chmodSync(parent, 0o755);
const folder = path.join(parent, 'data');
const starters: ChildProcess[] = [];

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', '');
});

afterEach(async () => {
  for (const starter of starters.splice(0)) await kill(starter);
  vi.unstubAllEnvs();
});

afterAll(async () => {
  await removePostgres(folder);
  rmSync(parent, { recursive: true });
});

/** Another process that acquires the folder and holds it; resolves to the address it got. */
async function startElsewhere(): Promise<{ starter: ChildProcess; url: string }> {
  const script = path.join(import.meta.dirname, '..', 'support', 'hold-postgres.ts');
  const starter = spawn(process.execPath, ['--import', 'tsx', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  starters.push(starter);
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  return { starter, url: line.toString().trim() };
}

async function kill(starter: ChildProcess): Promise<void> {
  if (starter.exitCode !== null || starter.signalCode !== null) return;
  starter.kill('SIGKILL');
  await once(starter, 'exit');
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function serverPid(): number {
  return Number(readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
}

test('a server whose starter was killed is adopted, and stopped by the last to leave', async () => {
  const { starter, url } = await startElsewhere();
  await query(url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)');
  const pid = serverPid();
  await kill(starter);
  expect(isAlive(pid)).toBe(true);

  const adopted = await acquirePostgres({ folder });
  expect(adopted.url).toBe(url);
  expect(serverPid()).toBe(pid);
  expect(await query(adopted.url, 'SELECT id FROM kept')).toEqual([{ id: 1 }]);
  await adopted.release();
  expect(readServerProcess(folder)).toBeNull();
  expect(isAlive(pid)).toBe(false);
});

test('a server that was killed itself is started again with everything it had confirmed', async () => {
  const first = await acquirePostgres({ folder });
  await query(first.url, 'INSERT INTO kept VALUES (2)');
  process.kill(serverPid(), 'SIGKILL');
  await expect.poll(() => readServerProcess(folder)).toBeNull();

  const second = await acquirePostgres({ folder });
  expect(await query(second.url, 'SELECT id FROM kept ORDER BY id')).toEqual([
    { id: 1 },
    { id: 2 },
  ]);
  await first.release();
  expect(readServerProcess(folder), 'the lost lease of the first stops nothing').not.toBeNull();
  await second.release();
  expect(readServerProcess(folder)).toBeNull();
});

test('a stale pid that now belongs to another program is neither adopted nor killed', async () => {
  const bystander = spawn('sleep', ['60'], { stdio: 'ignore' });
  starters.push(bystander);
  const lines = [bystander.pid, folder, '1700000000', '5432', '', '127.0.0.1', '', 'ready'];
  writeFileSync(path.join(folder, 'postmaster.pid'), lines.join('\n'));

  const server = await acquirePostgres({ folder });
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(bystander.exitCode).toBeNull();
  await server.release();
});

test('several processes share one server, and data is written through to disk', async () => {
  const [here, elsewhere] = await Promise.all([acquirePostgres({ folder }), startElsewhere()]);
  expect(here.url).toBe(elsewhere.url);
  expect(await here.leases()).toBe(2);
  expect(await query(here.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  await here.release();
  expect(await query(elsewhere.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('an initialisation that was interrupted is done again', async () => {
  await removePostgres(folder);
  const interrupted = await acquirePostgres({ folder });
  await interrupted.release();
  rmSync(path.join(folder, 'PG_VERSION'));

  const server = await acquirePostgres({ folder });
  expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await server.release();
});

test('DATABASE_URL names the server to use instead', async () => {
  vi.stubEnv('DATABASE_URL', 'postgresql://me:pw@db.example:5432/mine');
  const server = await acquirePostgres({ folder });
  expect(server).toMatchObject({
    embedded: false,
    url: 'postgresql://me:pw@db.example:5432/mine',
  });
  expect(server.urlOf('other')).toBe('postgresql://me:pw@db.example:5432/other');
  await server.release();
});
