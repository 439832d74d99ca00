-- The guards of the ledger, and its one writer. Everything here is what Prisma's schema cannot say.

-- A level can never be negative, whoever writes it.
ALTER TABLE "stock_level"
  ADD CONSTRAINT "stock_level_available_never_negative" CHECK (available >= 0),
  ADD CONSTRAINT "stock_level_committed_never_negative" CHECK (committed >= 0),
  ADD CONSTRAINT "stock_level_reserved_never_negative" CHECK (reserved >= 0),
  ADD CONSTRAINT "stock_level_safety_stock_never_negative" CHECK (safety_stock >= 0),
  ADD CONSTRAINT "stock_level_quality_control_never_negative" CHECK (quality_control >= 0),
  ADD CONSTRAINT "stock_level_damaged_never_negative" CHECK (damaged >= 0),
  ADD CONSTRAINT "stock_level_incoming_never_negative" CHECK (incoming >= 0);

-- A movement takes a positive quantity from one cell to another; inside cells have a location, outside cells none.
ALTER TABLE "movement"
  ADD CONSTRAINT "movement_quantity_positive" CHECK (quantity > 0 AND requested >= quantity),
  ADD CONSTRAINT "movement_from_cell" CHECK (
    (from_state IN ('available','committed','reserved','safety_stock','quality_control','damaged','incoming'))
      = (from_location_id IS NOT NULL)
    AND (from_location_id IS NOT NULL OR from_state IN ('supplier','customer','adjustment','transit','scrap'))),
  ADD CONSTRAINT "movement_to_cell" CHECK (
    (to_state IN ('available','committed','reserved','safety_stock','quality_control','damaged','incoming'))
      = (to_location_id IS NOT NULL)
    AND (to_location_id IS NOT NULL OR to_state IN ('supplier','customer','adjustment','transit','scrap'))),
  ADD CONSTRAINT "movement_between_two_cells" CHECK (
    from_state <> to_state OR from_location_id IS DISTINCT FROM to_location_id);

ALTER TABLE "order_line"
  ADD CONSTRAINT "order_line_quantities" CHECK (
    quantity >= 0 AND allocated_quantity >= 0 AND shipped_quantity >= 0 AND short_quantity >= 0);
ALTER TABLE "allocation"
  ADD CONSTRAINT "allocation_quantities" CHECK (
    quantity >= 0 AND shipped_quantity >= 0 AND released_quantity >= 0);
ALTER TABLE "fulfillment_line" ADD CONSTRAINT "fulfillment_line_quantity" CHECK (quantity > 0);

-- The past is not edited: corrections are new rows.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'CD003';
END $$;
CREATE TRIGGER movement_is_append_only BEFORE UPDATE OR DELETE ON "movement"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER movement_is_never_truncated BEFORE TRUNCATE ON "movement"
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_record_is_append_only BEFORE UPDATE OR DELETE ON "audit_record"
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Work that waits. Partial indexes keep them as small as the work itself.
CREATE INDEX "publication_dirty" ON "publication" (connection_id, dirty_since) WHERE dirty_seq > sent_seq;
CREATE INDEX "order_line_short" ON "order_line" (item_id) WHERE short_quantity > 0;
CREATE INDEX "customer_order_exception" ON "customer_order" (merchant_id, placed_at DESC)
  WHERE units_short > 0 OR units_unmatched > 0;
CREATE INDEX "fulfillment_unreported" ON "fulfillment" (merchant_id) WHERE report_state IN ('pending', 'unknown', 'refused');
CREATE UNIQUE INDEX "job_waiting" ON "job" (dedupe_key) WHERE state = 'queued' AND dedupe_key IS NOT NULL;
CREATE INDEX "job_due" ON "job" (run_at, id) WHERE state = 'queued';
CREATE INDEX "job_serial" ON "job" (serial_key, id) WHERE state IN ('queued', 'running');
CREATE INDEX "job_leases" ON "job" (lease_until) WHERE state = 'running';

-- The units a level row holds in one state.
CREATE FUNCTION level_units(l "stock_level", state text) RETURNS int LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE state
    WHEN 'available' THEN l.available WHEN 'committed' THEN l.committed WHEN 'reserved' THEN l.reserved
    WHEN 'safety_stock' THEN l.safety_stock WHEN 'quality_control' THEN l.quality_control
    WHEN 'damaged' THEN l.damaged WHEN 'incoming' THEN l.incoming END
$$;

