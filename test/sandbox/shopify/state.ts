import { createHash } from 'node:crypto';

import type { Clock, Random, SandboxAddress, WebhookSender } from '../core';
import type { BulkState } from './bulk-state';
import { gid } from './ids';

/** Quantity names of one inventory level; on hand is all of them but incoming. */
export const INSIDE_STATES = [
  'available',
  'committed',
  'reserved',
  'damaged',
  'safety_stock',
  'quality_control',
] as const;
export const QUANTITY_NAMES = [...INSIDE_STATES, 'on_hand', 'incoming'] as const;
export type QuantityName = (typeof QUANTITY_NAMES)[number];

export type Location = {
  readonly __typename: 'Location';
  readonly id: string;
  name: string;
  isActive: boolean;
  fulfillsOnlineOrders: boolean;
  /** Run by a fulfillment service of another app. */
  readonly thirdParty: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
  readonly address: {
    address1: string;
    address2: string | null;
    city: string;
    province: string;
    provinceCode: string;
    zip: string;
    country: string;
    countryCode: string;
    latitude: number | null;
    longitude: number | null;
    phone: string | null;
  };
};

export type Product = {
  readonly __typename: 'Product';
  readonly id: string;
  title: string;
  vendor: string;
  productType: string;
  status: 'ACTIVE' | 'ARCHIVED' | 'DRAFT';
  readonly handle: string;
  readonly variantIds: string[];
  readonly createdAt: Date;
  updatedAt: Date;
};

export type Variant = {
  readonly __typename: 'ProductVariant';
  readonly id: string;
  readonly productId: string;
  readonly itemId: string;
  title: string;
  sku: string;
  barcode: string | null;
  /** Minor units. */
  priceMinor: number;
  inventoryPolicy: 'DENY' | 'CONTINUE';
  readonly position: number;
  readonly createdAt: Date;
  updatedAt: Date;
};

export type InventoryItem = {
  readonly __typename: 'InventoryItem';
  readonly id: string;
  readonly variantId: string;
  tracked: boolean;
  requiresShipping: boolean;
  weightGrams: number;
  readonly createdAt: Date;
  updatedAt: Date;
};

export type Level = {
  readonly __typename: 'InventoryLevel';
  readonly id: string;
  readonly itemId: string;
  readonly locationId: string;
  isActive: boolean;
  readonly quantities: Record<QuantityName, number>;
  readonly changedAt: Partial<Record<QuantityName, Date>>;
  readonly createdAt: Date;
  updatedAt: Date;
};

export type OrderLine = {
  readonly __typename: 'LineItem';
  readonly id: string;
  readonly orderId: string;
  readonly variantId: string | null;
  readonly productId: string | null;
  readonly title: string;
  readonly variantTitle: string | null;
  readonly sku: string;
  readonly vendor: string;
  readonly requiresShipping: boolean;
  readonly weightGrams: number;
  readonly priceMinor: number;
  readonly quantity: number;
  /** Ordered less removed and refunded. */
  currentQuantity: number;
  fulfilledQuantity: number;
  /** Of the fulfilled, units that came back and are no longer in `currentQuantity`. */
  returnedQuantity: number;
};

export type Order = {
  readonly __typename: 'Order';
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly shippingAddress: SandboxAddress | null;
  readonly shippingMinor: number;
  readonly shippingTitle: string;
  readonly lines: OrderLine[];
  tags: string[];
  note: string | null;
  readonly sourceName: string;
  financialStatus: 'PAID' | 'PENDING' | 'AUTHORIZED' | 'REFUNDED' | 'VOIDED' | 'PARTIALLY_REFUNDED';
  /** What Shopify's own fraud analysis found; null = it has not looked. */
  risk: 'LOW' | 'MEDIUM' | 'HIGH' | null;
  readonly refunds: Refund[];
  readonly createdAt: Date;
  readonly processedAt: Date;
  updatedAt: Date;
  cancelledAt: Date | null;
  cancelReason: string | null;
  closedAt: Date | null;
  readonly fulfillmentOrderIds: string[];
  readonly fulfillmentIds: string[];
};

export type RefundLine = {
  readonly __typename: 'RefundLineItem';
  readonly id: string;
  readonly orderLineId: string;
  readonly quantity: number;
  readonly restockType: 'CANCEL' | 'RETURN' | 'NO_RESTOCK';
  readonly locationId: string | null;
};

export type Refund = {
  readonly __typename: 'Refund';
  readonly id: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly lines: RefundLine[];
  readonly createdAt: Date;
};

export type FulfillmentOrderLine = {
  readonly __typename: 'FulfillmentOrderLineItem';
  readonly id: string;
  readonly orderId: string;
  readonly orderLineId: string;
  readonly itemId: string | null;
  totalQuantity: number;
  remainingQuantity: number;
};

