/** Following Shopify's cursors to the end, with a limit. */
import type { Outcome } from '../../../contracts/outcome';
import { done, isDone, refused } from './client';

/** What every connection of Shopify's looks like when asked for its nodes. */
export type ShopifyPage<Node> = {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly nodes: readonly Node[];
};

/** More than any answer we read; a cursor that never ends must not hold a worker for ever. */
const PAGES_MAX = 200;

/**
 * The nodes of `first` and of every page after it. `readMore` answers null when the object is
 * gone in between; what was read until then is returned.
 */
export async function readRest<Node>(
  first: ShopifyPage<Node>,
  readMore: (after: string | null) => Promise<Outcome<ShopifyPage<Node> | null>>,
): Promise<Outcome<readonly Node[]>> {
  const nodes = [...first.nodes];
  let { hasNextPage, endCursor } = first.pageInfo;
  for (let pages = 1; hasNextPage; pages += 1) {
    if (pages >= PAGES_MAX) return refused('permanent', 'Shopify has more than can be read.');
    const more = await readMore(endCursor);
    if (!isDone(more)) return more;
    if (more.value === null) break;
    nodes.push(...more.value.nodes);
    ({ hasNextPage, endCursor } = more.value.pageInfo);
  }
  return done(nodes);
}

/** All nodes, from the first page on; null when the object they belong to does not exist. */
export async function readAll<Node>(
  readPage: (after: string | null) => Promise<Outcome<ShopifyPage<Node> | null>>,
): Promise<Outcome<readonly Node[] | null>> {
  const first = await readPage(null);
  if (!isDone(first)) return first;
  return first.value === null ? done(null) : readRest(first.value, readPage);
}

/** The same answer with another value; refusals and delays pass through. */
export function mapDone<From, To>(outcome: Outcome<From>, map: (value: From) => To): Outcome<To> {
  return isDone(outcome) ? { ...outcome, value: map(outcome.value) } : outcome;
}

/** Where the next page starts; null after the last. */
export function nextCursorOf(pageInfo: ShopifyPage<unknown>['pageInfo']): string | null {
  return pageInfo.hasNextPage ? pageInfo.endCursor : null;
}

/** Whole seconds, downwards: Shopify's search knows no milliseconds. */
export function toSearchTime(since: Date): string {
  const seconds = new Date(Math.floor(since.getTime() / 1000) * 1000);
  return seconds.toISOString().replace('.000Z', 'Z');
}
