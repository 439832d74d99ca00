import type { ChannelListing, Page } from '../app/contracts/channel';
import type { ExternalRef, Outcome } from '../app/contracts/outcome';
import { saysGone, saysUnusable } from './answers';
import type { StoreClient } from './client';
import { inOrder } from './in-order';
import { mapVariation } from './mapping';
import type { StoreUnits } from './mapping';
import { PAGE_START, readMovingPage } from './moving-pages';
import type { PagePlace } from './moving-pages';
import { PER_PAGE_MAX, PRODUCT_FIELDS, VARIATION_FIELDS, listingsOf, windowStart } from './polling';
import type { Fetched } from './polling';
import { gmtDateOf, idOf, isRecord, recordsOf, textOf } from './read-body';
import type { JsonRecord } from './read-body';
import { placeOf } from './refs';

/** A variable product costs a request of its own, so a page holds half the most there can be. */
const PRODUCTS_PER_PAGE = 50;
/**
 * A store before 10.3 lists variations by parent alone. With more variable products than this,
 * asking each of them every few minutes would be unkind to it: then only those that changed
 * themselves are asked, and the rest waits for the next reading of the whole catalogue.
 */
const PARENTS_ASKED_MAX = 200;

/**
 * - `products`: the list of changed products, which never holds a variation;
 * - `variations`: the list of changed variations of all products (10.3 and later);
 * - `parents`: where there is no such list, each variable product's own.
 */
type Phase = 'products' | 'variations' | 'parents';
type Place = PagePlace & { readonly phase: Phase };

/**
 * Listings changed since a time, by rising id in each phase; the cursor is opaque to the caller.
 */
export async function listListingsChangedSince(
  client: StoreClient,
  units: StoreUnits,
  since: Date,
  cursor: string | null,
): Promise<Outcome<Page<ChannelListing>>> {
  const place = cursor === null ? startOf('products') : placeOfCursor(cursor);
  if (place === null) {
    const message = 'this cursor was not given by this connector';
    return { status: 'refused', reason: { code: 'validation', message } };
  }
  const window = { modified_after: windowStart(since), dates_are_gmt: true };
  switch (place.phase) {
    case 'products':
      return changedProducts(client, units, window, place);
    case 'variations':
      return changedVariations(client, units, window, place);
    case 'parents':
      return changedByParent(client, units, window, place);
  }
}

type Window = { readonly modified_after: string; readonly dates_are_gmt: boolean };

async function changedProducts(
  client: StoreClient,
  units: StoreUnits,
  window: Window,
  place: Place,
): Promise<Outcome<Page<ChannelListing>>> {
  const parameters = { ...PRODUCT_FIELDS, ...window };
  const page = await readMovingPage(client, 'products', parameters, place, PRODUCTS_PER_PAGE);
  if (!page.ok) return page.failure;
  const found = await inOrder(page.entries, (product) => listingsOf(client, units, product));
  return pageOf(found, page.next ? { ...page.next, phase: 'products' } : startOf('variations'));
}

async function changedVariations(
  client: StoreClient,
  units: StoreUnits,
  window: Window,
  place: Place,
): Promise<Outcome<Page<ChannelListing>>> {
  const parameters = {
    ...window,
    _fields: `${VARIATION_FIELDS._fields},parent_id,date_modified_gmt`,
  };
  const page = await readMovingPage(client, 'variations', parameters, place, PER_PAGE_MAX);
  if (!page.ok) return saysUnusable(page) ? pageOf([], startOf('parents')) : page.failure;
  const floor = new Date(`${window.modified_after}Z`);
  const older = page.entries.some(
    (entry) => (gmtDateOf(entry, 'date_modified_gmt') ?? floor) < floor,
  );
  // A plugin's route of the same name that does not know the filter: it would list everything.
  if (older) return pageOf([], startOf('parents'));
  const read = await withParents(client, units, page.entries);
  return pageOf([read], page.next ? { ...page.next, phase: 'variations' } : null);
}

