-- As before (000640), but only the merchant's own kits are counted: the view counts those of every merchant otherwise.
CREATE OR REPLACE FUNCTION wanted_numbers(p_connection uuid, p_share int, p_buffer int, p_cap int,
  p_locations uuid[], p_refs text[])
RETURNS TABLE (publication_id uuid, listing_id uuid, item_id uuid, stock_ref text, location_ref text,
  units bigint, own int, wanted int, sharers bigint) LANGUAGE sql STABLE AS $$
  SELECT n.*, min(n.own) OVER (PARTITION BY n.stock_ref, n.location_ref),
      count(*) OVER (PARTITION BY n.stock_ref, n.location_ref)
    FROM (
      SELECT p.id, li.id AS listing_id, li.item_id, li.stock_ref, p.location_ref,
          COALESCE(u.units, 0)::bigint AS units,
          wanted_quantity(COALESCE(u.units, 0)::bigint, p_share, p_buffer, p_cap) AS own
        FROM "listing" li JOIN "publication" p ON p.listing_id = li.id
        LEFT JOIN (
          SELECT s.item_id, f.ref, sum(s.available) AS units
            FROM unnest(p_locations, p_refs) AS f(location_id, ref)
            JOIN "location" lo ON lo.id = f.location_id AND lo.active
            JOIN "sellable_level" s ON s.location_id = f.location_id
           WHERE s.merchant_id = (SELECT c.merchant_id FROM "connection" c WHERE c.id = p_connection)
           GROUP BY s.item_id, f.ref) u ON u.item_id = li.item_id AND u.ref = p.location_ref
       WHERE li.connection_id = p_connection AND li.item_id IS NOT NULL AND li.tracked) n
$$;
