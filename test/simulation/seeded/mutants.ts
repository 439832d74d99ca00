/**
 * Bugs planted in the real code, one at a time, each in a copy of the project: seeds are played on
 * it until one fails. A simulation that lets a bug pass would say nothing about the others.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { acquirePostgres } from '../../support/embedded-postgres';
import { serverFolder } from './database';
import { MUTANTS, type Mutant } from './mutant-list';
import type { Told } from './play-seeds';
import { realNow } from './virtual-time';

const root = path.resolve(import.meta.dirname, '../../..');
const SEEDS_MAX = 400;
const COPIED = ['app', 'generated', 'prisma', 'test', 'woocommerce-bridge'];
const COPIED_FILES = ['package.json', 'tsconfig.json', 'shopify.app.toml'];

type Verdict = { readonly mutant: Mutant; readonly caughtBy: Told | null; readonly seeds: number };

/** `only`: mutants whose name holds this. Answers 1 when one was not caught. */
export async function runMutants(only: string | null, processes: number): Promise<number> {
  const wanted = MUTANTS.filter(({ name }) => only === null || name.includes(only));
  const waiting = [...wanted];
  // Of all copies together: each would start a server of its own.
  const server = await acquirePostgres({ folder: serverFolder });
  const verdicts: Verdict[] = [];
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const started = realNow();
      const verdict = await judge(mutant, server.url);
      verdicts.push(verdict);
      const seconds = ((realNow() - started) / 1000).toFixed(0);
      console.log(`${describe(verdict)} (${seconds} s)`);
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
  await server.release();
  const missed = verdicts.filter(({ caughtBy }) => caughtBy === null);
  console.log(
    `${String(verdicts.length)} planted bugs, ${String(verdicts.length - missed.length)} caught`,
  );
  return missed.length === 0 ? 0 : 1;
}

function describe({ mutant, caughtBy, seeds }: Verdict): string {
  return caughtBy === null
    ? `NOT CAUGHT in ${String(seeds)} seeds: ${mutant.name} (${mutant.what})`
    : `caught by seed ${String(caughtBy.seed)}: ${mutant.name}: ${caughtBy.violations[0] ?? ''}`;
}

async function judge(mutant: Mutant, databaseUrl: string): Promise<Verdict> {
  const folder = path.join(root, '.cache', 'mutants', mutant.name);
  try {
    plant(mutant, folder);
    return await playUntilCaught(mutant, folder, databaseUrl);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A copy of the project with the bug in it. Throws when the code to change is not there. */
function plant(mutant: Mutant, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of COPIED) {
    cpSync(path.join(root, name), path.join(folder, name), {
      recursive: true,
      filter: (file) => !file.includes('node_modules'),
    });
  }
  for (const name of COPIED_FILES) cpSync(path.join(root, name), path.join(folder, name));
  symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  // The schema that was fetched once.
  symlinkSync(path.join(root, '.cache'), path.join(folder, '.cache'));
  const file = path.join(folder, mutant.file);
  const before = readFileSync(file, 'utf8');
  const places = before.split(mutant.find).length - 1;
  if (places !== 1) {
    throw new Error(
      `${mutant.name}: ${mutant.file} holds what is looked for ${String(places)} times.`,
    );
  }
  writeFileSync(
    file,
    before.replace(mutant.find, () => mutant.replace),
  );
}

function playUntilCaught(mutant: Mutant, folder: string, databaseUrl: string): Promise<Verdict> {
  const main = path.join(folder, 'test/simulation/seeded/main.ts');
  const seeds = ['--from', '1', '--seeds', String(SEEDS_MAX), '--step', '1'];
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...seeds], {
    cwd: folder,
    env: { ...process.env, SIMULATE_SHRINK: 'no', DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let played = 0;
  let caughtBy: Told | null = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (!line.startsWith('{') || caughtBy !== null) return;
    const told = JSON.parse(line) as Told;
    played += 1;
    if (told.violations.length === 0) return;
    caughtBy = told;
    child.kill('SIGTERM');
  });
  return new Promise((resolve) =>
    child.on('close', () => resolve({ mutant, caughtBy, seeds: played })),
  );
}
