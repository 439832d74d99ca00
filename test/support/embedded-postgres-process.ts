/** Finding and stopping the server process that holds a data folder. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_WAIT_MS_MAX = 20_000;
const STOP_POLL_MS = 25;

export type ServerProcess = { readonly pid: number; readonly port: number };

/**
 * The live server of a folder, by its postmaster.pid (line 1 pid, line 4 port), or null.
 * A pid may have been given to another program since: only a postgres on this folder counts.
 */
export function readServerProcess(folder: string): ServerProcess | null {
  const pidPath = path.join(folder, 'postmaster.pid');
  if (!existsSync(pidPath)) return null;
  const lines = readFileSync(pidPath, 'utf8').split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !Number.isInteger(port) || port <= 0) return null;
  if (!isAlive(pid) || !isPostgresOn(pid, folder)) return null;
  return { pid, port };
}

/**
 * Fast shutdown (SIGINT: open transactions are rolled back), then immediate (SIGQUIT: recovery at
 * the next start), then SIGKILL. Leaves no postmaster.pid.
 */
export async function stopServerProcess(folder: string): Promise<void> {
  const running = readServerProcess(folder);
  if (running !== null) {
    for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
      if (await endsAfter(running.pid, signal)) break;
    }
  }
  rmSync(path.join(folder, 'postmaster.pid'), { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'EPERM';
  }
  return !isZombie(pid);
}

async function endsAfter(pid: number, signal: NodeJS.Signals): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return !isAlive(pid);
  }
  for (let waited = 0; waited < STOP_WAIT_MS_MAX; waited += STOP_POLL_MS) {
    if (!isAlive(pid)) return true;
    await sleep(STOP_POLL_MS);
  }
  return false;
}

/** In a container without an init process a dead server may stay listed until its end. */
function isZombie(pid: number): boolean {
  const statPath = `/proc/${String(pid)}/stat`;
  if (!existsSync(statPath)) return false;
  try {
    return readFileSync(statPath, 'utf8').split(') ')[1]?.startsWith('Z') ?? false;
  } catch {
    return true;
  }
}

function isPostgresOn(pid: number, folder: string): boolean {
  const command = commandOf(pid);
  return command.includes('postgres') && command.includes(realpathSync(folder));
}

function commandOf(pid: number): string {
  const procPath = `/proc/${String(pid)}/cmdline`;
  try {
    if (existsSync(procPath)) return readFileSync(procPath, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
  return spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' }).stdout;
}
