/** The Shopify channel: the contract, put together from the files of this folder. */
import type {
  ChannelCapabilities,
  ChannelConnector,
  ChannelLocation,
  ConnectorSetting,
} from '../../../contracts/channel';
import type { Outcome } from '../../../contracts/outcome';
import { annotateOrder } from './annotate-order';
import { cancelOrder } from './cancel-order';
import { type AdminApi, createAdminApi, done, type GetAdmin } from './client';
import { holdOrder, releaseHolds } from './holds';
import { toLocation } from './mapping';
import { moveWork, orderOfWork, readWork } from './move-work';
import { LocationsPage, ShopIdentity } from './operations/admin.generated';
import { notOffered } from './not-offered';
import { publishStock, STOCK_BATCH_MAX } from './publish-stock';
import { mapDone, readAll } from './read-all-pages';
import type { FetchFile } from './read-export';
import {
  getListing,
  getProductListings,
  listListings,
  listListingsChangedSince,
} from './read-listings';
import { getOrder, listOrders, listOrderVersions } from './read-order';
import { readShopifySignal, subscribedTopics } from './read-signal';
import { readLevels } from './read-stock';
import { findFulfillment, reportFulfillment } from './report-fulfillment';
import { missingScopes } from './scopes';
import type { CallBudget } from './spend-points';
import { setBackorders } from './set-backorders';
import { rememberWorkOrders } from './work-orders';

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
  /** The shop's points, shared with every other process; without it each call takes its chance. */
  readonly budget?: CallBudget;
  /** Fetches the files Shopify makes; the process's own fetch unless given. */
  readonly fetchFile?: FetchFile;
};

export const shopifyCapabilities: ChannelCapabilities = {
  stockBatchMax: STOCK_BATCH_MAX,
  comparesBeforeSet: true,
  multiLocation: true,
  subscribesByConfiguration: true,
  // Without the read_all_orders scope (Shopify's changelog; the app does not ask for it).
  ordersVisibleDays: 60,
  holds: true,
  movesWork: true,
  setsBackorders: true,
};

export function createShopifyChannel(
  setting: ConnectorSetting<ShopifyCredentials>,
  dependencies: ShopifyDependencies,
): ChannelConnector {
  const { now, log } = setting;
  const { getAdmin, wait = sleep, timeoutMs = TIMEOUT_MS } = dependencies;
  const { fetchFile = fetchDirectly } = dependencies;
  const shop = setting.credentials.shop.toLowerCase();
  const parts = {
    ...{ getAdmin, now, wait, timeoutMs, log },
    ...(dependencies.budget === undefined ? {} : { budget: dependencies.budget }),
  };
  const api = createAdminApi(parts);
  // Where an order ships from can wait: numbers and orders cannot.
  const patientApi = createAdminApi({ ...parts, patient: true });
  const workOrders = rememberWorkOrders();
  return {
    ...notOffered,
    kind: 'shopify',
    capabilities: shopifyCapabilities,
    identify: async () => {
      const answer = await api.read(ShopIdentity, {});
      return mapDone(answer, ({ shop, currentAppInstallation: { accessScopes } }) => ({
        name: shop.name,
        currency: shop.currencyCode,
        timezone: shop.ianaTimezone,
        missingAccess: missingScopes(accessScopes.map(({ handle }) => handle)),
      }));
    },
    listLocations: () => listLocations(api),
    listListings: (cursor) => listListings({ api, fetchFile, now, log }, cursor),
    listListingsChangedSince: (since, cursor) => listListingsChangedSince(api, since, cursor),
    listOrdersChangedSince: (since, cursor) => listOrders(api, since, cursor),
    listOrderVersions: (since, cursor) => listOrderVersions(api, since, cursor),
    getOrder: (order) => getOrder(api, order, workOrders),
    getListing: (listing) => getListing(api, listing),
    getProductListings: (product) => getProductListings(api, product),
    readStock: (listings) =>
      readLevels(
        api,
        listings.map(({ stockRef }) => stockRef),
      ),
    publishStock: (entries, key) => publishStock({ api, now }, entries, key),
    reportFulfillment: (report, key) => reportFulfillment({ api, log }, report, key),
    findFulfillment: (report) => findFulfillment({ api, log }, report),
    cancelOrder: (order, reason, key) => cancelOrder(api, order, reason, key),
    holdOrder: (order, hold, key) => holdOrder({ api, log }, order, hold, key),
    releaseHolds: (order, holds, key) => releaseHolds(api, order, holds, key),
    orderOfWork: (work) => orderOfWork({ api, workOrders }, work),
    readWork: (order) => readWork({ api: patientApi, workOrders }, order),
    moveWork: (order, moves, key) =>
      moveWork({ api: patientApi, log, now, workOrders }, order, moves, key),
    annotateOrder: (order, change, key) => annotateOrder({ api, now }, order, change, key),
    setBackorders: (entries, key) => setBackorders({ api, now }, entries, key),
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

/** An address was checked: what it would send us on to was not. */
const fetchDirectly: FetchFile = (url, request) => fetch(url, { ...request, redirect: 'error' });

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
