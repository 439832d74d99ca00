/** Reading Shopify's variants, which are our listings: all, one, a product's, those changed. */
import type { ChannelListing, Page } from '../../../contracts/channel';
import type { ExternalRef, Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, isDone } from './client';
import { type ExportParts, isExportCursor, readExport, startExport } from './export-listings';
import { type ShopifyVariant, toListing } from './mapping';
import {
  CountVariants,
  VariantById,
  VariantsOfProduct,
  VariantsPage,
} from './operations/admin.generated';
import { mapDone, nextCursorOf, readAll, toSearchTime } from './read-all-pages';
import { allLevels, LEVELS_FIRST } from './read-stock';

/** Shopify refuses a query of more than 1000 points: a variant is worth about 48. */
const VARIANTS_PER_PAGE = 20;
/**
 * Up to here a shop is read page by page: a dozen calls are sooner done than an export, which
 * Shopify begins when it finds the time. Beyond, paging would spend minutes of the shop's points.
 */
const PAGED_SHOP_MAX = 250;

/** A page of all listings; an empty one with `readyAt` while Shopify makes the file. */
export async function listListings(
  parts: ExportParts,
  cursor: string | null,
): Promise<Outcome<Page<ChannelListing>>> {
  if (cursor !== null) {
    return isExportCursor(cursor)
      ? readExport(parts, cursor)
      : readPage(parts.api, { after: cursor, changed: null });
  }
  const counted = await parts.api.read(CountVariants, {});
  if (!isDone(counted)) return counted;
  const expected = counted.value.productVariantsCount?.count ?? 0;
  if (expected > PAGED_SHOP_MAX) return startExport(parts, expected);
  const page = await readPage(parts.api, { after: null, changed: null });
  return mapDone(page, (value) => ({ ...value, expected }));
}

/**
 * Variants that changed. What belongs to the product (its title, its status) does not touch them:
 * its webhook tells of that, and every reading of the whole catalogue.
 */
export function listListingsChangedSince(
  api: AdminApi,
  since: Date,
  cursor: string | null,
): Promise<Outcome<Page<ChannelListing>>> {
  return readPage(api, { after: cursor, changed: `updated_at:>='${toSearchTime(since)}'` });
}

export async function getListing(
  api: AdminApi,
  listing: ExternalRef,
): Promise<Outcome<ChannelListing | null>> {
  const answer = await api.read(VariantById, { id: listing, levels: LEVELS_FIRST });
  if (!isDone(answer)) return answer;
  const { productVariant, shop } = answer.value;
  if (productVariant === null) return done(null);
  return completeListing(api, productVariant, shop.currencyCode);
}

/** Up to 2,048 of them (Shopify's limit on variants); none when the product is gone. */
export async function getProductListings(
  api: AdminApi,
  product: ExternalRef,
): Promise<Outcome<readonly ChannelListing[]>> {
  let currency = '';
  const variants = await readAll(async (after) => {
    const variables = { id: product, first: VARIANTS_PER_PAGE, after, levels: LEVELS_FIRST };
    const page = await api.read(VariantsOfProduct, variables);
    return mapDone(page, (value) => {
      currency = value.shop.currencyCode;
      return value.product?.variants ?? null;
    });
  });
  return isDone(variants) ? completeAll(api, variants.value ?? [], currency) : variants;
}

async function readPage(
  api: AdminApi,
  wanted: { readonly after: string | null; readonly changed: string | null },
): Promise<Outcome<Page<ChannelListing>>> {
  const variables = { ...wanted, first: VARIANTS_PER_PAGE, levels: LEVELS_FIRST };
  const answer = await api.read(VariantsPage, variables);
  if (!isDone(answer)) return answer;
  const { productVariants, shop } = answer.value;
  const listings = await completeAll(api, productVariants.nodes, shop.currencyCode);
  const nextCursor = nextCursorOf(productVariants.pageInfo);
  return mapDone(listings, (entries) => ({ entries, nextCursor }));
}

async function completeAll(
  api: AdminApi,
  variants: readonly ShopifyVariant[],
  currency: string,
): Promise<Outcome<readonly ChannelListing[]>> {
  const listings: ChannelListing[] = [];
  for (const variant of variants) {
    const listing = await completeListing(api, variant, currency);
    if (!isDone(listing)) return listing;
    listings.push(listing.value);
  }
  return done(listings);
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
