import type {
  ChannelConnector,
  ChannelIdentity,
  ChannelListing,
  ChannelLocation,
  ConnectorSetting,
} from '../app/contracts/channel';
import type { ChannelOrder } from '../app/contracts/channel-order';
import type { ExternalRef, Outcome } from '../app/contracts/outcome';
import { saysGone } from './answers';
import { annotateOrder } from './annotate';
import { setBackorders } from './backorders';
import { cancelOrder } from './cancel';
import { getProductListings, listListingsChangedSince } from './changed-listings';
import { DEFAULT_CLIENT_OPTIONS, createStoreClient } from './client';
import type { ClientOptions, StoreClient } from './client';
import type { StoreCredentials } from './transport';
import { findFulfillment, reportFulfillment } from './fulfillment';
import { mapProduct, mapVariation } from './mapping';
import type { StoreUnits } from './mapping';
import { notOffered } from './not-offered';
import { listListings, listOrderVersions, listOrdersChangedSince, readWholeOrder } from './polling';
import { readStoreUnits, rememberedUnits } from './profile';
import { idOf, isRecord, textOf } from './read-body';
import { placeOf } from './refs';
import { STOCK_BATCH_MAX, publishStock, readStock } from './stock';
import { checkSubscription, subscribe, unsubscribe } from './subscribe';
import { readSignal } from './webhooks';

/**
 * The channel contract for one WooCommerce store. `accountUrl` is what {@link checkStoreUrl}
 * accepted. Holds no state but the store's currency and weight unit, read once.
 */
export function createWooCommerceChannel(
  setting: ConnectorSetting<StoreCredentials>,
  options: Partial<ClientOptions> = {},
): ChannelConnector {
  const client = createStoreClient(setting, { ...DEFAULT_CLIENT_OPTIONS, ...options });
  const units = rememberedUnits(client);
  return {
    ...notOffered,
    kind: 'woocommerce',
    capabilities: {
      stockBatchMax: STOCK_BATCH_MAX,
      // The bridge looks before it writes and answers `stale`, but the store itself never refuses.
      comparesBeforeSet: false,
      multiLocation: false,
      subscribesByConfiguration: false,
      ordersVisibleDays: null,
      holds: false,
      movesWork: false,
      setsBackorders: true,
    },
    identify: () => identify(client, setting.accountUrl),
    listLocations: () => Promise.resolve({ status: 'done', value: [theOneLocation(setting)] }),
    async listListings(cursor) {
      const known = await units();
      return known.ok ? listListings(client, known.units, cursor) : known.failure;
    },
    listOrdersChangedSince: (since, cursor) => listOrdersChangedSince(client, since, cursor),
    listOrderVersions: (since, cursor) => listOrderVersions(client, since, cursor),
    getOrder: (order) => getOrder(client, order),
    async getListing(listing) {
      const known = await units();
      return known.ok ? getListing(client, known.units, listing) : known.failure;
    },
    async getProductListings(product) {
      const known = await units();
      return known.ok ? getProductListings(client, known.units, product) : known.failure;
    },
    async listListingsChangedSince(since, cursor) {
      const known = await units();
      return known.ok
        ? listListingsChangedSince(client, known.units, since, cursor)
        : known.failure;
    },
    readStock: (listings) => readStock(client, listings),
    publishStock: (entries) => publishStock(client, entries),
    reportFulfillment: (report, key) => reportFulfillment(client, report, key),
    findFulfillment: (report, key) => findFulfillment(client, report, key),
    cancelOrder: (order, reason, key) => cancelOrder(client, order, reason, key),
    annotateOrder: (order, change, key) => annotateOrder(client, order, change, key),
    setBackorders: (entries, key) => setBackorders(client, entries, key),
    subscribe: (callbackUrl, secret) => subscribe(client, callbackUrl, secret),
    unsubscribe: (callbackUrl) => unsubscribe(client, callbackUrl),
    checkSubscription: (callbackUrl, secret) => checkSubscription(client, callbackUrl, secret),
    readSignal,
  };
}

async function identify(
  client: StoreClient,
  accountUrl: string,
): Promise<Outcome<ChannelIdentity>> {
  const answer = await readStoreUnits(client);
  if (!answer.ok) return answer.failure;
  return {
    status: 'done',
    value: { name: nameOf(accountUrl), currency: answer.units.currency, timezone: null },
  };
}

/** A WooCommerce store has one stock number per listing and knows of no places. */
function theOneLocation(setting: ConnectorSetting<StoreCredentials>): ChannelLocation {
  const nowhere = { address1: null, address2: null, city: null, province: null, zip: null };
  return {
    ref: '',
    name: nameOf(setting.accountUrl),
    active: true,
    thirdParty: false,
    address: { name: null, company: null, ...nowhere, countryCode: null, phone: null },
    latitude: null,
    longitude: null,
  };
}

function nameOf(accountUrl: string): string {
  const url = new URL(accountUrl);
  return `${url.host}${url.pathname}`.replace(/\/$/, '');
}

async function getOrder(
  client: StoreClient,
  orderRef: ExternalRef,
): Promise<Outcome<ChannelOrder | null>> {
  const id = idOf(orderRef);
  if (id === null) return notARef(orderRef);
  const answer = await client.read(`orders/${id}`);
  if (!answer.ok) return saysGone(answer) ? { status: 'done', value: null } : answer.failure;
  if (!isRecord(answer.body)) return notTheThing();
  const order = await readWholeOrder(client, answer.body);
  if (!order.ok) return order.failure;
  return order.value?.ref === id ? { status: 'done', value: order.value } : notTheThing();
}

/** Null also for a variable product: what is sold of it are its variations. */
async function getListing(
  client: StoreClient,
  units: StoreUnits,
  listingRef: ExternalRef,
): Promise<Outcome<ChannelListing | null>> {
  const place = placeOf(listingRef);
  if (!place) return notARef(listingRef);
  const productId = place.kind === 'variation' ? place.parentId : place.id;
  const product = await client.read(`products/${productId}`);
  if (!product.ok) return saysGone(product) ? { status: 'done', value: null } : product.failure;
  if (!isRecord(product.body)) return notTheThing();
  if (place.kind === 'product') {
    // A deletion names a variation by its bare id, and the store answers that with the variation.
    const parentId = idOf(product.body['parent_id']);
    if (textOf(product.body, 'type') === 'variation' && parentId !== null) {
      return getListing(client, units, `variation:${parentId}:${place.id}`);
    }
    return { status: 'done', value: mapProduct(product.body, units) };
  }
  const variation = await client.read(`products/${productId}/variations/${place.id}`);
  if (!variation.ok) {
    return saysGone(variation) ? { status: 'done', value: null } : variation.failure;
  }
  if (!isRecord(variation.body)) return notTheThing();
  return { status: 'done', value: mapVariation(variation.body, product.body, units) };
}

function notARef(ref: ExternalRef): Outcome<never> {
  const message = `"${ref}" is no ref of a WooCommerce store`;
  return { status: 'refused', reason: { code: 'validation', message } };
}

function notTheThing(): Outcome<never> {
  const message = 'the store answered with something else than it was asked for';
  return { status: 'refused', reason: { code: 'permanent', message } };
}
