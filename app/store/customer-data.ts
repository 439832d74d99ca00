import type { Queryable } from '../platform/database';

/**
 * Which orders a privacy request names: `null` = all of the account (shop/redact). The ids are
 * taken from the stored bodies as text, since they can exceed what a double holds exactly.
 */
export async function redactedOrderRefs(
  q: Queryable,
  eventIds: readonly string[],
): Promise<readonly string[] | null> {
  const { rows } = await q.query<{ topic: string; refs: string[] | null }>(
    `SELECT topic, ARRAY(SELECT 'gid://shopify/Order/' || value
          FROM jsonb_array_elements_text(COALESCE(NULLIF(body, '')::jsonb -> 'orders_to_redact', '[]')))
        AS refs FROM inbox_event WHERE id = ANY($1::uuid[])`,
    [eventIds],
  );
  if (rows.some((row) => row.topic === 'shop/redact')) return null;
  return rows.flatMap((row) => row.refs ?? []);
}

/**
 * Empties what identifies the buyer on these orders (null: all of the connection), and in the
 * stored messages about them. What was sold and moved stays. Answers how many orders.
 */
export async function redactCustomers(
  q: Queryable,
  merchantId: string,
  connectionId: string,
  orderRefs: readonly string[] | null,
): Promise<number> {
  const { rowCount } = await q.query(
    `UPDATE customer_order SET customer_name = NULL, email = NULL, note = NULL,
        ship_to = CASE WHEN ship_to IS NULL THEN NULL
          ELSE jsonb_build_object('countryCode', ship_to -> 'countryCode', 'province',
            ship_to -> 'province', 'name', NULL, 'company', NULL, 'address1', NULL,
            'address2', NULL, 'city', NULL, 'zip', NULL, 'phone', NULL) END
      WHERE merchant_id = $1 AND connection_id = $2
        AND ($3::text[] IS NULL OR external_ref = ANY($3::text[]))`,
    [merchantId, connectionId, orderRefs],
  );
  await q.query(
    `UPDATE inbox_event SET body = '' WHERE merchant_id = $1 AND connection_id = $2
        AND ($3::text[] IS NULL OR concerns ->> 'orderRef' = ANY($3::text[]))`,
    [merchantId, connectionId, orderRefs],
  );
  return rowCount;
}

/** Forgets what stored messages said, keeping that they came. */
export async function emptyBodies(
  q: Queryable,
  merchantId: string,
  eventIds: readonly string[],
): Promise<void> {
  await q.query(
    `UPDATE inbox_event SET body = '' WHERE merchant_id = $1 AND id = ANY($2::uuid[])`,
    [merchantId, eventIds],
  );
}
