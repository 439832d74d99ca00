import { exchangeLines, type ExchangeRequest } from './edit-orders';
import { UserError } from './fulfill-orders';
import {
  assessRisk,
  mergeFulfillmentOrders,
  openScheduledWork,
  scheduleWork,
  splitFulfillmentOrder,
} from './split-orders';
import { must } from './state';
import type { FulfillmentOrder, Order, ShopState } from './state';

/** What a merchant, Shopify itself or another app does with an order's work, behind our back. */
export type OrderDesk = {
  /** Units of a SKU become a fulfillment order of their own. */
  splitInAdmin(fulfillmentOrderId: string, sku: string, quantity: number): FulfillmentOrder;
  mergeInAdmin(fulfillmentOrderIds: string[]): FulfillmentOrder;
  /** Null: a pre-order without a date. */
  scheduleInAdmin(fulfillmentOrderId: string, fulfillAt: Date | null): FulfillmentOrder;
  openScheduled(fulfillmentOrderId: string): FulfillmentOrder;
  /** Staff say that they have begun: Shopify then refuses to move it. */
  reportProgressInAdmin(fulfillmentOrderId: string): FulfillmentOrder;
  assessRisk(orderId: string, risk: NonNullable<Order['risk']>): Order;
  exchangeInAdmin(orderId: string, exchange: ExchangeRequest): Order;
};

export function createOrderDesk(shop: ShopState): OrderDesk {
  return {
    splitInAdmin(id, sku, quantity) {
      const work = must(shop.fulfillmentOrders, id);
      const order = must(shop.orders, work.orderId);
      const part = work.lines.find((line) =>
        order.lines.some((one) => one.id === line.orderLineId && one.sku === sku),
      );
      if (part === undefined) throw new Error(`${id} has no ${sku}`);
      return splitFulfillmentOrder(shop, id, [{ id: part.id, quantity }]).split;
    },
    mergeInAdmin: (ids) => mergeFulfillmentOrders(shop, ids),
    scheduleInAdmin: (id, fulfillAt) => scheduleWork(shop, id, fulfillAt),
    openScheduled: (id) => openScheduledWork(shop, id),
    reportProgressInAdmin(id) {
      const work = must(shop.fulfillmentOrders, id);
      if (work.status !== 'OPEN') throw new UserError(['id'], 'It is not open.');
      work.status = 'IN_PROGRESS';
      work.progressReported = true;
      return work;
    },
    assessRisk: (orderId, risk) => assessRisk(shop, orderId, risk),
    exchangeInAdmin: (orderId, exchange) => exchangeLines(shop, orderId, exchange),
  };
}
