import { holdFulfillmentOrder, releaseHolds } from '../fulfill-orders';
import { moveFulfillmentOrder } from '../move-orders';
import {
  mergeFulfillmentOrders,
  openScheduledWork,
  rescheduleWork,
  splitFulfillmentOrder,
  takeApart,
  type NamedLine,
} from '../split-orders';
import { answering } from './answering';
import type { Fields } from './context';
import { UserError } from '../fulfill-orders';

type HoldInput = {
  reason: string;
  reasonNotes?: string | null;
  handle?: string | null;
  fulfillmentOrderLineItems?: NamedLine[] | null;
};

const HANDLE_LENGTH_MAX = 64;

/** Mutations of fulfillment orders: where the work is, whether and when it may be done. */
export const workMutations: Fields<unknown> = {
  fulfillmentOrderMove: (
    _root,
    args: {
      id: string;
      newLocationId: string;
      fulfillmentOrderLineItems?: NamedLine[] | null;
    },
    { shop },
  ) => {
    const empty = {
      movedFulfillmentOrder: null,
      originalFulfillmentOrder: null,
      remainingFulfillmentOrder: null,
    };
    return answering(empty, () => {
      const named = args.fulfillmentOrderLineItems ?? null;
      const { moved, original } = moveFulfillmentOrder(shop, args.id, args.newLocationId, named);
      return { movedFulfillmentOrder: moved, originalFulfillmentOrder: original };
    });
  },

  fulfillmentOrderSplit: (
    _root,
    args: {
      fulfillmentOrderSplits: {
        fulfillmentOrderId: string;
        fulfillmentOrderLineItems: NamedLine[];
      }[];
    },
    { shop },
  ) =>
    answering({ fulfillmentOrderSplits: null }, () => ({
      fulfillmentOrderSplits: args.fulfillmentOrderSplits.map((one) => {
        const named = one.fulfillmentOrderLineItems;
        const { original, split } = splitFulfillmentOrder(shop, one.fulfillmentOrderId, named);
        return {
          fulfillmentOrder: original,
          remainingFulfillmentOrder: split,
          replacementFulfillmentOrder: null,
        };
      }),
    })),

  fulfillmentOrderMerge: (
    _root,
    args: {
      fulfillmentOrderMergeInputs: {
        mergeIntents: {
          fulfillmentOrderId: string;
          fulfillmentOrderLineItems?: unknown[] | null;
        }[];
      }[];
    },
    { shop },
  ) =>
    answering({ fulfillmentOrderMerges: null }, () => ({
      fulfillmentOrderMerges: args.fulfillmentOrderMergeInputs.map(({ mergeIntents }) => {
        if (mergeIntents.some((one) => (one.fulfillmentOrderLineItems ?? []).length > 0)) {
          throw new Error('simulator: fulfillmentOrderMerge of single line items not implemented');
        }
        const ids = mergeIntents.map((one) => one.fulfillmentOrderId);
        return { fulfillmentOrder: mergeFulfillmentOrders(shop, ids) };
      }),
    })),

  fulfillmentOrderHold: (_root, args: { id: string; fulfillmentHold: HoldInput }, { shop }) => {
    const empty = {
      fulfillmentHold: null,
      fulfillmentOrder: null,
      remainingFulfillmentOrder: null,
    };
    return answering(empty, () => {
      const { fulfillmentHold: input } = args;
      const named = input.fulfillmentOrderLineItems ?? [];
      if ((input.handle ?? '').length > HANDLE_LENGTH_MAX) {
        throw new UserError(['fulfillmentHold', 'handle'], 'Handle is too long.');
      }
      const remaining = named.length === 0 ? null : splitBeforeHold(shop, args.id, named);
      const { hold, work } = holdFulfillmentOrder(shop, args.id, input);
      return {
        fulfillmentHold: hold,
        fulfillmentOrder: work,
        remainingFulfillmentOrder: remaining,
      };
    });
  },

  fulfillmentOrderReleaseHold: (_root, args: { id: string; holdIds?: string[] | null }, { shop }) =>
    answering({ fulfillmentOrder: null }, () => ({
      fulfillmentOrder: releaseHolds(shop, args.id, args.holdIds ?? null),
    })),

  fulfillmentOrderReschedule: (_root, args: { id: string; fulfillAt: string }, { shop }) =>
    answering({ fulfillmentOrder: null }, () => ({
      fulfillmentOrder: rescheduleWork(shop, args.id, new Date(args.fulfillAt)),
    })),

  fulfillmentOrderOpen: (_root, args: { id: string }, { shop }) =>
    answering({ fulfillmentOrder: null }, () => ({
      fulfillmentOrder: openScheduledWork(shop, args.id),
    })),
};

/** Holding some units splits the others off: they become a fulfillment order of their own. */
function splitBeforeHold(
  shop: Parameters<typeof takeApart>[0],
  id: string,
  named: readonly NamedLine[],
): unknown {
  const work = shop.fulfillmentOrders.get(id);
  if (work === undefined) return null;
  if (work.status !== 'OPEN') {
    throw new UserError(
      ['fulfillmentHold', 'fulfillmentOrderLineItems'],
      'The fulfillment order is not in a splittable state.',
      'FULFILLMENT_ORDER_NOT_SPLITTABLE',
    );
  }
  const wanted = new Map(named.map((line) => [line.id, line.quantity]));
  const others = work.lines
    .map(({ id: lineId, remainingQuantity }) => ({
      id: lineId,
      quantity: remainingQuantity - (wanted.get(lineId) ?? 0),
    }))
    .filter((line) => line.quantity > 0);
  return others.length === 0 ? null : takeApart(shop, work, others, ['fulfillmentHold']);
}
