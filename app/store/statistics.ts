import type { Queryable } from '../platform/database';

/**
 * Has the planner look at tables that have grown much faster than it expects: until the server's
 * own round comes by, it would read them from end to end for every page of an import.
 */
export async function analyzeCatalog(q: Queryable): Promise<void> {
  await q.query('ANALYZE item, listing, publication, stock_level');
}
