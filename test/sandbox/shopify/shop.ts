import { SoldOutError, placeOrder, type PlaceOrderInput } from './place-orders';
import {
  cancelOrder,
  createFulfillment,
  holdFulfillmentOrder,
  releaseHolds,
} from './fulfill-orders';
import { expireAccessTokens, revokeEverything } from './access-tokens';
import { editOrder, refundOrder, type OrderEdit, type RefundRequest } from './edit-orders';
import { moveFulfillmentOrder } from './move-orders';
import { createOrderDesk, type OrderDesk } from './order-desk';
import { notify } from './notify';
import { mintSessionToken } from './session-token';
import { setAvailable, stockInvariants, stockItemAt } from './stock';
import { must, newId } from './state';
import type {
  Fulfillment,
  FulfillmentOrder,
  Location,
  Order,
  Product,
  ShopState,
  Staff,
  Subscription,
  Variant,
} from './state';

export { SoldOutError, type OrderEdit, type PlaceOrderInput, type RefundRequest };

export type NewLocation = {
  name: string;
  address1?: string;
  city?: string;
  province?: string;
  provinceCode?: string;
  zip?: string;
  countryCode?: string;
  latitude?: number;
  longitude?: number;
  /** False for a place that online orders are never assigned to. */
  fulfillsOnlineOrders?: boolean;
  /** Run by a third party (another app's fulfillment service). */
  thirdParty?: boolean;
  isActive?: boolean;
};

export type NewProduct = {
  title: string;
  vendor?: string;
  productType?: string;
  status?: Product['status'];
  variants: {
    sku: string;
    title?: string;
    barcode?: string | null;
    priceMinor?: number;
    weightGrams?: number;
    inventoryPolicy?: Variant['inventoryPolicy'];
    tracked?: boolean;
    requiresShipping?: boolean;
    /** Available per location name; a location not named does not stock it. */
    stock?: Record<string, number>;
  }[];
};

/** What a test or the demo does to one simulated store, as its merchant and its buyers would. */
export type SandboxShop = OrderDesk & {
  readonly domain: string;
  readonly handle: string;
  readonly name: string;
  /** The store's own state, for looking at. */
  readonly state: ShopState;
  addLocation(location: NewLocation): Location;
  addProduct(product: NewProduct): { product: Product; variants: Variant[] };
  editProduct(productId: string, edit: { title?: string; status?: Product['status'] }): void;
  editVariant(variantId: string, edit: { sku?: string; title?: string }): void;
  /** Orders keep their lines; nothing else of it stays. */
  deleteProduct(productId: string): void;
  /** Throws SoldOutError where the checkout would refuse, unless evenIfSoldOut. */
  placeOrder(order: PlaceOrderInput): Order;
  importPastOrders(orders: PlaceOrderInput[]): Order[];
  cancelOrder(orderId: string, options?: { restock?: boolean; reason?: string }): Order;
  /** The merchant fulfills in the admin, behind the app's back. */
  fulfillInAdmin(fulfillmentOrderId: string, trackingNumber?: string): Fulfillment;
  moveInAdmin(fulfillmentOrderId: string, locationId: string): FulfillmentOrder;
  holdInAdmin(fulfillmentOrderId: string, reason?: string): FulfillmentOrder;
  releaseInAdmin(fulfillmentOrderId: string): FulfillmentOrder;
  /** Note, tags, and units added or taken out. */
  editOrder(orderId: string, edit: OrderEdit): Order;
  refundInAdmin(orderId: string, refund: RefundRequest): Order;
  /** By variant (id or SKU) and location (id or name): a merchant's edit of available. */
  setAvailable(variant: string, location: string, quantity: number): void;
  available(variant: string, location: string): number;
  fulfillmentOrders(orderId: string): FulfillmentOrder[];
  fulfillments(orderId: string): Fulfillment[];
  install(scopes?: string[]): void;
  uninstall(): void;
  /** Says that the app is uninstalled while it is not, as a message that is hours late does. */
  tellUninstalled(): void;
  changeScopes(scopes: string[]): void;
  redact(what: 'shop' | 'customer' | 'data_request', orderId?: string): void;
  /** Every access token is refused from now on; refresh tokens still work. */
  expireTokens(): void;
  idToken(staffId?: string): string;
  setRateLimit(limit: { max?: number; restorePerSecond?: number }): void;
  subscriptions(): Subscription[];
  staff(): Staff[];
  oversoldUnits(): number;
  invariants(): string[];
};

