import { GraphQLError, type GraphQLResolveInfo } from 'graphql';

import { gid } from '../ids';
import { notify } from '../notify';
import { UserError } from '../fulfill-orders';
import { changeQuantities, findLevel, stockItemAt, type QuantityChange } from '../stock';
import { must, newId, newUuid } from '../state';
import type { QuantityName, ShopState } from '../state';
import type { Context, Fields } from './context';
import { once } from './idempotency';

type SetInput = {
  name: string;
  reason: string;
  referenceDocumentUri?: string | null;
  quantities: {
    inventoryItemId: string;
    locationId: string;
    quantity: number;
    changeFromQuantity?: number | null;
  }[];
};

type AdjustInput = {
  name: string;
  reason: string;
  referenceDocumentUri?: string | null;
  changes: {
    inventoryItemId: string;
    locationId: string;
    delta: number;
    changeFromQuantity?: number | null;
    ledgerDocumentUri?: string | null;
  }[];
};

type Entry = {
  itemId: string;
  locationId: string;
  name: QuantityName;
  /** The number that must be there now, or null to overwrite whatever is. */
  expected: number | null;
  deltaFrom(current: number): number;
  field: string[];
};

/** Shopify refuses any input list longer than this. */
const INPUT_LIST_MAX = 250;
const QUANTITY_LIMIT = 1_000_000_000;

const REASONS = new Set([
  'correction',
  'cycle_count_available',
  'damaged',
  'movement_created',
  'movement_updated',
  'movement_received',
  'movement_canceled',
  'other',
  'promotion',
  'quality_control',
  'received',
  'reservation_created',
  'reservation_deleted',
  'reservation_updated',
  'restock',
  'safety_stock',
  'shrinkage',
]);

function refuseLongList(list: readonly unknown[]): void {
  if (list.length <= INPUT_LIST_MAX) return;
  throw new GraphQLError(
    `The input array size of ${list.length} is greater than the maximum allowed of ${INPUT_LIST_MAX}.`,
    { extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' } },
  );
}

/** The schema says nullable, the API says mandatory: null must be written out to opt out. */
function refuseOmitted(entry: { changeFromQuantity?: number | null }, path: string): void {
  if (entry.changeFromQuantity !== undefined) return;
  throw new GraphQLError(`${path}.changeFromQuantity must be given: a number, or null`, {
    extensions: { code: 'INVALID_FIELD_ARGUMENTS' },
  });
}

function refuseReason(input: { reason: string; referenceDocumentUri?: string | null }): void {
  if (!REASONS.has(input.reason)) {
    throw new UserError(['input', 'reason'], 'The specified reason is invalid.', 'INVALID_REASON');
  }
  const uri = input.referenceDocumentUri ?? null;
  if (uri !== null && !URL.canParse(uri)) {
    throw new UserError(
      ['input', 'referenceDocumentUri'],
      'The specified reference document is invalid.',
      'INVALID_REFERENCE_DOCUMENT',
    );
  }
}

function setEntries(input: SetInput): Entry[] {
  return input.quantities.map((entry, index) => {
    const field = ['input', 'quantities', String(index)];
    refuseOmitted(entry, `quantities[${index}]`);
    if (entry.quantity < 0) {
      throw new UserError(
        [...field, 'quantity'],
        "The quantity can't be negative.",
        'INVALID_QUANTITY_NEGATIVE',
      );
    }
    return {
      itemId: entry.inventoryItemId,
      locationId: entry.locationId,
      name: input.name as QuantityName,
      expected: entry.changeFromQuantity ?? null,
      deltaFrom: (current) => entry.quantity - current,
      field,
    };
  });
}

function refuseDuplicatePairs(entries: readonly Entry[]): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const pair = `${entry.itemId}|${entry.locationId}`;
    if (seen.has(pair)) {
      throw new UserError(
        entry.field,
        'The combination of inventoryItemId and locationId must be unique.',
        'NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR',
      );
    }
    seen.add(pair);
  }
}

/** Checks every entry before any is applied: the call changes everything or nothing. */
function applyEntries(
  shop: ShopState,
  entries: readonly Entry[],
  input: { name: string; reason: string; referenceDocumentUri?: string | null },
): Record<string, unknown> {
  const changes: (QuantityChange & { name: QuantityName; delta: number })[] = [];
  for (const entry of entries) {
    const current = checkEntry(shop, entry);
    const delta = entry.deltaFrom(current);
    refuseRange(entry, current + delta);
    // Setting on hand moves available with it: what is committed or set aside stays so.
    const name = entry.name === 'on_hand' ? 'available' : entry.name;
    changes.push({
      itemId: entry.itemId,
      locationId: entry.locationId,
      name: entry.name,
      delta,
      deltas: { [name]: delta },
    });
  }
  changeQuantities(shop, changes, newUuid(shop));
  const moved = changes.filter((change) => change.delta !== 0);
  if (moved.length === 0) return { inventoryAdjustmentGroup: null, userErrors: [] };
  const reported = moved.map((change) => ({
    name: change.name,
    delta: change.delta,
    quantityAfterChange:
      findLevel(shop, change.itemId, change.locationId)?.quantities[change.name] ?? null,
    item: must(shop.items, change.itemId),
    location: must(shop.locations, change.locationId),
    ledgerDocumentUri: null,
  }));
  const group = {
    __typename: 'InventoryAdjustmentGroup',
    id: newId(shop, 'InventoryAdjustmentGroup'),
    createdAt: shop.clock.now(),
    reason: input.reason,
    referenceDocumentUri: input.referenceDocumentUri ?? null,
    changes: reported,
    app: { __typename: 'App', id: gid('App', '1') },
    staffMember: null,
  };
  return { inventoryAdjustmentGroup: group, userErrors: [] };
}

