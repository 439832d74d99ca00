/** What items and listings are compared by. */
export type MatchKeys = { readonly sku: string | null; readonly barcode: string | null };

/**
 * `ambiguous`: several items would fit by that key, or the one that fits is sold by another listing
 * of the same channel already; a person has to say.
 */
export type Match =
  | { readonly kind: 'matched'; readonly itemId: string; readonly by: 'sku' | 'barcode' }
  | { readonly kind: 'ambiguous'; readonly by: 'sku' | 'barcode' }
  | { readonly kind: 'none' };

export type MatchCandidate = {
  readonly id: string;
  readonly sku: string;
  readonly barcode: string | null;
};

/**
 * Finds the items that listings sell: by the very SKU, else by one that only differs in case or
 * blanks, else by a barcode that only one item has. `isSold` says whether another listing of the
 * same channel sells the item already: two products with one SKU are most often a slip, and one
 * count for both would overwrite the other's.
 */
export function createMatcher(
  items: readonly MatchCandidate[],
): (listing: MatchKeys, isSold?: (itemId: string) => boolean) => Match {
  const bySku = groupBy(items, (item) => item.sku);
  const bySkuKey = groupBy(items, (item) => skuKey(item.sku));
  const byBarcode = groupBy(items, (item) => item.barcode);
  return ({ sku, barcode }, isSold = () => false) => {
    const alike = sku === null ? [] : (bySku.get(sku) ?? bySkuKey.get(skuKey(sku)) ?? []);
    if (alike.length > 0) return chosen(alike, 'sku', isSold);
    const same = barcode === null ? [] : (byBarcode.get(barcode) ?? []);
    return same.length === 0 ? { kind: 'none' } : chosen(same, 'barcode', isSold);
  };
}

function groupBy(
  items: readonly MatchCandidate[],
  keyOf: (item: MatchCandidate) => string | null,
): ReadonlyMap<string, readonly MatchCandidate[]> {
  const groups = new Map<string, MatchCandidate[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function chosen(
  items: readonly MatchCandidate[],
  by: 'sku' | 'barcode',
  isSold: (itemId: string) => boolean,
): Match {
  const [only] = items;
  if (only === undefined || items.length > 1 || isSold(only.id)) return { kind: 'ambiguous', by };
  return { kind: 'matched', itemId: only.id, by };
}

/** What a SKU is compared by where the very same is not found. */
export function skuKey(sku: string): string {
  return sku.trim().toLowerCase();
}

/** The SKU an item gets when its first listing has none: made of the listing's own id. */
export function fallbackSku(listingRef: string): string {
  return `NO-SKU-${/([\w-]+)$/.exec(listingRef)?.[1] ?? listingRef}`;
}
