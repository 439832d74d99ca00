/** A process that takes orders as a worker's does, and tells the memory it holds meanwhile. */
import { createJobSystem } from '../../app/jobs/job-system';
import { createDatabase } from '../../app/platform/database';
import { silentLog } from '../../app/platform/log';
import { type LedgerWorld, POOL_MAX, ledgerContext } from './ledger-database';
import { CALLERS, LINES, createIntake } from './order-lines';

export type IntakeTask = Pick<LedgerWorld, 'url' | 'merchantId' | 'connectionIds' | 'items'> & {
  /** How many orders it has taken, each time it tells its memory. */
  readonly tellAt: readonly number[];
};

/** Bytes of the whole process (resident set), one for each of `tellAt`. */
export type IntakeMemory = { readonly rssBytes: readonly number[] };

const task = JSON.parse(process.env['TASK'] ?? '{}') as IntakeTask;
const db = createDatabase(task.url, { max: POOL_MAX });
const jobs = createJobSystem({ db, log: silentLog, redisUrl: null });
const takeOne = createIntake({ ...task, context: ledgerContext(db, jobs) });

const rssBytes: number[] = [];
let lines = 0;
for (const orders of task.tellAt) {
  await takeUntil(orders * LINES);
  rssBytes.push(process.memoryUsage.rss());
}
await jobs.close();
await db.close();
process.stdout.write(`${JSON.stringify({ rssBytes } satisfies IntakeMemory)}\n`);

async function takeUntil(wanted: number): Promise<void> {
  const caller = async (): Promise<void> => {
    while (lines < wanted) {
      const taken = await takeOne();
      lines += taken;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}
