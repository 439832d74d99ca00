/** Orders taken by a merchant with ten thousand movements, and by one with ten million. */
import { statfs } from 'node:fs/promises';
import pg from 'pg';
import { type LedgerWorld, benchFolder } from './ledger-database';
import { fillMovements, sampleDrift } from './growth-fill';
import { compare, perSecond } from './measure';
import { CALLERS, createIntake } from './order-lines';
import { type Bench, inLedgerWorld } from './parts';
import { atLeast, notMeasured, rate, times } from './report';

const FEW = 10_000;
const MANY = 10_000_000;
const MANY_SHORT = 1_000_000;
/** With its indexes, and the write-ahead log of making it. */
const BYTES_PER_MOVEMENT = 1_000;
const MS_PER_SECOND = 1_000;

/**
 * Two databases on one server, measured in turns. Both have the same items, levels and numbers;
 * they differ in movements. Afterwards both are dropped.
 */
export async function runGrowth(bench: Bench): Promise<void> {
  const many = bench.short ? MANY_SHORT : MANY;
  const what = `Orders of 3 lines at ${count(many)} movements`;
  const { bavail, bsize } = await statfs(benchFolder);
  if (bavail * bsize < many * BYTES_PER_MOVEMENT) {
    bench.report.rows.push(notMeasured(what, 'too little space on the disk'));
    return;
  }
  await inLedgerWorld(bench, 'growth_few', (few) =>
    inLedgerWorld(bench, 'growth_many', async (grown) => {
      await fill(few, FEW);
      await fill(grown, many);
      await benchGrowth(bench, few, grown, what);
      for (const world of [few, grown]) {
        const drifted = await sampleDrift(world);
        if (drifted > 0) bench.report.broken.push(`growth: ${String(drifted)} levels drifted`);
      }
    }),
  );
}

async function benchGrowth(
  { short, report }: Bench,
  few: LedgerWorld,
  grown: LedgerWorld,
  what: string,
): Promise<void> {
  const [rounds, roundMs] = short ? [4, 1_500] : [8, 2_500];
  const [atFew, atMany] = [createIntake(few), createIntake(grown)];
  await perSecond(CALLERS, roundMs, atFew);
  await perSecond(CALLERS, roundMs, atMany);
  const result = await compare(
    rounds,
    () => perSecond(CALLERS, roundMs, atFew),
    () => perSecond(CALLERS, roundMs, atMany),
  );
  report.rows.push({
    what,
    ours: rate(result.ours, 'lines'),
    bound: rate(result.bound, 'lines'),
    ratio: times(result.ratio),
    target: atLeast(result.ratio, 0.9),
    boundIs: `the same in turns at ${count(FEW)} movements`,
  });
}

async function fill(world: LedgerWorld, movements: number): Promise<void> {
  const startedAt = performance.now();
  const client = new pg.Client({ connectionString: world.url });
  await client.connect();
  try {
    await fillMovements(client, world, movements);
  } finally {
    await client.end();
  }
  const seconds = Math.round((performance.now() - startedAt) / MS_PER_SECOND);
  console.log(`  ${count(movements)} movements made in ${String(seconds)} s`);
}

function count(movements: number): string {
  return movements.toLocaleString('en-US');
}
