import { digitsOf, typeOf } from '../ids';
import { must } from '../state';
import type { FulfillmentOrder, InventoryItem, Order, ShopState, Variant } from '../state';
import { orderFulfillmentStatus } from '../webhook-bodies';
import { connection, type PageArgs } from './connection';
import type { Context, Fields } from './context';
import { currentAppInstallation, refuseQuery } from './resolve-catalog';
import { matchesTerm, search, type SearchTerm } from './search-query';

type ListArgs = PageArgs & { query?: string | null; sortKey?: string | null };

/** Without read_all_orders an app sees only orders of the last 60 days. */
const ORDER_WINDOW_MILLISECONDS = 60 * 86_400_000;

function visibleOrders({ shop, scopes }: Context): Order[] {
  const orders = [...shop.orders.values()];
  if (scopes.has('read_all_orders')) return orders;
  const since = shop.clock.now().getTime() - ORDER_WINDOW_MILLISECONDS;
  return orders.filter((order) => order.createdAt.getTime() >= since);
}

const text =
  <Row>(read: (row: Row) => string) =>
  (row: Row, term: SearchTerm): boolean =>
    matchesTerm(term, read(row));

const time =
  <Row>(read: (row: Row) => Date) =>
  (row: Row, term: SearchTerm): boolean =>
    matchesTerm(term, read(row));

const byId = (row: { id: string }, term: SearchTerm): boolean =>
  matchesTerm(term, BigInt(digitsOf(row.id)));

const orderStatus = (order: Order): string =>
  order.cancelledAt !== null ? 'cancelled' : order.closedAt !== null ? 'closed' : 'open';

const orderSearch = {
  id: byId,
  name: text<Order>((order) => order.name),
  email: text<Order>((order) => order.email ?? ''),
  created_at: time<Order>((order) => order.createdAt),
  updated_at: time<Order>((order) => order.updatedAt),
  processed_at: time<Order>((order) => order.processedAt),
  financial_status: text<Order>((order) => order.financialStatus),
  fulfillment_status: (order: Order, term: SearchTerm) => {
    const status = orderFulfillmentStatus(order);
    if (term.value === 'unfulfilled' || term.value === 'unshipped') return status === null;
    return matchesTerm(term, status ?? 'unfulfilled');
  },
  status: (order: Order, term: SearchTerm) =>
    term.value === 'any' || matchesTerm(term, orderStatus(order)),
  tag: (order: Order, term: SearchTerm) => order.tags.some((tag) => matchesTerm(term, tag)),
  sku: (order: Order, term: SearchTerm) => order.lines.some((line) => matchesTerm(term, line.sku)),
};

function sortOrders(sortKey: string | null | undefined): (order: Order) => string | number {
  switch (sortKey ?? 'PROCESSED_AT') {
    case 'ID':
      return () => 0;
    case 'UPDATED_AT':
      return (order) => order.updatedAt.getTime();
    case 'CREATED_AT':
      return (order) => order.createdAt.getTime();
    case 'PROCESSED_AT':
      return (order) => order.processedAt.getTime();
    case 'ORDER_NUMBER':
      return (order) => order.number;
    default:
      throw new Error(`simulator: order sort key ${sortKey} not implemented`);
  }
}

function listFulfillmentOrders(
  shop: ShopState,
  args: ListArgs & { includeClosed?: boolean | null },
): Record<string, unknown> {
  const all = [...shop.fulfillmentOrders.values()].filter(
    (work) => args.includeClosed === true || !['CLOSED', 'CANCELLED'].includes(work.status),
  );
  const rows = search(all, args.query, {
    id: byId,
    status: text<FulfillmentOrder>((work) => work.status),
    updated_at: time<FulfillmentOrder>((work) => work.updatedAt),
    assigned_location_id: (work, term) => matchesTerm(term, BigInt(digitsOf(work.locationId))),
  });
  return connection(rows, args, (work) =>
    args.sortKey === 'UPDATED_AT' ? work.updatedAt.getTime() : 0,
  );
}

const variantSearch = (shop: ShopState) => ({
  id: byId,
  sku: text<Variant>((variant) => variant.sku),
  barcode: text<Variant>((variant) => variant.barcode ?? ''),
  product_id: (variant: Variant, term: SearchTerm) =>
    matchesTerm(term, BigInt(digitsOf(variant.productId))),
  updated_at: time<Variant>((variant) => variant.updatedAt),
  default: (variant: Variant, term: SearchTerm) =>
    `${variant.sku} ${must(shop.products, variant.productId).title}`
      .toLowerCase()
      .includes(term.value.toLowerCase()),
});

function sortById(field: string, sortKey: string | null | undefined): () => number {
  if (sortKey === null || sortKey === undefined || sortKey === 'ID') return () => 0;
  throw new Error(`simulator: ${field} sort key ${sortKey} not implemented`);
}

