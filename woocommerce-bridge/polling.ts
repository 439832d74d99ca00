import type { ChannelListing, Page } from '../app/contracts/channel';
import type { ChannelOrder, OrderVersion } from '../app/contracts/channel-order';
import type { Outcome } from '../app/contracts/outcome';
import { saysGone, saysNoRoute } from './answers';
import type { Failure } from './answers';
import type { StoreClient } from './client';
import { inOrder } from './in-order';
import {
  NO_COMPANIONS,
  hasVariations,
  mapOrder,
  mapOrderVersion,
  mapProduct,
  mapVariation,
  needsFulfillments,
  needsRefunds,
} from './mapping';
import type { OrderCompanions, StoreUnits } from './mapping';
import { PAGE_START, readMovingPage } from './moving-pages';
import type { PagePlace } from './moving-pages';
import { idOf, textOf } from './read-body';
import type { JsonRecord } from './read-body';
import { sentParcelsOf, shippedUnitsOf } from './shipped-units';

/** Half the most WooCommerce gives: each variable product on a page costs a request of its own. */
const PRODUCTS_PER_PAGE = 50;
/** The most WooCommerce gives. */
export const PER_PAGE_MAX = 100;
const SHARED_FIELDS =
  'id,status,name,sku,global_unique_id,price,manage_stock,stock_quantity,backorders,weight';
/** Descriptions, images and links make up most of a product's body, and none of them is used. */
export const PRODUCT_FIELDS = { _fields: `${SHARED_FIELDS},type,variations` };
export const VARIATION_FIELDS = { _fields: `${SHARED_FIELDS},attributes` };
/** A product with more variations than this is cut, and says so in the log. */
const VARIATION_PAGES_MAX = 20;
/**
 * `modified_after` leaves out the very second it names, and a store's clock is not ours: the
 * window opens this much earlier. Seeing an order twice costs nothing, missing one would.
 */
const OVERLAP_MS = 30_000;

export type Fetched<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure };

/** One page of what the store sells; the cursor is opaque to the caller. */
export async function listListings(
  client: StoreClient,
  units: StoreUnits,
  cursor: string | null,
): Promise<Outcome<Page<ChannelListing>>> {
  const place = cursor === null ? PAGE_START : placeOfCursor(cursor);
  if (place === null) return badCursor();
  const page = await readMovingPage(client, 'products', PRODUCT_FIELDS, place, PRODUCTS_PER_PAGE);
  if (!page.ok) return page.failure;
  const found = await inOrder(page.entries, (product) => listingsOf(client, units, product));
  const entries: ChannelListing[] = [];
  for (const result of found) {
    if (!result.ok) return result.failure;
    entries.push(...result.value);
  }
  const nextCursor = page.next ? JSON.stringify(page.next) : null;
  return { status: 'done', value: { entries, nextCursor } };
}

/** What is sold of one product of a list: itself, or its variations. */
export async function listingsOf(
  client: StoreClient,
  units: StoreUnits,
  product: JsonRecord,
): Promise<Fetched<ChannelListing[]>> {
  const id = idOf(product['id']);
  if (id === null || !hasVariations(product)) {
    const listing = mapProduct(product, units);
    return { ok: true, value: listing ? [listing] : [] };
  }
  const variations = await readVariations(client, id);
  if (!variations.ok) return variations;
  const listings = variations.value.flatMap((variation) => {
    const listing = mapVariation(variation, product, units);
    return listing ? [listing] : [];
  });
  return { ok: true, value: listings };
}

async function readVariations(client: StoreClient, id: string): Promise<Fetched<JsonRecord[]>> {
  const all: JsonRecord[] = [];
  let place: PagePlace | null = PAGE_START;
  for (let page = 0; place !== null; page += 1) {
    if (page >= VARIATION_PAGES_MAX) {
      client.log.warn({ product: id }, 'a product has more variations than are read');
      break;
    }
    const path = `products/${id}/variations`;
    const answer = await readMovingPage(client, path, VARIATION_FIELDS, place, PER_PAGE_MAX);
    // Deleted since its page was read: it has no listings any more.
    if (!answer.ok && saysGone(answer)) return { ok: true, value: [] };
    if (!answer.ok) return { ok: false, failure: answer.failure };
    all.push(...answer.entries);
    place = answer.next;
  }
  return { ok: true, value: all };
}

/** The `modified_after` that misses nothing changed at or after `since`; to be read as GMT. */
export function windowStart(since: Date): string {
  return new Date(since.getTime() - OVERLAP_MS).toISOString().slice(0, 19);
}

type OrdersPlace = PagePlace & { readonly trash: boolean };

/** Carts that a checkout keeps as orders: they show once somebody has placed them. */
const UNPLACED = new Set(['checkout-draft', 'auto-draft']);

/**
 * Orders changed since a time: first all that are alive, then those in the trash, which "any"
 * leaves out. Orders deleted for good are never listed. Sorted by id, which is by age: sorting by
 * the very date that changes while paging would lose orders.
 */
