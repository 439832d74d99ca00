/** Ten thousand levels are set, as a file of counts does it, and their numbers marked. */
import pg from 'pg';
import { inside, outside } from '../../app/domain/stock/cell';
import { systemActor } from '../../app/domain/shared/actor';
import { newId } from '../../app/platform/ids';
import { postMovements } from '../../app/store/movements';
import { createRandom } from '../sandbox/core';
import { type LedgerWorld, brokenPromises } from './ledger-database';
import { median } from './measure';
import { type BenchReport, times, under } from './report';

export const LEVELS = 10_000;
/** As many as posting a count takes into a transaction. */
const LINES_PER_BATCH = 1_000;

type Line = { readonly itemId: string; readonly locationId: string; readonly units: number };

/** The world has at least LEVELS levels, each of which feeds a number on both channels. */
export async function benchSetLevels(
  world: LedgerWorld,
  rounds: number,
  report: BenchReport,
): Promise<void> {
  const random = createRandom(10);
  const cells = world.items
    .flatMap(({ id }) => world.locationIds.map((locationId) => ({ itemId: id, locationId })))
    .slice(0, LEVELS);
  const counted = (): Line[] =>
    random.shuffle(cells).map((cell) => ({ ...cell, units: random.integer(1, 500) }));
  const client = new pg.Client({ connectionString: world.url });
  await client.connect();
  const [ours, bound]: [number[], number[]] = [[], []];
  await setThrough(world, counted());
  for (let round = 0; round < rounds; round += 1) {
    // The plain statement moves units past the ledger, so it is undone, and counts until then.
    bound.push(await timed(() => setPlainly(client, counted())));
    await client.query('ROLLBACK');
    ours.push(await timed(() => setThrough(world, counted())));
  }
  await client.end();
  const marked = await world.db.one<{ levels: number }>(
    `SELECT count(*)::int AS levels FROM publication WHERE dirty_seq > sent_seq`,
  );
  report.rows.push({
    what: 'Setting 10,000 levels',
    ours: seconds(median(ours)),
    bound: seconds(median(bound)),
    ratio: times(median(ours) / median(bound)),
    target: under(median(ours) / 1_000, 1.5, ' s'),
    boundIs: 'one plain UPDATE of the same rows',
    note: `ours writes 10,000 movements, marks ${String(marked.levels)} numbers`,
  });
  if (marked.levels === 0) report.broken.push('set levels: no number was marked');
  report.broken.push(...(await brokenPromises(world.db, world.merchantId, 'set levels')));
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(2)} s`;

async function setThrough(world: LedgerWorld, lines: readonly Line[]): Promise<void> {
  for (let at = 0; at < lines.length; at += LINES_PER_BATCH) {
    const batch = lines.slice(at, at + LINES_PER_BATCH);
    await world.db.transaction(async (tx) => {
      const { rows } = await tx.query<{ available: number; item: string; location: string }>(
        `SELECT l.available, l.item_id AS item, l.location_id AS location FROM stock_level l
           JOIN unnest($1::uuid[], $2::uuid[]) AS u(item, location)
             ON l.item_id = u.item AND l.location_id = u.location
          ORDER BY l.item_id, l.location_id FOR UPDATE OF l`,
        [batch.map((line) => line.itemId), batch.map((line) => line.locationId)],
      );
      const before = new Map(rows.map((row) => [`${row.item} ${row.location}`, row.available]));
      const drafts = batch.flatMap(({ itemId, locationId, units }) => {
        const change = units - (before.get(`${itemId} ${locationId}`) ?? 0);
        if (change === 0) return [];
        const here = inside('available', locationId);
        return [
          {
            itemId,
            quantity: Math.abs(change),
            from: change > 0 ? outside('adjustment') : here,
            to: change > 0 ? here : outside('adjustment'),
            key: `set:${newId()}`,
            reason: 'count',
            cause: { kind: 'bench', id: 'set-levels' },
            actor: systemActor('bench'),
            note: null,
            occurredAt: new Date(),
          },
        ];
      });
      await postMovements(tx, world.merchantId, drafts, 'all');
    });
  }
}

/** In a transaction that is left open: the caller ends it. */
async function setPlainly(client: pg.Client, lines: readonly Line[]): Promise<void> {
  await client.query('BEGIN');
  await client.query(
    `UPDATE stock_level l SET available = u.units, updated_at = now()
       FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS u(item, location, units)
      WHERE l.item_id = u.item AND l.location_id = u.location`,
    [
      lines.map((line) => line.itemId),
      lines.map((line) => line.locationId),
      lines.map((line) => line.units),
    ],
  );
}
