/**
 * The same work done by us and by Medusa's inventory module on the same database server: one item,
 * of which there are fewer than are wanted, and callers who all reserve it. Both are warm, have as
 * many connections, and take turns.
 */
import { type Contender, startMedusa, startOurs } from './contenders';
import { type LedgerWorld, brokenPromises } from './ledger-database';
import { median } from './measure';
import { type BenchReport, type BenchRow, atLeast, times } from './report';

const STOCK = 100;
const TRIES = 200;
/** One race of ours is over too soon to be timed. */
const OUR_RACES = 10;
const ASKED = 8;

const POSTGRES = 'Medusa 2.21.2 with its PostgreSQL lock';
const DEFAULT = 'Medusa 2.21.2 with its default lock (in memory)';
const UNLOCKED = "Medusa 2.21.2, the module's API without a lock";

/** What some races of one contender came to. */
type Tally = {
  readonly perSecond: number[];
  readonly accepted: number[];
  /** Races after which the counter and the rows differed. */
  drifted: number;
  readonly failures: string[];
};

export async function benchBesideMedusa(
  world: LedgerWorld,
  medusaUrl: string,
  rounds: number,
  report: BenchReport,
): Promise<void> {
  const started: Contender[] = [];
  const warm = async (starting: Promise<Contender>): Promise<Contender> => {
    const contender = await starting;
    started.push(contender);
    await contender.race(await contender.stock(STOCK), TRIES, 16);
    return contender;
  };
  try {
    const ours = await warm(startOurs(world, 'grouped', 1));
    const oursTwice = await warm(startOurs(world, 'grouped', 2));
    const oursSingly = await warm(startOurs(world, 'single', 1));
    const unlocked = await warm(startMedusa(medusaUrl, 'none', 1));
    const inMemory = await warm(startMedusa(medusaUrl, 'memory', 1));
    const inMemoryTwice = await warm(startMedusa(medusaUrl, 'memory', 2));
    const inPostgres = await warm(startMedusa(medusaUrl, 'postgres', 1));
    const inPostgresTwice = await warm(startMedusa(medusaUrl, 'postgres', 2));
    const pairs = [
      ['1 caller', 1, ours, inPostgres, POSTGRES, ASKED],
      ['16 callers', 16, ours, inPostgres, POSTGRES, ASKED],
      ['64 callers', 64, ours, inPostgres, POSTGRES, ASKED],
      ['16 callers in 2 processes', 16, oursTwice, inPostgresTwice, POSTGRES, ASKED],
      ['16 callers, ours not grouped', 16, oursSingly, inPostgres, POSTGRES, null],
      ['1 caller', 1, ours, inMemory, DEFAULT, null],
      ['16 callers', 16, ours, inMemory, DEFAULT, null],
      ['64 callers', 64, ours, inMemory, DEFAULT, null],
      ['16 callers in 2 processes', 16, oursTwice, inMemoryTwice, DEFAULT, null],
      ['16 callers', 16, ours, unlocked, UNLOCKED, null],
    ] as const;
    for (const [what, callers, our, their, boundIs, asked] of pairs) {
      console.log(`  ${what}: ${boundIs}`);
      const [mine, theirs] = [emptyTally(), emptyTally()];
      for (let round = 0; round < rounds; round += 1) {
        await runRace(theirs, their, callers);
        for (let race = 0; race < OUR_RACES; race += 1) await runRace(mine, our, callers);
      }
      report.rows.push(rowOf(`Beside Medusa, ${what}`, mine, theirs, boundIs, asked));
      report.broken.push(...promisesBroken(`beside Medusa, ${what}`, mine));
    }
  } finally {
    for (const contender of started) contender.close();
  }
  const broken = await brokenPromises(world.db, world.merchantId, 'beside Medusa');
  report.broken.push(...broken);
}

function emptyTally(): Tally {
  return { perSecond: [], accepted: [], drifted: 0, failures: [] };
}

async function runRace(tally: Tally, contender: Contender, callers: number): Promise<void> {
  const item = await contender.stock(STOCK);
  const raced = await contender.race(item, TRIES, callers);
  const accepted = raced.reduce((sum, one) => sum + one.accepted, 0);
  const seconds = Math.max(...raced.map((one) => one.acceptedMs)) / 1_000;
  tally.accepted.push(accepted);
  tally.perSecond.push(accepted / seconds);
  for (const { problem } of raced) if (problem !== null) tally.failures.push(problem);
  const { counter, rows } = await contender.held(item);
  if (counter !== rows || rows !== accepted) tally.drifted += 1;
}

function rowOf(
  what: string,
  mine: Tally,
  theirs: Tally,
  boundIs: string,
  asked: number | null,
): BenchRow {
  const ratio = median(mine.perSecond) / median(theirs.perSecond);
  return {
    what,
    ours: shown(mine),
    bound: shown(theirs),
    boundIs,
    ratio: times(ratio),
    target: asked === null ? null : atLeast(ratio, asked),
    note: [theirs.failures[0], theirs.drifted > 0 ? 'its counter and its rows differ' : null]
      .filter((words) => words !== null && words !== undefined)
      .join('; '),
  };
}

/** As "1,234/s, accepted 100 of 100". */
function shown({ perSecond, accepted }: Tally): string {
  const speed = Math.round(median(perSecond)).toLocaleString('en-US');
  const [least, most] = [Math.min(...accepted), Math.max(...accepted)];
  const range = least === most ? String(most) : `${String(least)} to ${String(most)}`;
  return `${speed}/s, accepted ${range} of ${String(STOCK)}${most > STOCK ? ': OVERSOLD' : ''}`;
}

/** All that there is must be given out, nothing more, and be in the ledger. */
function promisesBroken(where: string, { accepted, drifted, failures }: Tally): string[] {
  const broken = accepted
    .filter((units) => units !== STOCK)
    .map((units) => `${where}: ${String(units)} units accepted of ${String(STOCK)}`);
  if (drifted > 0) broken.push(`${where}: counter and movements differ`);
  return [...broken, ...failures.map((problem) => `${where}: ${problem}`)];
}
