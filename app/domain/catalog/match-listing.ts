/** What items and listings are compared by. */
export type MatchKeys = { readonly sku: string | null; readonly barcode: string | null };

/** `ambiguous`: several items would fit, so a person has to say which. */
export type Match =
  | { readonly kind: 'matched'; readonly itemId: string; readonly by: 'sku' | 'barcode' }
  | { readonly kind: 'ambiguous' | 'none' };

type Candidate = { readonly id: string; readonly sku: string; readonly barcode: string | null };

/** Finds the item a listing sells: by SKU, else by a barcode that only one item has. */
export function matchListing(listing: MatchKeys, items: readonly Candidate[]): Match {
  const bySku = items.find((item) => listing.sku !== null && item.sku === listing.sku);
  if (bySku !== undefined) return { kind: 'matched', itemId: bySku.id, by: 'sku' };
  const byBarcode = items.filter(
    (item) => listing.barcode !== null && item.barcode === listing.barcode,
  );
  const [only] = byBarcode;
  if (only === undefined) return { kind: 'none' };
  return byBarcode.length === 1
    ? { kind: 'matched', itemId: only.id, by: 'barcode' }
    : { kind: 'ambiguous' };
}

/** The SKU an item gets when its first listing has none: made of the listing's own id. */
export function fallbackSku(listingRef: string): string {
  return `NO-SKU-${/([\w-]+)$/.exec(listingRef)?.[1] ?? listingRef}`;
}
