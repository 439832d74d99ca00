/** Everybody wants the same item at once. */
import { createReserveStock, reserveAll } from '../../app/operations/stock/reserve-stock';
import { systemActor } from '../../app/domain/shared/actor';
import { inside, outside } from '../../app/domain/stock/cell';
import { newId } from '../../app/platform/ids';
import { postMovements } from '../../app/store/movements';
import { type LedgerWorld, brokenPromises } from './ledger-database';
import { compare, perSecond } from './measure';
import type { RawBound } from './raw-bound';
import { type BenchReport, atLeast, rate, times } from './report';

const CALLERS = 16;
const CROWD = 256;
const LINES_PER_CALL = 256;
const BOUND_IS = 'raw guarded UPDATE + INSERT, 16 bare pg clients, same row';

/** More than any row can reserve: an item that is sold out would make both sides look idle. */
const RESTOCKED_UNITS = 5_000_000;

async function restock(world: LedgerWorld, itemId: string, locationId: string): Promise<void> {
  const draft = {
    itemId,
    quantity: RESTOCKED_UNITS,
    from: outside('supplier'),
    to: inside('available', locationId),
    key: `restock:${newId()}`,
    reason: 'received',
    cause: { kind: 'bench', id: 'hot-item' },
    actor: systemActor('bench'),
    note: null,
    occurredAt: new Date(),
  };
  await postMovements(world.db, world.merchantId, [draft], 'all');
}

export async function benchHotItem(
  world: LedgerWorld,
  raw: RawBound,
  settings: { readonly rounds: number; readonly roundMs: number },
  report: BenchReport,
): Promise<void> {
  const { rounds, roundMs } = settings;
  const itemId = world.items[0]?.id ?? '';
  const locationId = world.locationIds[0] ?? '';
  const reserve = createReserveStock(world.context);
  const request = () => ({
    itemId,
    locationId,
    quantity: 1,
    to: 'reserved' as const,
    key: newId(),
    cause: { kind: 'bench', id: 'hot-item' },
    actor: systemActor('bench'),
  });
  const one = async (): Promise<number> => {
    const result = await reserve(world.merchantId, request());
    return 'moved' in result ? result.moved : 0;
  };
  const many = async (): Promise<number> => {
    const requests = Array.from({ length: LINES_PER_CALL }, request);
    const results = await reserveAll(world.context, world.merchantId, requests);
    return results.reduce((sum, result) => sum + ('moved' in result ? result.moved : 0), 0);
  };
  const bound = () =>
    perSecond(CALLERS, roundMs, async (caller) =>
      (await raw.reserve(caller, itemId, locationId)) ? 1 : 0,
    );
  const rows = [
    ['One hot item, 16 callers', 0.8, () => perSecond(CALLERS, roundMs, one)],
    ['One hot item, 256 callers', 10, () => perSecond(CROWD, roundMs, one)],
    ['One hot item, calls of 256 lines', 10, () => perSecond(1, roundMs, many)],
  ] as const;
  // Prepared statements, first plans, pages in memory: what a running process has.
  for (const [, , ours] of rows) await ours();
  for (const [what, floor, ours] of rows) {
    await restock(world, itemId, locationId);
    const result = await compare(rounds, bound, ours);
    report.rows.push({
      what,
      ours: rate(result.ours, 'units'),
      bound: rate(result.bound, 'units'),
      ratio: times(result.ratio),
      target: atLeast(result.ratio, floor),
      boundIs: BOUND_IS,
    });
  }
  report.broken.push(...(await brokenPromises(world.db, world.merchantId, 'hot item')));
}
