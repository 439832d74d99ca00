/** Shopify's shapes to the channel contract's: pure, and forgiving about what is missing. */
import type {
  ChannelListing,
  ChannelLocation,
  ChannelStockLevel,
} from '../../../contracts/channel';
import type {
  ChannelOrder,
  ChannelOrderLine,
  ChannelOrderStage,
  ChannelRefund,
} from '../../../contracts/channel-order';
import type { ExternalRef } from '../../../contracts/outcome';
import type { Address } from '../../../domain/shared/address';
import { type Money, parseMoney } from '../../../domain/shared/money';
import type { Work } from './choose-work';
import type {
  LevelFieldsFragment,
  LocationsPageQuery,
  OrderFieldsFragment,
  OrderLineFieldsFragment,
  OrderRiskRecommendationResult,
  RefundLineFieldsFragment,
  RefundLineItemRestockType,
  RefundsOfOrderQuery,
  VariantFieldsFragment,
  WeightUnit,
} from './operations/admin.generated';
import { shipAfterByLine, toHolds } from './read-work-state';

const SKU_CHARS_MAX = 255;
/** What Shopify calls the only variant of a product that has no options. */
const NO_VARIANT_TITLE = 'Default Title';
const GRAMS_PER: Readonly<Record<WeightUnit, number>> = {
  GRAMS: 1,
  KILOGRAMS: 1000,
  OUNCES: 28.349523125,
  POUNDS: 453.59237,
};

const RISKS: Readonly<Record<OrderRiskRecommendationResult, ChannelOrder['risk']>> = {
  CANCEL: 'high',
  INVESTIGATE: 'medium',
  ACCEPT: 'low',
  NONE: null,
};
const RESTOCKS: Readonly<
  Record<RefundLineItemRestockType, ChannelRefund['lines'][number]['restock']>
> = { CANCEL: 'cancel', RETURN: 'return', NO_RESTOCK: 'none', LEGACY_RESTOCK: 'unknown' };

export type ShopifyVariant = VariantFieldsFragment;
export type ShopifyLevel = LevelFieldsFragment;
export type ShopifyOrder = OrderFieldsFragment;
export type ShopifyOrderLine = OrderLineFieldsFragment;
type ShopifyRefund = NonNullable<RefundsOfOrderQuery['order']>['refunds'][number];
type ShopifyLocation = LocationsPageQuery['locations']['nodes'][number];
type ShopifyMoney = {
  readonly shopMoney: { readonly amount: string; readonly currencyCode: string };
};

/** `levels` are all the variant's levels, which may be more than its first page holds. */
export function toListing(
  variant: ShopifyVariant,
  levels: readonly ShopifyLevel[],
  currency: string,
): ChannelListing {
  const { inventoryItem, product } = variant;
  return {
    ref: variant.id,
    productRef: product.id,
    stockRef: inventoryItem.id,
    sku: toSku(variant.sku),
    barcode: textOrNull(variant.barcode),
    title: product.title,
    variantTitle: variant.title === NO_VARIANT_TITLE ? null : textOrNull(variant.title),
    tracked: inventoryItem.tracked,
    active: product.status === 'ACTIVE' || product.status === 'UNLISTED',
    backorders: variant.inventoryPolicy === 'CONTINUE',
    weightGrams: toGrams(inventoryItem.measurement.weight),
    price: parseMoney(variant.price, currency),
    stock: levels.map((level) => toStockLevel(inventoryItem.id, inventoryItem.tracked, level)),
  };
}

export function toStockLevel(
  stockRef: string,
  tracked: boolean,
  level: ShopifyLevel,
): ChannelStockLevel {
  const quantity = (name: string): number | null =>
    level.quantities.find((entry) => entry.name === name)?.quantity ?? null;
  return {
    stockRef,
    locationRef: level.location.id,
    available: tracked ? quantity('available') : null,
    committed: Math.max(0, quantity('committed') ?? 0),
  };
}

