-- Posting writes far fewer pages: what changes with every sale is in no index, and pages keep room for it.

-- A number that has to be sent has the time since when; it was the reverse that the index was about, and every mark
-- wrote all indexes anew. Now a number that waits already is marked in its place.
UPDATE "publication" SET dirty_since = now() WHERE dirty_seq > sent_seq AND dirty_since IS NULL;
DROP INDEX "publication_dirty";
CREATE INDEX "publication_dirty" ON "publication" (connection_id, dirty_since) WHERE dirty_since IS NOT NULL;
ALTER TABLE "publication" SET (fillfactor = 70);
ALTER TABLE "stock_level" SET (fillfactor = 70);

-- A level that nothing was ever posted to, if both are the merchant's. Locked until the transaction ends.
CREATE FUNCTION ledger_open_level(p_merchant uuid, p_item uuid, p_location uuid) RETURNS tid LANGUAGE plpgsql
SET enable_seqscan = off
AS $$
DECLARE
  v_tid tid;
BEGIN
  INSERT INTO "stock_level" (merchant_id, item_id, location_id)
    SELECT p_merchant, i.id, o.id FROM "item" i, "location" o
    WHERE i.id = p_item AND i.merchant_id = p_merchant AND o.id = p_location AND o.merchant_id = p_merchant
    ON CONFLICT DO NOTHING;
  SELECT l.ctid INTO v_tid FROM "stock_level" l
    WHERE l.item_id = p_item AND l.location_id = p_location AND l.merchant_id = p_merchant FOR UPDATE;
  RETURN v_tid;
END $$;

-- The ledger's one writer, promising what it did (see 20261124000100_ledger), with sets in place of loops.
CREATE OR REPLACE FUNCTION ledger_post(
  p_merchant uuid, p_partial boolean,
  p_items uuid[], p_quantities int[], p_from_states text[], p_from_locations uuid[],
  p_to_states text[], p_to_locations uuid[], p_keys text[], p_reasons text[],
  p_cause_kinds text[], p_cause_ids text[], p_actor_kinds text[], p_actor_ids text[],
  p_notes text[], p_occurred_at timestamptz[]
) RETURNS TABLE (line int, moved int, outcome text) LANGUAGE plpgsql
-- Every table is reached by its key, also when it is still so small that the planner sees no difference: the plan made
-- on the first day is kept for the connection's life. Hence a LATERAL with OFFSET 0, or FOR UPDATE, around each look-up
-- (a fence), and updates by the place of a row that is locked: with seqscan off there is no other way to it.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  -- Of the cells that the lines touch, in key order: where the rows are, and how their units change.
  v_items uuid[];
  v_locations uuid[];
  v_places tid[];
  v_available int[];
  v_committed int[];
  v_reserved int[];
  v_safety_stock int[];
  v_quality_control int[];
  v_damaged int[];
  v_incoming int[];
  v_opened boolean;
  v_owned boolean;
  -- Of the lines, in their order.
  v_before int[];
  v_take int[];
  v_bad text;
