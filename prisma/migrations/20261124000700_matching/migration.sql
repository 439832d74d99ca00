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
