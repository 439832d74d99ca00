/**
 * `npm run storm -- --rounds 10 [--seed S] [--dispatcher embedded|bull|both] [--workers 2]
 * [--orders-per-minute 360] [--only fight|rounds]`: 1, 2 and 4 workers fight over hot items; then
 * processes and servers are killed at random under load, round after round. Ends with 1 when a
 * promise was broken. See docs/proof.md.
 */
import { parseArgs } from 'node:util';
import { smallStock } from './storm-catalog';
import { type FightReport, fightOverHotItems } from './fight';
import { type DeliveryWitness, witnessDeliveries } from './storm-acknowledged';
import { type Dispatcher, startFleet } from './storm-fleet';
import { planBlows } from './storm-plan';
import { type RoundReport, stormRound } from './storm-round';
import { redisMissing } from '../support/redis';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    seed: { type: 'string' },
    dispatcher: { type: 'string', default: 'both' },
    workers: { type: 'string', default: '2' },
    'orders-per-minute': { type: 'string', default: '360' },
    only: { type: 'string' },
  },
});
const rounds = Number(options.rounds);
const seed = Number(options.seed ?? Date.now() % 1_000_000);
const workers = Number(options.workers);
const ordersPerMinute = Number(options['orders-per-minute']);
const dispatchers = dispatchersOf(options.dispatcher);

/** Worker processes on one database. */
const FIGHTS = [1, 2, 4] as const;
const FIGHT_ITEMS = 6;

const fights: { dispatcher: Dispatcher; report: FightReport }[] = [];
const rows: { dispatcher: Dispatcher; round: number; report: RoundReport }[] = [];
console.log(`Seed ${seed}: ${rounds} rounds, ${workers} workers, ${ordersPerMinute} orders/min.`);
for (const dispatcher of dispatchers) {
  if (options.only !== 'rounds') await fight(dispatcher);
  if (options.only !== 'fight') await storm(dispatcher);
}
printSummary();
const broken = [...fights, ...rows].filter(({ report }) => report.problems.length > 0);
process.exit(broken.length === 0 ? 0 : 1);

function dispatchersOf(wanted: string): readonly Dispatcher[] {
  if (wanted === 'embedded') return ['embedded'];
  if (wanted !== 'bull' && wanted !== 'both') {
    console.error('--dispatcher is embedded, bull or both.');
    process.exit(2);
  }
  if (redisMissing === null) return wanted === 'bull' ? ['bull'] : ['embedded', 'bull'];
  console.error(redisMissing);
  if (wanted === 'bull') process.exit(2);
  return ['embedded'];
}

async function fight(dispatcher: Dispatcher): Promise<void> {
  console.log(`\n${dispatcher}: ${FIGHTS.join(', ')} workers fight over ${FIGHT_ITEMS} items each`);
  const name = `fight-${dispatcher}`;
  const settings = { dispatcher, name, fights: FIGHTS, items: FIGHT_ITEMS, seed };
  for (const report of await fightOverHotItems(settings)) {
    fights.push({ dispatcher, report });
    console.log(
      `      ${report.workers} workers (${report.tookPart} seen at work): ${report.orders} orders ` +
        `want ${report.wanted} of ${report.stock} units; ${report.accepted} accepted, ` +
        `${report.short} short, in ${seconds(report.milliseconds)}`,
    );
    for (const problem of report.problems) console.log(`BROKEN: ${problem}`);
  }
}

async function storm(dispatcher: Dispatcher): Promise<void> {
  const { products, unitsEach } = smallStock();
  const name = `storm-${dispatcher}`;
  const fleet = await startFleet({ name, dispatcher, products, seed });
  let witness: DeliveryWitness | null = null;
  try {
    await fleet.start('web');
    for (let n = 1; n <= workers; n += 1) await fleet.start(`worker-${n}`);
    await fleet.prepare();
    // What was sent before the shop had the app is nobody's.
    witness = witnessDeliveries(fleet.world);
    let openingOf: (sku: string) => number = () => unitsEach;
    for (let round = 1; round <= rounds; round += 1) {
      const blows = planBlows(seed, round, dispatcher, workers);
      const done = await stormRound(fleet, { blows, ordersPerMinute, witness, openingOf });
      openingOf = done.openingOf;
      rows.push({ dispatcher, round, report: done.report });
      printRound(dispatcher, round, done.report);
      // What is wrong stays wrong; the next round would only repeat it.
      if (done.report.problems.length > 0) break;
    }
  } finally {
    witness?.stop();
    await fleet.close();
  }
}

function printRound(dispatcher: Dispatcher, round: number, report: RoundReport): void {
  console.log(`\n${dispatcher}, round ${round} of ${rounds} (seed ${seed})`);
  for (const line of report.lines) console.log(`      ${line}`);
  const { units } = report;
  console.log(
    `      after the last kill: answered in ${seconds(report.answeredMs)}, an order taken in ` +
      `${seconds(report.orderMs)}, books right in ${seconds(report.booksMs)} ` +
      `(${seconds(report.calmMs)} after the traffic ended)`,
  );
  console.log(
    `      messages: ${report.acknowledged} acknowledged, ${report.processed} processed, ` +
      `${report.failed} visible as failed; ${report.unanswered} never acknowledged`,
  );
  console.log(
    `      orders: ${report.orders}; units: ${units.accepted} accepted of ${units.stock}, ` +
      `${units.available} left, ${units.short} wanted beyond; drift ${report.drift}`,
  );
  for (const problem of report.problems) console.log(`BROKEN: ${problem}`);
}

function printSummary(): void {
  console.log(
    '\n| dispatcher | round | kills | answered | order | books right | acknowledged |' +
      ' processed + failed | orders | accepted | stock | left | short | drift | broken |',
  );
  console.log(`|${' --- |'.repeat(15)}`);
  for (const { dispatcher, round, report } of rows) {
    const { units } = report;
    const cells = [
      ...[dispatcher, round, report.lines.filter((line) => line.startsWith('+')).length],
      ...[seconds(report.answeredMs), seconds(report.orderMs), seconds(report.booksMs)],
      ...[report.acknowledged, report.processed + report.failed, report.orders],
      ...[units.accepted, units.stock, units.available, units.short],
      ...[report.drift, report.problems.length],
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function seconds(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / 1_000).toFixed(1)} s`;
}
