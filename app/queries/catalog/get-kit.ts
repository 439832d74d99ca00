import { isId } from '#app/platform/ids';
import type { Prisma } from '#app/platform/prisma';

export type KitPartRow = {
  readonly itemId: string;
  readonly sku: string;
  readonly title: string;
  readonly quantity: number;
  /** Over all active locations. */
  readonly available: number;
};

export type KitView = {
  /** What it is made of; empty for an item with its own stock. */
  readonly parts: readonly KitPartRow[];
  /** Whole kits that can be made where they are, per location. */
  readonly makes: readonly { readonly locationName: string; readonly kits: number }[];
  /** Kits that this item is a component of. */
  readonly usedIn: readonly {
    readonly itemId: string;
    readonly sku: string;
    readonly title: string;
  }[];
};

/** A kit's components and what they make; and which kits an item goes into. */
export async function getKit(prisma: Prisma, merchantId: string, itemId: string): Promise<KitView> {
  if (!isId(itemId)) return { parts: [], makes: [], usedIn: [] };
  const [parts, makes, usedIn] = await Promise.all([
    prisma.$queryRaw<KitPartRow[]>`
      SELECT c.id AS "itemId", c.sku, c.title || COALESCE(', ' || c.variant_title, '') AS title,
        k.quantity, COALESCE((SELECT sum(l.available)::int FROM stock_level l
          JOIN location o ON o.id = l.location_id AND o.active WHERE l.item_id = c.id), 0) AS available
      FROM kit_component k JOIN item c ON c.id = k.component_id
      WHERE k.merchant_id = ${merchantId}::uuid AND k.kit_id = ${itemId}::uuid ORDER BY c.sku, c.id`,
    prisma.$queryRaw<KitView['makes'][number][]>`
      SELECT o.name AS "locationName", s.available AS kits FROM sellable_level s
      JOIN location o ON o.id = s.location_id AND o.active
      WHERE s.merchant_id = ${merchantId}::uuid AND s.item_id = ${itemId}::uuid
        AND EXISTS (SELECT 1 FROM kit_component k WHERE k.kit_id = ${itemId}::uuid)
      ORDER BY o.priority, o.name, o.id`,
    prisma.$queryRaw<KitView['usedIn'][number][]>`
      SELECT i.id AS "itemId", i.sku, i.title || COALESCE(', ' || i.variant_title, '') AS title
      FROM kit_component k JOIN item i ON i.id = k.kit_id
      WHERE k.merchant_id = ${merchantId}::uuid AND k.component_id = ${itemId}::uuid
      ORDER BY i.sku, i.id LIMIT 50`,
  ]);
  return { parts, makes, usedIn };
}