-- ledger_post: the one writer of movements and levels. Line n is the n-th element of every array.
--
-- p_partial: false = all lines or none; true = each line, in order, takes as much as its source cell still has.
-- Answers one row a line, in order: how many units moved, and
--   done      | duplicate (the key was posted before with the same content; moved = what moved then)
--   short     (less than asked was there; with p_partial = false nothing at all was written)
-- Errors: CD001 a key was posted before with other content; CD002 an item or location is not this merchant's;
-- CD004 a quantity is not positive.
--
-- Rows are locked in key order before anything is read, so that two posts can never deadlock on levels and every
-- decision is made on the newest numbers. The CHECK constraints would refuse a mistake here.
CREATE FUNCTION ledger_post(
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

  -- Tell the channels, in key order: every number that these cells feed is out of date now.
  FOR v_cell IN
    SELECT DISTINCT pub.id FROM (
        SELECT item, location FROM unnest(p_items, p_from_locations, p_from_states, v_take) AS f(item, location, state, units)
          WHERE state = 'available' AND units > 0
        UNION SELECT item, location FROM unnest(p_items, p_to_locations, p_to_states, v_take) AS t(item, location, state, units)
          WHERE state = 'available' AND units > 0) c
      CROSS JOIN LATERAL (SELECT li.id, li.connection_id FROM "listing" li
        WHERE li.item_id = c.item AND li.tracked OFFSET 0) li
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

-- Levels as the fold of movements up to a moment (recorded_at <= p_at; null = now): rebuild, as-of and drift all use it.
CREATE FUNCTION ledger_fold(p_merchant uuid, p_at timestamptz)
RETURNS TABLE (item_id uuid, location_id uuid, available bigint, committed bigint, reserved bigint, safety_stock bigint,
  quality_control bigint, damaged bigint, incoming bigint) LANGUAGE sql STABLE AS $$
  SELECT item_id, location_id,
    COALESCE(sum(units) FILTER (WHERE state = 'available'), 0)::bigint,
    COALESCE(sum(units) FILTER (WHERE state = 'committed'), 0)::bigint,
    COALESCE(sum(units) FILTER (WHERE state = 'reserved'), 0)::bigint,
    COALESCE(sum(units) FILTER (WHERE state = 'safety_stock'), 0)::bigint,
    COALESCE(sum(units) FILTER (WHERE state = 'quality_control'), 0)::bigint,
    COALESCE(sum(units) FILTER (WHERE state = 'damaged'), 0)::bigint,
    COALESCE(sum(units) FILTER (WHERE state = 'incoming'), 0)::bigint
  FROM (
    SELECT item_id, from_location_id AS location_id, from_state AS state, -quantity AS units FROM "movement"
      WHERE merchant_id = p_merchant AND (p_at IS NULL OR recorded_at <= p_at)
    UNION ALL
    SELECT item_id, to_location_id, to_state, quantity FROM "movement"
      WHERE merchant_id = p_merchant AND (p_at IS NULL OR recorded_at <= p_at)) ends
  WHERE location_id IS NOT NULL GROUP BY item_id, location_id
$$;

-- Rows where a level is not the fold of its movements. Must be empty, always.
CREATE FUNCTION ledger_drift(p_merchant uuid)
RETURNS TABLE (item_id uuid, location_id uuid, level_units bigint[], fold_units bigint[]) LANGUAGE sql STABLE AS $$
  SELECT COALESCE(l.item_id, f.item_id), COALESCE(l.location_id, f.location_id),
    ARRAY[l.available, l.committed, l.reserved, l.safety_stock, l.quality_control, l.damaged, l.incoming]::bigint[],
    ARRAY[f.available, f.committed, f.reserved, f.safety_stock, f.quality_control, f.damaged, f.incoming]
  FROM (SELECT * FROM "stock_level" WHERE merchant_id = p_merchant) l
    FULL JOIN ledger_fold(p_merchant, NULL) f ON f.item_id = l.item_id AND f.location_id = l.location_id
  WHERE (COALESCE(l.available, 0), COALESCE(l.committed, 0), COALESCE(l.reserved, 0), COALESCE(l.safety_stock, 0),
      COALESCE(l.quality_control, 0), COALESCE(l.damaged, 0), COALESCE(l.incoming, 0))
    IS DISTINCT FROM (COALESCE(f.available, 0), COALESCE(f.committed, 0), COALESCE(f.reserved, 0),
      COALESCE(f.safety_stock, 0), COALESCE(f.quality_control, 0), COALESCE(f.damaged, 0), COALESCE(f.incoming, 0))
$$;
