-- What number a channel should show, said once for every statement that needs it.
-- The rule itself is also app/domain/stock/publish-quantity.ts; a property test holds the two together.

-- The share of what feeds it, less the buffer, never below zero, and at most the cap (null = no cap).
CREATE FUNCTION wanted_quantity(units bigint, share_percent int, buffer_units int, cap_units int) RETURNS int
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT LEAST(GREATEST(0, GREATEST(0, units) * share_percent / 100 - GREATEST(0, buffer_units)), cap_units, 2147483647)::int
$$;

-- The wanted number of one publication. Listings that share a stock ref share one number in the channel: it is the
-- smallest that any of their items could show. Null = nobody can say: no listing of it is matched and tracked.
CREATE FUNCTION wanted_of(p_publication uuid) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT min(wanted_quantity(
      (SELECT COALESCE(sum(s.available), 0) FROM "connection_location" cl
         JOIN "location" lo ON lo.id = cl.location_id AND lo.active
         JOIN "sellable_level" s ON s.item_id = li.item_id AND s.location_id = cl.location_id
        WHERE cl.connection_id = p.connection_id AND cl.external_ref = p.location_ref),
      c.share_percent, c.buffer_units, c.cap_units))
    FROM "publication" p
    JOIN "connection" c ON c.id = p.connection_id
    JOIN "listing" own ON own.id = p.listing_id
    JOIN "listing" li ON li.connection_id = p.connection_id AND li.stock_ref = own.stock_ref
      AND li.item_id IS NOT NULL AND li.tracked
   WHERE p.id = p_publication
     AND EXISTS (SELECT 1 FROM "publication" o WHERE o.listing_id = li.id AND o.location_ref = p.location_ref)
$$;

-- The same for all numbers of a connection at once, under a policy and feeding locations that need not be saved yet:
-- p_locations[i] feeds the channel's location p_refs[i].
CREATE FUNCTION wanted_numbers(p_connection uuid, p_share int, p_buffer int, p_cap int,
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
           GROUP BY s.item_id, f.ref) u ON u.item_id = li.item_id AND u.ref = p.location_ref
       WHERE li.connection_id = p_connection AND li.item_id IS NOT NULL AND li.tracked) n
$$;

-- And as the connection is set up now.
CREATE FUNCTION wanted_numbers(p_connection uuid)
RETURNS TABLE (publication_id uuid, listing_id uuid, item_id uuid, stock_ref text, location_ref text,
  units bigint, own int, wanted int, sharers bigint) LANGUAGE sql STABLE AS $$
  SELECT w.* FROM "connection" c CROSS JOIN LATERAL wanted_numbers(c.id, c.share_percent, c.buffer_units, c.cap_units,
      ARRAY(SELECT cl.location_id FROM "connection_location" cl WHERE cl.connection_id = c.id ORDER BY cl.id),
      ARRAY(SELECT cl.external_ref FROM "connection_location" cl WHERE cl.connection_id = c.id ORDER BY cl.id)) w
   WHERE c.id = p_connection
$$;

-- Whether orders moved units of an item (or of a kit's components) into or out of available since then. Only the
-- newest movements are looked at: a hundred of them in one gathering are a busy day, not somebody's edit.
CREATE FUNCTION ordered_since(p_item uuid, p_since timestamptz) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM (SELECT p_item AS id UNION ALL
        SELECT k.component_id FROM "kit_component" k WHERE k.kit_id = p_item) i
      CROSS JOIN LATERAL (SELECT m.recorded_at, m.cause_kind, m.from_state, m.to_state FROM "movement" m
        WHERE m.item_id = i.id ORDER BY m.seq DESC LIMIT 100) m
     WHERE m.recorded_at > p_since AND m.cause_kind = 'order' AND 'available' IN (m.from_state, m.to_state))
$$;
