import type { SandboxAddress } from '../../core';
import { digitsOf, gid } from '../ids';
import { findLevel } from '../stock';
import { decimal, must } from '../state';
import type {
  Fulfillment,
  FulfillmentOrder,
  FulfillmentOrderLine,
  Hold,
  Order,
  OrderLine,
  ShopState,
} from '../state';
import { orderFulfillmentStatus, orderTotals } from '../webhook-bodies';
import { connection, type PageArgs } from './connection';
import type { Fields } from './context';
import { refuseQuery } from './resolve-catalog';
import { riskOf } from './resolve-refunds';

const legacyResourceId = (source: { id: string }): string => digitsOf(source.id);

const money = (shop: ShopState, minor: number): Record<string, unknown> => {
  const amount = { amount: decimal(minor), currencyCode: shop.currency };
  return { shopMoney: amount, presentmentMoney: amount };
};

const worksOf = (shop: ShopState, order: Order): FulfillmentOrder[] =>
  order.fulfillmentOrderIds.map((id) => must(shop.fulfillmentOrders, id));

function displayFulfillmentStatus(shop: ShopState, order: Order): string {
  const works = worksOf(shop, order);
  if (works.some((work) => work.status === 'ON_HOLD')) return 'ON_HOLD';
  if (works.some((work) => work.status === 'SCHEDULED')) return 'SCHEDULED';
  const status = orderFulfillmentStatus(order);
  if (status === null) return 'UNFULFILLED';
  return status === 'fulfilled' ? 'FULFILLED' : 'PARTIALLY_FULFILLED';
}

function currentTotal(order: Order): number {
  if (order.cancelledAt !== null) return 0;
  const lines = order.lines.reduce((sum, line) => sum + line.priceMinor * line.currentQuantity, 0);
  return lines + order.shippingMinor;
}

const shippingLine = (shop: ShopState, order: Order): Record<string, unknown> => ({
  id: gid('ShippingLine', digitsOf(order.id)),
  title: order.shippingTitle,
  code: order.shippingTitle,
  source: 'shopify',
  custom: false,
  isRemoved: false,
  carrierIdentifier: null,
  deliveryCategory: null,
  phone: null,
  originalPriceSet: money(shop, order.shippingMinor),
  discountedPriceSet: money(shop, order.shippingMinor),
});

const mailingAddress = (
  order: Order,
  address: SandboxAddress | null,
): Record<string, unknown> | null =>
  address === null
    ? null
    : {
        __typename: 'MailingAddress',
        id: `${gid('MailingAddress', digitsOf(order.id))}?model_name=Address`,
        name: `${address.firstName} ${address.lastName}`,
        firstName: address.firstName,
        lastName: address.lastName,
        company: address.company ?? null,
        address1: address.address1,
        address2: address.address2 ?? null,
        city: address.city,
        province: address.province,
        provinceCode: address.provinceCode,
        zip: address.zip,
        country: address.countryCode === 'US' ? 'United States' : address.countryCode,
        countryCodeV2: address.countryCode,
        phone: address.phone ?? null,
        latitude: address.latitude ?? null,
        longitude: address.longitude ?? null,
      };

const orderFields: Fields<Order> = {
  legacyResourceId,
  closed: (order) => order.closedAt !== null,
  confirmed: () => true,
  test: () => false,
  currencyCode: (_order, _args, { shop }) => shop.currency,
  presentmentCurrencyCode: (_order, _args, { shop }) => shop.currency,
  customer: () => null,
  customAttributes: () => [],
  refunds: (order, args: { first?: number | null }) =>
    order.refunds.slice(0, args.first ?? undefined),
  risk: (order) => riskOf(order),
  returnStatus: () => 'NO_RETURN',
  fullyPaid: (order) => order.financialStatus === 'PAID',
  requiresShipping: (order) => order.lines.some((line) => line.requiresShipping),
  displayFinancialStatus: (order) => order.financialStatus,
  displayFulfillmentStatus: (order, _args, { shop }) => displayFulfillmentStatus(shop, order),
  currentTotalPriceSet: (order, _args, { shop }) => money(shop, currentTotal(order)),
  totalPriceSet: (order, _args, { shop }) => money(shop, orderTotals(order).total),
  subtotalPriceSet: (order, _args, { shop }) => money(shop, orderTotals(order).subtotal),
  totalShippingPriceSet: (order, _args, { shop }) => money(shop, order.shippingMinor),
  totalTaxSet: (_order, _args, { shop }) => money(shop, 0),
  totalDiscountsSet: (_order, _args, { shop }) => money(shop, 0),
  shippingLine: (order, _args, { shop }) => shippingLine(shop, order),
  shippingAddress: (order) => mailingAddress(order, order.shippingAddress),
  billingAddress: (order) => mailingAddress(order, order.shippingAddress),
  lineItems: (order, args: PageArgs) => connection(order.lines, args),
  fulfillmentOrders: (order, args: PageArgs & { query?: string | null }, { shop }) => {
    refuseQuery('Order.fulfillmentOrders', args.query);
    return connection(worksOf(shop, order), args);
  },
  fulfillments: (order, args: { first?: number | null }, { shop }) =>
    order.fulfillmentIds.slice(0, args.first ?? undefined).map((id) => must(shop.fulfillments, id)),
};

