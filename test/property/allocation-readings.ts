/** Orders as their channels have them: new, edited, cancelled, deleted, refunded, old and again. */
import { expect } from 'vitest';
import type { ChannelOrder } from '../../app/contracts/channel-order';
import { takeOrders } from '../../app/operations/orders/take-orders';
import { CONNECTED_AT, channelOrder, channelRefund } from '../integration/ledger/order-world';
import { REFS, type Reading, type Refund, SHOP_REFS, SOLD } from './allocation-commands';
import { type Line, type Order, type Stock, planOrder } from './allocation-model';
import { channelOf, isHistory, newOrder, placedRank } from './allocation-world';
import type { AllocationWorld } from './allocation-world-in-play';

const HOUR_MS = 3_600_000;

/** A reading with what its channel would say by then. */
type Said = Reading & {
  readonly version: number;
  readonly known: ReadonlyMap<string, Refund>;
};

export function playReadings(world: AllocationWorld) {
  /** Newest version that was told of an order, and all of its refunds. */
  const versions = new Map<number, number>();
  const refunds = new Map<number, ReadonlyMap<string, Refund>>();

  const sayOf = (reading: Reading): Said => {
    const { ref, age } = reading;
    const stored = world.stock.orders.get(REFS[ref] ?? '')?.version ?? 1;
    const newest = Math.max(stored, versions.get(ref) ?? 1);
    const version = age === 'newer' ? newest + 1 : age === 'same' ? stored : stored - 1;
    versions.set(ref, Math.max(newest, version));
    const known = new Map(refunds.get(ref));
    if (reading.refund !== null) known.set(`refund-${String(known.size)}`, reading.refund);
    refunds.set(ref, known);
    return { ...reading, version, known };
  };

  return {
    async take(readings: readonly Reading[]): Promise<void> {
      const said = readings.map(sayOf);
      const { context, shops, stock } = world;
      const messages = said.map((one) => ({
        connectionId: shops.connections[channelOf(one.ref)],
        orderRef: REFS[one.ref] ?? '',
        order: one.age === 'deleted' ? null : channelOrderOf(stock, one),
        cause: { kind: 'test', id: 'reading' },
        eventIds: [],
      }));
      const wanted = takeByModel(world, said);
      const taken = await takeOrders(context, shops.id, messages);
      expect(taken.map(({ outcome }) => outcome)).toEqual(wanted);
    },
  };
}

function channelOrderOf(stock: Stock, said: Said): ChannelOrder {
  const order = stock.orders.get(REFS[said.ref] ?? '');
  const lines = SOLD.map((sku, index) => [
    sku,
    {
      quantity: said.units[index] ?? 0,
      fulfilledQuantity: fulfilledOf(order, said, index),
    },
  ]);
  return channelOrder(
    REFS[said.ref] ?? '',
    said.version,
    Object.fromEntries(lines) as Record<string, object>,
    {
      stage: said.stage,
      placedAt: new Date(CONNECTED_AT.getTime() + HOUR_MS * (placedRank(said.ref) - 0.5)),
      refunds: [...said.known].map(([ref, { line, units, restock, place }]) =>
        channelRefund(
          ref,
          SOLD[line] ?? '',
          units,
          restock,
          place === null ? {} : { locationRef: place },
        ),
      ),
    },
  );
}

/** What the channel says of a line; our own parcels where it says nothing else. */
function fulfilledOf(order: Order | undefined, said: Said, index: number): number {
  const known = order?.lines.find(({ name }) => name === SOLD[index])?.shipped ?? 0;
  return said.fulfilled[index] ?? known;
}

