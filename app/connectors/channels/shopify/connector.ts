/** The Shopify channel: the contract, put together from the files of this folder. */
import type {
  ChannelCapabilities,
  ChannelConnector,
  ChannelListing,
  ChannelLocation,
  ChannelOrder,
  ConnectorSetting,
  Page,
} from '../../../contracts/channel';
import type { ExternalRef, Outcome } from '../../../contracts/outcome';
import { cancelOrder } from './cancel-order';
import { type AdminApi, createAdminApi, done, type GetAdmin, isDone } from './client';
import {
  needsFulfillments,
  type ShopifyOrder,
  type ShopifyVariant,
  toListing,
  toLocation,
  toOrder,
} from './mapping';
import {
  LocationsPage,
  MoreLinesOfOrder,
  OrderById,
  OrdersPage,
  ShopIdentity,
  VariantById,
  VariantsPage,
} from './operations/admin.generated';
import { notOffered } from './not-offered';
import { publishStock, STOCK_BATCH_MAX } from './publish-stock';
import { mapDone, readAll, readRest } from './read-all-pages';
import { readFulfilledUnits } from './read-fulfillments';
import { readShopifySignal, subscribedTopics } from './read-signal';
import { allLevels, LEVELS_FIRST, readLevels } from './read-stock';
import { findFulfillment, reportFulfillment } from './report-fulfillment';

/** Shopify refuses a query of more than 1000 points: a variant is worth about 48, … */
const VARIANTS_PER_PAGE = 20;
/** … an order about 95 with its first 20 lines. Longer orders are paged. */
const ORDERS_PER_PAGE = 10;
const LINES_FIRST = 20;
const LINES_PER_PAGE = 100;
const LOCATIONS_PER_PAGE = 50;
const TIMEOUT_MS = 20_000;

/** The token is the app's affair: the connector only ever sees a client made with it. */
export type ShopifyCredentials = {
  /** The shop's permanent name, such as `example.myshopify.com`. */
  readonly shop: string;
};

export type ShopifyDependencies = {
  /** Asked once per call to Shopify, so that a long job always has a valid token. */
  readonly getAdmin: GetAdmin;
  readonly wait?: (milliseconds: number) => Promise<void>;
  /** How long Shopify may take to answer one call; 20 s unless given. */
  readonly timeoutMs?: number;
};

export const shopifyCapabilities: ChannelCapabilities = {
  stockBatchMax: STOCK_BATCH_MAX,
  comparesBeforeSet: true,
  multiLocation: true,
  subscribesByConfiguration: true,
  // Without the read_all_orders scope (Shopify's changelog; the app does not ask for it).
  ordersVisibleDays: 60,
  holds: false,
  movesWork: false,
  setsBackorders: false,
};

export function createShopifyChannel(
  setting: ConnectorSetting<ShopifyCredentials>,
  dependencies: ShopifyDependencies,
): ChannelConnector {
  const { now, log } = setting;
  const { getAdmin, wait = sleep, timeoutMs = TIMEOUT_MS } = dependencies;
  const shop = setting.credentials.shop.toLowerCase();
  const api = createAdminApi({ getAdmin, now, wait, timeoutMs, log });
  return {
    ...notOffered,
    kind: 'shopify',
    capabilities: shopifyCapabilities,
    identify: async () => {
      const answer = await api.read(ShopIdentity, {});
      return mapDone(answer, ({ shop }) => ({
        name: shop.name,
        currency: shop.currencyCode,
        timezone: shop.ianaTimezone,
      }));
    },
    listLocations: () => listLocations(api),
    listListings: (cursor) => listListings(api, cursor),
    listOrdersChangedSince: (since, cursor) => listOrders(api, since, cursor),
    getOrder: (order) => getOrder(api, order),
    getListing: (listing) => getListing(api, listing),
    readStock: (listings) =>
      readLevels(
        api,
        listings.map(({ stockRef }) => stockRef),
      ),
    publishStock: (entries, key) => publishStock({ api, now }, entries, key),
    reportFulfillment: (report, key) => reportFulfillment({ api, log }, report, key),
    findFulfillment: (report) => findFulfillment({ api, log }, report),
    cancelOrder: (order, reason, key) => cancelOrder(api, order, reason, key),
    // Subscriptions stand in shopify.app.toml and hold for every shop; nothing to register.
    subscribe: () => Promise.resolve(done({ topics: subscribedTopics })),
    unsubscribe: () => Promise.resolve(done(null)),
    readSignal: (request, secret) => readShopifySignal(request, secret, shop),
  };
}