/** Maps variations of many products, whose parents are read together. */
async function withParents(
  client: StoreClient,
  units: StoreUnits,
  variations: readonly JsonRecord[],
): Promise<Fetched<ChannelListing[]>> {
  const ids = new Set(variations.flatMap((variation) => idOf(variation['parent_id']) ?? []));
  if (ids.size === 0) return { ok: true, value: [] };
  const answer = await client.read('products', {
    include: [...ids].join(','),
    per_page: PER_PAGE_MAX,
    ...PRODUCT_FIELDS,
  });
  if (!answer.ok) return { ok: false, failure: answer.failure };
  const parents = new Map(recordsOf(answer.body).map((body) => [idOf(body['id']), body]));
  const value = variations.flatMap((variation) => {
    const parent = parents.get(idOf(variation['parent_id']));
    const listing = parent === undefined ? null : mapVariation(variation, parent, units);
    return listing ? [listing] : [];
  });
  return { ok: true, value };
}

async function changedByParent(
  client: StoreClient,
  units: StoreUnits,
  window: Window,
  place: Place,
): Promise<Outcome<Page<ChannelListing>>> {
  const variable = { ...PRODUCT_FIELDS, type: 'variable' };
  if (place.offset === 0) {
    const count = await client.read('products', { type: 'variable', per_page: 1, _fields: 'id' });
    if (!count.ok) return count.failure;
    const total = Number.parseInt(count.headers['x-wp-total'] ?? '0', 10);
    if (total > PARENTS_ASKED_MAX) {
      client.log.info({ total }, 'too many variable products to ask each for changed variations');
      return pageOf([], null);
    }
  }
  const page = await readMovingPage(client, 'products', variable, place, PRODUCTS_PER_PAGE);
  if (!page.ok) return page.failure;
  const found = await inOrder(page.entries, async (product): Promise<Fetched<ChannelListing[]>> => {
    const path = `products/${idOf(product['id']) ?? '0'}/variations`;
    const parameters = { ...VARIATION_FIELDS, ...window };
    const listings: ChannelListing[] = [];
    let at: PagePlace | null = PAGE_START;
    while (at !== null) {
      const answer = await readMovingPage(client, path, parameters, at, PER_PAGE_MAX);
      if (!answer.ok) {
        return saysGone(answer) ? { ok: true, value: [] } : { ok: false, failure: answer.failure };
      }
      for (const variation of answer.entries) {
        const listing = mapVariation(variation, product, units);
        if (listing) listings.push(listing);
      }
      at = answer.next;
    }
    return { ok: true, value: listings };
  });
  return pageOf(found, page.next ? { ...page.next, phase: 'parents' } : null);
}

/** Every listing of a product; empty when it is gone. A bare variation id answers with itself. */
export async function getProductListings(
  client: StoreClient,
  units: StoreUnits,
  productRef: ExternalRef,
): Promise<Outcome<readonly ChannelListing[]>> {
  const place = placeOf(productRef);
  if (place?.kind !== 'product') {
    const message = `"${productRef}" is no product of a WooCommerce store`;
    return { status: 'refused', reason: { code: 'validation', message } };
  }
  const answer = await client.read(`products/${place.id}`);
  if (!answer.ok) return saysGone(answer) ? { status: 'done', value: [] } : answer.failure;
  const { body } = answer;
  if (!isRecord(body)) {
    const message = 'the store answered with something that is not the product';
    return { status: 'refused', reason: { code: 'permanent', message } };
  }
  const variation = textOf(body, 'type') === 'variation';
  const found = variation
    ? await withParents(client, units, [body])
    : await listingsOf(client, units, body);
  return found.ok ? { status: 'done', value: found.value } : found.failure;
}

function pageOf(
  found: readonly Fetched<ChannelListing[]>[],
  next: Place | null,
): Outcome<Page<ChannelListing>> {
  const entries: ChannelListing[] = [];
  for (const result of found) {
    if (!result.ok) return result.failure;
    entries.push(...result.value);
  }
  const nextCursor = next === null ? null : JSON.stringify(next);
  return { status: 'done', value: { entries, nextCursor } };
}

function startOf(phase: Phase): Place {
  return { ...PAGE_START, phase };
}

function placeOfCursor(cursor: string): Place | null {
  try {
    const { phase, offset, lastId } = JSON.parse(cursor) as Partial<Place>;
    if (phase !== 'products' && phase !== 'variations' && phase !== 'parents') return null;
    if (typeof offset !== 'number' || !Number.isSafeInteger(offset)) return null;
    return typeof lastId === 'string' ? { phase, offset, lastId } : null;
  } catch {
    return null;
  }
}
