/** Goods that come in while it storms: booked by a person who presses until an answer is seen. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../app/platform/database';
import { merchantBrowser } from '../demo/install';
import type { Stormed } from './storm';

const EVERY_MS = 900;
const AGAIN_MS = 300;
const UNITS = 12;

export type Arrivals = {
  /** Units of an item that came in, each booking counted once, however often it was pressed. */
  readonly unitsOf: (sku: string) => number;
  /** Books nothing more, and resolves when the last booking was answered. */
  stop(): Promise<void>;
};

/** Keeps the items that are sold out most for sale. */
export function startArrivals(stormed: Stormed, db: Database): Arrivals {
  const units = new Map<string, number>();
  const browse = merchantBrowser(stormed.appUrl, stormed.world.shop);
  const closing = new AbortController();

  async function bookOne(): Promise<void> {
    const place = await db.maybeOne<{ sku: string; itemId: string; locationId: string }>(
      `SELECT i.sku, i.id AS "itemId", l.location_id AS "locationId" FROM stock_level l
       JOIN item i ON i.id = l.item_id WHERE i.kind = 'simple'
       ORDER BY l.available, random() LIMIT 1`,
    );
    if (place === null) return;
    const { sku, itemId, locationId } = place;
    const form = {
      ...{ intent: 'adjust', key: randomUUID(), locationId, way: 'add', units: String(UNITS) },
      ...{ reason: 'received', note: '' },
    };
    // Counted before it is known: the ledger must hold it once in the end.
    units.set(sku, (units.get(sku) ?? 0) + UNITS);
    while (!(await answered(`/app/inventory/${itemId}`, form))) await sleep(AGAIN_MS);
  }

  function answered(path: string, form: Readonly<Record<string, string>>): Promise<boolean> {
    return browse(path, form).then(
      () => true,
      () => false,
    );
  }

  const booking = (async () => {
    while (!closing.signal.aborted) {
      await bookOne().catch(() => undefined);
      await sleep(EVERY_MS);
    }
  })();
  return {
    unitsOf: (sku) => units.get(sku) ?? 0,
    async stop() {
      closing.abort();
      await booking;
    },
  };
}