export function toLocation(location: ShopifyLocation): ChannelLocation {
  const { address } = location;
  return {
    ref: location.id,
    name: location.name,
    active: location.isActive,
    thirdParty: location.isFulfillmentService,
    address: toAddress({
      ...address,
      name: null,
      company: null,
      province: address.provinceCode,
      countryCodeV2: address.countryCode,
    }),
    latitude: address.latitude,
    longitude: address.longitude,
  };
}

/**
 * True when the order cannot be told without its fulfillments: units were taken off a line, and
 * Shopify's numbers do not say whether those had been shipped (a return) or not (a removal).
 */
export function needsFulfillments(
  order: ShopifyOrder,
  lines: readonly ShopifyOrderLine[],
): boolean {
  return order.cancelledAt === null && lines.some((line) => line.currentQuantity < line.quantity);
}

/** True when some work of the order is held or scheduled, or there is too much to tell. */
export function needsWorks(order: ShopifyOrder): boolean {
  const { nodes, pageInfo } = order.fulfillmentOrders;
  const waits = nodes.some(({ status }) => status === 'ON_HOLD' || status === 'SCHEDULED');
  return order.cancelledAt === null && (waits || pageInfo.hasNextPage);
}

export function needsRefunds(order: ShopifyOrder): boolean {
  return order.refunds.length > 0;
}

/** What an order's page does not tell; see {@link needsFulfillments} and its neighbors. */
export type OrderDetails = {
  /** Units per line that have left. */
  readonly fulfilled: ReadonlyMap<ExternalRef, number>;
  readonly works: readonly Work[];
  readonly refunds: readonly ChannelRefund[];
};

const NO_DETAILS: OrderDetails = { fulfilled: new Map(), works: [], refunds: [] };

/** `lines` are all the order's lines, which may be more than its first page holds. */
export function toOrder(
  order: ShopifyOrder,
  lines: readonly ShopifyOrderLine[],
  { fulfilled, works, refunds }: OrderDetails = NO_DETAILS,
): ChannelOrder {
  const shipAfter = shipAfterByLine(works);
  const mapped = lines.map((line) =>
    toOrderLine(line, fulfilled.get(line.id) ?? 0, shipAfter.get(line.id) ?? null),
  );
  return {
    ref: order.id,
    name: order.name,
    version: toVersion(order.updatedAt),
    stage: toStage(order, mapped),
    paymentStatus: (order.displayFinancialStatus ?? 'UNKNOWN').toLowerCase(),
    placedAt: new Date(order.createdAt),
    updatedAt: new Date(order.updatedAt),
    cancelReason: order.cancelReason?.toLowerCase() ?? null,
    total: toMoney(order.totalPriceSet),
    email: textOrNull(order.email),
    shipTo: order.shippingAddress === null ? null : toAddress(order.shippingAddress),
    shippingMethod: textOrNull(order.shippingLine?.title),
    note: textOrNull(order.note),
    tags: order.tags,
    holds: toHolds(works),
    risk: toRisk(order),
    refunds,
    lines: mapped,
  };
}

/**
 * The worst of the assessments; Shopify's recommendation, which rests on them, where none of
 * them says anything. Null while there is no judgement.
 */
function toRisk({ risk }: ShopifyOrder): ChannelOrder['risk'] {
  const levels = new Set(risk.assessments.map(({ riskLevel }) => riskLevel));
  if (levels.has('HIGH')) return 'high';
  if (levels.has('MEDIUM')) return 'medium';
  return levels.has('LOW') ? 'low' : RISKS[risk.recommendation];
}

/** A line that names no whole units says nothing and is left out. */
export function toRefund(
  refund: ShopifyRefund,
  lines: readonly RefundLineFieldsFragment[],
): ChannelRefund {
  return {
    ref: refund.id,
    at: new Date(refund.createdAt ?? 0),
    amount: toMoney(refund.totalRefundedSet),
    lines: lines
      .filter(({ quantity }) => quantity > 0)
      .map((line) => ({
        lineRef: line.lineItem.id,
        quantity: line.quantity,
        restock: RESTOCKS[line.restockType],
        locationRef: line.location?.id ?? null,
      })),
  };
}

