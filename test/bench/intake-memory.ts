/** What a process that takes orders holds in memory: it must not grow with what it has taken. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { IntakeMemory, IntakeTask } from './intake-process';
import { type Bench, inLedgerWorld } from './parts';
import { under } from './report';

/** By then everything is loaded, prepared and compiled. */
const WARM_ORDERS = 2_000;
const MEGABYTE = 1024 * 1024;

export function runMemory(bench: Bench): Promise<void> {
  const orders = bench.short ? 4_000 : 20_000;
  return inLedgerWorld(bench, 'memory', async ({ url, merchantId, connectionIds, items }) => {
    const task: IntakeTask = {
      ...{ url, merchantId, connectionIds, items },
      tellAt: [WARM_ORDERS, WARM_ORDERS + orders],
    };
    const program = path.join(import.meta.dirname, 'intake-process.ts');
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, TASK: JSON.stringify(task) },
    });
    const { rssBytes } = JSON.parse(stdout) as IntakeMemory;
    const [before = Number.NaN, after = Number.NaN] = rssBytes.map((bytes) => bytes / MEGABYTE);
    bench.report.rows.push({
      what: `Memory of a process after ${orders.toLocaleString('en-US')} more orders`,
      ours: `${String(Math.round(after))} MB`,
      bound: `${String(Math.round(before))} MB`,
      boundIs: `the same process after ${WARM_ORDERS.toLocaleString('en-US')} orders`,
      ratio: (after / before).toFixed(2),
      target: under(after / before, 1.3),
    });
  });
}
