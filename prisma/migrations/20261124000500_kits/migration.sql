-- The ledger's one writer, as before, but a component's movement also tells the channels of the kits it is in.
-- (See 20261124000100_ledger for what it promises.)
CREATE OR REPLACE FUNCTION ledger_post(
  p_merchant uuid, p_partial boolean,
  p_items uuid[], p_quantities int[], p_from_states text[], p_from_locations uuid[],
  p_to_states text[], p_to_locations uuid[], p_keys text[], p_reasons text[],
  p_cause_kinds text[], p_cause_ids text[], p_actor_kinds text[], p_actor_ids text[],
  p_notes text[], p_occurred_at timestamptz[]
) RETURNS TABLE (line int, moved int, outcome text) LANGUAGE plpgsql
-- Every table is reached by its key, also when it is still so small that the planner sees no difference: the plan made
-- on the first day is kept for the connection's life. Hence OFFSET 0 (a fence) around each look-up.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  v_cell record;
  v_owner uuid;
  v_bad text;
  v_before int[];
  v_take int[];
BEGIN
  IF 0 >= ANY (p_quantities) THEN
    RAISE EXCEPTION 'a movement takes at least one unit' USING ERRCODE = 'CD004';
  END IF;
  FOR v_cell IN
    SELECT item, location FROM (
      SELECT item, location FROM unnest(p_items, p_from_locations) AS f(item, location)
      UNION SELECT item, location FROM unnest(p_items, p_to_locations) AS t(item, location)) c
    WHERE location IS NOT NULL ORDER BY item, location
  LOOP
    SELECT l.merchant_id INTO v_owner FROM "stock_level" l
      WHERE l.item_id = v_cell.item AND l.location_id = v_cell.location FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO "stock_level" (merchant_id, item_id, location_id)
        SELECT p_merchant, i.id, o.id FROM "item" i, "location" o
        WHERE i.id = v_cell.item AND i.merchant_id = p_merchant
          AND o.id = v_cell.location AND o.merchant_id = p_merchant
        ON CONFLICT DO NOTHING;
      SELECT l.merchant_id INTO v_owner FROM "stock_level" l
        WHERE l.item_id = v_cell.item AND l.location_id = v_cell.location FOR UPDATE;
    END IF;
    IF v_owner IS DISTINCT FROM p_merchant THEN
      RAISE EXCEPTION 'an item or location does not belong to this merchant' USING ERRCODE = 'CD002';
    END IF;
  END LOOP;

  -- Read after the locks: a twin of this post that was under way has committed by now.
  SELECT array_agg(m.quantity ORDER BY i.line),
    min(i.key) FILTER (WHERE m.quantity IS NOT NULL AND (
      (m.item_id, m.requested, m.from_state, m.to_state, m.reason)
        IS DISTINCT FROM (i.item, i.quantity, i.from_state, i.to_state, i.reason)
      OR m.from_location_id IS DISTINCT FROM i.from_location OR m.to_location_id IS DISTINCT FROM i.to_location))
    INTO v_before, v_bad
    FROM unnest(p_keys, p_items, p_quantities, p_from_states, p_from_locations, p_to_states, p_to_locations, p_reasons)
      WITH ORDINALITY AS i(key, item, quantity, from_state, from_location, to_state, to_location, reason, line)
    LEFT JOIN LATERAL (SELECT * FROM "movement" m
      WHERE m.merchant_id = p_merchant AND m.idempotency_key = i.key OFFSET 0) m ON true;
  IF v_bad IS NOT NULL THEN
    RAISE EXCEPTION 'key % was posted before with other content', v_bad USING ERRCODE = 'CD001';
  END IF;

  -- How much each line may take. Demand on one cell adds up over the lines, in their order.
  WITH asked AS MATERIALIZED (
    SELECT i.*, CASE WHEN i.from_location IS NULL THEN i.quantity
        ELSE LEAST(i.quantity, GREATEST(0, l.units
          - (sum(i.quantity) OVER (PARTITION BY i.item, i.from_location, i.from_state ORDER BY i.line) - i.quantity)))::int
      END AS can_take
    FROM unnest(p_items, p_quantities, p_from_states, p_from_locations, p_to_states, p_to_locations, v_before)
      WITH ORDINALITY AS i(item, quantity, from_state, from_location, to_state, to_location, before, line)
    LEFT JOIN LATERAL (SELECT level_units(l, i.from_state) AS units FROM "stock_level" l
      WHERE l.item_id = i.item AND l.location_id = i.from_location OFFSET 0) l ON true
    WHERE i.before IS NULL
  ),
  net AS (
    SELECT item, location, state, sum(units) AS units FROM (
      SELECT item, from_location AS location, from_state AS state, -quantity AS units FROM asked
      UNION ALL SELECT item, to_location, to_state, quantity FROM asked) ends
    WHERE location IS NOT NULL AND NOT p_partial GROUP BY item, location, state
  ),
  verdict AS MATERIALIZED (
    SELECT p_partial OR NOT EXISTS (
      SELECT 1 FROM net n CROSS JOIN LATERAL (SELECT level_units(l, n.state) AS units FROM "stock_level" l
        WHERE l.item_id = n.item AND l.location_id = n.location OFFSET 0) l
      WHERE l.units + n.units < 0) AS go
  )
  SELECT array_agg(CASE WHEN NOT v.go THEN 0 WHEN p_partial THEN COALESCE(a.can_take, 0)
      ELSE COALESCE(a.quantity, 0) END ORDER BY b.line)
    INTO v_take
    FROM unnest(v_before) WITH ORDINALITY AS b(before, line)
    LEFT JOIN asked a ON a.line = b.line CROSS JOIN verdict v;

  FOR v_cell IN
    SELECT item, location,
      COALESCE(sum(units) FILTER (WHERE state = 'available'), 0) AS available,
      COALESCE(sum(units) FILTER (WHERE state = 'committed'), 0) AS committed,
      COALESCE(sum(units) FILTER (WHERE state = 'reserved'), 0) AS reserved,
      COALESCE(sum(units) FILTER (WHERE state = 'safety_stock'), 0) AS safety_stock,
      COALESCE(sum(units) FILTER (WHERE state = 'quality_control'), 0) AS quality_control,
      COALESCE(sum(units) FILTER (WHERE state = 'damaged'), 0) AS damaged,
      COALESCE(sum(units) FILTER (WHERE state = 'incoming'), 0) AS incoming
    FROM (SELECT item, location, state, -units AS units
            FROM unnest(p_items, p_from_locations, p_from_states, v_take) AS f(item, location, state, units)
          UNION ALL SELECT * FROM unnest(p_items, p_to_locations, p_to_states, v_take) AS t(item, location, state, units)) ends
    WHERE location IS NOT NULL AND units <> 0 GROUP BY item, location
  LOOP
    UPDATE "stock_level" SET
      available = available + v_cell.available, committed = committed + v_cell.committed,
      reserved = reserved + v_cell.reserved, safety_stock = safety_stock + v_cell.safety_stock,
      quality_control = quality_control + v_cell.quality_control, damaged = damaged + v_cell.damaged,
      incoming = incoming + v_cell.incoming, updated_at = clock_timestamp()
    WHERE item_id = v_cell.item AND location_id = v_cell.location;
  END LOOP;

  INSERT INTO "movement" (merchant_id, item_id, quantity, requested, from_state, from_location_id, to_state,
    to_location_id, reason, cause_kind, cause_id, actor_kind, actor_id, note, idempotency_key, occurred_at, recorded_at)
  SELECT p_merchant, item, take, quantity, from_state, from_location, to_state, to_location, reason, cause_kind,
    cause_id, actor_kind, actor_id, note, key, occurred_at, clock_timestamp()
  FROM unnest(p_items, p_quantities, p_from_states, p_from_locations, p_to_states, p_to_locations, p_keys, p_reasons,
      p_cause_kinds, p_cause_ids, p_actor_kinds, p_actor_ids, p_notes, p_occurred_at, v_take) WITH ORDINALITY
    AS i(item, quantity, from_state, from_location, to_state, to_location, key, reason,
         cause_kind, cause_id, actor_kind, actor_id, note, occurred_at, take, line)
  WHERE take > 0 ORDER BY line;

  -- Tell the channels, in key order: every number that these cells feed is out of date now, that of a kit too.
  FOR v_cell IN
    SELECT DISTINCT pub.id FROM (
        SELECT item, location FROM unnest(p_items, p_from_locations, p_from_states, v_take) AS f(item, location, state, units)
          WHERE state = 'available' AND units > 0
        UNION SELECT item, location FROM unnest(p_items, p_to_locations, p_to_states, v_take) AS t(item, location, state, units)
          WHERE state = 'available' AND units > 0) c
      CROSS JOIN LATERAL (SELECT c.item AS sold
        UNION ALL SELECT k.kit_id FROM "kit_component" k WHERE k.component_id = c.item OFFSET 0) s
      CROSS JOIN LATERAL (SELECT li.id, li.connection_id FROM "listing" li
        WHERE li.item_id = s.sold AND li.tracked OFFSET 0) li
      CROSS JOIN LATERAL (SELECT cl.external_ref FROM "connection_location" cl
        WHERE cl.connection_id = li.connection_id AND cl.location_id = c.location OFFSET 0) cl
      CROSS JOIN LATERAL (SELECT p.id FROM "publication" p
        WHERE p.listing_id = li.id AND p.location_ref = cl.external_ref OFFSET 0) pub
    ORDER BY pub.id
  LOOP
    UPDATE "publication" SET
      dirty_since = CASE WHEN dirty_seq > sent_seq THEN dirty_since ELSE clock_timestamp() END, dirty_seq = dirty_seq + 1
    WHERE id = v_cell.id;
  END LOOP;

  RETURN QUERY
    SELECT i.line::int, COALESCE(i.before, i.take),
      CASE WHEN i.before IS NOT NULL THEN 'duplicate' WHEN i.take < i.quantity THEN 'short' ELSE 'done' END
    FROM unnest(v_before, v_take, p_quantities) WITH ORDINALITY AS i(before, take, quantity, line) ORDER BY i.line;
END $$;
