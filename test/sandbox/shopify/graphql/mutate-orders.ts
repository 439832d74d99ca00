import {
  UserError,
  cancelOrder,
  createFulfillment,
  holdFulfillmentOrder,
  releaseHolds,
  updateTracking,
  type FulfillInput,
  type Tracking,
} from '../fulfill-orders';
import { gid } from '../ids';
import { moveFulfillmentOrder } from '../move-orders';
import { notify } from '../notify';
import { newId, newUuid } from '../state';
import type { Subscription } from '../state';
import type { Fields } from './context';
import { findNode } from './resolve-queries';

type Payload = Record<string, unknown>;

/** Turns a user error into the payload that carries it; anything else is a bug and goes on. */
function answering(empty: Payload, run: () => Payload, errorsField = 'userErrors'): Payload {
  try {
    return { ...empty, ...run(), [errorsField]: [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { field, message, code } = error;
    return { ...empty, [errorsField]: [{ field, message, code }] };
  }
}

export const orderMutations: Fields<unknown> = {
  fulfillmentCreate: (_root, args: { fulfillment: FulfillInput }, { shop }) =>
    answering({ fulfillment: null }, () => ({
      fulfillment: createFulfillment(shop, args.fulfillment),
    })),

  fulfillmentTrackingInfoUpdate: (
    _root,
    args: { fulfillmentId: string; trackingInfoInput: Tracking },
    { shop },
  ) =>
    answering({ fulfillment: null }, () => ({
      fulfillment: updateTracking(shop, args.fulfillmentId, args.trackingInfoInput),
    })),

  fulfillmentOrderMove: (
    _root,
    args: {
      id: string;
      newLocationId: string;
      fulfillmentOrderLineItems?: { id: string; quantity: number }[] | null;
    },
    { shop },
  ) =>
    answering(
      {
        movedFulfillmentOrder: null,
        originalFulfillmentOrder: null,
        remainingFulfillmentOrder: null,
      },
      () => {
        const named = args.fulfillmentOrderLineItems ?? null;
        const { moved, original } = moveFulfillmentOrder(shop, args.id, args.newLocationId, named);
        return { movedFulfillmentOrder: moved, originalFulfillmentOrder: original };
      },
    ),

  fulfillmentOrderHold: (
    _root,
    args: {
      id: string;
      fulfillmentHold: {
        reason: string;
        reasonNotes?: string | null;
        handle?: string | null;
        fulfillmentOrderLineItems?: unknown[] | null;
      };
    },
    { shop },
  ) => {
    if ((args.fulfillmentHold.fulfillmentOrderLineItems ?? []).length > 0) {
      throw new Error('simulator: fulfillmentOrderHold of single line items not implemented');
    }
    const empty = {
      fulfillmentHold: null,
      fulfillmentOrder: null,
      remainingFulfillmentOrder: null,
    };
    return answering(empty, () => {
      const { hold, work } = holdFulfillmentOrder(shop, args.id, args.fulfillmentHold);
      return { fulfillmentHold: hold, fulfillmentOrder: work };
    });
  },

  fulfillmentOrderReleaseHold: (_root, args: { id: string; holdIds?: string[] | null }, { shop }) =>
    answering({ fulfillmentOrder: null }, () => ({
      fulfillmentOrder: releaseHolds(shop, args.id, args.holdIds ?? null),
    })),

  orderCancel: (_root, args: { orderId: string; reason: string; restock: boolean }, { shop }) =>
    answering(
      { job: null, userErrors: [] },
      () => {
        cancelOrder(shop, args.orderId, { restock: args.restock, reason: args.reason });
        return { job: { id: gid('Job', newUuid(shop)), done: true } };
      },
      'orderCancelUserErrors',
    ),

  tagsAdd: (_root, args: { id: string; tags: string[] }, context) =>
    answering({ node: null }, () => {
      const order = context.shop.orders.get(args.id);
      if (order === undefined) {
        if (findNode(context, args.id) !== null) {
          throw new Error(`simulator: tagsAdd on ${args.id} not implemented`);
        }
        throw new UserError(['id'], 'Resource does not exist');
      }
      order.tags = [...new Set([...order.tags, ...args.tags])];
      order.updatedAt = context.shop.clock.now();
      notify.order(context.shop, 'updated', order, newUuid(context.shop));
      return { node: order };
    }),

  webhookSubscriptionCreate: (
    _root,
    args: {
      topic: string;
      webhookSubscription: {
        uri?: string | null;
        callbackUrl?: string | null;
        includeFields?: string[] | null;
        filter?: string | null;
      };
    },
    { shop },
  ) =>
    answering({ webhookSubscription: null }, () => {
      const input = args.webhookSubscription;
      const uri = input.uri ?? input.callbackUrl ?? '';
      if (!URL.canParse(uri)) {
        throw new UserError(['webhookSubscription', 'uri'], 'Address is invalid');
      }
      if (input.filter !== null && input.filter !== undefined && input.filter !== '') {
        throw new Error('simulator: webhook filters not implemented');
      }
      const taken = [...shop.subscriptions.values()].some(
        (one) => one.byApi && one.topic === args.topic && one.uri === uri,
      );
      if (taken) {
        throw new UserError(
          ['webhookSubscription', 'uri'],
          'Address for this topic has already been taken',
        );
      }
      const subscription: Subscription = {
        __typename: 'WebhookSubscription',
        id: newId(shop, 'WebhookSubscription'),
        topic: args.topic,
        uri,
        includeFields: input.includeFields ?? [],
        filter: null,
        byApi: true,
        createdAt: shop.clock.now(),
      };
      shop.subscriptions.set(subscription.id, subscription);
      return { webhookSubscription: subscription };
    }),

  webhookSubscriptionDelete: (_root, args: { id: string }, { shop }) =>
    answering({ deletedWebhookSubscriptionId: null }, () => {
      if (shop.subscriptions.get(args.id)?.byApi !== true) {
        throw new UserError(['id'], 'Webhook subscription does not exist');
      }
      shop.subscriptions.delete(args.id);
      return { deletedWebhookSubscriptionId: args.id };
    }),
};
