/** One round of the storm: load, kills, calm, and what the books say then. */
import type { Database } from '../../app/platform/database';
import { endFaults, playFaults, settle, startTraffic } from './storm';
import { type Acknowledged, type DeliveryWitness } from './storm-acknowledged';
import { startArrivals } from './storm-arrivals';
import { type Struck, strike } from './storm-blows';
import type { Fleet } from './storm-fleet';
import type { Blow } from './storm-plan';
import { watchRecovery } from './storm-recovery';

/** What has gone wrong for this long after the storm is told, so that its cause can be found. */
const TELL_EVERY_MS = 20_000;
const TOLD_MAX = 12;

export type Units = {
  /** That there ever were. */
  readonly stock: number;
  /** Promised to orders, or shipped. */
  readonly accepted: number;
  readonly available: number;
  /** Wanted by orders, and not there. */
  readonly short: number;
};

export type RoundReport = Struck &
  Acknowledged & {
    readonly answeredMs: number | null;
    readonly orderMs: number | null;
    /** From the last kill; null: they never were. */
    readonly booksMs: number | null;
    readonly calmMs: number;
    readonly orders: number;
    readonly units: Units;
    readonly drift: number;
    readonly problems: readonly string[];
  };

export type RoundSettings = {
  readonly blows: readonly Blow[];
  readonly ordersPerMinute: number;
  readonly witness: DeliveryWitness;
  /** Units of the item at the start of this round, and of all before. */
  readonly openingOf: (sku: string) => number;
};

/** Answers what was seen, and the units that came in. */
export async function stormRound(
  fleet: Fleet,
  settings: RoundSettings,
): Promise<{ readonly report: RoundReport; readonly openingOf: (sku: string) => number }> {
  const { db, world } = fleet;
  playFaults(world);
  const traffic = startTraffic(fleet, db, { ordersPerMinute: settings.ordersPerMinute });
  const arrivals = startArrivals(fleet, db);
  const recovery = watchRecovery(fleet, db);
  const openingOf = (sku: string) => settings.openingOf(sku) + arrivals.unitsOf(sku);
  const struck = await strike(fleet, settings.blows);
  const [answeredMs, orderMs] = await Promise.all([
    recovery.answeredAfter(struck.lastKillAt),
    recovery.orderAfter(struck.lastKillAt),
  ]);
  await traffic.stop();
  await arrivals.stop();
  await recovery.stop();
  endFaults(world);
  const calmFrom = Date.now();
  const wrong = await settle(fleet, db, openingOf, tellWhatIsLate(fleet, calmFrom));
  const settledAt = Date.now();
  const acknowledged = await settings.witness.compare(db);
  const units = await countUnits(db);
  const problems = [
    ...wrong,
    ...acknowledged.problems,
    ...(await waitingBesideStock(db)),
    ...(answeredMs === null ? ['no page was answered after the last kill'] : []),
    ...(orderMs === null ? ['no order was taken after the last kill'] : []),
    ...fleet.deaths,
  ];
  return {
    openingOf,
    report: {
      ...{ ...struck, ...acknowledged, answeredMs, orderMs, units, problems },
      booksMs: wrong.length === 0 ? settledAt - struck.lastKillAt : null,
      calmMs: settledAt - calmFrom,
      orders: world.shop.state.orders.size + world.woo.state.orders.size,
      drift: wrong.filter((problem) => problem.includes('fold of its movements')).length,
      lines: [...struck.lines, ...(await endsOf(db, struck))],
    },
  };
}

/** Everything that is wrong is normal for some seconds; what lasts is worth a look. */
function tellWhatIsLate(fleet: Fleet, calmFrom: number) {
  let told = calmFrom;
  return (problems: readonly string[]): void => {
    if (problems.length === 0 || Date.now() - told < TELL_EVERY_MS) return;
    told = Date.now();
    const seconds = Math.round((told - calmFrom) / 1_000);
    console.log(`      still wrong ${seconds} s after the storm (log: ${fleet.logFile}):`);
    for (const problem of problems.slice(0, TOLD_MAX)) console.log(`        ${problem}`);
    if (problems.length > TOLD_MAX) console.log(`        and ${problems.length - TOLD_MAX} more`);
  };
}

async function countUnits(db: Database): Promise<Units> {
  return db.one<Units>(
    `SELECT (s.available + o.accepted)::int AS stock, o.accepted, s.available, o.short
     FROM (SELECT COALESCE(sum(available), 0)::int AS available FROM stock_level) s,
       (SELECT COALESCE(sum(allocated_quantity + shipped_quantity), 0)::int AS accepted,
          COALESCE(sum(short_quantity), 0)::int AS short FROM order_line) o`,
  );
}

/** Accepted = stock: nobody waits for an item of which units lie about. */
async function waitingBesideStock(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ sku: string; short: number; available: number }>(
    `SELECT i.sku, o.short, l.available FROM item i
     JOIN (SELECT item_id, sum(short_quantity)::int AS short FROM order_line GROUP BY 1) o
       ON o.item_id = i.id
     JOIN (SELECT item_id, sum(available)::int AS available FROM stock_level GROUP BY 1) l
       ON l.item_id = i.id
     WHERE o.short > 0 AND l.available > 0`,
  );
  return rows.map(
    ({ sku, short, available }) =>
      `${sku}: orders wait for ${String(short)} units, ${String(available)} lie about`,
  );
}

/** Whether a job that was running when its worker died was in the middle, and how it ended. */
async function endsOf(db: Database, { killedJobs }: Struck): Promise<string[]> {
  const { rows } = await db.query<{ id: number; state: string; attempts: number }>(
    `SELECT id, state, attempts FROM job WHERE id = ANY ($1::bigint[])`,
    [killedJobs.map(({ id }) => id)],
  );
  return killedJobs.map(({ id, kind }) => {
    const job = rows.find((row) => row.id === id);
    const end =
      job === undefined
        ? 'gone'
        : job.attempts > 1
          ? `begun again, ${job.state}`
          : `${job.state} just before the kill`;
    return `        job ${String(id)} (${kind}): ${end}`;
  });
}