/** What the fulfillment orders still have to ship of a line. */
const unfulfilledUnits = (shop: ShopState, line: OrderLine): number =>
  worksOf(shop, must(shop.orders, line.orderId))
    .flatMap((work) => work.lines)
    .filter((part) => part.orderLineId === line.id)
    .reduce((sum, part) => sum + part.remainingQuantity, 0);

const lineFields: Fields<OrderLine> = {
  name: (line) =>
    line.variantTitle === null ? line.title : `${line.title} - ${line.variantTitle}`,
  variant: (line, _args, { shop }) =>
    line.variantId === null ? null : (shop.variants.get(line.variantId) ?? null),
  product: (line, _args, { shop }) =>
    line.productId === null ? null : (shop.products.get(line.productId) ?? null),
  unfulfilledQuantity: (line, _args, { shop }) => unfulfilledUnits(shop, line),
  fulfillableQuantity: (line, _args, { shop }) => unfulfilledUnits(shop, line),
  nonFulfillableQuantity: (line) => line.fulfilledQuantity,
  refundableQuantity: (line) => line.currentQuantity,
  isGiftCard: () => false,
  taxable: () => true,
  customAttributes: () => [],
  weight: (line) => ({ unit: 'GRAMS', value: line.weightGrams }),
  originalUnitPriceSet: (line, _args, { shop }) => money(shop, line.priceMinor),
  discountedUnitPriceSet: (line, _args, { shop }) => money(shop, line.priceMinor),
  originalTotalSet: (line, _args, { shop }) => money(shop, line.priceMinor * line.quantity),
  discountedTotalSet: (line, _args, { shop }) => money(shop, line.priceMinor * line.quantity),
};

/** What may be done with the work now; an app must look before it acts. */
export function supportedActions(work: FulfillmentOrder): string[] {
  switch (work.status) {
    case 'OPEN':
      return ['CREATE_FULFILLMENT', 'REPORT_PROGRESS', 'MOVE', 'HOLD', 'SPLIT'];
    case 'IN_PROGRESS':
      return ['CREATE_FULFILLMENT', 'REPORT_PROGRESS', 'MOVE', 'SPLIT'];
    case 'ON_HOLD':
      return ['RELEASE_HOLD', 'HOLD', 'MOVE'];
    case 'SCHEDULED':
      return ['MARK_AS_OPEN', 'HOLD'];
    case 'CLOSED':
    case 'CANCELLED':
    case 'INCOMPLETE':
      return [];
  }
}

const workFields: Fields<FulfillmentOrder> = {
  order: (work, _args, { shop }) => must(shop.orders, work.orderId),
  orderName: (work, _args, { shop }) => must(shop.orders, work.orderId).name,
  orderProcessedAt: (work, _args, { shop }) => must(shop.orders, work.orderId).processedAt,
  fulfillBy: () => null,
  fulfillmentHolds: (work) => work.holds,
  supportedActions: (work) =>
    supportedActions(work).map((action) => ({ action, externalUrl: null })),
  assignedLocation: (work, _args, { shop }) => {
    const location = must(shop.locations, work.locationId);
    return { ...location.address, name: location.name, location };
  },
  deliveryMethod: (work) => ({
    __typename: 'DeliveryMethod',
    id: gid('DeliveryMethod', digitsOf(work.id)),
    methodType: 'SHIPPING',
    minDeliveryDateTime: null,
    maxDeliveryDateTime: null,
    serviceCode: null,
    presentedName: null,
  }),
  destination: (work, _args, { shop }) => destination(must(shop.orders, work.orderId), work),
  lineItems: (work, args: PageArgs) => connection(work.lines, args),
  fulfillments: (work, args: PageArgs, { shop }) =>
    connection(
      must(shop.orders, work.orderId)
        .fulfillmentIds.map((id) => must(shop.fulfillments, id))
        .filter((fulfillment) => fulfillment.fulfillmentOrderIds.includes(work.id)),
      args,
    ),
  locationsForMove: (work, args: MoveTargetArgs, { shop }) => locationsForMove(shop, work, args),
};

function destination(order: Order, work: FulfillmentOrder): Record<string, unknown> | null {
  const address = order.shippingAddress;
  if (address === null) return null;
  return {
    __typename: 'FulfillmentOrderDestination',
    id: gid('FulfillmentOrderDestination', digitsOf(work.id)),
    firstName: address.firstName,
    lastName: address.lastName,
    company: address.company ?? null,
    address1: address.address1,
    address2: address.address2 ?? null,
    city: address.city,
    province: address.province,
    zip: address.zip,
    countryCode: address.countryCode,
    phone: address.phone ?? null,
    email: order.email,
  };
}

