import { digitsOf, gid } from './ids';
import { notify } from './notify';
import {
  INSIDE_STATES,
  QUANTITY_NAMES,
  levelKey,
  must,
  newUuid,
  type Level,
  type QuantityName,
  type ShopState,
} from './state';

export type QuantityChange = {
  readonly itemId: string;
  readonly locationId: string;
  readonly deltas: Partial<Record<QuantityName, number>>;
};

export function findLevel(shop: ShopState, itemId: string, locationId: string): Level | undefined {
  return shop.levels.get(levelKey(itemId, locationId));
}

/** Levels of one item, in the order its locations were made. */
export function levelsOf(shop: ShopState, itemId: string): Level[] {
  return [...shop.locations.keys()]
    .map((locationId) => findLevel(shop, itemId, locationId))
    .filter((level) => level !== undefined);
}

export function stockItemAt(
  shop: ShopState,
  itemId: string,
  locationId: string,
  available: number,
): Level {
  const now = shop.clock.now();
  const level: Level = {
    __typename: 'InventoryLevel',
    id: `${gid('InventoryLevel', digitsOf(locationId))}?inventory_item_id=${digitsOf(itemId)}`,
    itemId,
    locationId,
    isActive: true,
    quantities: {
      available,
      on_hand: available,
      committed: 0,
      reserved: 0,
      damaged: 0,
      safety_stock: 0,
      quality_control: 0,
      incoming: 0,
    },
    changedAt: Object.fromEntries(QUANTITY_NAMES.map((name) => [name, now])),
    createdAt: now,
    updatedAt: now,
  };
  shop.levels.set(levelKey(itemId, locationId), level);
  return level;
}

/**
 * The one place where quantities change. A change of an inside state changes on hand with it.
 * Sends inventory_levels/update where available changed: the body carries available alone.
 */
export function changeQuantities(
  shop: ShopState,
  changes: readonly QuantityChange[],
  eventId: string,
): void {
  const now = shop.clock.now();
  const announced = new Set<Level>();
  for (const change of changes) {
    const level = must(shop.levels, levelKey(change.itemId, change.locationId));
    for (const name of QUANTITY_NAMES) {
      const delta = change.deltas[name] ?? 0;
      if (delta === 0 || name === 'on_hand') continue;
      level.quantities[name] += delta;
      level.changedAt[name] = now;
      if (name === 'incoming') continue;
      level.quantities.on_hand += delta;
      level.changedAt.on_hand = now;
      if (name === 'available') announced.add(level);
    }
    level.updatedAt = now;
  }
  for (const level of announced) notify.inventoryLevelUpdated(shop, level, eventId);
}

/** A merchant's own edit in the store's stock screen, and the API's set of available. */
export function setAvailable(
  shop: ShopState,
  itemId: string,
  locationId: string,
  quantity: number,
): void {
  const level = findLevel(shop, itemId, locationId);
  if (level === undefined) throw new Error('that item is not stocked at that location');
  const delta = quantity - level.quantities.available;
  changeQuantities(shop, [{ itemId, locationId, deltas: { available: delta } }], newUuid(shop));
}

/** Broken bookkeeping of the levels, in sentences. */
export function stockInvariants(shop: ShopState): string[] {
  const broken: string[] = [];
  for (const level of shop.levels.values()) {
    const sum = INSIDE_STATES.reduce((total, name) => total + level.quantities[name], 0);
    if (sum !== level.quantities.on_hand) {
      broken.push(`${level.id}: on hand ${level.quantities.on_hand} is not the sum ${sum}`);
    }
    if (level.quantities.committed < 0) {
      broken.push(`${level.id}: committed is ${level.quantities.committed}`);
    }
  }
  return [...broken, ...committedInvariants(shop)];
}

/** Committed must be exactly what open fulfillment orders still have to ship. */
function committedInvariants(shop: ShopState): string[] {
  const owed = new Map<string, number>();
  for (const work of shop.fulfillmentOrders.values()) {
    if (work.status === 'CLOSED' || work.status === 'CANCELLED') continue;
    for (const line of work.lines) {
      if (line.itemId === null || !must(shop.items, line.itemId).tracked) continue;
      const key = levelKey(line.itemId, work.locationId);
      owed.set(key, (owed.get(key) ?? 0) + line.remainingQuantity);
    }
  }
  const broken: string[] = [];
  for (const [key, level] of shop.levels) {
    const expected = owed.get(key) ?? 0;
    if (level.quantities.committed !== expected) {
      broken.push(`${level.id}: committed ${level.quantities.committed}, orders owe ${expected}`);
    }
  }
  return broken;
}
