/**
 * Who reserves in the comparison: we, and Medusa, each in processes of its own that are told what
 * to do by messages.
 */
import path from 'node:path';
import { systemActor } from '../../app/domain/shared/actor';
import { inside, outside } from '../../app/domain/stock/cell';
import { newId } from '../../app/platform/ids';
import { postMovements } from '../../app/store/movements';
import { medusaFolder } from './install-medusa';
import { type LedgerWorld, POOL_MAX } from './ledger-database';
import type { Race, Raced } from './race';
import { TYPESCRIPT, type Told, startTold } from './told-process';

/** What is noted as reserved of an item: by its counter, and by its rows. */
export type Held = { readonly counter: number; readonly rows: number };

export type Contender = {
  /** An item of which there are so many. */
  stock(units: number): Promise<string>;
  /** So many callers try so often in all; each process has its share of both. */
  race(item: string, tries: number, callers: number): Promise<readonly Raced[]>;
  held(item: string): Promise<Held>;
  close(): void;
};

/** `none`: its module as it is. `memory`: its default lock. `postgres`: its other provider. */
export async function startMedusa(
  url: string,
  lock: 'none' | 'memory' | 'postgres',
  count: number,
): Promise<Contender> {
  const processes: Told[] = [];
  // One after the other: the first one makes the tables.
  for (let index = 0; index < count; index += 1) {
    const environment = {
      POOL_MAX: String(POOL_MAX),
      DATABASE_URL: url,
      LOCK: lock,
      MEDUSA_DISABLE_TELEMETRY: 'true',
    };
    processes.push(
      await startTold(
        path.join(medusaFolder, 'reserve.cjs'),
        { cwd: medusaFolder, execArgv: [] },
        {
          ...environment,
          MIGRATE: index === 0 ? '1' : '0',
        },
      ),
    );
  }
  const [first] = processes;
  if (first === undefined) throw new Error('No process was asked for.');
  return {
    stock: (units) => first.ask<string>({ act: 'stock', units }),
    race: (item, tries, callers) => raceAll(processes, item, tries, callers),
    held: (item) => first.ask<Held>({ act: 'held', item }),
    close: () => processes.forEach((one) => one.close()),
  };
}

/** `grouped`: the operation as the product calls it. `single`: each call's statement by itself. */
export async function startOurs(
  world: LedgerWorld,
  how: 'grouped' | 'single',
  count: number,
): Promise<Contender> {
  const { db, merchantId, items } = world;
  const locationId = world.locationIds[0] ?? '';
  const program = path.join(import.meta.dirname, 'reserve-process.ts');
  const processes = await Promise.all(
    Array.from({ length: count }, () =>
      startTold(program, TYPESCRIPT, {
        POOL_MAX: String(POOL_MAX),
        DATABASE_URL: world.url,
        HOW: how,
        PLACE: JSON.stringify({ merchantId, locationId }),
      }),
    ),
  );
  return {
    async stock(units) {
      const item = items[usedItems]?.id ?? '';
      usedItems += 1;
      const { there } = await db.one<{ there: number }>(
        `SELECT available AS there FROM stock_level WHERE item_id = $1 AND location_id = $2`,
        [item, locationId],
      );
      const surplus = {
        itemId: item,
        quantity: there - units,
        from: inside('available', locationId),
        to: outside('adjustment'),
        key: `surplus:${newId()}`,
        reason: 'count',
        cause: { kind: 'bench', id: 'beside-medusa' },
        actor: systemActor('bench'),
        note: null,
        occurredAt: new Date(),
      };
      await postMovements(db, merchantId, [surplus], 'all');
      return item;
    },
    race: (item, tries, callers) => raceAll(processes, item, tries, callers),
    held: (item) =>
      db.one<Held>(
        `SELECT (SELECT reserved FROM stock_level WHERE item_id = $1 AND location_id = $2) AS counter,
           (SELECT count(*)::int FROM movement WHERE item_id = $1 AND to_state = 'reserved') AS rows`,
        [item, locationId],
      ),
    close: () => processes.forEach((one) => one.close()),
  };
}

/** An item that was raced for is not raced for again. */
let usedItems = 0;

function raceAll(
  processes: readonly Told[],
  item: string,
  tries: number,
  callers: number,
): Promise<readonly Raced[]> {
  const race: Race = {
    act: 'race',
    item,
    tries: tries / processes.length,
    callers: callers / processes.length,
  };
  return Promise.all(processes.map((one) => one.ask<Raced>(race)));
}
