/**
 * Goal: a merchant's world keeps every promise under faults, crashes and people at the worst
 * moments.
 * Method: seeds of `npm run simulate`, in a process of its own, since it replaces time itself; a
 * seed that once failed for good reason stays among them; and one planted bug shows that it bites.
 */
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';

const SEEDS = process.env['CROSSDOCK_SIMULATED_SEEDS'] ?? '60';
const TIME_MAX = 900_000;

function simulate(...args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const main = 'test/simulation/seeded/main.ts';
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: 'pipe' });
  let output = '';
  const hear = (text: Buffer): void => {
    output += text.toString();
  };
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

it(
  `keeps every promise in ${SEEDS} storms`,
  async () => {
    const { code, output } = await simulate('--seeds', SEEDS, '--processes', '1');
    expect(output).toContain(`${SEEDS} seeds, 0 failed`);
    expect(code).toBe(0);
  },
  TIME_MAX,
);

it(
  'plays the same seed the same way, step by step',
  async () => {
    const once = await simulate('--seed', '4');
    const again = await simulate('--seed', '4');
    expect(once.output).toContain('keeps every promise');
    expect(again.output).toBe(once.output);
  },
  TIME_MAX,
);

it(
  'catches a bug planted in the real code, and says how to see it again',
  async () => {
    const { code, output } = await simulate('--mutants', '--only', 'leases-never-end');
    expect(output).toContain('1 planted bugs, 1 caught');
    expect(code).toBe(0);
  },
  TIME_MAX,
);
