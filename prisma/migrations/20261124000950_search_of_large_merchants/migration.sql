-- Tags of one merchant's orders are looked for among that merchant's orders only: "vip" is common elsewhere.
CREATE FUNCTION tags_of(merchant_id uuid, tags text[]) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT COALESCE(array_agg(merchant_id || ' ' || tag), '{}') FROM unnest(tags) tag
$$;
DROP INDEX "customer_order_tags_idx";
CREATE INDEX "customer_order_tags" ON "customer_order" USING GIN (tags_of(merchant_id, tags)) WHERE tags <> '{}';

-- A buyer by their address.
CREATE INDEX "customer_order_email_search" ON "customer_order" (merchant_id, lower(email) text_pattern_ops)
  WHERE email IS NOT NULL;
-- How common a merchant's tag is decides whether its orders are walked or looked up.
CREATE STATISTICS "customer_order_tags_stats" ON (tags_of(merchant_id, tags)) FROM "customer_order";

-- Any part of a SKU, title or barcode, among the merchant's own. Both extensions are PostgreSQL's and trusted: the
-- owner of a database may create them.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE FUNCTION search_text(a text, b text, c text, d text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(COALESCE(a, '') || E'\n' || COALESCE(b, '') || E'\n' || COALESCE(c, '') || E'\n' || COALESCE(d, ''))
$$;
CREATE INDEX "item_search" ON "item"
  USING GIN (merchant_id, search_text(sku, title, variant_title, barcode) gin_trgm_ops);
CREATE INDEX "listing_search" ON "listing"
  USING GIN (merchant_id, search_text(sku, title, NULL, barcode) gin_trgm_ops);
-- What begins with a text is found whatever the database's collation.
DROP INDEX "item_sku_search";
CREATE INDEX "item_sku_search" ON "item" (merchant_id, lower(sku) text_pattern_ops);

-- The catalog by title; it serves what the index by merchant did.
DROP INDEX "listing_merchant_id_idx";
CREATE INDEX "listing_by_title" ON "listing" (merchant_id, title, id);

-- As before (000100), but each movement is read once, not once for either end.
CREATE OR REPLACE FUNCTION ledger_fold(p_merchant uuid, p_at timestamptz)
RETURNS TABLE (item_id uuid, location_id uuid, available bigint, committed bigint, reserved bigint, safety_stock bigint,
  quality_control bigint, damaged bigint, incoming bigint) LANGUAGE sql STABLE AS $$
  SELECT m.item_id, e.location_id,
    COALESCE(sum(e.units) FILTER (WHERE e.state = 'available'), 0)::bigint,
    COALESCE(sum(e.units) FILTER (WHERE e.state = 'committed'), 0)::bigint,
    COALESCE(sum(e.units) FILTER (WHERE e.state = 'reserved'), 0)::bigint,
    COALESCE(sum(e.units) FILTER (WHERE e.state = 'safety_stock'), 0)::bigint,
    COALESCE(sum(e.units) FILTER (WHERE e.state = 'quality_control'), 0)::bigint,
    COALESCE(sum(e.units) FILTER (WHERE e.state = 'damaged'), 0)::bigint,
    COALESCE(sum(e.units) FILTER (WHERE e.state = 'incoming'), 0)::bigint
  FROM "movement" m CROSS JOIN LATERAL (VALUES (m.from_location_id, m.from_state, -m.quantity),
    (m.to_location_id, m.to_state, m.quantity)) AS e(location_id, state, units)
  WHERE m.merchant_id = p_merchant AND (p_at IS NULL OR m.recorded_at <= p_at) AND e.location_id IS NOT NULL
  GROUP BY m.item_id, e.location_id
$$;

-- How many listings a channel has is counted without reading them.
CREATE INDEX "listing_active" ON "listing" (connection_id) WHERE active;

-- The trail narrowed to a channel or to people, and then to a kind of action; without a kind, each kind that there is
-- (found by hops through the index) is read newest first.
DROP INDEX "audit_record_channel";
CREATE INDEX "audit_record_channel" ON "audit_record" (merchant_id,
  audit_channel(actor_kind, actor_id, subject_kind, subject_id, data), split_part(action, '.', 1), at DESC, id DESC);
DROP INDEX "audit_record_staff";
CREATE INDEX "audit_record_staff" ON "audit_record" (merchant_id, split_part(action, '.', 1), at DESC, id DESC)
  WHERE actor_kind = 'staff';
