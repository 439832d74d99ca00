/** Listings that their channel no longer has: kept for what refers to them, sold no more. */
import type { Queryable } from '../platform/database';

export type GoneListing = { readonly id: string; readonly sku: string | null };

/**
 * Takes listings out of sale: of a product, but for those that are still there, or by their refs.
 * They are not published any more. Answers those that were on sale until now.
 */
export async function retireListings(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  which:
    | { readonly productRef: string; readonly present: readonly string[] }
    | { readonly refs: readonly string[] },
  now: Date,
): Promise<readonly GoneListing[]> {
  const condition =
    'refs' in which
      ? 'external_ref = ANY($4::text[]) AND $5::text IS NULL'
      : 'product_ref = $5::text AND external_ref <> ALL($4::text[])';
  const params = 'refs' in which ? [which.refs, null] : [which.present, which.productRef];
  const { rows } = await q.query<GoneListing>(
    `UPDATE listing SET active = false, tracked = false, updated_at = $3
      WHERE merchant_id = $1 AND connection_id = $2 AND (active OR tracked) AND ${condition}
      RETURNING id, sku`,
    [merchantId, connectionId, now, ...params],
  );
  return rows;
}

/** Listings on sale that no reading has touched since: they may be gone from the channel. */
export async function listingsNotSeenSince(
  q: Queryable,
  connectionId: string,
  since: Date,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await q.query<{ ref: string }>(
    `SELECT external_ref AS ref FROM listing
      WHERE connection_id = $1 AND (active OR tracked) AND updated_at < $2
      ORDER BY updated_at, id LIMIT $3`,
    [connectionId, since, limit],
  );
  return rows.map((row) => row.ref);
}