function findRefund(shop: ShopState, id: string): unknown {
  const refunds = [...shop.orders.values()].flatMap((order) => order.refunds);
  return refunds.find((refund) => refund.id === id) ?? null;
}

/** Orders of a deleted product still know its item; nobody else does. */
function existingItem(shop: ShopState, id: string): InventoryItem | null {
  const item = shop.items.get(id);
  return item !== undefined && shop.variants.has(item.variantId) ? item : null;
}

/** An object by global id, as node(id) finds it, or null. */
export function findNode(context: Context, id: string): unknown {
  const { shop } = context;
  const key = id.split('?')[0] ?? id;
  switch (typeOf(id)) {
    case 'Order':
      return visibleOrders(context).find((order) => order.id === id) ?? null;
    case 'Shop':
      return key === `gid://shopify/Shop/${shop.id}` ? shop : null;
    case 'InventoryLevel':
      return [...shop.levels.values()].find((level) => level.id === id) ?? null;
    case 'Product':
      return shop.products.get(key) ?? null;
    case 'ProductVariant':
      return shop.variants.get(key) ?? null;
    case 'InventoryItem':
      return existingItem(shop, key);
    case 'Location':
      return shop.locations.get(key) ?? null;
    case 'FulfillmentOrder':
      return shop.fulfillmentOrders.get(key) ?? null;
    case 'Fulfillment':
      return shop.fulfillments.get(key) ?? null;
    case 'Refund':
      return findRefund(shop, key);
    case 'WebhookSubscription':
      return shop.subscriptions.get(key) ?? null;
    default:
      throw new Error(`simulator: node of ${id} not implemented`);
  }
}

const node = (_root: unknown, args: { id: string }, context: Context): unknown =>
  findNode(context, args.id);

export const queryFields: Fields<unknown> = {
  shop: (_root, _args, { shop }) => shop,
  currentAppInstallation: (_root, _args, context) => currentAppInstallation(context),
  node,
  nodes: (_root, args: { ids: string[] }, context) => args.ids.map((id) => findNode(context, id)),
  order: node,
  location: node,
  product: node,
  productVariant: node,
  inventoryItem: node,
  inventoryLevel: node,
  fulfillmentOrder: node,
  fulfillment: node,
  refund: node,
  webhookSubscription: node,
  locations: (_root, args: ListArgs & { includeInactive?: boolean | null }, { shop }) => {
    refuseQuery('locations', args.query);
    const rows = [...shop.locations.values()].filter(
      (location) => location.isActive || args.includeInactive === true,
    );
    return connection(rows, args, (location) => (args.sortKey === 'ID' ? 0 : location.name));
  },
  products: (_root, args: ListArgs, { shop }) => {
    const rows = search([...shop.products.values()], args.query, {
      id: byId,
      status: (product, term) => matchesTerm(term, product.status),
      updated_at: (product, term) => matchesTerm(term, product.updatedAt),
    });
    return connection(rows, args, sortById('products', args.sortKey));
  },
  productVariants: (_root, args: ListArgs, { shop }) =>
    connection(
      search([...shop.variants.values()], args.query, variantSearch(shop)),
      args,
      sortById('productVariants', args.sortKey),
    ),
  productVariantsCount: (_root, args: { limit?: number | null }, { shop }) => {
    const count = Math.min(shop.variants.size, args.limit ?? shop.variants.size);
    return { count, precision: count === shop.variants.size ? 'EXACT' : 'AT_LEAST' };
  },
  inventoryItems: (_root, args: ListArgs, { shop }) => {
    const rows = search([...shop.items.values()], args.query, {
      id: byId,
      sku: text<InventoryItem>((item) => must(shop.variants, item.variantId).sku),
      updated_at: time<InventoryItem>((item) => item.updatedAt),
    });
    return connection(rows, args);
  },
  orders: (_root, args: ListArgs, context) =>
    connection(
      search(visibleOrders(context), args.query, orderSearch),
      args,
      sortOrders(args.sortKey),
    ),
  fulfillmentOrders: (_root, args: ListArgs & { includeClosed?: boolean | null }, { shop }) =>
    listFulfillmentOrders(shop, args),
  webhookSubscriptions: (
    _root,
    args: ListArgs & { topics?: string[] | null; uri?: string | null },
    { shop },
  ) => {
    refuseQuery('webhookSubscriptions', args.query);
    // An app's own subscriptions, made with its configuration, are not listed by the API.
    const rows = [...shop.subscriptions.values()].filter(
      (one) =>
        one.byApi &&
        (args.topics === null || args.topics === undefined || args.topics.includes(one.topic)) &&
        (args.uri === null || args.uri === undefined || args.uri === one.uri),
    );
    return connection(rows, args, (one) => one.createdAt.getTime());
  },
};
