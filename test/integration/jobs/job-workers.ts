/** Starting worker processes, and waiting for what the job table says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Database } from '#app/platform/database';
import type { WorkerProcessSettings } from './worker-process';

const PROGRAM = fileURLToPath(new URL('./worker-process.ts', import.meta.url));
const LOOK_EVERY_MS = 20;

export type WorkerProcess = {
  readonly pid: number;
  /** Ends it and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
};

const DEFAULTS = { redisUrl: null, leaseMs: 30_000, slots: 8, stopMs: 10_000 };

/** Resolves when the worker is up. */
export async function startWorkerProcess(
  settings: Partial<WorkerProcessSettings> & { readonly databaseUrl: string },
): Promise<WorkerProcess> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', PROGRAM, JSON.stringify({ ...DEFAULTS, ...settings })],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  if (child.stdout === null || child.pid === undefined) throw new Error('No worker was started.');
  await Promise.race([
    once(child.stdout, 'data'),
    exited.then(() => Promise.reject(new Error('The worker process ended at its start.'))),
  ]);
  return {
    pid: child.pid,
    async end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      await exited;
    },
  };
}

/** Looks until it is so. The test's own time limit ends a wait in vain. */
export async function until(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(LOOK_EVERY_MS);
}

/** How many jobs there are in each state. */
export async function countStates(db: Database): Promise<Readonly<Record<string, number>>> {
  const { rows } = await db.query<{ readonly state: string; readonly count: number }>(
    'SELECT state, count(*) AS count FROM job GROUP BY state',
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

export async function untilAllDone(db: Database): Promise<void> {
  await until(async () => Object.keys(await countStates(db)).every((state) => state === 'done'));
}
