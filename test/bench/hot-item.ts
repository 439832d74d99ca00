/** Units are reserved: all of one item, by more and more callers, and of a thousand items. */
import { createReserveStock, reserveAll } from '../../app/operations/stock/reserve-stock';
import { systemActor } from '../../app/domain/shared/actor';
import { inside, outside } from '../../app/domain/stock/cell';
import { newId } from '../../app/platform/ids';
import { postMovements } from '../../app/store/movements';
import { createRandom } from '../sandbox/core';
import { type LedgerWorld, brokenPromises } from './ledger-database';
import { compare, perSecond } from './measure';
import type { RawBound } from './raw-bound';
import { type BenchReport, atLeast, rate, times } from './report';

const CALLERS = 16;
const CROWD = 256;
const LINES_PER_CALL = 256;
const RAW = 'raw guarded UPDATE + INSERT';

/** More than any row can reserve: an item that is sold out would make both sides look idle. */
const RESTOCKED_UNITS = 5_000_000;

type Row = readonly [
  what: string,
  /** Asked; null: nothing is, the ratio is to be known. */
  floor: number | null,
  ours: () => Promise<number>,
  bound: () => Promise<number>,
  boundIs: string,
];

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
  const random = createRandom(1);
  const request = (wanted: string) => ({
    itemId: wanted,
    locationId,
    quantity: 1,
    to: 'reserved' as const,
    key: newId(),
    cause: { kind: 'bench', id: 'hot-item' },
    actor: systemActor('bench'),
  });
  const one = (wanted: string) => async (): Promise<number> => {
    const result = await reserve(world.merchantId, request(wanted));
    return 'moved' in result ? result.moved : 0;
  };
  const many = async (): Promise<number> => {
    const requests = Array.from({ length: LINES_PER_CALL }, () => request(itemId));
    const results = await reserveAll(world.context, world.merchantId, requests);
    return results.reduce((sum, result) => sum + ('moved' in result ? result.moved : 0), 0);
  };
  const anyItem = () => world.items[random.integer(0, world.items.length - 1)]?.id ?? itemId;
  const hot = (callers: number) => () => perSecond(callers, roundMs, one(itemId));
  const distinct = () => perSecond(CALLERS, roundMs, () => one(anyItem())());
  const lists = () => perSecond(1, roundMs, many);
  const rawOf = (callers: number, pick: () => string) => () =>
    perSecond(callers, roundMs, async (caller) =>
      (await raw.reserve(caller, pick(), locationId)) ? 1 : 0,
    );
  const rawHot = (callers: number) => rawOf(callers, () => itemId);
  const sixteen = `${RAW}, same row, 16 bare pg clients`;
  const rows: readonly Row[] = [
    ['One hot item, 1 caller', null, hot(1), rawHot(1), `${RAW}, same row, 1 bare pg client`],
    ['One hot item, 16 callers', 0.8, hot(CALLERS), rawHot(CALLERS), sixteen],
    ['One hot item, 64 callers', 0.8, hot(64), rawHot(64), `${RAW}, same row, 64 bare pg clients`],
    ['One hot item, batched: 256 callers', 10, hot(CROWD), rawHot(CALLERS), sixteen],
    ['One hot item, batched: calls of 256 lines', 10, lists, rawHot(CALLERS), sixteen],
    [
      `${world.items.length.toLocaleString('en-US')} distinct items, 16 callers`,
      null,
      distinct,
      rawOf(CALLERS, anyItem),
      `${RAW}, rows at random, 16 bare pg clients`,
    ],
  ];
  // Prepared statements, first plans, pages in memory: what a running process has.
  for (const [, , ours] of rows) await ours();
  for (const [what, floor, ours, bound, boundIs] of rows) {
    await restock(world, itemId, locationId);
    const result = await compare(rounds, bound, ours);
    report.rows.push({
      what,
      ours: rate(result.ours, 'units'),
      bound: rate(result.bound, 'units'),
      ratio: times(result.ratio),
      target: floor === null ? null : atLeast(result.ratio, floor),
      boundIs,
    });
  }
  report.broken.push(...(await brokenPromises(world.db, world.merchantId, 'hot item')));
}