export function createShopHandle(shop: ShopState, appSubscriptions: () => void): SandboxShop {
  const variantBy = (key: string): Variant => {
    const found =
      shop.variants.get(key) ?? [...shop.variants.values()].find((one) => one.sku === key);
    if (found === undefined) throw new Error(`no variant ${key}`);
    return found;
  };
  const locationBy = (key: string): Location => {
    const found =
      shop.locations.get(key) ?? [...shop.locations.values()].find((one) => one.name === key);
    if (found === undefined) throw new Error(`no location ${key}`);
    return found;
  };
  return {
    ...createOrderDesk(shop),
    domain: shop.domain,
    handle: shop.handle,
    name: shop.name,
    state: shop,
    addLocation: (location) => addLocation(shop, location),
    addProduct: (product) => addProduct(shop, product, locationBy),
    editProduct(productId, edit) {
      const product = must(shop.products, productId);
      Object.assign(product, edit, { updatedAt: shop.clock.now() });
      notify.product(shop, 'update', product);
    },
    editVariant(variantId, edit) {
      const variant = must(shop.variants, variantId);
      Object.assign(variant, edit, { updatedAt: shop.clock.now() });
      notify.product(shop, 'update', must(shop.products, variant.productId));
    },
    deleteProduct: (productId) => deleteProduct(shop, productId),
    placeOrder: (order) => placeOrder(shop, order),
    importPastOrders: (orders) => orders.map((order) => placeOrder(shop, order)),
    cancelOrder: (orderId, options) =>
      cancelOrder(shop, orderId, { restock: true, reason: 'CUSTOMER', ...options }),
    fulfillInAdmin: (fulfillmentOrderId, number) =>
      createFulfillment(shop, {
        lineItemsByFulfillmentOrder: [{ fulfillmentOrderId }],
        trackingInfo: number === undefined ? null : { number, company: 'USPS' },
      }),
    moveInAdmin: (id, locationId) => moveFulfillmentOrder(shop, id, locationId, null).moved,
    holdInAdmin: (id, reason = 'OTHER') => holdFulfillmentOrder(shop, id, { reason }, false).work,
    releaseInAdmin: (id) => releaseHolds(shop, id, null),
    editOrder: (orderId, edit) => editOrder(shop, orderId, edit),
    refundInAdmin: (orderId, refund) => refundOrder(shop, orderId, refund),
    setAvailable: (variant, location, quantity) =>
      setAvailable(shop, variantBy(variant).itemId, locationBy(location).id, quantity),
    available(variant, location) {
      const key = `${variantBy(variant).itemId}|${locationBy(location).id}`;
      return must(shop.levels, key).quantities.available;
    },
    fulfillmentOrders: (orderId) =>
      must(shop.orders, orderId).fulfillmentOrderIds.map((id) => must(shop.fulfillmentOrders, id)),
    fulfillments: (orderId) =>
      must(shop.orders, orderId).fulfillmentIds.map((id) => must(shop.fulfillments, id)),
    ...installation(shop, appSubscriptions),
    setRateLimit(limit) {
      Object.assign(shop.bucket, limit);
      shop.bucket.level = Math.min(shop.bucket.level, shop.bucket.max);
    },
    subscriptions: () => [...shop.subscriptions.values()],
    staff: () => [...shop.staff],
    oversoldUnits: () => shop.oversoldUnits,
    invariants: () => [...stockInvariants(shop), ...orderInvariants(shop)],
  };
}

type Installation = Pick<
  SandboxShop,
  | 'install'
  | 'uninstall'
  | 'tellUninstalled'
  | 'changeScopes'
  | 'redact'
  | 'expireTokens'
  | 'idToken'
>;

function installation(shop: ShopState, appSubscriptions: () => void): Installation {
  return {
    install(scopes) {
      if (scopes !== undefined) shop.grantedScopes = [...scopes];
      shop.installed = true;
      appSubscriptions();
    },
    uninstall() {
      notify.uninstalled(shop);
      shop.installed = false;
      revokeEverything(shop);
      shop.subscriptions.clear();
    },
    tellUninstalled: () => notify.uninstalled(shop),
    changeScopes(scopes) {
      const previous = shop.grantedScopes;
      shop.grantedScopes = [...scopes];
      notify.scopesUpdated(shop, previous);
    },
    redact(what, orderId) {
      // Compliance topics reach an app that is no longer installed, too.
      if (shop.subscriptions.size === 0) appSubscriptions();
      if (what === 'shop') notify.shopRedact(shop);
      else if (what === 'customer') notify.customerRedact(shop, must(shop.orders, orderId ?? ''));
      else notify.customerDataRequest(shop, must(shop.orders, orderId ?? ''));
      if (!shop.installed) shop.subscriptions.clear();
    },
    expireTokens: () => expireAccessTokens(shop),
    idToken(staffId) {
      const staff = shop.staff.find((one) => one.id === staffId) ?? shop.staff[0];
      if (staff === undefined) throw new Error('the shop has no staff');
      return mintSessionToken(shop, staff);
    },
  };
}

