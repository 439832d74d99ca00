import { createWebhookSender, serveOrNot } from '../core';
import type { Clock, ControlledStore, Delivery, Faults, Journal, Random } from '../core';
import type { SandboxReply, SandboxRequest, Unserved } from '../core';
import { announceProduct, noteOutcome } from './announce';
import { checkInvariants } from './check-invariants';
import { controlStore } from './control-store';
import { addInterlude } from './interludes';
import { serveApi } from './serve-api';
import { isGrantPage, serveGrantPage } from './serve-grants';
import { applyFields, blankProduct } from './serve-products';
import { must, nowOf, takePostId } from './state';
import type { ApiKey, Order, Product, Refund, StoreState } from './state';
import { setQuantity } from './stock-rules';
import {
  deleteOrder,
  placeOrder,
  refundOrder,
  restockRefund,
  restoreFromTrash,
  setOrderStatus,
  trashOrder,
} from './take-orders';
import type { PlaceOrderInput, RefundInput } from './take-orders';

export type WooStoreOptions = {
  /** What people call the shop. Its id, for faults and the journal, is made from it. */
  name: string;
  clock: Clock;
  random: Random;
  faults: Faults;
  journal: Journal;
  /** 0 = any free port. */
  port?: number;
  currency?: string;
  weightUnit?: 'kg' | 'g' | 'lbs' | 'oz';
  /** WooCommerce's own fulfillments, off by default there as here. */
  fulfillments?: boolean;
  /** Some releases wrap the list of fulfillments in an object. */
  fulfillmentsWrapped?: boolean;
  /** The shipment tracking extension is installed. */
  shipmentTracking?: boolean;
  /** Releases before 10.3 list variations by parent alone. Default true. */
  variationsList?: boolean;
  /** Brings granted keys to http addresses, too; a real store does not. Default false. */
  httpCallbacks?: boolean;
  /** How long a delivery waits in the store's queue; a real store takes 17 to 61 seconds. */
  webhookDelayMilliseconds?: number;
  /** A key of one's own choosing, so that a store can be started again with the same one. */
  credentials?: { consumerKey: string; consumerSecret: string };
  /** Not on loopback: reached through `handle` alone. */
  unserved?: Unserved;
};

export type NewProduct = {
  name: string;
  sku?: string;
  /** Decimal text. */
  price?: string;
  /** Null or left out: the store keeps no count. */
  stock?: number | null;
  backorders?: Product['backorders'];
  weight?: string;
  barcode?: string;
  status?: string;
  /** Makes it a variable product; `stock` is then the number all its variations share. */
  variations?: {
    sku?: string;
    option: string;
    price?: string;
    stock?: number | null;
    status?: string;
  }[];
  /** What tells the variations apart. */
  optionName?: string;
};

export type WooStore = {
  readonly id: string;
  readonly url: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly state: StoreState;
  readonly journal: Journal;
  readonly faults: Faults;
  /** Answers one request, as its server does. */
  handle(request: SandboxRequest): Promise<SandboxReply>;
  /** For the control page and the traffic generator. */
  readonly control: ControlledStore;
  addProduct(product: NewProduct): Product & { readonly variations: readonly Product[] };
  /** Throws SoldOutError, as the checkout refuses. */
  placeOrder(order: PlaceOrderInput): Order;
  importPastOrders(orders: readonly (PlaceOrderInput & { placedAt: Date })[]): void;
  setStatus(orderId: number, status: string): void;
  refund(orderId: number, refund: RefundInput): Refund;
  /** The units of a refund that was to be restocked `later` are back. */
  restockRefund(orderId: number, refundId: number): void;
  trash(orderId: number): void;
  restore(orderId: number): void;
  forceDelete(orderId: number): void;
  /** A merchant types a number into the product's own screen. */
  setStock(productId: number, quantity: number): void;
  /** The number the store shows for a product or variation. */
  stockOf(productId: number): number | null;
  /** Another key for the same store. */
  addKey(permissions: ApiKey['permissions']): ApiKey;
  revokeKey(consumerKey: string): void;
  /** Redirects every call to another address from now on; null = no more. */
  moveTo(url: string | null): void;
  /** Lets something happen once, right before the next call that holds this text is served. */
  beforeNext(call: string, act: () => void): void;
  deliveries(filter?: { topic?: string; after?: number }): Delivery[];
  /** Resolves when no delivery is under way; those still waiting in the queue do not count. */
  settled(): Promise<void>;
  invariants(): string[];
  close(): Promise<void>;
};