type MoveTargetArgs = PageArgs & {
  locationIds?: string[] | null;
  lineItemIds?: string[] | null;
};

function locationsForMove(
  shop: ShopState,
  work: FulfillmentOrder,
  args: MoveTargetArgs,
): Record<string, unknown> {
  const asked = (ids: readonly string[] | null | undefined, id: string): boolean =>
    ids === null || ids === undefined || ids.length === 0 || ids.includes(id);
  const lines = work.lines.filter((line) => asked(args.lineItemIds, line.id));
  const rows = [...shop.locations.values()]
    .filter((location) => location.isActive && location.id !== work.locationId)
    .filter((location) => asked(args.locationIds, location.id))
    .map((location) => {
      const can = lines.filter(
        (line) => line.itemId === null || findLevel(shop, line.itemId, location.id) !== undefined,
      );
      const cannot = lines.length - can.length;
      return {
        id: location.id,
        location,
        movable: can.length > 0,
        message: cannot === 0 ? null : 'Some items are not stocked at this location.',
        availableLineItemsCount: { count: can.length, precision: 'EXACT' },
        unavailableLineItemsCount: { count: cannot, precision: 'EXACT' },
      };
    });
  return connection(rows, args);
}

const lineOfOrder = (shop: ShopState, line: FulfillmentOrderLine): OrderLine => {
  const order = must(shop.orders, line.orderId);
  const found = order.lines.find((candidate) => candidate.id === line.orderLineId);
  if (found === undefined) throw new Error(`simulator: ${line.orderLineId} is gone`);
  return found;
};

const workLineFields: Fields<FulfillmentOrderLine> = {
  lineItem: (line, _args, { shop }) => lineOfOrder(shop, line),
  inventoryItemId: (line) => line.itemId,
  sku: (line, _args, { shop }) => lineOfOrder(shop, line).sku,
  productTitle: (line, _args, { shop }) => lineOfOrder(shop, line).title,
  variantTitle: (line, _args, { shop }) => lineOfOrder(shop, line).variantTitle,
  vendor: (line, _args, { shop }) => lineOfOrder(shop, line).vendor,
  requiresShipping: (line, _args, { shop }) => lineOfOrder(shop, line).requiresShipping,
  weight: (line, _args, { shop }) => ({
    unit: 'GRAMS',
    value: lineOfOrder(shop, line).weightGrams,
  }),
  warnings: () => [],
  image: () => null,
};

const holdFields: Fields<Hold> = {
  displayReason: (hold) => hold.reason.toLowerCase().replaceAll('_', ' '),
  heldByRequestingApp: (hold) => hold.byApp,
};

const fulfillmentFields: Fields<Fulfillment> = {
  legacyResourceId,
  displayStatus: (fulfillment) => (fulfillment.status === 'CANCELLED' ? 'CANCELED' : 'FULFILLED'),
  order: (fulfillment, _args, { shop }) => must(shop.orders, fulfillment.orderId),
  location: (fulfillment, _args, { shop }) => must(shop.locations, fulfillment.locationId),
  requiresShipping: () => true,
  service: () => null,
  deliveredAt: () => null,
  inTransitAt: () => null,
  estimatedDeliveryAt: () => null,
  totalQuantity: (fulfillment) => fulfillment.lines.reduce((sum, line) => sum + line.quantity, 0),
  trackingInfo: (fulfillment, args: { first?: number | null }) =>
    fulfillment.trackingNumbers.slice(0, args.first ?? undefined).map((number, index) => ({
      number,
      company: fulfillment.trackingCompany,
      url: fulfillment.trackingUrls[index] ?? null,
    })),
  fulfillmentOrders: (fulfillment, args: PageArgs, { shop }) =>
    connection(
      fulfillment.fulfillmentOrderIds.map((id) => must(shop.fulfillmentOrders, id)),
      args,
    ),
  fulfillmentLineItems: (fulfillment, args: PageArgs, { shop }) => {
    const order = must(shop.orders, fulfillment.orderId);
    const rows = fulfillment.lines.map((line) => ({
      __typename: 'FulfillmentLineItem',
      id: line.id,
      quantity: line.quantity,
      lineItem: order.lines.find((candidate) => candidate.id === line.orderLineId) ?? null,
    }));
    return connection(rows, args);
  },
};

export const orderResolvers = {
  Order: orderFields,
  LineItem: lineFields,
  FulfillmentOrder: workFields,
  FulfillmentOrderLineItem: workLineFields,
  FulfillmentHold: holdFields,
  Fulfillment: fulfillmentFields,
};