function addLocation(shop: ShopState, input: NewLocation): Location {
  const now = shop.clock.now();
  const location: Location = {
    __typename: 'Location',
    id: newId(shop, 'Location'),
    name: input.name,
    isActive: input.isActive ?? true,
    fulfillsOnlineOrders: input.fulfillsOnlineOrders ?? true,
    thirdParty: input.thirdParty ?? false,
    createdAt: now,
    updatedAt: now,
    address: {
      address1: input.address1 ?? '1 Dock Street',
      address2: null,
      city: input.city ?? 'Portland',
      province: input.province ?? 'Oregon',
      provinceCode: input.provinceCode ?? 'OR',
      zip: input.zip ?? '97201',
      country: 'United States',
      countryCode: input.countryCode ?? 'US',
      latitude: input.latitude ?? null,
      longitude: input.longitude ?? null,
      phone: null,
    },
  };
  shop.locations.set(location.id, location);
  return location;
}

function addProduct(
  shop: ShopState,
  input: NewProduct,
  locationBy: (name: string) => Location,
): { product: Product; variants: Variant[] } {
  const now = shop.clock.now();
  const product: Product = {
    __typename: 'Product',
    id: newId(shop, 'Product'),
    title: input.title,
    vendor: input.vendor ?? shop.name,
    productType: input.productType ?? '',
    status: input.status ?? 'ACTIVE',
    handle: input.title.toLowerCase().replace(/[^a-z0-9]+/g, '-'),
    variantIds: [],
    createdAt: now,
    updatedAt: now,
  };
  shop.products.set(product.id, product);
  const variants = input.variants.map((one, index): Variant => {
    const id = newId(shop, 'ProductVariant');
    const itemId = newId(shop, 'InventoryItem');
    shop.items.set(itemId, {
      __typename: 'InventoryItem',
      id: itemId,
      variantId: id,
      tracked: one.tracked ?? true,
      requiresShipping: one.requiresShipping ?? true,
      weightGrams: one.weightGrams ?? 250,
      createdAt: now,
      updatedAt: now,
    });
    for (const [place, available] of Object.entries(one.stock ?? {})) {
      stockItemAt(shop, itemId, locationBy(place).id, available);
    }
    return {
      __typename: 'ProductVariant',
      id,
      productId: product.id,
      itemId,
      title: one.title ?? 'Default Title',
      sku: one.sku,
      barcode: one.barcode ?? null,
      priceMinor: one.priceMinor ?? 1_900,
      inventoryPolicy: one.inventoryPolicy ?? 'DENY',
      position: index + 1,
      createdAt: now,
      updatedAt: now,
    };
  });
  for (const variant of variants) {
    shop.variants.set(variant.id, variant);
    product.variantIds.push(variant.id);
  }
  notify.product(shop, 'create', product);
  return { product, variants };
}

function deleteProduct(shop: ShopState, productId: string): void {
  const product = must(shop.products, productId);
  for (const variantId of product.variantIds) {
    const item = must(shop.items, must(shop.variants, variantId).itemId);
    for (const [key, level] of shop.levels) if (level.itemId === item.id) shop.levels.delete(key);
    item.tracked = false;
    shop.variants.delete(variantId);
  }
  shop.products.delete(productId);
  notify.productDeleted(shop, productId);
}

function orderInvariants(shop: ShopState): string[] {
  const broken: string[] = [];
  for (const order of shop.orders.values()) {
    const fulfillments = order.fulfillmentIds
      .map((id) => must(shop.fulfillments, id))
      .filter((one) => one.status === 'SUCCESS');
    const numbers = fulfillments.flatMap((one) => one.trackingNumbers);
    if (new Set(numbers).size !== numbers.length) {
      broken.push(`${order.name}: fulfilled twice with the same tracking number`);
    }
    for (const line of order.lines) {
      const shipped = fulfillments
        .flatMap((one) => one.lines)
        .filter((one) => one.orderLineId === line.id)
        .reduce((sum, one) => sum + one.quantity, 0);
      if (shipped > line.quantity) {
        broken.push(`${order.name}: ${shipped} of ${line.sku} shipped, ${line.quantity} ordered`);
      }
    }
  }
  return broken;
}
