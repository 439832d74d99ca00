import type { ChannelOrder } from '../../contracts/channel-order';
import type { Cause } from '../../domain/shared/actor';
import { type Transaction, isPostgresError } from '../../platform/database';
import { findItemsForLines } from '../../store/catalog';
import { keepOpenConnections } from '../../store/connections';
import { markEvents } from '../../store/inbox';
import { findRecipes } from '../../store/kits';
import { type StoredOrder, lockOrdersByRef } from '../../store/orders';
import type { OperationContext } from '../context';
import { createGroupCommit } from '../group-commit';
import { applyChannelHolds } from './apply-channel-holds';
import { carryOutPlans } from './carry-out-plans';
import { type Catalog, type MergedOrder, changedParts, mergeOrder } from './merge-order';
import type { PlanEntry } from './plan-entry';
import { findRefundsToTake } from './take-refunds';

/** An order as its channel has it now; `null` = the channel has deleted it. */
export type OrderReading = {
  readonly connectionId: string;
  readonly orderRef: string;
  readonly order: ChannelOrder | null;
  readonly cause: Cause;
  /** Inbox events that this reading answers; marked in the same transaction. */
  readonly eventIds: readonly string[];
};

/**
 * `stale`: we know a newer state. `unknown`: deleted before we ever saw it, or of a channel that
 * has
 * been disconnected since it was read.
 */
export type TakenOrder = {
  readonly orderId: string | null;
  readonly outcome: 'recorded' | 'updated' | 'stale' | 'unknown';
};

/** Orders of one merchant committed together at most: a few hundred rows, some milliseconds. */
const BATCH_MAX = 32;
/** Tries when another process inserts the same order in the same moment. */
const UNIQUE_RETRIES_MAX = 3;

/**
 * The way every channel order enters: recorded by version, matched to items, allocated, routed and
 * committed in the ledger, with its audit records, in one transaction. Concurrent calls of one
 * merchant share transactions. Taking the same reading again changes nothing.
 */
export function createTakeOrder(
  context: OperationContext,
): (merchantId: string, reading: OrderReading) => Promise<TakenOrder> {
  return createGroupCommit<OrderReading, TakenOrder>(
    (merchantId, readings) => takeOrders(context, merchantId, readings),
    BATCH_MAX,
  );
}

/** Takes several readings in one transaction; of two readings of one order the newest counts. */
export async function takeOrders(
  context: OperationContext,
  merchantId: string,
  readings: readonly OrderReading[],
): Promise<readonly TakenOrder[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const taken = await context.db.transaction((tx) =>
        takeInTransaction(tx, context, merchantId, readings),
      );
      context.afterCommit(merchantId);
      return taken;
    } catch (problem) {
      if (!isPostgresError(problem, '23505') || attempt >= UNIQUE_RETRIES_MAX) throw problem;
    }
  }
}

async function takeInTransaction(
  tx: Transaction,
  context: OperationContext,
  merchantId: string,
  readings: readonly OrderReading[],
): Promise<readonly TakenOrder[]> {
  const now = context.clock.now();
  // Before any order is locked, as an erasure does it.
  const openSince = await keepOpenConnections(tx, merchantId, [
    ...new Set(readings.map((reading) => reading.connectionId)),
  ]);
  const newest = newestReadings(readings.filter(({ connectionId }) => openSince.has(connectionId)));
  const stored = await lockOrdersByRef(
    tx,
    merchantId,
    // In one order everywhere, so that two batches cannot wait for each other.
    [...newest]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { connectionId, orderRef }]) => ({ connectionId, externalRef: orderRef })),
  );
  const known = new Map(
    stored.map((order) => [keyOf(order.connectionId, order.externalRef), order]),
  );
  const entries = await entriesOf(tx, merchantId, newest, known, openSince, now);
  await carryOutPlans(tx, merchantId, [...entries.values()], now);
  const eventIds = readings.flatMap((reading) => reading.eventIds);
  await markEvents(tx, eventIds, 'processed', null, null);
  return readings.map((reading) => {
    const key = keyOf(reading.connectionId, reading.orderRef);
    const entry = entries.get(key);
    const before = known.get(key);
    if (entry === undefined) {
      return before === undefined
        ? { orderId: null, outcome: 'unknown' }
        : { orderId: before.id, outcome: 'stale' };
    }
    return { orderId: entry.order.id, outcome: entry.isNew ? 'recorded' : 'updated' };
  });
}

