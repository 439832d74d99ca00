import type { Queryable } from '../platform/database';

/** What holds, notes and tags need to know of an order. */
export type OrderHead = {
  readonly id: string;
  readonly connectionId: string;
  readonly externalRef: string;
  readonly status: string;
  readonly note: string | null;
  readonly tags: readonly string[];
};

/**
 * Locks orders, in the order of their ids: the same first lock as everything that changes an order,
 * so the two cannot deadlock. Orders of another merchant are simply absent.
 */
export async function lockOrderHeads(
  q: Queryable,
  merchantId: string,
  orderIds: readonly string[],
): Promise<readonly OrderHead[]> {
  const { rows } = await q.query<OrderHead>(
    `SELECT id, connection_id AS "connectionId", external_ref AS "externalRef", status, note, tags
       FROM customer_order WHERE merchant_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR UPDATE`,
    [merchantId, orderIds],
  );
  return rows;
}

/** Writes note and tags of locked orders. */
export async function saveNotes(
  q: Queryable,
  merchantId: string,
  changed: readonly Pick<OrderHead, 'id' | 'note' | 'tags'>[],
): Promise<void> {
  if (changed.length === 0) return;
  await q.query(
    `UPDATE customer_order o SET note = c.note,
        tags = ARRAY(SELECT jsonb_array_elements_text(c.tags))
       FROM jsonb_to_recordset($2::jsonb) AS c(id uuid, note text, tags jsonb)
      WHERE o.id = c.id AND o.merchant_id = $1`,
    [merchantId, JSON.stringify(changed.map(({ id, note, tags }) => ({ id, note, tags })))],
  );
}

export type OrderToTell = {
  readonly id: string;
  readonly externalRef: string;
  readonly connectionId: string;
};

/** Which order of which channel it is; null for another merchant's. */
export async function findOrderToTell(
  q: Queryable,
  merchantId: string,
  orderId: string,
): Promise<OrderToTell | null> {
  return q.maybeOne<OrderToTell>(
    `SELECT id, external_ref AS "externalRef", connection_id AS "connectionId"
       FROM customer_order WHERE merchant_id = $1 AND id = $2`,
    [merchantId, orderId],
  );
}
