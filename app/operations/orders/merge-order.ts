import type { ChannelOrder, ChannelOrderLine } from '../../contracts/channel';
import { newId } from '../../platform/ids';
import type { StoredLine, StoredOrder } from '../../store/orders';

/** A stored order brought up to date with what its channel says, and what the channel shipped. */
export type MergedOrder = {
  readonly order: StoredOrder;
  /** Units the channel counts as fulfilled, by line id. */
  readonly channelFulfilled: ReadonlyMap<string, number>;
};

type FindItem = (line: {
  readonly connectionId: string;
  readonly listingRef: string | null;
  readonly sku: string | null;
}) => string | null;

/**
 * Merges what the channel says now into what is stored. Lines the channel no longer lists stay,
 * with quantity 0, since something may have been promised or shipped for them. A line keeps the
 * item it was first matched with: what is promised is promised of that item.
 */
export function mergeOrder(
  merchantId: string,
  connectionId: string,
  stored: StoredOrder | undefined,
  incoming: ChannelOrder,
  findItem: FindItem,
  now: Date,
): MergedOrder {
  const before = new Map(stored?.lines.map((line) => [line.externalRef, line]));
  const channelFulfilled = new Map<string, number>();
  const lines = incoming.lines.map((line, position): StoredLine => {
    const known = before.get(line.ref);
    before.delete(line.ref);
    const merged = mergeLine(connectionId, known, line, position, findItem);
    const fulfilled = incoming.stage === 'fulfilled' ? line.quantity : line.fulfilledQuantity;
    channelFulfilled.set(merged.id, Math.min(line.quantity, fulfilled));
    return merged;
  });
  const dropped = [...before.values()].map((line, index) => ({
    ...line,
    position: lines.length + index,
    quantity: 0,
  }));
  return {
    channelFulfilled,
    order: {
      id: stored?.id ?? newId(),
      merchantId,
      connectionId,
      externalRef: incoming.ref,
      name: incoming.name,
      version: incoming.version,
      status: stored?.status ?? 'open',
      stage: incoming.stage,
      paymentStatus: incoming.paymentStatus,
      placedAt: incoming.placedAt,
      currency: incoming.total.currency,
      totalMinor: incoming.total.minor,
      customerName: incoming.shipTo?.name ?? null,
      email: incoming.email,
      shipTo: incoming.shipTo,
      shippingMethod: incoming.shippingMethod,
      note: incoming.note,
      tags: incoming.tags,
      cancelReason: incoming.cancelReason ?? stored?.cancelReason ?? null,
      cancelState: settleCancel(stored, incoming),
      cancelledAt: cancelledAt(stored, incoming, now),
      createdAt: stored?.createdAt ?? now,
      lines: [...lines, ...dropped],
    },
  };
}

/** What is different now, as people would name it. Quantities and the rest of lines are "lines". */
export function changedParts(before: StoredOrder, after: StoredOrder): readonly string[] {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const lines = (order: StoredOrder): unknown =>
    order.lines.map((line) => [line.externalRef, line.quantity]);
  const address = (order: StoredOrder): unknown =>
    Object.entries(order.shipTo ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const differs: readonly (readonly [string, boolean])[] = [
    ['stage', before.stage !== after.stage],
    ['payment', before.paymentStatus !== after.paymentStatus],
    ['address', !same(address(before), address(after))],
    ['lines', !same(lines(before), lines(after))],
    ['note', before.note !== after.note],
    ['tags', !same(before.tags, after.tags)],
    ['email', before.email !== after.email],
    ['cancellation', before.cancelState !== after.cancelState],
  ];
  return differs.flatMap(([part, changed]) => (changed ? [part] : []));
}

/** The channel showing the order cancelled settles our own wish for it. */
function settleCancel(
  stored: StoredOrder | undefined,
  incoming: ChannelOrder,
): StoredOrder['cancelState'] {
  const state = stored?.cancelState ?? null;
  return state === 'pending' && incoming.stage === 'cancelled' ? 'confirmed' : state;
}

function cancelledAt(
  stored: StoredOrder | undefined,
  incoming: ChannelOrder,
  now: Date,
): Date | null {
  const asked = stored?.cancelState === 'pending' || stored?.cancelState === 'confirmed';
  return incoming.stage === 'cancelled' || asked ? (stored?.cancelledAt ?? now) : null;
}

function mergeLine(
  connectionId: string,
  known: StoredLine | undefined,
  line: ChannelOrderLine,
  position: number,
  findItem: FindItem,
): StoredLine {
  return {
    id: known?.id ?? newId(),
    externalRef: line.ref,
    position,
    itemId: known?.itemId ?? findItem({ connectionId, listingRef: line.listingRef, sku: line.sku }),
    listingRef: line.listingRef,
    sku: line.sku,
    title: line.title,
    quantity: line.quantity,
    requiresShipping: line.requiresShipping,
    unitPriceMinor: line.unitPrice.minor,
    shippedQuantity: known?.shippedQuantity ?? 0,
    shortQuantity: known?.shortQuantity ?? 0,
    allocations: known?.allocations ?? [],
  };
}
