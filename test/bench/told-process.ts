/** Processes that do what they are told by messages, one thing after the other. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { benchFolder } from './ledger-database';

export type Told = { ask<Answer>(message: object): Promise<Answer>; close(): void };

/** For programs of ours, which are TypeScript. */
export const TYPESCRIPT = { execArgv: ['--import', 'tsx'] };

/** Starts a program that says it is ready, and then answers every message with one. */
export async function startTold(
  program: string,
  how: { readonly cwd?: string; readonly execArgv: string[] },
  environment: Readonly<Record<string, string>>,
): Promise<Told> {
  mkdirSync(benchFolder, { recursive: true });
  const output = openSync(path.join(benchFolder, 'processes.log'), 'a');
  const child = fork(program, {
    ...how,
    stdio: ['ignore', output, output, 'ipc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      ...environment,
    },
  });
  await answerOf(child);
  return {
    async ask<Answer>(message: object) {
      const answer = answerOf(child);
      child.send(message);
      return (await answer) as Answer;
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}

/** The next thing the process says; rejects when it ends instead. */
function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error('A process ended; see .data/bench/processes.log.'));
    child.once('exit', ended);
    child.once('message', (said: { readonly value?: unknown; readonly problem?: string }) => {
      child.off('exit', ended);
      if (said.problem === undefined) resolve(said.value);
      else reject(new Error(said.problem));
    });
  });
}
