/** Reading Shopify's stock numbers, all pages of them. */
import type { ChannelStockLevel } from '../../../contracts/channel';
import type { ExternalRef, Outcome } from '../../../contracts/outcome';
import { type AdminApi, done, isDone } from './client';
import { type ShopifyLevel, toStockLevel } from './mapping';
import { LevelsOfItems, MoreLevelsOfItem } from './operations/admin.generated';
import { mapDone, readRest, type ShopifyPage } from './read-all-pages';

/** Levels (locations) read with each item; most merchants have fewer, the rest is paged. */
export const LEVELS_FIRST = 10;
/** Shopify refuses a query of more than 1000 points; an item with 10 levels is worth about 43. */
const ITEMS_PER_QUERY = 20;
const LEVELS_PER_PAGE = 100;

/** The levels of these inventory items; an item Shopify no longer has contributes none. */
export async function readLevels(
  api: AdminApi,
  stockRefs: readonly ExternalRef[],
): Promise<Outcome<readonly ChannelStockLevel[]>> {
  const unique = [...new Set(stockRefs)];
  const found: ChannelStockLevel[] = [];
  for (let start = 0; start < unique.length; start += ITEMS_PER_QUERY) {
    const ids = unique.slice(start, start + ITEMS_PER_QUERY);
    const page = await api.read(LevelsOfItems, { ids, levels: LEVELS_FIRST });
    if (!isDone(page)) return page;
    for (const item of page.value.nodes) {
      if (item === null || !('inventoryLevels' in item)) continue;
      const levels = await allLevels(api, item.id, item.inventoryLevels);
      if (!isDone(levels)) return levels;
      found.push(...levels.value.map((level) => toStockLevel(item.id, item.tracked, level)));
    }
  }
  return done(found);
}

/** The first page and, for an item at many locations, the pages after it. */
export function allLevels(
  api: AdminApi,
  itemRef: ExternalRef,
  first: ShopifyPage<ShopifyLevel>,
): Promise<Outcome<readonly ShopifyLevel[]>> {
  return readRest(first, async (after) => {
    const variables = { id: itemRef, levels: LEVELS_PER_PAGE, after };
    const more = await api.read(MoreLevelsOfItem, variables);
    return mapDone(more, ({ inventoryItem }) => inventoryItem?.inventoryLevels ?? null);
  });
}
