import type { Clock, Faults, Journal, Random, WebhookSender } from '../core';

/** A product or a variation: WordPress keeps both as posts in one sequence of ids. */
export type Product = {
  readonly id: number;
  /** 0 unless it is a variation. */
  readonly parentId: number;
  type: 'simple' | 'variable' | 'variation' | 'grouped' | 'external';
  name: string;
  sku: string;
  globalUniqueId: string;
  status: string;
  /** Decimal text; "" for none. */
  price: string;
  /** Its own setting; a variation without one follows a parent that has it. */
  managesStock: boolean;
  stockQuantity: number | null;
  backorders: 'no' | 'notify' | 'yes';
  lowStockAmount: number | null;
  weight: string;
  dimensions: { length: string; width: string; height: string };
  /** Of a variable product: the choices; of a variation: what was chosen. */
  attributes: { name: string; options: string[] }[];
  totalSales: number;
  meta: Meta[];
  readonly createdAt: Date;
  modifiedAt: Date;
};

export type Meta = { id: number; key: string; value: unknown };

export type OrderAddress = {
  first_name: string;
  last_name: string;
  company: string;
  address_1: string;
  address_2: string;
  city: string;
  state: string;
  postcode: string;
  country: string;
  phone: string;
};

export type OrderLine = {
  readonly id: number;
  name: string;
  productId: number;
  variationId: number;
  quantity: number;
  /** Minor units of the whole line. */
  totalMinor: number;
  unitMinor: number;
  sku: string;
  globalUniqueId: string;
  parentName: string | null;
  meta: Meta[];
};

export type Refund = {
  readonly id: number;
  readonly createdAt: Date;
  readonly amountMinor: number;
  readonly reason: string;
  readonly kind: 'partial' | 'full';
  readonly metaId: number;
  readonly lines: {
    line: OrderLine;
    lineId: number;
    quantity: number;
    totalMinor: number;
    metaId: number;
  }[];
};

export type Note = {
  readonly id: number;
  readonly author: string;
  readonly createdAt: Date;
  readonly text: string;
  readonly toCustomer: boolean;
};

export type Fulfillment = {
  readonly id: number;
  isFulfilled: boolean;
  status: string;
  updatedAt: Date;
  meta: Meta[];
};

export type Order = {
  readonly id: number;
  status: string;
  /** What it was before it went to the trash. */
  statusBeforeTrash: string | null;
  readonly key: string;
  billing: OrderAddress & { email: string };
  shipping: OrderAddress;
  createdVia: string;
  paymentMethod: string;
  paymentMethodTitle: string;
  customerNote: string;
  lines: OrderLine[];
  shippingLine: { id: number; title: string; totalMinor: number } | null;
  refunds: Refund[];
  notes: Note[];
  fulfillments: Fulfillment[];
  meta: Meta[];
  /** WooCommerce has taken the units of the lines out of stock. */
  stockReduced: boolean;
  readonly createdAt: Date;
  modifiedAt: Date;
  completedAt: Date | null;
  paidAt: Date | null;
};

export type Webhook = {
  readonly id: number;
  name: string;
  status: 'active' | 'paused' | 'disabled';
  topic: string;
  deliveryUrl: string;
  secret: string;
  /** Failures in a row; not told by REST. */
  failureCount: number;
  pinged: boolean;
  readonly createdAt: Date;
  modifiedAt: Date | null;
};

export type ApiKey = {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  permissions: 'read' | 'write' | 'read_write';
  revoked: boolean;
};

/** One change of one stock number, kept to check the store's own sums. */
export type StockChange = { productId: number; delta: number; why: string };

export type StoreState = {
  readonly id: string;
  readonly name: string;
  /** Filled in once the server listens. */
  url: string;
  readonly currency: string;
  readonly weightUnit: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly sender: WebhookSender;
  readonly features: {
    fulfillments: boolean;
    fulfillmentsWrapped: boolean;
    shipmentTracking: boolean;
    /** One list of all variations (10.3 and later). */
    variationsList: boolean;
    /** Grants may be brought to an http address, which no real store does. */
    httpCallbacks: boolean;
  };
  /** The store has moved: every call is redirected there. */
  movedTo: string | null;
  /** How long a delivery waits in the store's queue. */
  webhookDelayMilliseconds: number;
  readonly keys: ApiKey[];
  readonly seenNonces: Map<string, number>;
  readonly products: Map<number, Product>;
  readonly orders: Map<number, Order>;
  readonly webhooks: Map<number, Webhook>;
  readonly pendingDeliveries: Set<string>;
  readonly stockChanges: StockChange[];
  /** Requests that a careful client would never send, in a sentence each. */
  readonly complaints: string[];
  nextPostId: number;
  nextLineId: number;
  nextMetaId: number;
  nextNoteId: number;
  nextFulfillmentId: number;
  nextWebhookId: number;
};

/** The store's dates have whole seconds. */
export function nowOf(state: StoreState): Date {
  return new Date(Math.floor(state.clock.now().getTime() / 1000) * 1000);
}

export function takePostId(state: StoreState): number {
  return (state.nextPostId += 1);
}

export function takeMetaId(state: StoreState): number {
  return (state.nextMetaId += 1);
}

/** WordPress updates meta in place when it knows the key, and adds it otherwise. */
export function putMeta(state: StoreState, meta: Meta[], key: string, value: unknown): void {
  const known = meta.find((entry) => entry.key === key);
  if (known) known.value = value;
  else meta.push({ id: takeMetaId(state), key, value });
}

export function metaValue(meta: readonly Meta[], key: string): unknown {
  return meta.find((entry) => entry.key === key)?.value;
}

export function must<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`the store has no ${String(key)}`);
  return value;
}

const ZERO_DECIMAL = new Set(['JPY', 'KRW', 'VND', 'CLP']);

/** Money as WooCommerce writes it: text with the currency's decimals. */
export function amount(state: StoreState, minor: number): string {
  return ZERO_DECIMAL.has(state.currency) ? String(minor) : (minor / 100).toFixed(2);
}

export function minorOf(state: StoreState, text: string): number {
  const value = Number.parseFloat(text);
  if (!Number.isFinite(value)) return 0;
  return Math.round(value * (ZERO_DECIMAL.has(state.currency) ? 1 : 100));
}
