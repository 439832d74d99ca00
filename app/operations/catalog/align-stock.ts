import type { ChannelConnector } from '../../contracts/channel';
import type { Outcome } from '../../contracts/outcome';
import { type ChannelUnits, alignmentOf } from '../../domain/stock/alignment';
import { systemActor } from '../../domain/shared/actor';
import { inside, outside } from '../../domain/stock/cell';
import type { MovementDraft } from '../../domain/stock/movement';
import { newId } from '../../platform/ids';
import { kitsAmong } from '../../store/catalog';
import { writeAudit } from '../../store/audit';
import type { StoredConnection } from '../../store/connections';
import { mappedLocations } from '../../store/locations';
import { postMovements } from '../../store/movements';
import { type NumberToAlign, numbersToAlign, wasTold } from '../../store/numbers-to-align';
import { noteObserved } from '../../store/publications';
import { enqueueShortLines } from '../../store/short-lines';
import type { OperationContext } from '../context';

/** Listings compared in one read of the channel. */
const READ_BATCH = 100;

/**
 * Before a channel that keeps the merchant's count is told our numbers for the first time, ours are
 * brought to what it counts: orders too old for us to see hold units, and months of receiving may
 * have gone by. When it comes back, what people have changed there meanwhile is taken over; what it
 * was never told is new and has just been opened. `takeNewOrders` reads the orders that have
 * arrived meanwhile, so that a sale is not taken for a difference; those stored since `since` are
 * new to us. Answers units moved.
 */
export async function alignStock(
  context: OperationContext,
  connection: StoredConnection,
  channel: ChannelConnector,
  takeNewOrders: () => Promise<Outcome<unknown>>,
  since: Date,
): Promise<Outcome<number>> {
  const returns = await wasTold(context.db, connection.id);
  const locations = await mappedLocations(context.db, connection.id);
  let after: string | null = null;
  let moved = 0;
  for (;;) {
    const page = { after, listings: READ_BATCH, since };
    const before = await numbersToAlign(context.db, connection.id, page);
    if (before.length === 0) return { status: 'done', value: moved };
    after = before.at(-1)?.listingId ?? null;
    const asked = new Map(before.map(({ listingRef, stockRef }) => [listingRef, stockRef]));
    const read = await channel.readStock(
      [...asked].map(([listingRef, stockRef]) => ({ listingRef, stockRef })),
    );
    if (read.status !== 'done' && read.status !== 'duplicate') return read;
    const orders = await takeNewOrders();
    if (orders.status !== 'done' && orders.status !== 'duplicate') return orders;
    const now = await numbersToAlign(context.db, connection.id, page);
    const held = new Map(
      read.value.map((level) => [`${level.stockRef} ${level.locationRef}`, level.available]),
    );
    await noteHeld(context, now, held);
    const kits = await kitsAmong(
      context.db,
      connection.merchantId,
      now.map((number) => number.itemId),
    );
    const told = new Set(now.flatMap((row) => (row.told === null ? [] : [row.itemId])));
    const own = (numbers: readonly NumberToAlign[]): ChannelUnits[] =>
      unitsOf(numbers, held, locations).filter(
        ({ itemId }) => !kits.has(itemId) && (!returns || told.has(itemId)),
      );
    const changes = alignmentOf(own(before), own(now));
    moved += await post(context, connection, changes);
  }
}

/** What we knew of the channel's numbers is as old as its absence. */
async function noteHeld(
  context: OperationContext,
  numbers: readonly NumberToAlign[],
  held: ReadonlyMap<string, number | null>,
): Promise<void> {
  const observed = numbers.flatMap(({ id, stockRef, locationRef }) => {
    const quantity = held.get(`${stockRef} ${locationRef}`);
    return quantity === undefined ? [] : [{ id, quantity, again: false, retryAt: null }];
  });
  await noteObserved(context.db, observed, context.clock.now());
}

function unitsOf(
  numbers: readonly NumberToAlign[],
  held: ReadonlyMap<string, number | null>,
  locations: ReadonlyMap<string, string>,
): ChannelUnits[] {
  return numbers.flatMap((number) => {
    const locationId = locations.get(number.locationRef);
    const channel = held.get(`${number.stockRef} ${number.locationRef}`);
    if (locationId === undefined || channel === undefined || channel === null) return [];
    const { itemId, listingId, ours, clear, sold, short } = number;
    const told = number.told === null ? null : { units: number.told, clear, sold, short };
    return [{ itemId, listingId, locationId, ours, channel, told }];
  });
}

async function post(
  context: OperationContext,
  connection: StoredConnection,
  changes: ReturnType<typeof alignmentOf>,
): Promise<number> {
  if (changes.length === 0) return 0;
  const { merchantId, id } = connection;
  const now = context.clock.now();
  const drafts = changes.map(({ itemId, locationId, units }): MovementDraft => {
    const here = inside('available', locationId);
    return {
      itemId,
      quantity: Math.abs(units),
      from: units > 0 ? outside('adjustment') : here,
      to: units > 0 ? here : outside('adjustment'),
      key: `align:${newId()}`,
      reason: 'opening',
      cause: { kind: 'connection', id },
      actor: systemActor('import'),
      note: null,
      occurredAt: now,
    };
  });
  return context.db.transaction(async (tx) => {
    const results = await postMovements(tx, merchantId, drafts, 'partial');
    const units = results.reduce((sum, result) => sum + result.moved, 0);
    await writeAudit(tx, [
      {
        merchantId,
        at: now,
        actor: systemActor('import'),
        action: 'stock.aligned',
        subject: { kind: 'connection', id },
        cause: { kind: 'connection', id },
        data: { units, changes },
      },
    ]);
    const raised = changes.filter((change) => change.units > 0);
    await enqueueShortLines(
      tx,
      merchantId,
      raised.map((change) => change.itemId),
    );
    return units;
  });
}
