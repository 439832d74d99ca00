import type { Queryable } from '../platform/database';
import { insertRows } from './rows';

export type KitItem = {
  readonly id: string;
  readonly sku: string;
  readonly kind: string;
  readonly usedInKits: number;
};

/** The merchant's items among these, locked in the order of their ids. */
export async function findKitItems(
  q: Queryable,
  merchantId: string,
  itemIds: readonly string[],
): Promise<readonly KitItem[]> {
  const { rows } = await q.query<KitItem>(
    `SELECT i.id, i.sku, i.kind, (SELECT count(*)::int FROM kit_component k
        WHERE k.component_id = i.id) AS "usedInKits"
       FROM item i WHERE i.merchant_id = $1 AND i.id = ANY($2::uuid[]) ORDER BY i.id FOR UPDATE`,
    [merchantId, itemIds],
  );
  return rows;
}

/**
 * Which of these items are kits. None becomes one, or ends being one, before the transaction ends.
 * Ask before locking levels, as whoever makes a kit does.
 */
export async function kitsAmong(
  q: Queryable,
  merchantId: string,
  itemIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (itemIds.length === 0) return new Set();
  const { rows } = await q.query<{ id: string; kind: string }>(
    `SELECT id, kind FROM item WHERE merchant_id = $1 AND id = ANY($2::uuid[])
      ORDER BY id FOR KEY SHARE`,
    [merchantId, itemIds],
  );
  return new Set(rows.filter(({ kind }) => kind === 'kit').map(({ id }) => id));
}

/** What stands in the way of an item becoming a kit. Its levels stay locked. */
export async function kitStanding(
  q: Queryable,
  merchantId: string,
  itemId: string,
): Promise<{
  readonly available: readonly { readonly locationId: string; readonly units: number }[];
  /** Units in any other state than available and committed. */
  readonly otherUnits: number;
  /** Units that open orders hold or wait for. */
  readonly unitsWanted: number;
}> {
  const { rows } = await q.query<{ locationId: string; units: number; other: number }>(
    `SELECT location_id AS "locationId", available AS units,
        reserved + safety_stock + quality_control + damaged + incoming AS other
       FROM stock_level WHERE merchant_id = $1 AND item_id = $2
      ORDER BY location_id FOR UPDATE`,
    [merchantId, itemId],
  );
  const { wanted } = await q.one<{ wanted: number }>(
    `SELECT COALESCE(sum(l.allocated_quantity + l.short_quantity), 0)::int AS wanted
       FROM order_line l WHERE l.merchant_id = $1 AND l.item_id = $2 AND NOT l.is_kit
        AND l.allocated_quantity + l.short_quantity > 0`,
    [merchantId, itemId],
  );
  return {
    available: rows.map(({ locationId, units }) => ({ locationId, units })),
    otherUnits: rows.reduce((sum, row) => sum + row.other, 0),
    unitsWanted: wanted,
  };
}

/** Answers what it was made of before. */
export async function replaceComponents(
  q: Queryable,
  merchantId: string,
  kitId: string,
  parts: readonly { readonly itemId: string; readonly quantity: number }[],
): Promise<readonly { readonly itemId: string; readonly quantity: number }[]> {
  const { rows: before } = await q.query<{ itemId: string; quantity: number }>(
    `DELETE FROM kit_component WHERE merchant_id = $1 AND kit_id = $2
      RETURNING component_id AS "itemId", quantity`,
    [merchantId, kitId],
  );
  await insertRows(
    q,
    'kit_component',
    parts.map((part) => ({
      kit_id: kitId,
      component_id: part.itemId,
      merchant_id: merchantId,
      quantity: part.quantity,
    })),
  );
  await q.query(`UPDATE item SET kind = $3 WHERE merchant_id = $1 AND id = $2`, [
    merchantId,
    kitId,
    parts.length === 0 ? 'simple' : 'kit',
  ]);
  return before;
}

/** Every number that stands for the kit is to be sent anew. */
export async function markKitNumbers(
  q: Queryable,
  merchantId: string,
  itemId: string,
): Promise<void> {
  await q.query(
    `WITH locked AS MATERIALIZED (SELECT p.id FROM publication p
        JOIN listing li ON li.id = p.listing_id
        WHERE li.merchant_id = $1 AND li.item_id = $2 ORDER BY p.id FOR UPDATE OF p)
     UPDATE publication p SET dirty_seq = p.dirty_seq + 1, retry_at = NULL,
        dirty_since = COALESCE(p.dirty_since, now()) FROM locked WHERE locked.id = p.id`,
    [merchantId, itemId],
  );
}
