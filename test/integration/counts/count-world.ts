/** A merchant with items and stock, and counts done without a worker: each job when asked for. */
import type { Actor } from '../../../app/domain/shared/actor';
import { inside, outside } from '../../../app/domain/stock/cell';
import type { OperationContext } from '../../../app/operations/context';
import { carryOutPosting, postCount } from '../../../app/operations/stock/post-count';
import { readCountFile } from '../../../app/operations/stock/read-count-file';
import { receiveCountFile } from '../../../app/operations/stock/receive-count-file';
import { carryOutUndoing, undoCount } from '../../../app/operations/stock/undo-count';
import type { Database } from '../../../app/platform/database';
import { newId } from '../../../app/platform/ids';
import { silentLog } from '../../../app/platform/log';
import { postMovements } from '../../../app/store/movements';
import { draft, seedMerchant } from '../ledger/seed-ledger';

export const STAFF: Actor = { kind: 'staff', id: '77' };
const never = new AbortController().signal;

/** Counts talk to no channel and no store, so the parts that do are left out. */
export function countContext(db: Database): OperationContext {
  return {
    db,
    clock: { now: () => new Date() },
    log: silentLog,
    afterCommit: () => undefined,
  } as unknown as OperationContext;
}

export type CountWorld = Awaited<ReturnType<typeof createCountWorld>>;

/** `stock`: available units of each item at each location, by name. */
export async function createCountWorld(
  db: Database,
  stock: Readonly<Record<string, Readonly<Record<string, number>>>>,
) {
  const context = countContext(db);
  const skus = Object.keys(stock);
  const names = [...new Set(Object.values(stock).flatMap((units) => Object.keys(units)))];
  const { merchantId, items, locations } = await seedMerchant(db, skus, names);
  const itemId = (sku: string) => items[skus.indexOf(sku)] ?? '';
  const locationId = (name: string) => locations[names.indexOf(name)] ?? '';
  const move = (
    sku: string,
    location: string,
    units: number,
    from: 'supplier' | 'available' | 'committed',
    to: 'available' | 'committed' | 'customer',
  ) => {
    const end = (state: typeof from | typeof to) =>
      state === 'supplier' || state === 'customer'
        ? outside(state)
        : inside(state, locationId(location));
    const parts = { itemId: itemId(sku), quantity: units, from: end(from), to: end(to) };
    return postMovements(db, merchantId, [draft(parts)], 'all');
  };
  for (const [sku, places] of Object.entries(stock)) {
    for (const [place, units] of Object.entries(places)) {
      if (units > 0) await move(sku, place, units, 'supplier', 'available');
    }
  }
  const target = (countId: string) => ({ merchantId, countId });
  return {
    db,
    context,
    merchantId,
    itemId,
    locationId,
    move,
    /** Uploads and reads a file; answers its count's id. */
    async read(file: string | Uint8Array, locationName: string | null = null): Promise<string> {
      const bytes = typeof file === 'string' ? Buffer.from(file) : file;
      const received = await receiveCountFile(context, {
        merchantId,
        actor: STAFF,
        id: newId(),
        fileName: 'stock.csv',
        locationId: locationName === null ? null : locationId(locationName),
        bytes: piecesOf(bytes),
      });
      if (received.status !== 'done') throw new Error(received.message);
      await readCountFile(context, target(received.countId), never);
      return received.countId;
    },
    async post(countId: string, rest: 'leave' | 'zero' = 'leave') {
      const answer = await postCount(context, { ...target(countId), actor: STAFF, rest });
      if (answer.status === 'done') await carryOutPosting(context, target(countId), never);
      return answer;
    },
    async undo(countId: string) {
      const answer = await undoCount(context, { ...target(countId), actor: STAFF });
      if (answer.status === 'done') await carryOutUndoing(context, target(countId), never);
      return answer;
    },
    count: (countId: string) =>
      db.one<{ state: string; basis: string; summary: Record<string, unknown> }>(
        `SELECT state, basis, summary FROM stock_count WHERE id = $1`,
        [countId],
      ),
    /** `SKU@Location` to what the line says. */
    async lines(countId: string): Promise<Record<string, string>> {
      const { rows } = await db.query<{ key: string; says: string }>(
        `SELECT position || ' ' || COALESCE(sku, '') AS key, concat_ws(' ', 'expected ' || expected,
            'counted ' || counted, 'moved ' || moved, 'reversed ' || reversed, problem) AS says
           FROM stock_count_line WHERE count_id = $1 ORDER BY position`,
        [countId],
      );
      return Object.fromEntries(rows.map(({ key, says }) => [key, says]));
    },
    async level(sku: string, location: string): Promise<string> {
      const level = await db.maybeOne<{ available: number; committed: number }>(
        `SELECT available, committed FROM stock_level WHERE item_id = $1 AND location_id = $2`,
        [itemId(sku), locationId(location)],
      );
      return `${String(level?.available ?? 0)} + ${String(level?.committed ?? 0)}`;
    },
  };
}

/** In pieces that cut through rows and letters. */
async function* piecesOf(bytes: Uint8Array, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) {
    await Promise.resolve();
    yield bytes.subarray(at, at + size);
  }
}
