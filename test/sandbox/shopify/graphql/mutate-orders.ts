import {
  UserError,
  cancelOrder,
  createFulfillment,
  updateTracking,
  type FulfillInput,
  type Tracking,
} from '../fulfill-orders';
import { gid } from '../ids';
import { newId, newUuid } from '../state';
import type { Subscription } from '../state';
import { answering } from './answering';
import type { Fields } from './context';

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

  orderCancel: (_root, args: { orderId: string; reason: string; restock: boolean }, { shop }) =>
    answering(
      { job: null, userErrors: [] },
      () => {
        cancelOrder(shop, args.orderId, { restock: args.restock, reason: args.reason });
        return { job: { id: gid('Job', newUuid(shop)), done: true } };
      },
      'orderCancelUserErrors',
    ),

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
