import { digitsOf } from '../ids';
import { decimal, must } from '../state';
import type { Order, Refund, RefundLine, ShopState } from '../state';
import { connection, type PageArgs } from './connection';
import type { Fields } from './context';

/** What Shopify recommends for what its analysis found. */
const RECOMMENDATIONS = { HIGH: 'CANCEL', MEDIUM: 'INVESTIGATE', LOW: 'ACCEPT' } as const;

const money = (shop: ShopState, minor: number): Record<string, unknown> => {
  const amount = { amount: decimal(minor), currencyCode: shop.currency };
  return { shopMoney: amount, presentmentMoney: amount };
};

export const riskOf = (order: Order): Record<string, unknown> => ({
  recommendation: order.risk === null ? 'NONE' : RECOMMENDATIONS[order.risk],
  assessments: order.risk === null ? [] : [{ riskLevel: order.risk, provider: null, facts: [] }],
});

const refundFields: Fields<Refund> = {
  legacyResourceId: (refund) => digitsOf(refund.id),
  note: () => null,
  return: () => null,
  processedAt: (refund) => refund.createdAt,
  updatedAt: (refund) => refund.createdAt,
  order: (refund, _args, { shop }) => must(shop.orders, refund.orderId),
  totalRefundedSet: (refund, _args, { shop }) => money(shop, refund.amountMinor),
  refundLineItems: (refund, args: PageArgs, { shop }) =>
    connection(
      refund.lines.map((line) => ({ ...line, order: must(shop.orders, refund.orderId) })),
      args,
    ),
};

const refundLineFields: Fields<RefundLine & { order: Order }> = {
  lineItem: (line) => {
    const found = line.order.lines.find((one) => one.id === line.orderLineId);
    if (found === undefined) throw new Error(`simulator: ${line.orderLineId} is gone`);
    return found;
  },
  location: (line, _args, { shop }) =>
    line.locationId === null ? null : must(shop.locations, line.locationId),
  restocked: (line) => line.restockType !== 'NO_RESTOCK',
};

export const refundResolvers = { Refund: refundFields, RefundLineItem: refundLineFields };