export async function listOrdersChangedSince(
  client: StoreClient,
  since: Date,
  cursor: string | null,
): Promise<Outcome<Page<ChannelOrder>>> {
  return listOrderPage(client, since, cursor, {}, (body) => readWholeOrder(client, body));
}

/** The same orders in the same pages, without what takes further calls to find out. */
export async function listOrderVersions(
  client: StoreClient,
  since: Date,
  cursor: string | null,
): Promise<Outcome<Page<OrderVersion>>> {
  const fields = { _fields: 'id,status,date_created_gmt,date_modified_gmt' };
  return listOrderPage(client, since, cursor, fields, (body) =>
    Promise.resolve({ ok: true, value: mapOrderVersion(body) }),
  );
}

async function listOrderPage<Entry>(
  client: StoreClient,
  since: Date,
  cursor: string | null,
  fields: Readonly<Record<string, string>>,
  readEntry: (body: JsonRecord) => Promise<Fetched<Entry | null>>,
): Promise<Outcome<Page<Entry>>> {
  const place = cursor === null ? { ...PAGE_START, trash: false } : ordersPlaceOf(cursor);
  if (place === null) return badCursor();
  const after = windowStart(since);
  const status = place.trash ? 'trash' : 'any';
  const parameters = { status, modified_after: after, dates_are_gmt: true, ...fields };
  const page = await readMovingPage(client, 'orders', parameters, place, PER_PAGE_MAX);
  if (!page.ok) {
    if (place.trash && page.errorCode === 'rest_invalid_param') {
      // A store whose orders cannot be asked for by this status: there is nothing more to list.
      return { status: 'done', value: { entries: [], nextCursor: null } };
    }
    return page.failure;
  }
  const placed = page.entries.filter((body) => !UNPLACED.has(textOf(body, 'status')));
  const read = await inOrder(placed, readEntry);
  const entries: Entry[] = [];
  for (const result of read) {
    if (!result.ok) return result.failure;
    if (result.value) entries.push(result.value);
  }
  return { status: 'done', value: { entries, nextCursor: nextOrdersCursor(place, page.next) } };
}

function nextOrdersCursor(place: OrdersPlace, next: PagePlace | null): string | null {
  if (next) return JSON.stringify({ ...next, trash: place.trash });
  return place.trash ? null : JSON.stringify({ ...PAGE_START, trash: true });
}

/** Fetches what an order's body leaves out (refunds, fulfillments), then maps it. */
export async function readWholeOrder(
  client: StoreClient,
  body: JsonRecord,
): Promise<Fetched<ChannelOrder | null>> {
  const companions = await readCompanions(client, body);
  if (!companions.ok) return companions;
  const order = mapOrder(body, companions.value);
  if (!order) client.log.warn({ order: idOf(body['id']) }, 'the store sent an unreadable order');
  return { ok: true, value: order };
}

export async function readCompanions(
  client: StoreClient,
  body: JsonRecord,
): Promise<Fetched<OrderCompanions>> {
  const id = idOf(body['id']);
  if (id === null) return { ok: true, value: NO_COMPANIONS };
  let refunds: readonly JsonRecord[] = [];
  if (needsRefunds(body)) {
    const answer = await readRefunds(client, id);
    if (!answer.ok) return answer;
    refunds = answer.value;
  }
  let fulfillments: unknown = [];
  if (needsFulfillments(body)) {
    const answer = await client.read(`orders/${id}/fulfillments`);
    if (!answer.ok && !saysNoRoute(answer)) return { ok: false, failure: answer.failure };
    if (answer.ok) fulfillments = answer.body;
  }
  const shippedUnits = shippedUnitsOf(body, fulfillments);
  const sentParcels = sentParcelsOf(body, fulfillments);
  return { ok: true, value: { refunds, shippedUnits, sentParcels } };
}

async function readRefunds(client: StoreClient, id: string): Promise<Fetched<JsonRecord[]>> {
  const all: JsonRecord[] = [];
  let place: PagePlace | null = PAGE_START;
  while (place !== null) {
    const answer = await readMovingPage(client, `orders/${id}/refunds`, {}, place, PER_PAGE_MAX);
    if (!answer.ok) return { ok: false, failure: answer.failure };
    all.push(...answer.entries);
    place = answer.next;
  }
  return { ok: true, value: all };
}

function placeOfCursor(cursor: string): PagePlace | null {
  const place = ordersPlaceOf(cursor);
  return place && { offset: place.offset, lastId: place.lastId };
}

function ordersPlaceOf(cursor: string): OrdersPlace | null {
  try {
    const { offset, lastId, trash } = JSON.parse(cursor) as Partial<OrdersPlace>;
    if (!Number.isSafeInteger(offset) || typeof lastId !== 'string') return null;
    return { offset: offset ?? 0, lastId, trash: trash === true };
  } catch {
    return null;
  }
}

function badCursor(): Outcome<never> {
  const message = 'this cursor was not given by this connector';
  return { status: 'refused', reason: { code: 'validation', message } };
}
