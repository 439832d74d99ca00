-- What can be sold of an item at a location: its own units, or as many whole kits as its components make there.
-- Never both: whatever units a kit should have come to have of its own, they are not sold on top of its components.
CREATE OR REPLACE VIEW "sellable_level" AS
  SELECT l.merchant_id, l.item_id, l.location_id, l.available
    FROM "stock_level" l JOIN "item" i ON i.id = l.item_id AND i.merchant_id = l.merchant_id AND i.kind = 'simple'
  UNION ALL
  SELECT k.merchant_id, k.kit_id, l.location_id, min(l.available / k.quantity)
    FROM "kit_component" k JOIN "stock_level" l ON l.item_id = k.component_id
    GROUP BY k.merchant_id, k.kit_id, l.location_id
    HAVING count(*) = (SELECT count(*) FROM "kit_component" a WHERE a.kit_id = k.kit_id);

-- A scan that is repeated late is known, too, not only the last one.
ALTER TABLE "stock_count_line" ADD COLUMN "recent_keys" TEXT[] NOT NULL DEFAULT '{}';
UPDATE "stock_count_line" SET recent_keys = ARRAY[last_key] WHERE last_key IS NOT NULL;
ALTER TABLE "stock_count_line" DROP COLUMN "last_key";
