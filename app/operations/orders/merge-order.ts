import type { ChannelOrder, ChannelOrderLine } from '../../contracts/channel-order';
import { type KitRecipe, componentRef, componentUnits } from '../../domain/catalog/explode-kit';
import { newId } from '../../platform/ids';
import type { StoredLine, StoredOrder } from '../../store/orders';

/** A stored order brought up to date with what its channel says, and what the channel shipped. */
export type MergedOrder = {
  readonly order: StoredOrder;
  /** Units the channel counts as fulfilled, by line id. */
  readonly channelFulfilled: ReadonlyMap<string, number>;
};

/** What lines mean: their items, and what those are made of. */
export type Catalog = {
  readonly findItem: (line: {
    readonly connectionId: string;
    readonly listingRef: string | null;
    readonly sku: string | null;
  }) => string | null;
  /** By item; items that are no kits are absent. */
  readonly recipes: ReadonlyMap<string, KitRecipe>;
};

/**
 * Merges what the channel says now into what is stored. Lines the channel no longer lists stay,
 * with quantity 0, since something may have been promised or shipped for them. A line keeps the
 * item it was first matched with: what is promised is promised of that item. A kit's line is
 * followed by lines of its components, which stay as the kit was made up when it was matched.
 */
export function mergeOrder(
  merchantId: string,
  connectionId: string,
  stored: StoredOrder | undefined,
  incoming: ChannelOrder,
  catalog: Catalog,
  now: Date,
): MergedOrder {
  const before = new Map(stored?.lines.map((line) => [line.externalRef, line]));
  const channelFulfilled = new Map<string, number>();
  const reopened = isReopened(stored, incoming);
  const parts = partsByKit(stored);
  const partsOf = (ref: string): readonly StoredLine[] =>
    parts.get(before.get(ref)?.id ?? '') ?? [];
  const lines = incoming.lines.flatMap((line): StoredLine[] => {
    const merged = mergeLine(connectionId, before.get(line.ref), partsOf(line.ref), line, catalog);
    const said = incoming.stage === 'fulfilled' ? line.quantity : line.fulfilledQuantity;
    const fulfilled = Math.min(line.quantity, said);
    for (const { id, externalRef, unitsPerParent } of merged) {
      before.delete(externalRef);
      channelFulfilled.set(id, componentUnits(fulfilled, unitsPerParent ?? 1));
    }
    return merged;
  });
  const dropped = [...before.values()].map((line) => ({ ...line, quantity: 0 }));
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
      ...buyerOf(stored, incoming),
      shippingMethod: incoming.shippingMethod,
      held: stored?.held ?? false,
      risk: incoming.risk,
      cancelReason: reopened ? null : (incoming.cancelReason ?? stored?.cancelReason ?? null),
      cancelState: reopened ? null : settleCancel(stored, incoming),
      cancelledAt: reopened ? null : cancelledAt(stored, incoming, now),
      redactedAt: stored?.redactedAt ?? null,
      createdAt: stored?.createdAt ?? now,
      lines: [...lines, ...dropped].map((line, position) => ({ ...line, position })),
    },
  };
}

type Buyer = Pick<StoredOrder, 'customerName' | 'email' | 'shipTo' | 'note' | 'tags'>;

/** Whose order it is. Of somebody who was erased nothing is taken anew, whoever says it. */
function buyerOf(stored: StoredOrder | undefined, incoming: ChannelOrder): Buyer {
  if (stored !== undefined && stored.redactedAt !== null) {
    const { customerName, email, shipTo, note, tags } = stored;
    return { customerName, email, shipTo, note, tags };
  }
  const { email, shipTo, note, tags } = incoming;
  return { customerName: shipTo?.name ?? null, email, shipTo, note, tags };
}

/** What is different now, as people would name it. Quantities and the rest of lines are "lines". */
export function changedParts(before: StoredOrder, after: StoredOrder): readonly string[] {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const lines = (order: StoredOrder): unknown =>
    order.lines
      .filter((line) => line.parentLineId === null)
      .map((line) => [line.externalRef, line.quantity, line.shipAfter]);
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

/** Lines of components by the line of their kit. */
function partsByKit(stored: StoredOrder | undefined): Map<string, StoredLine[]> {
  const parts = new Map<string, StoredLine[]>();
  for (const line of stored?.lines ?? []) {
    if (line.parentLineId === null) continue;
    const others = parts.get(line.parentLineId) ?? [];
    others.push(line);
    parts.set(line.parentLineId, others);
  }
  return parts;
}

/** Cancelled, as the channel itself showed it before, and now to be shipped after all. */
function isReopened(stored: StoredOrder | undefined, incoming: ChannelOrder): boolean {
  return (
    stored?.stage === 'cancelled' &&
    incoming.stage !== 'cancelled' &&
    incoming.version > stored.version
  );
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

/** The line, followed by those of its components if it is a kit's. */
function mergeLine(
  connectionId: string,
  known: StoredLine | undefined,
  knownParts: readonly StoredLine[],
  line: ChannelOrderLine,
  catalog: Catalog,
): StoredLine[] {
  const { ref, listingRef, sku } = line;
  const itemId = known?.itemId ?? catalog.findItem({ connectionId, listingRef, sku });
  const recipe = isUntouched(known) ? catalog.recipes.get(itemId ?? '') : undefined;
  const merged: StoredLine = {
    id: known?.id ?? newId(),
    externalRef: ref,
    position: 0,
    itemId,
    listingRef,
    sku,
    title: line.title,
    quantity: line.quantity,
    requiresShipping: line.requiresShipping,
    unitPriceMinor: line.unitPrice.minor,
    isKit: known?.isKit === true || recipe !== undefined,
    parentLineId: null,
    unitsPerParent: null,
    shipAfter: line.shipAfter,
    shippedQuantity: known?.shippedQuantity ?? 0,
    shortQuantity: known?.shortQuantity ?? 0,
    allocations: known?.allocations ?? [],
  };
  const parts = recipe?.map((component) => newPart(merged, component)) ?? knownParts;
  return [merged, ...parts.map((part) => followKit(merged, part))];
}

/** Of no item yet, or of one of which nothing was promised or has left: it may turn out a kit. */
function isUntouched(known: StoredLine | undefined): boolean {
  if (known === undefined || known.itemId === null) return true;
  return !known.isKit && known.allocations.length === 0 && known.shippedQuantity === 0;
}

/** A component's line follows what its channel says of the kit. */
function followKit(kit: StoredLine, part: StoredLine): StoredLine {
  return {
    ...part,
    quantity: componentUnits(kit.quantity, part.unitsPerParent ?? 1),
    requiresShipping: kit.requiresShipping,
    shipAfter: kit.shipAfter,
  };
}

function newPart(kit: StoredLine, component: KitRecipe[number]): StoredLine {
  return {
    id: newId(),
    externalRef: componentRef(kit.externalRef, component.itemId),
    position: 0,
    itemId: component.itemId,
    listingRef: null,
    sku: component.sku,
    title: component.title,
    quantity: 0,
    requiresShipping: kit.requiresShipping,
    unitPriceMinor: 0,
    isKit: false,
    parentLineId: kit.id,
    unitsPerParent: component.quantity,
    shipAfter: kit.shipAfter,
    // What had left before anybody knew what it is took no stock, and takes none now.
    shippedQuantity: componentUnits(kit.shippedQuantity, component.quantity),
    shortQuantity: 0,
    allocations: [],
  };
}
