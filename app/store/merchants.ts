import type { Queryable } from '../platform/database';

export async function insertMerchant(
  q: Queryable,
  merchant: {
    readonly id: string;
    readonly name: string;
    readonly currency: string;
    readonly timezone: string;
  },
  now: Date,
): Promise<void> {
  await q.query(
    `INSERT INTO merchant (id, name, currency, timezone, created_at) VALUES ($1, $2, $3, $4, $5)`,
    [merchant.id, merchant.name, merchant.currency, merchant.timezone, now],
  );
}

/** The tenant of a connected Shopify shop; null when the app is not installed there. */
export async function findMerchantOfShop(
  q: Queryable,
  shop: string,
): Promise<{
  readonly merchantId: string;
  readonly connectionId: string;
  readonly status: 'connected' | 'needs_attention';
} | null> {
  return q.maybeOne(
    `SELECT merchant_id AS "merchantId", id AS "connectionId", status FROM connection
      WHERE kind = 'shopify' AND account = $1 AND status <> 'disconnected'`,
    [shop],
  );
}

/** Has the shop's token renewed before it is used again. */
export async function renewSessionsOfShop(q: Queryable, shop: string): Promise<void> {
  await q.query(
    `UPDATE session SET expires = LEAST(expires, now()) WHERE shop = $1 AND NOT is_online`,
    [shop],
  );
}

/** Forgets all tokens of a shop, as Shopify asks of an uninstalled app. */
export async function deleteSessionsOfShop(q: Queryable, shop: string): Promise<void> {
  await q.query(`DELETE FROM session WHERE shop = $1`, [shop]);
}

/** Whether this was the first time. */
export async function noteOnboarded(q: Queryable, merchantId: string, at: Date): Promise<boolean> {
  const { rowCount } = await q.query(
    `UPDATE merchant SET onboarded_at = $2 WHERE id = $1 AND onboarded_at IS NULL`,
    [merchantId, at],
  );
  return rowCount > 0;
}