/** Of several readings of one order the newest counts; all are planned in turn, then refunds. */
function takeByModel(world: AllocationWorld, said: readonly Said[]): string[] {
  const { stock, woken } = world;
  const newest = new Map<number, Said>();
  for (const one of said) {
    const other = newest.get(one.ref);
    const newer =
      other === undefined ||
      one.age === 'deleted' ||
      (other.age !== 'deleted' && one.version >= other.version);
    if (newer) newest.set(one.ref, one);
  }
  const outcomes = new Map<number, string>();
  const backs: (() => void)[] = [];
  for (const [ref, one] of newest) {
    const before = stock.orders.get(REFS[ref] ?? '');
    if (before === undefined && one.age === 'deleted') outcomes.set(ref, 'unknown');
    else if (before !== undefined && one.age !== 'deleted' && one.version < before.version) {
      outcomes.set(ref, 'stale');
    } else {
      outcomes.set(ref, before === undefined ? 'recorded' : 'updated');
      const order = before ?? newOrder(ref, world.recipe);
      const leftFrom = new Map(order.lines.map((line) => [line, lastLeft(line)]));
      stock.orders.set(order.ref, order);
      const { freed, left } = takeOne(stock, order, one, before === undefined && isHistory(ref));
      for (const item of freed) woken.add(item);
      if (one.age === 'deleted') continue;
      for (const [id, refund] of one.known) {
        if (order.refunds.has(id)) continue;
        order.refunds.add(id);
        backs.push(() => {
          takeRefund(world, order, refund, (line) => {
            const now = left.find((departure) => departure.line === line)?.at;
            return leftFrom.get(line) ?? now ?? firstPlace(stock, order);
          });
        });
      }
    }
  }
  for (const back of backs) back();
  return said.map(({ ref }) => outcomes.get(ref) ?? '');
}

function takeOne(stock: Stock, order: Order, said: Said, history: boolean) {
  if (said.age === 'deleted') {
    order.stage = 'cancelled';
    if (order.cancel === 'pending') order.cancel = 'confirmed';
    return planOrder(stock, order, () => 0);
  }
  const reopened =
    order.stage === 'cancelled' && said.stage !== 'cancelled' && said.version > order.version;
  if (reopened) order.cancel = null;
  else if (order.cancel === 'pending' && said.stage === 'cancelled') order.cancel = 'confirmed';
  const gone = new Map<string, number>();
  SOLD.forEach((name, index) => {
    const quantity = said.units[index] ?? 0;
    const told = said.stage === 'fulfilled' ? quantity : fulfilledOf(order, said, index);
    for (const line of order.lines) {
      if (line.name !== name && line.kit?.name !== name) continue;
      line.quantity = quantity * (line.kit?.units ?? 1);
      gone.set(line.name, Math.min(quantity, told) * (line.kit?.units ?? 1));
    }
  });
  order.stage = said.stage;
  order.version = said.version;
  if (history) {
    for (const line of order.lines) line.shipped = gone.get(line.name) ?? 0;
  }
  return planOrder(stock, order, (line) => gone.get(line.name) ?? 0);
}

/** Where the latest units of a line left from. */
function lastLeft({ promises }: Line): number | undefined {
  return promises.findLast(({ shipped }) => shipped > 0)?.at;
}

/** The first place that ships for the order's channel, those switched off last. */
function firstPlace({ places }: Stock, { channel }: Order): number | undefined {
  const feeding = places.flatMap((place, at) =>
    place.feeds.has(channel) ? [{ ...place, at }] : [],
  );
  const [first] = feeding.sort(
    (a, b) => Number(b.active) - Number(a.active) || a.priority - b.priority || a.at - b.at,
  );
  return first?.at;
}

/** Puts back what the channel says is back, at most what had left and was not back before. */
function takeRefund(
  { stock, woken }: AllocationWorld,
  order: Order,
  { line: index, units, restock, place }: Refund,
  leftFrom: (line: Line) => number | undefined,
): void {
  if (restock !== 'return') return;
  const name = SOLD[index];
  for (const line of order.lines) {
    if (line.name !== name && line.kit?.name !== name) continue;
    const back = Math.min(
      units * (line.kit?.units ?? 1),
      Math.max(0, line.shipped - line.returned),
    );
    line.returned += back;
    if (line.item === null || back === 0) continue;
    const named = order.channel === 'shop' ? SHOP_REFS.findIndex((ref) => ref === place) : -1;
    const row = stock.available[named >= 0 ? named : (leftFrom(line) ?? -1)];
    if (row === undefined) throw new Error('Returned goods have no place.');
    row[line.item] = (row[line.item] ?? 0) + back;
    stock.gone[line.item] = (stock.gone[line.item] ?? 0) - back;
    woken.add(line.item);
  }
}