/** ISO time with milliseconds and Z: texts of one width compare as their times do. */
export function toVersion(updatedAt: string): string {
  return new Date(updatedAt).toISOString();
}

/** Grams, whole; null when Shopify has no weight (it says 0). */
export function toGrams(
  weight: { readonly unit: WeightUnit; readonly value: number } | null,
): number | null {
  if (weight === null || !Number.isFinite(weight.value) || weight.value <= 0) return null;
  return Math.round(weight.value * GRAMS_PER[weight.unit]);
}

/**
 * Shopify takes stock (committed) for an order when it is placed, paid or not, and keeps it for
 * one whose payment is pending, expired or voided until it is cancelled or edited. So no order
 * here is ever `awaiting_payment`.
 */
function toStage(order: ShopifyOrder, lines: readonly ChannelOrderLine[]): ChannelOrderStage {
  if (order.cancelledAt !== null) return 'cancelled';
  if (lines.some((line) => line.quantity > line.fulfilledQuantity)) return 'open';
  const left = lines.some((line) => line.fulfilledQuantity > 0);
  const shipped = ['FULFILLED', 'PARTIALLY_FULFILLED'].includes(order.displayFulfillmentStatus);
  // Nothing wanted and nothing shipped: everything was refunded or removed before it left.
  return left || shipped ? 'fulfilled' : 'cancelled';
}

/**
 * Shopify's `currentQuantity` goes down for a shipped unit that comes back just as for one taken
 * out before shipping, so units wanted are those that left and those still to leave. What is
 * known to have left lies between two bounds, should the order have changed between two reads:
 * no fewer than are with the customer, no more than were ordered and are not waiting.
 */
function toOrderLine(
  line: ShopifyOrderLine,
  fulfilled: number,
  shipAfter: Date | null,
): ChannelOrderLine {
  const current = Math.max(0, line.currentQuantity);
  const waiting = Math.min(current, Math.max(0, line.unfulfilledQuantity));
  const kept = current - waiting;
  const fulfilledQuantity = Math.max(kept, Math.min(fulfilled, line.quantity - waiting));
  return {
    ref: line.id,
    listingRef: line.variant?.id ?? null,
    sku: toSku(line.sku),
    title: line.name,
    quantity: fulfilledQuantity + waiting,
    fulfilledQuantity,
    requiresShipping: line.requiresShipping,
    shipAfter,
    unitPrice: toMoney(line.originalUnitPriceSet),
  };
}

/** A Decimal of Shopify's is always a number; were it not, the zero would show on the screen. */
function toMoney({ shopMoney }: ShopifyMoney): Money {
  const currency = shopMoney.currencyCode;
  return parseMoney(shopMoney.amount, currency) ?? { minor: 0, currency };
}

type ShopifyAddress = {
  readonly [
    Field in
      | 'name'
      | 'company'
      | 'address1'
      | 'address2'
      | 'city'
      | 'province'
      | 'provinceCode'
      | 'zip'
      | 'countryCodeV2'
      | 'phone'
  ]: string | null;
};

/** Parts Shopify redacts (protected customer data not granted) arrive, and stay, null. */
function toAddress(address: ShopifyAddress): Address {
  return {
    name: textOrNull(address.name),
    company: textOrNull(address.company),
    address1: textOrNull(address.address1),
    address2: textOrNull(address.address2),
    city: textOrNull(address.city),
    province: textOrNull(address.provinceCode) ?? textOrNull(address.province),
    zip: textOrNull(address.zip),
    countryCode: textOrNull(address.countryCodeV2)?.toUpperCase() ?? null,
    phone: textOrNull(address.phone),
  };
}

function toSku(text: string | null): string | null {
  return textOrNull(text)?.slice(0, SKU_CHARS_MAX) ?? null;
}

function textOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined || text.trim() === '' ? null : text;
}