async function entriesOf(
  tx: Transaction,
  merchantId: string,
  newest: ReadonlyMap<string, OrderReading>,
  known: ReadonlyMap<string, StoredOrder>,
  openSince: ReadonlyMap<string, Date>,
  now: Date,
): Promise<Map<string, PlanEntry>> {
  const readings = [...newest.values()];
  const catalog = await readCatalog(tx, merchantId, readings, [...known.values()]);
  const fresh = [...newest].flatMap(([key, reading]) => {
    const before = known.get(key);
    const merged = mergeReading(merchantId, reading, before, catalog, now);
    const connectedAt = openSince.get(reading.connectionId) ?? null;
    return merged === null ? [] : [{ key, reading, before, merged, connectedAt }];
  });
  const holds = await applyChannelHolds(
    tx,
    merchantId,
    fresh.map(({ merged, before, reading }) => ({
      merged,
      isNew: before === undefined,
      inChannel: reading.order?.holds ?? [],
    })),
  );
  const refunds = await findRefundsToTake(
    tx,
    merchantId,
    fresh.map(({ merged, before, reading, connectedAt }) => ({
      order: merged.order,
      isNew: before === undefined,
      connectedAt,
      refunds: reading.order?.refunds ?? [],
    })),
    now,
  );
  return new Map(
    fresh.map(({ key, reading, before, merged, connectedAt }) => {
      const { held = false, change = null } = holds.get(merged.order.id) ?? {};
      const toTake = refunds.get(merged.order.id);
      return [
        key,
        {
          ...merged,
          order: { ...merged.order, held },
          isNew: before === undefined,
          changed: before === undefined ? [] : changedParts(before, merged.order),
          // Units that had left before the connection was made were never in its opening stock.
          history:
            before === undefined && connectedAt !== null && merged.order.placedAt < connectedAt,
          cause: reading.cause,
          actor: { kind: 'channel', id: reading.connectionId },
          ...(change === null ? {} : { holds: change }),
          ...(toTake === undefined ? {} : { refunds: toTake }),
        },
      ];
    }),
  );
}

/** What the lines of these readings mean, kits with what they are made of. */
async function readCatalog(
  tx: Transaction,
  merchantId: string,
  readings: readonly OrderReading[],
  stored: readonly StoredOrder[],
): Promise<Catalog> {
  const lines = readings.flatMap(({ connectionId, order }) =>
    (order?.lines ?? []).map(({ listingRef, sku }) => ({ connectionId, listingRef, sku })),
  );
  const found = await findItemsForLines(tx, merchantId, lines);
  // What was matched before is looked at again: it may have become a kit.
  const known = stored.flatMap((order) => order.lines.flatMap(({ itemId }) => itemId ?? []));
  const kits = new Set([...found.kits, ...known]);
  return { findItem: found.itemOf, recipes: await findRecipes(tx, merchantId, [...kits]) };
}

/** Null when there is nothing to take: we know a newer state, or never saw what was deleted. */
function mergeReading(
  merchantId: string,
  { connectionId, order }: OrderReading,
  before: StoredOrder | undefined,
  catalog: Catalog,
  now: Date,
): MergedOrder | null {
  if (order === null) return deletedOrder(before, now);
  if (isStale(before, order)) return null;
  return mergeOrder(merchantId, connectionId, before, order, catalog, now);
}

/**
 * Equal versions are taken again: a channel's clock may be too coarse to tell two changes apart.
 */
function isStale(stored: StoredOrder | undefined, incoming: ChannelOrder): boolean {
  return stored !== undefined && incoming.version < stored.version;
}

function deletedOrder(stored: StoredOrder | undefined, now: Date): MergedOrder | null {
  if (stored === undefined) return null;
  return {
    channelFulfilled: new Map(),
    order: {
      ...stored,
      stage: 'cancelled',
      cancelReason: stored.cancelReason ?? 'Deleted in the channel',
      cancelledAt: stored.cancelledAt ?? now,
      cancelState: stored.cancelState === 'pending' ? 'confirmed' : stored.cancelState,
    },
  };
}

function newestReadings(readings: readonly OrderReading[]): Map<string, OrderReading> {
  const newest = new Map<string, OrderReading>();
  for (const reading of readings) {
    const key = keyOf(reading.connectionId, reading.orderRef);
    const other = newest.get(key);
    const newer =
      other === undefined ||
      reading.order === null ||
      (other.order !== null && reading.order.version >= other.order.version);
    if (newer) newest.set(key, reading);
  }
  return newest;
}

function keyOf(connectionId: string, externalRef: string): string {
  return `${connectionId} ${externalRef}`;
}
