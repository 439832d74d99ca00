-- Signals may name a piece of an order's work (a fulfillment order) instead of the order.
DROP INDEX "inbox_event_open";
CREATE OR REPLACE FUNCTION inbox_subject(concerns jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT (concerns->>'kind') || ':'
    || COALESCE(concerns->>'orderRef', concerns->>'workRef', concerns->>'stockRef',
      concerns->>'listingRef', concerns->>'productRef', '')
    || COALESCE(' at ' || NULLIF(concerns->>'locationRef', ''), '')
$$;
CREATE INDEX "inbox_event_open" ON "inbox_event" (connection_id, inbox_subject(concerns)) WHERE state IN ('received', 'failed');
