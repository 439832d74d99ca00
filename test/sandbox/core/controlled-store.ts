import type { Delivery } from './webhook-sender';
import type { Faults } from './faults';
import type { Journal } from './journal';

/** US (or other) postal address as both stores' order forms take it. */
export type SandboxAddress = {
  firstName: string;
  lastName: string;
  company?: string | null;
  address1: string;
  address2?: string | null;
  city: string;
  /** Two-letter state or province code. */
  provinceCode: string;
  province: string;
  zip: string;
  countryCode: string;
  phone?: string | null;
  latitude?: number;
  longitude?: number;
};

/** One thing for sale, with the number the store itself believes. */
export type ControlledItem = {
  /** The store's own id; opaque. */
  readonly id: string;
  readonly sku: string;
  readonly title: string;
  /** Per place in this store; a store without locations has one, named as the store. */
  readonly stock: readonly {
    readonly locationId: string;
    readonly locationName: string;
    readonly available: number;
    readonly committed: number | null;
  }[];
};

export type ControlledOrder = {
  readonly id: string;
  readonly name: string;
  readonly placedAt: Date;
  readonly customer: string;
  readonly units: number;
  readonly status: string;
  readonly canCancel: boolean;
  /** What else can be let happen to it now. */
  readonly actions?: readonly { readonly id: string; readonly label: string }[];
};

export type NewOrder = {
  lines: { itemId: string; quantity: number }[];
  address: SandboxAddress;
  email: string;
};

/**
 * What the control page and the traffic generator may do to a simulated store. Shopify and
 * WooCommerce each register one per shop.
 */
export type ControlledStore = {
  /** Unique among registered stores; used in URLs. */
  readonly id: string;
  /** 'shopify', 'woocommerce', … the journal's system. */
  readonly system: string;
  /** The journal's, the faults' and the deliveries' account. */
  readonly account: string;
  readonly name: string;
  /** A page of the store to open in a browser, or null. */
  readonly adminUrl: string | null;
  readonly faults: Faults;
  readonly journal: Journal;
  items(): ControlledItem[];
  /** Newest first, at most so many. */
  orders(limit: number): ControlledOrder[];
  placeOrder(order: NewOrder): ControlledOrder;
  cancelOrder(orderId: string): void;
  /** Lets one of the order's `actions` happen; answers what happened. */
  actOnOrder?(orderId: string, action: string): string;
  /** A merchant typing a number into the store's own stock screen. */
  setAvailable(itemId: string, locationId: string, available: number): void;
  deliveries(after?: number): Delivery[];
  /** Broken promises of the store's own bookkeeping; empty when all is well. */
  invariants(): string[];
};