/** A WooCommerce 10.5 store on loopback, as `rules-woocommerce.md` describes it. */
export async function createWooStore(options: WooStoreOptions): Promise<WooStore> {
  const state = createState(options);
  const grants = { newKey: (permissions: ApiKey['permissions']) => newKey(state, permissions) };
  const handle = (request: SandboxRequest): Promise<SandboxReply> =>
    isGrantPage(request) ? serveGrantPage(state, grants, request) : serveApi(state, request);
  const server = await serveOrNot(handle, options);
  state.url = server.url;
  const key = state.keys[0] ?? newKey(state, 'read_write');
  return {
    id: state.id,
    url: state.url,
    consumerKey: key.consumerKey,
    consumerSecret: key.consumerSecret,
    state,
    journal: state.journal,
    faults: state.faults,
    handle,
    control: controlStore(state),
    addProduct: (product) => addProduct(state, product),
    placeOrder: (order) => placeOrder(state, order),
    importPastOrders: (orders) => {
      for (const order of orders) placeOrder(state, order);
    },
    setStatus: (id, status) => setOrderStatus(state, must(state.orders, id), status),
    refund: (id, refund) => refundOrder(state, must(state.orders, id), refund),
    restockRefund: (id, refundId) => {
      restockRefund(state, must(state.orders, id), refundId);
    },
    trash: (id) => trashOrder(state, must(state.orders, id)),
    restore: (id) => restoreFromTrash(state, must(state.orders, id)),
    forceDelete: (id) => deleteOrder(state, must(state.orders, id)),
    setStock: (id, quantity) => {
      setQuantity(state, must(state.products, id), quantity, 'typed in by the merchant');
    },
    stockOf: (id) => must(state.products, id).stockQuantity,
    addKey: (permissions) => newKey(state, permissions),
    revokeKey: (consumerKey) => {
      for (const known of state.keys) if (known.consumerKey === consumerKey) known.revoked = true;
    },
    moveTo: (url) => {
      state.movedTo = url;
    },
    beforeNext: (call, act) => {
      addInterlude(state, call, act);
    },
    deliveries: (filter = {}) => state.sender.deliveries({ ...filter, account: state.id }),
    settled: () => state.sender.settled(),
    invariants: () => checkInvariants(state),
    async close() {
      await state.sender.close();
      await server.close();
    },
  };
}

/** Ids begin here, after the pages WordPress makes for itself. */
const FIRST_POST_ID = 9;
/** As the real store: it gives a receiver a minute and does not try again. */
const DELIVERY_TIMEOUT_MILLISECONDS = 60_000;

function createState(options: WooStoreOptions): StoreState {
  const id = `woo-${options.name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  const state: StoreState = {
    id,
    name: options.name,
    url: '',
    currency: options.currency ?? 'USD',
    weightUnit: options.weightUnit ?? 'kg',
    clock: options.clock,
    random: options.random.fork(id),
    faults: options.faults,
    journal: options.journal,
    sender: createWebhookSender({
      clock: options.clock,
      random: options.random.fork(`${id} webhooks`),
      faults: options.faults,
      policy: { timeoutMilliseconds: DELIVERY_TIMEOUT_MILLISECONDS, retryDelaysMilliseconds: [] },
      onOutcome: (delivery) => noteOutcome(state, delivery),
      transmit: options.unserved?.transmit,
    }),
    features: {
      fulfillments: options.fulfillments ?? false,
      fulfillmentsWrapped: options.fulfillmentsWrapped ?? false,
      shipmentTracking: options.shipmentTracking ?? false,
      variationsList: options.variationsList ?? true,
      httpCallbacks: options.httpCallbacks ?? false,
    },
    movedTo: null,
    webhookDelayMilliseconds: options.webhookDelayMilliseconds ?? 0,
    keys: [],
    seenNonces: new Map(),
    products: new Map(),
    orders: new Map(),
    webhooks: new Map(),
    pendingDeliveries: new Set(),
    stockChanges: [],
    complaints: [],
    nextPostId: FIRST_POST_ID,
    nextLineId: 1,
    nextMetaId: 0,
    nextNoteId: 0,
    nextFulfillmentId: 0,
    nextWebhookId: 0,
  };
  if (options.credentials) {
    state.keys.push({ ...options.credentials, permissions: 'read_write', revoked: false });
  }
  return state;
}

function newKey(state: StoreState, permissions: ApiKey['permissions']): ApiKey {
  const key: ApiKey = {
    consumerKey: `ck_${state.random.hex(40)}`,
    consumerSecret: `cs_${state.random.hex(40)}`,
    permissions,
    revoked: false,
  };
  state.keys.push(key);
  return key;
}

function addProduct(
  state: StoreState,
  input: NewProduct,
): Product & { readonly variations: readonly Product[] } {
  const { variations = [] } = input;
  const optionName = input.optionName ?? 'Size';
  const type = variations.length > 0 ? 'variable' : 'simple';
  const product = insert(state, 0, type, input);
  product.name = input.name;
  product.backorders = input.backorders ?? 'no';
  product.weight = input.weight ?? '';
  product.globalUniqueId = input.barcode ?? '';
  if (variations.length === 0) return Object.assign(product, { variations: [] });
  product.price = '';
  product.attributes = [{ name: optionName, options: variations.map(({ option }) => option) }];
  const children = variations.map((entry) => {
    const child = insert(state, product.id, 'variation', { price: input.price, ...entry });
    child.attributes = [{ name: optionName, options: [entry.option] }];
    return child;
  });
  return Object.assign(product, { variations: children });
}

function insert(
  state: StoreState,
  parentId: number,
  type: Product['type'],
  input: { sku?: string; price?: string | undefined; stock?: number | null; status?: string },
): Product {
  const product = blankProduct(takePostId(state), parentId, type, nowOf(state));
  state.products.set(product.id, product);
  const stock = input.stock ?? null;
  applyFields(state, product, {
    sku: input.sku ?? '',
    regular_price: input.price ?? '',
    status: input.status ?? 'publish',
    ...(stock === null ? {} : { manage_stock: true, stock_quantity: stock }),
  });
  announceProduct(state, product, 'created');
  return product;
}
