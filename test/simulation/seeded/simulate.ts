/** The command: one campaign of seeds over several processes, or one seed in this one. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { runMutants } from './mutants';
import { type Told, playSeeds } from './play-seeds';
import { realNow } from './virtual-time';

const SEEDS_DEFAULT = '100';
const FAILURES_TOLD_MAX = 5;
const PROGRESS_EVERY_MS = 30_000;

/** Answers the exit code: 1 when a seed failed, or a planted bug was not caught. */
export async function simulate(args: readonly string[]): Promise<number> {
  const { values: options } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: SEEDS_DEFAULT },
      from: { type: 'string', default: '1' },
      seed: { type: 'string' },
      keep: { type: 'string' },
      ask: { type: 'string' },
      trace: { type: 'boolean', default: false },
      mutants: { type: 'boolean', default: false },
      only: { type: 'string' },
      processes: { type: 'string', default: String(availableParallelism()) },
      /** For a process of a campaign: every how many-th seed is its own. */
      step: { type: 'string' },
    },
  });
  if (options.mutants) return runMutants(options.only ?? null, Number(options.processes));
  const first = Number(options.seed ?? options.from);
  const count = options.seed === undefined ? Number(options.seeds) : 1;
  if (options.step !== undefined) {
    return playOwnShare({ first, end: first + count, step: Number(options.step) });
  }
  if (options.seed === undefined) {
    return campaign({ first, count, processes: Number(options.processes) });
  }
  const failures: number[] = [];
  await playSeeds({
    seeds: [first],
    keep: options.keep === undefined ? null : numbersOf(options.keep),
    ask: options.ask ?? null,
    trace: options.trace,
    shrinks: options.ask === undefined && !options.trace,
    tell(told) {
      if (told.violations.length > 0) failures.push(told.seed);
      print(told);
    },
  });
  return failures.length > 0 ? 1 : 0;
}

const numbersOf = (text: string): readonly number[] =>
  text === 'none' ? [] : text.split(',').map(Number);

function print({ seed, violations, steps, fingerprint, story }: Told): void {
  const end = violations.length === 0 ? 'keeps every promise' : 'fails';
  console.log(`seed ${String(seed)} ${end} (${String(steps)} steps, ${fingerprint.toString(16)})`);
  for (const violation of violations) console.log(`  ${violation}`);
  for (const line of story) console.log(`    ${line}`);
}

type Share = { readonly first: number; readonly end: number; readonly step: number };

/** Tells its parent of each seed, a line of JSON each. */
async function playOwnShare({ first, end, step }: Share): Promise<number> {
  const seeds: number[] = [];
  for (let seed = first; seed < end; seed += step) seeds.push(seed);
  await playSeeds({
    seeds,
    keep: null,
    ask: null,
    trace: false,
    shrinks: process.env['SIMULATE_SHRINK'] !== 'no',
    tell: (told) => console.log(JSON.stringify(told)),
  });
  return 0;
}

type Campaign = { readonly first: number; readonly count: number; readonly processes: number };

async function campaign({ first, count, processes }: Campaign): Promise<number> {
  const started = realNow();
  const sums = { seeds: 0, failed: 0, steps: 0, calls: 0, messages: 0, crashes: 0 };
  const seconds = (): number => (realNow() - started) / 1000;
  const progress = setInterval(() => {
    console.log(`${String(sums.seeds)} of ${String(count)} seeds, ${seconds().toFixed(0)} s`);
  }, PROGRESS_EVERY_MS);
  const tell = (told: Told): void => {
    sums.seeds += 1;
    sums.steps += told.steps;
    sums.calls += told.counts.calls;
    sums.messages += told.counts.messages;
    sums.crashes += told.counts.crashes;
    if (told.violations.length === 0) return;
    sums.failed += 1;
    if (sums.failed <= FAILURES_TOLD_MAX) print(told);
    else console.log(`seed ${String(told.seed)} fails: ${told.violations[0] ?? ''}`);
  };
  const codes = await Promise.all(
    Array.from({ length: Math.min(processes, count) }, (_, at) =>
      playInProcess({ first: first + at, end: first + count, step: processes }, tell),
    ),
  );
  clearInterval(progress);
  const broken = codes.filter((code) => code !== 0).length;
  if (broken > 0) console.log(`${String(broken)} processes did not come to their end.`);
  console.log(
    `${String(sums.seeds)} seeds, ${String(sums.failed)} failed; ${String(sums.crashes)} crashes, ` +
      `${String(sums.messages)} messages, ${String(sums.calls)} calls in their storms; ` +
      `${String(sums.steps)} steps, ${seconds().toFixed(0)} s`,
  );
  return sums.failed === 0 && broken === 0 && sums.seeds === count ? 0 : 1;
}

function playInProcess({ first, end, step }: Share, tell: (told: Told) => void): Promise<number> {
  const main = new URL('./main.ts', import.meta.url).pathname;
  const seeds = ['--from', String(first), '--seeds', String(end - first), '--step', String(step)];
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...seeds], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) tell(JSON.parse(line) as Told);
    else console.log(line);
  });
  return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 1)));
}
