-- What matching looks for, also in a catalogue of a hundred thousand items.
CREATE INDEX "item_barcode_search" ON "item" (merchant_id, barcode) WHERE barcode IS NOT NULL;
CREATE INDEX "listing_waiting_sku" ON "listing" (merchant_id, lower(btrim(sku))) WHERE item_id IS NULL;
CREATE INDEX "listing_waiting_barcode" ON "listing" (merchant_id, barcode) WHERE item_id IS NULL;
-- Lines of orders that came before their listing was matched.
CREATE INDEX "order_line_unmatched_listing" ON "order_line" (merchant_id, listing_ref) WHERE item_id IS NULL;
CREATE INDEX "order_line_unmatched_sku" ON "order_line" (merchant_id, sku) WHERE item_id IS NULL;

-- How SKUs and titles are compared when an item is suggested for a listing.
CREATE FUNCTION item_key(sku text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT NULLIF(lower(regexp_replace(sku, '[\s._/-]+', '', 'g')), '')
$$;
CREATE FUNCTION item_title(title text, variant_title text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT lower(title || COALESCE(', ' || variant_title, ''))
$$;
CREATE INDEX "item_sku_key" ON "item" (merchant_id, item_key(sku));
CREATE INDEX "item_title_key" ON "item" (merchant_id, item_title(title, variant_title));

-- The item that seems to be meant by a listing, when exactly one does by its best key: a SKU that is the same but for
-- case, blanks, dashes or dots; the barcode; the very title. An item that another listing of the channel sells is
-- never suggested: that is for a person to see.
CREATE FUNCTION suggested_item(li "listing") RETURNS TABLE (item_id uuid, reason text) LANGUAGE sql STABLE ROWS 1 AS $$
  SELECT min(id::text)::uuid, min(reason) FROM (
    SELECT i.id, (ARRAY['sku', 'barcode', 'title'])[r.rank] AS reason, rank() OVER (ORDER BY r.rank) AS best
      FROM "item" i CROSS JOIN LATERAL (SELECT CASE WHEN item_key(i.sku) = item_key(li.sku) THEN 1
        WHEN i.barcode = li.barcode THEN 2 ELSE 3 END AS rank) r
      WHERE i.merchant_id = li.merchant_id AND (item_key(i.sku) = item_key(li.sku) OR i.barcode = li.barcode
          OR item_title(i.title, i.variant_title) = lower(li.title))
        AND NOT EXISTS (SELECT 1 FROM "listing" o WHERE o.connection_id = li.connection_id AND o.item_id = i.id
          AND o.active AND o.stock_ref <> li.stock_ref)) fit
  WHERE best = 1 HAVING count(*) = 1
$$;