BEGIN
  IF 0 >= ANY (p_quantities) THEN
    RAISE EXCEPTION 'a movement takes at least one unit' USING ERRCODE = 'CD004';
  END IF;

  -- Locks in key order. Levels that are not there yet are opened at their turn, and read in a second pass.
  FOR v_pass IN 1..2 LOOP
    SELECT array_agg(c.item), array_agg(c.location),
      array_agg(COALESCE(l.place, ledger_open_level(p_merchant, c.item, c.location))),
      COALESCE(bool_or(l.place IS NULL), false), COALESCE(bool_and(l.owner = p_merchant), true)
      INTO v_items, v_locations, v_places, v_opened, v_owned
      FROM (SELECT item, location FROM unnest(p_items, p_from_locations) AS f(item, location) WHERE location IS NOT NULL
          UNION SELECT item, location FROM unnest(p_items, p_to_locations) AS t(item, location) WHERE location IS NOT NULL
          ORDER BY item, location OFFSET 0) c
      LEFT JOIN LATERAL (SELECT l.ctid AS place, l.merchant_id AS owner FROM "stock_level" l
        WHERE l.item_id = c.item AND l.location_id = c.location FOR UPDATE) l ON true;
    EXIT WHEN NOT v_opened;
  END LOOP;
  IF v_opened OR NOT v_owned THEN
    RAISE EXCEPTION 'an item or location does not belong to this merchant' USING ERRCODE = 'CD002';
  END IF;

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
  IF p_partial THEN
    SELECT array_agg(CASE WHEN i.before IS NOT NULL THEN 0 WHEN i.from_location IS NULL THEN i.quantity
        ELSE LEAST(i.quantity, GREATEST(0, l.units - (i.demand - i.quantity)))::int END ORDER BY i.line)
      INTO v_take
      FROM (SELECT i.*, sum(i.quantity) FILTER (WHERE i.before IS NULL)
            OVER (PARTITION BY i.item, i.from_location, i.from_state ORDER BY i.line) AS demand
          FROM unnest(p_items, p_quantities, p_from_states, p_from_locations, v_before)
            WITH ORDINALITY AS i(item, quantity, from_state, from_location, before, line) OFFSET 0) i
      LEFT JOIN LATERAL (SELECT level_units(l, i.from_state) AS units FROM "stock_level" l
        WHERE l.item_id = i.item AND l.location_id = i.from_location OFFSET 0) l ON true;
  ELSE
    SELECT array_agg(CASE WHEN i.before IS NULL THEN i.quantity ELSE 0 END ORDER BY i.line) INTO v_take
      FROM unnest(p_quantities, v_before) WITH ORDINALITY AS i(quantity, before, line);
  END IF;

  -- Summed by cell, in key order, as the places are.
  SELECT array_agg(available), array_agg(committed), array_agg(reserved), array_agg(safety_stock),
      array_agg(quality_control), array_agg(damaged), array_agg(incoming)
    INTO v_available, v_committed, v_reserved, v_safety_stock, v_quality_control, v_damaged, v_incoming
    FROM (SELECT
        COALESCE(sum(units) FILTER (WHERE state = 'available'), 0)::int AS available,
        COALESCE(sum(units) FILTER (WHERE state = 'committed'), 0)::int AS committed,
        COALESCE(sum(units) FILTER (WHERE state = 'reserved'), 0)::int AS reserved,
        COALESCE(sum(units) FILTER (WHERE state = 'safety_stock'), 0)::int AS safety_stock,
        COALESCE(sum(units) FILTER (WHERE state = 'quality_control'), 0)::int AS quality_control,
        COALESCE(sum(units) FILTER (WHERE state = 'damaged'), 0)::int AS damaged,
        COALESCE(sum(units) FILTER (WHERE state = 'incoming'), 0)::int AS incoming
      FROM (SELECT item, location, state, -units AS units
              FROM unnest(p_items, p_from_locations, p_from_states, v_take) AS f(item, location, state, units)
            UNION ALL SELECT * FROM unnest(p_items, p_to_locations, p_to_states, v_take) AS t(item, location, state, units)) e
      WHERE location IS NOT NULL GROUP BY item, location ORDER BY item, location OFFSET 0) n;

  -- All or none: not one of the cells may go below zero.
  IF NOT p_partial AND EXISTS (
    SELECT 1 FROM unnest(v_places, v_available, v_committed, v_reserved, v_safety_stock, v_quality_control, v_damaged,
        v_incoming) AS n(place, available, committed, reserved, safety_stock, quality_control, damaged, incoming)
      CROSS JOIN LATERAL (SELECT * FROM "stock_level" l WHERE l.ctid = n.place OFFSET 0) l
      WHERE l.available + n.available < 0 OR l.committed + n.committed < 0 OR l.reserved + n.reserved < 0
        OR l.safety_stock + n.safety_stock < 0 OR l.quality_control + n.quality_control < 0
        OR l.damaged + n.damaged < 0 OR l.incoming + n.incoming < 0)
  THEN
    v_take := array_fill(0, ARRAY[cardinality(p_items)]);
  END IF;

  IF 0 < ANY (v_take) THEN
    UPDATE "stock_level" l SET
      available = l.available + n.available, committed = l.committed + n.committed,
      reserved = l.reserved + n.reserved, safety_stock = l.safety_stock + n.safety_stock,
      quality_control = l.quality_control + n.quality_control, damaged = l.damaged + n.damaged,
      incoming = l.incoming + n.incoming, updated_at = clock_timestamp()
    FROM unnest(v_places, v_available, v_committed, v_reserved, v_safety_stock, v_quality_control, v_damaged, v_incoming)
      AS n(place, available, committed, reserved, safety_stock, quality_control, damaged, incoming)
    WHERE l.ctid = n.place AND (n.available <> 0 OR n.committed <> 0 OR n.reserved <> 0 OR n.safety_stock <> 0
      OR n.quality_control <> 0 OR n.damaged <> 0 OR n.incoming <> 0);

    INSERT INTO "movement" (merchant_id, item_id, quantity, requested, from_state, from_location_id, to_state,
      to_location_id, reason, cause_kind, cause_id, actor_kind, actor_id, note, idempotency_key, occurred_at, recorded_at)
    SELECT p_merchant, item, take, quantity, from_state, from_location, to_state, to_location, reason, cause_kind,
      cause_id, actor_kind, actor_id, note, key, occurred_at, clock_timestamp()
    FROM unnest(p_items, p_quantities, p_from_states, p_from_locations, p_to_states, p_to_locations, p_keys, p_reasons,
        p_cause_kinds, p_cause_ids, p_actor_kinds, p_actor_ids, p_notes, p_occurred_at, v_take) WITH ORDINALITY
      AS i(item, quantity, from_state, from_location, to_state, to_location, key, reason,
           cause_kind, cause_id, actor_kind, actor_id, note, occurred_at, take, line)
    WHERE take > 0 ORDER BY line;

    -- Tell the channels: every number that these cells feed is out of date now, that of a kit too. Locked in key order.
    SELECT array_agg(p.place) INTO v_places FROM (
        SELECT DISTINCT pub.id FROM unnest(v_items, v_locations, v_available) AS c(item, location, available)
          CROSS JOIN LATERAL (SELECT c.item AS sold
            UNION ALL SELECT k.kit_id FROM "kit_component" k WHERE k.component_id = c.item OFFSET 0) s
          CROSS JOIN LATERAL (SELECT li.id, li.connection_id FROM "listing" li
            WHERE li.item_id = s.sold AND li.tracked OFFSET 0) li
          CROSS JOIN LATERAL (SELECT cl.external_ref FROM "connection_location" cl
            WHERE cl.connection_id = li.connection_id AND cl.location_id = c.location OFFSET 0) cl
          CROSS JOIN LATERAL (SELECT p.id FROM "publication" p
            WHERE p.listing_id = li.id AND p.location_ref = cl.external_ref OFFSET 0) pub
        WHERE c.available <> 0 ORDER BY pub.id OFFSET 0) d
      CROSS JOIN LATERAL (SELECT p.ctid AS place FROM "publication" p WHERE p.id = d.id FOR NO KEY UPDATE) p;
    UPDATE "publication" SET
      dirty_since = CASE WHEN dirty_seq > sent_seq THEN dirty_since ELSE clock_timestamp() END, dirty_seq = dirty_seq + 1
    WHERE ctid = ANY (v_places);
  END IF;

  RETURN QUERY
    SELECT i.line::int, COALESCE(i.before, i.take),
      CASE WHEN i.before IS NOT NULL THEN 'duplicate' WHEN i.take < i.quantity THEN 'short' ELSE 'done' END
    FROM unnest(v_before, v_take, p_quantities) WITH ORDINALITY AS i(before, take, quantity, line) ORDER BY i.line;
END $$;