export type Hold = {
  readonly __typename: 'FulfillmentHold';
  readonly id: string;
  readonly reason: string;
  readonly reasonNotes: string | null;
  readonly handle: string;
  readonly byApp: boolean;
};

export type FulfillmentOrder = {
  readonly __typename: 'FulfillmentOrder';
  readonly id: string;
  readonly orderId: string;
  locationId: string;
  status: 'OPEN' | 'IN_PROGRESS' | 'ON_HOLD' | 'CLOSED' | 'CANCELLED' | 'INCOMPLETE' | 'SCHEDULED';
  requestStatus: 'UNSUBMITTED';
  /** Somebody said by hand that work on it has begun. */
  progressReported: boolean;
  lines: FulfillmentOrderLine[];
  holds: Hold[];
  /** When it may be fulfilled; null = scheduled without a date (a pre-order). */
  fulfillAt: Date | null;
  readonly createdAt: Date;
  updatedAt: Date;
};

export type Fulfillment = {
  readonly __typename: 'Fulfillment';
  readonly id: string;
  readonly orderId: string;
  readonly name: string;
  readonly locationId: string;
  readonly fulfillmentOrderIds: string[];
  readonly lines: { id: string; orderLineId: string; quantity: number }[];
  status: 'SUCCESS' | 'CANCELLED';
  trackingCompany: string | null;
  trackingNumbers: string[];
  trackingUrls: string[];
  readonly notifyCustomer: boolean;
  readonly createdAt: Date;
  updatedAt: Date;
};

export type Subscription = {
  readonly __typename: 'WebhookSubscription';
  readonly id: string;
  /** Upper case, as the GraphQL enum has it. */
  readonly topic: string;
  readonly uri: string;
  readonly includeFields: string[];
  readonly filter: string | null;
  /** Made with the API, so it is removed after repeated failure; an app's own never is. */
  readonly byApi: boolean;
  readonly createdAt: Date;
};

export type Staff = { id: string; firstName: string; lastName: string; email: string };

export type AccessToken = {
  readonly token: string;
  readonly kind: 'offline' | 'online';
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
};

export type RefreshToken = {
  readonly token: string;
  readonly expiresAt: Date;
  /** Made from this one; it stays valid until one of them is used. */
  readonly successors: string[];
};

export type IdempotentCall = { readonly fingerprint: string; readonly result: unknown };

/** Everything one simulated store knows. */
export type ShopState = {
  readonly domain: string;
  readonly handle: string;
  readonly id: string;
  name: string;
  readonly email: string;
  readonly plan: string;
  readonly currency: string;
  readonly timezone: string;
  readonly createdAt: Date;
  readonly clock: Clock;
  readonly random: Random;
  readonly sender: WebhookSender;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly appUrl: string;
  readonly staff: Staff[];
  readonly locations: Map<string, Location>;
  readonly products: Map<string, Product>;
  readonly variants: Map<string, Variant>;
  readonly items: Map<string, InventoryItem>;
  readonly levels: Map<string, Level>;
  readonly orders: Map<string, Order>;
  readonly fulfillmentOrders: Map<string, FulfillmentOrder>;
  readonly fulfillments: Map<string, Fulfillment>;
  readonly subscriptions: Map<string, Subscription>;
  readonly accessTokens: Map<string, AccessToken>;
  readonly refreshTokens: Map<string, RefreshToken>;
  readonly idempotentCalls: Map<string, IdempotentCall>;
  readonly bulk: BulkState;
  readonly bucket: { level: number; at: number; max: number; restorePerSecond: number };
  /** Units sold beyond what was available, ever. */
  oversoldUnits: number;
  installed: boolean;
  grantedScopes: string[];
  nextNumber: bigint;
  nextOrderNumber: number;
};

/** A fresh global id; digits grow by an uneven step, as a real shop's seem to. */
export function newId(shop: ShopState, type: string): string {
  shop.nextNumber += BigInt(shop.random.integer(1, 97));
  return gid(type, shop.nextNumber.toString());
}

/**
 * A fresh UUID. Made from the shop's own numbering and not from its randomness: a store restored
 * from a snapshot must never repeat a webhook id, or the app would rightly take it for a repeat.
 */
export function newUuid(shop: ShopState): string {
  shop.nextNumber += 1n;
  const hex = createHash('sha256').update(`${shop.domain} ${shop.nextNumber}`).digest('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`];
  return [...parts, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

export const levelKey = (itemId: string, locationId: string): string => `${itemId}|${locationId}`;

/** Looks up what must be there; its absence is a bug of the sandbox. */
export function must<Value>(map: ReadonlyMap<string, Value>, id: string): Value {
  const value = map.get(id);
  if (value === undefined) throw new Error(`simulator: ${id} is gone`);
  return value;
}

/** Minor units as Shopify's decimal string. */
export const decimal = (minor: number): string => (minor / 100).toFixed(2);