async function listLocations(api: AdminApi): Promise<Outcome<readonly ChannelLocation[]>> {
  const nodes = await readAll(async (after) => {
    const page = await api.read(LocationsPage, { first: LOCATIONS_PER_PAGE, after });
    return mapDone(page, ({ locations }) => locations);
  });
  return mapDone(nodes, (locations) => (locations ?? []).map(toLocation));
}

async function listListings(
  api: AdminApi,
  cursor: string | null,
): Promise<Outcome<Page<ChannelListing>>> {
  const answer = await api.read(VariantsPage, {
    first: VARIANTS_PER_PAGE,
    after: cursor,
    levels: LEVELS_FIRST,
  });
  if (!isDone(answer)) return answer;
  const { productVariants, shop } = answer.value;
  const entries: ChannelListing[] = [];
  for (const variant of productVariants.nodes) {
    const listing = await completeListing(api, variant, shop.currencyCode);
    if (!isDone(listing)) return listing;
    entries.push(listing.value);
  }
  return done({ entries, nextCursor: nextCursor(productVariants.pageInfo) });
}

async function getListing(
  api: AdminApi,
  listing: ExternalRef,
): Promise<Outcome<ChannelListing | null>> {
  const answer = await api.read(VariantById, { id: listing, levels: LEVELS_FIRST });
  if (!isDone(answer)) return answer;
  const { productVariant, shop } = answer.value;
  if (productVariant === null) return done(null);
  return completeListing(api, productVariant, shop.currencyCode);
}

async function completeListing(
  api: AdminApi,
  variant: ShopifyVariant,
  currency: string,
): Promise<Outcome<ChannelListing>> {
  const { id, inventoryLevels } = variant.inventoryItem;
  const levels = await allLevels(api, id, inventoryLevels);
  return mapDone(levels, (all) => toListing(variant, all, currency));
}

async function listOrders(
  api: AdminApi,
  since: Date,
  cursor: string | null,
): Promise<Outcome<Page<ChannelOrder>>> {
  // Whole seconds, downwards: Shopify's search knows no milliseconds.
  const from = new Date(Math.floor(since.getTime() / 1000) * 1000).toISOString();
  const answer = await api.read(OrdersPage, {
    first: ORDERS_PER_PAGE,
    after: cursor,
    changed: `updated_at:>='${from.replace('.000Z', 'Z')}'`,
    lines: LINES_FIRST,
  });
  if (!isDone(answer)) return answer;
  const { nodes, pageInfo } = answer.value.orders;
  const entries: ChannelOrder[] = [];
  for (const node of nodes) {
    const order = await completeOrder(api, node);
    if (!isDone(order)) return order;
    entries.push(order.value);
  }
  return done({ entries, nextCursor: nextCursor(pageInfo) });
}

async function getOrder(api: AdminApi, order: ExternalRef): Promise<Outcome<ChannelOrder | null>> {
  const answer = await api.read(OrderById, { id: order, lines: LINES_PER_PAGE });
  if (!isDone(answer)) return answer;
  return answer.value.order === null ? done(null) : completeOrder(api, answer.value.order);
}

/**
 * The order with all its lines and, where they matter, its fulfillments (which would make a page
 * of orders too costly a query). Should it change between two reads, the version is the first
 * read's, so the state that the change announces is newer and will be taken.
 */
async function completeOrder(api: AdminApi, order: ShopifyOrder): Promise<Outcome<ChannelOrder>> {
  const lines = await readRest(order.lineItems, async (after) => {
    const variables = { id: order.id, lines: LINES_PER_PAGE, after };
    const more = await api.read(MoreLinesOfOrder, variables);
    return mapDone(more, (value) => value.order?.lineItems ?? null);
  });
  if (!isDone(lines)) return lines;
  if (!needsFulfillments(order, lines.value)) return done(toOrder(order, lines.value));
  const fulfilled = await readFulfilledUnits(api, order.id);
  return mapDone(fulfilled, (units) => toOrder(order, lines.value, units));
}

function nextCursor(pageInfo: {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}): string | null {
  return pageInfo.hasNextPage ? pageInfo.endCursor : null;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