function checkEntry(shop: ShopState, entry: Entry): number {
  const item = shop.items.get(entry.itemId);
  if (item === undefined) {
    throw new UserError(
      [...entry.field, 'inventoryItemId'],
      'The specified inventory item could not be found.',
      'INVALID_INVENTORY_ITEM',
    );
  }
  if (!shop.locations.has(entry.locationId)) {
    throw new UserError(
      [...entry.field, 'locationId'],
      'The specified location could not be found.',
      'INVALID_LOCATION',
    );
  }
  const level = findLevel(shop, entry.itemId, entry.locationId);
  if (level === undefined || !level.isActive) {
    throw new UserError(
      [...entry.field, 'locationId'],
      'The specified inventory item is not stocked at the location.',
      'ITEM_NOT_STOCKED_AT_LOCATION',
    );
  }
  const current = level.quantities[entry.name];
  if (entry.expected !== null && entry.expected !== current) {
    throw new UserError(
      [...entry.field, 'changeFromQuantity'],
      'The changeFromQuantity value does not match persisted value.',
      'CHANGE_FROM_QUANTITY_STALE',
    );
  }
  return current;
}

function refuseRange(entry: Entry, after: number): void {
  if (after > QUANTITY_LIMIT) {
    throw new UserError(
      entry.field,
      "The total quantity can't be higher than 1,000,000,000.",
      'INVALID_QUANTITY_TOO_HIGH',
    );
  }
  if (after < -QUANTITY_LIMIT) {
    throw new UserError(
      entry.field,
      "The total quantity can't be lower than -1,000,000,000.",
      'INVALID_QUANTITY_TOO_LOW',
    );
  }
}

const asPayload = (error: unknown, rest: Record<string, unknown>): Record<string, unknown> => {
  if (!(error instanceof UserError)) throw error;
  return {
    ...rest,
    userErrors: [{ field: error.field, message: error.message, code: error.code }],
  };
};

/** Runs under the idempotency key; a user error is part of the stored result. */
function guarded(
  shop: ShopState,
  info: GraphQLResolveInfo,
  args: unknown,
  empty: Record<string, unknown>,
  run: () => Record<string, unknown>,
): Record<string, unknown> {
  try {
    return once(shop, info, args, () => {
      try {
        return run();
      } catch (error) {
        return asPayload(error, empty);
      }
    });
  } catch (error) {
    return asPayload(error, empty);
  }
}

export const inventoryMutations: Fields<unknown> = {
  inventorySetQuantities: (_root, args: { input: SetInput }, { shop }: Context, info) =>
    guarded(shop, info, args, { inventoryAdjustmentGroup: null }, () => {
      const { input } = args;
      refuseLongList(input.quantities);
      if (input.name !== 'available' && input.name !== 'on_hand') {
        throw new UserError(
          ['input', 'name'],
          "The quantity name must be either 'available' or 'on_hand'.",
          'INVALID_NAME',
        );
      }
      refuseReason(input);
      const entries = setEntries(input);
      refuseDuplicatePairs(entries);
      return applyEntries(shop, entries, input);
    }),

  inventoryAdjustQuantities: (_root, args: { input: AdjustInput }, { shop }: Context, info) =>
    guarded(shop, info, args, { inventoryAdjustmentGroup: null }, () => {
      const { input } = args;
      refuseLongList(input.changes);
      if (
        ![
          'available',
          'damaged',
          'incoming',
          'quality_control',
          'reserved',
          'safety_stock',
        ].includes(input.name)
      ) {
        throw new UserError(
          ['input', 'name'],
          'The specified quantity name is invalid.',
          'INVALID_QUANTITY_NAME',
        );
      }
      refuseReason(input);
      const entries = input.changes.map((change, index): Entry => {
        refuseOmitted(change, `changes[${index}]`);
        return {
          itemId: change.inventoryItemId,
          locationId: change.locationId,
          name: input.name as QuantityName,
          expected: change.changeFromQuantity ?? null,
          deltaFrom: () => change.delta,
          field: ['input', 'changes', String(index)],
        };
      });
      return applyEntries(shop, entries, input);
    }),

  inventoryActivate: (
    _root,
    args: {
      inventoryItemId: string;
      locationId: string;
      available?: number | null;
      onHand?: number | null;
    },
    { shop }: Context,
    info,
  ) =>
    guarded(shop, info, args, { inventoryLevel: null }, () => {
      if (!shop.items.has(args.inventoryItemId)) {
        throw new UserError(['inventoryItemId'], 'The product couldn’t be found.');
      }
      if (!shop.locations.has(args.locationId)) {
        throw new UserError(['locationId'], 'The location couldn’t be found.');
      }
      const known = findLevel(shop, args.inventoryItemId, args.locationId);
      const quantity = args.available ?? args.onHand ?? null;
      if (known !== undefined && quantity !== null) {
        throw new UserError(
          ['available'],
          'Not allowed to set available quantity when the item is already active at the location.',
        );
      }
      const level =
        known ?? stockItemAt(shop, args.inventoryItemId, args.locationId, quantity ?? 0);
      if (known === undefined) notify.inventoryLevelConnected(shop, level, newUuid(shop));
      return { inventoryLevel: level, userErrors: [] };
    }),
};
