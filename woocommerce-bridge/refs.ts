import type { ExternalRef } from '../app/contracts/outcome';

/** Where a listing (or its stock number) lives in the store's REST tree. */
export type ListingPlace =
  | { readonly kind: 'product'; readonly id: string }
  | { readonly kind: 'variation'; readonly parentId: string; readonly id: string };

export function productRef(id: string): ExternalRef {
  return `product:${id}`;
}

export function variationRef(parentId: string, id: string): ExternalRef {
  return `variation:${parentId}:${id}`;
}

/** Reads `product:<id>` or `variation:<parent>:<id>`; null for anything else. */
export function placeOf(ref: ExternalRef): ListingPlace | null {
  const match = /^(?:product:([1-9]\d{0,18})|variation:([1-9]\d{0,18}):([1-9]\d{0,18}))$/.exec(ref);
  if (!match) return null;
  if (match[1] !== undefined) return { kind: 'product', id: match[1] };
  return { kind: 'variation', parentId: match[2] ?? '', id: match[3] ?? '' };
}
